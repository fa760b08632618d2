"""The inbox: what waits for the team, taken care of by one person at a time."""

from bot.i18n.marks import N_
from bot.inbox.models import Act
from demo.letterbox import acted, ask_for_key, item_of
from demo.page.visit import Visit
from demo.pressing import latest, posted, press, reply_to, wanted_id
from demo.scenes import scene, task
from demo.telling import Telling

ASKERS = {"en": "kofi", "fr": "colette"}
BETWEEN_EDITS = 15.0
"""Seconds, a little more than the bot waits between two edits of its message."""


@scene(85, N_("What waits for the team"))
async def inbox(telling: Telling) -> None:
    world, key, asker = telling.world, telling.person("moderator"), ASKERS[telling.language]
    moderator, colleague = world.members[key], telling.person("builder")
    source = f"telling-{telling.language}"
    await world.env.pass_time(seconds=BETWEEN_EDITS)
    await ask_for_key(world, asker, source)
    shown = posted(moderator, world.channels["staff"].id, "inbox:open:")
    assert shown is not None
    telling.tell(
        N_("{name} asks for a key of the workshop. One message in the team’s channel always shows what waits."),
        name=telling.name(asker),
    )
    telling.quote(shown)
    await telling.picture("inbox", N_("The team’s message with what waits"), "moderator", shown)

    opened = reply_to(await press(moderator, shown, "inbox:open:"))
    item = await item_of(world, source)
    await press(moderator, opened, f"inbox:go:i:{item}:")
    await press(moderator, latest(moderator, opened), f"inbox:act:claim:{item}:")
    claimed = latest(moderator, opened)
    telling.tell(N_("{name} claims it, so that nobody does it twice."), name=telling.name(key))
    telling.quote(claimed)
    await telling.picture("inbox-item", N_("One thing that waits, claimed"), "moderator", claimed)

    menu = wanted_id(claimed.components, f"inbox:hand:{item}:")
    await moderator.select(claimed.message, [str(world.users[colleague].id)], custom_id=menu)
    builder = world.members[colleague]
    list_of_builder = reply_to(await builder.slash(world.channels["staff"], "inbox"))
    await press(builder, list_of_builder, f"inbox:go:i:{item}:")
    await press(builder, latest(builder, list_of_builder), f"inbox:act:settle:{item}:")
    telling.tell(
        N_("{name} has no time and hands it over; {other} marks it as done. Who did what is kept."),
        name=telling.name(key),
        other=telling.name(colleague),
    )
    telling.quote(latest(builder, list_of_builder))


@task(
    "moderator",
    12,
    N_("**Claim** what waits in the team’s channel"),
    hint=N_("Press the button below the bot’s message, open the thing that waits, then claim it."),
    channel="staff",
)
async def claim(visit: Visit) -> bool:
    return await acted(visit.world, visit.actor.id, Act.CLAIMED)


@task(
    "moderator",
    14,
    N_("**Hand it over**, or mark it as done"),
    hint=N_("The others see at once who takes care of it."),
    channel="staff",
)
async def pass_on(visit: Visit) -> bool:
    return await acted(visit.world, visit.actor.id, Act.HANDED_OVER, Act.SETTLED)
