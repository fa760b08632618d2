"""A filter in shadow: what it would have found, before anybody lets it act."""

from bot.i18n.marks import N_
from cogs.conduct.screening.keeping import Filters
from demo.page.visit import Visit
from demo.pressing import latest, pick, press, reply_to
from demo.scenes import scene, task
from demo.telling import Telling

FIRST = "1"
"""The number of the filter that the coordination made."""


@scene(103, N_("A filter in shadow"))
async def shadow(telling: Telling) -> None:
    key = telling.person("builder")
    builder = telling.world.members[key]
    panel = reply_to(await builder.slash(telling.world.channels["staff"], "settings", section="filters"))
    shown = reply_to(await press(builder, panel, "filters:list"))
    await pick(builder, shown, "filters:pick", FIRST)
    shown = latest(builder, shown)
    telling.tell(
        N_("{name} made a filter against advertising weeks ago. It only watches, as every new filter does:"),
        name=telling.name(key),
    )
    telling.quote(shown)
    await telling.picture(
        "filter", N_("A filter in shadow, with everything that can be decided about it"), "builder", shown
    )
    await press(builder, shown, f"filters:hits:{FIRST}")
    hits = latest(builder, shown)
    telling.tell(N_("What it found so far, with the way to each message. No text is kept."))
    telling.quote(hits)
    await telling.picture("filter-hits", N_("What a filter in shadow found"), "builder", hits)


@scene(104, N_("Before it is armed"))
async def back_test(telling: Telling) -> None:
    key = telling.person("builder")
    builder = telling.world.members[key]
    panel = reply_to(await builder.slash(telling.world.channels["staff"], "settings", section="filters"))
    shown = reply_to(await press(builder, panel, "filters:list"))
    await pick(builder, shown, "filters:pick", FIRST)
    await press(builder, latest(builder, shown), f"filters:backtest:{FIRST}")
    tested = latest(builder, shown)
    telling.tell(
        N_("A back-test holds it against the messages of the last days. Then {name} decides."), name=telling.name(key)
    )
    telling.quote(tested)
    await telling.picture("filter-backtest", N_("The back-test of a filter"), "builder", tested)


@task(
    "builder",
    45,
    N_("Add a **filter**: `/settings`, section Filters"),
    hint=N_("It only watches until you arm it. **Test a text** and **Back-test** say what it would find."),
    channel="staff",
)
async def add_filter(visit: Visit) -> bool:
    return len(visit.world.bot.service(Filters).of(visit.world.guild.id)) > 1
