"""The inbox: what waits for the team, taken care of by one person at a time."""

from sqlalchemy import func, select

from bot.i18n.marks import N_
from bot.inbox.models import Act, InboxAct
from demo.community import Language
from demo.page.visit import Visit
from demo.pressing import latest, posted, press, reply_to, wanted_id
from demo.scenes import scene, task
from demo.telling import Telling
from demo.world import World

UNANSWERED: dict[Language, str] = {"en": "barnaby", "fr": "loic"}
AN_HOUR = 60.5
"""Minutes, a little more than the time in which a newcomer shall be answered."""
BETWEEN_EDITS = 15.0
"""Seconds, a little more than the bot waits between two edits of its message."""


@scene(87, N_("What waits for the team"))
async def inbox(telling: Telling) -> None:
    world, key, quiet = telling.world, telling.person("moderator"), UNANSWERED[telling.language]
    moderator, colleague = world.members[key], telling.person("builder")
    said = world.community.people[quiet].lines[0]
    await (await world.arrive(quiet)).send(world.channels["introductions"], said)
    telling.tell(N_("{name} joined a moment ago and writes a first message:"), name=telling.name(quiet))
    telling.lines += [f"> {said}", ""]
    await world.env.pass_time(minutes=AN_HOUR)
    await world.env.pass_time(seconds=BETWEEN_EDITS)
    shown = posted(moderator, world.channels["staff"].id, "inbox:open:")
    assert shown is not None
    telling.tell(N_("Nobody answers, the greeter neither. One message in the team’s channel always shows what waits."))
    telling.quote(shown)
    await telling.picture("inbox", N_("The team’s message with what waits"), "moderator", shown)

    opened = reply_to(await press(moderator, shown, "inbox:open:"))
    item = await item_about(world, quiet)
    await press(moderator, opened, f"inbox:go:i:{item}:")
    await press(moderator, latest(moderator, opened), f"inbox:act:claim:{item}:")
    claimed = latest(moderator, opened)
    telling.tell(N_("{name} claims it, so that nobody does it twice."), name=telling.name(key))
    telling.quote(claimed)
    await telling.picture("inbox-item", N_("One thing that waits, claimed"), "moderator", claimed)

    menu = wanted_id(claimed.components, f"inbox:hand:{item}:")
    await moderator.select(claimed.message, [str(world.users[colleague].id)], custom_id=menu)
    answers = {"en": "Welcome! Yes, bring it along tonight.", "fr": "Salut et bienvenue ! Apporte-la ce soir."}
    await world.members[colleague].send(world.channels["introductions"], answers[telling.language])
    await world.env.pass_time(seconds=BETWEEN_EDITS)
    assert await item_about(world, quiet) is None
    telling.tell(
        N_("{name} has no time and hands it over. {other} answers where it was asked, and that settles it."),
        name=telling.name(key),
        other=telling.name(colleague),
    )


async def item_about(world: World, key: str) -> int | None:
    """The number of what waits about this person."""
    items = await world.bot.inbox.open_items(world.guild.id)
    return next((item.id for item in items if item.subject == world.users[key].id), None)


async def acted(world: World, user_id: int, *acts: Act) -> bool:
    """Whether this person did one of these with something in the inbox."""
    query = select(func.count()).where(InboxAct.actor_id == user_id, InboxAct.act.in_(acts))
    async with world.bot.db.read() as session:
        return bool(await session.scalar(query))


@task(
    "moderator",
    12,
    N_("**Claim** what waits in the team’s channel"),
    hint=N_(
        "Members do not see this channel. Press the button below the bot’s message, open the thing that waits, and "
        "claim it; you can still hand it over, or mark it as done."
    ),
    channel="staff",
)
async def claim(visit: Visit) -> bool:
    return await acted(visit.world, visit.actor.id, Act.CLAIMED)
