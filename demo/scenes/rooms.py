"""A member's own rooms: what they can do here, their profile, and what is kept about them."""

from bot.i18n.marks import N_
from demo.page.visit import Visit
from demo.pressing import reply_to
from demo.scenes import scene, task
from demo.telling import Telling

COUNTED_AFTER = 2.0
"""Minutes until a message that was just written stands in the figures."""


@scene(81, N_("What can I do here?"))
async def help_(telling: Telling) -> None:
    key = telling.person("newcomer")
    shown = reply_to(await telling.world.members[key].slash(telling.world.channels["square"], "help"))
    telling.tell(N_("/help lists what the person who asks can do here, and nothing else."))
    telling.quote(shown)
    await telling.picture("help", N_("The commands a member can use"), "newcomer", shown)


@scene(82, N_("A profile"))
async def profile(telling: Telling) -> None:
    key = telling.person("newcomer")
    await telling.world.env.pass_time(minutes=COUNTED_AFTER)
    shown = reply_to(await telling.world.members[key].slash(telling.world.channels["square"], "profile"))
    telling.tell(N_("{name} runs /profile: steps, groups and choices in one place."), name=telling.name(key))
    telling.quote(shown)
    await telling.picture("profile", N_("The profile of a member"), "newcomer", shown)


@scene(84, N_("What is kept"))
async def privacy(telling: Telling) -> None:
    key = telling.person("newcomer")
    shown = reply_to(await telling.world.members[key].slash(telling.world.channels["square"], "privacy"))
    telling.tell(N_("/privacy says what is kept about the person who asks. They can have it as a file, or erase it."))
    telling.quote(shown)
    await telling.picture("privacy", N_("What is kept about a member, in plain words"), "newcomer", shown)


@task(
    "member",
    40,
    N_("Read what is kept about you: `/privacy`"),
    hint=N_("Nobody else sees the answer. Your words are not kept, only that you wrote."),
    channel="square",
)
async def read_privacy(visit: Visit) -> bool:
    return visit.ran("privacy")
