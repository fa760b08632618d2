"""What the team looks at: how newcomers get on, and how the bot does."""

from bot.i18n.marks import N_
from demo.page.visit import Visit
from demo.pressing import reply_to
from demo.scenes import scene, task
from demo.telling import Telling


@scene(90, N_("Who got stuck"))
async def newcomers(telling: Telling) -> None:
    key = telling.person("moderator")
    shown = reply_to(await telling.world.members[key].slash(telling.world.channels["staff"], "newcomers"))
    telling.tell(
        N_("{name} runs /newcomers: how far those who joined came, and who may need a hand."), name=telling.name(key)
    )
    telling.quote(shown)
    await telling.picture("newcomers", N_("The way of the newcomers, step by step"), "moderator", shown)


@scene(94, N_("How the bot does"))
async def status(telling: Telling) -> None:
    key = telling.person("moderator")
    shown = reply_to(await telling.world.members[key].slash(telling.world.channels["staff"], "status"))
    # Its milliseconds and megabytes differ each time, so the transcript goes without them.
    telling.tell(N_("/status says what the bot lacks, what goes on failing, and how to mend it."))
    await telling.picture("status", N_("How the bot does in this server"), "moderator", shown)


@task(
    "moderator",
    16,
    N_("Look who got stuck: `/newcomers`"),
    hint=N_("People who joined and did not go on. A reminder is one button away."),
    channel="staff",
)
async def see_newcomers(visit: Visit) -> bool:
    return visit.ran("newcomers")
