"""Private messages that nobody asked for: a reminder of each step, the offer of a buddy, a comeback, a new edition."""

from datetime import timedelta
from functools import partial
from typing import Any

from bot.contracts.attention import Proposal
from bot.guilds.sections import Section
from cogs.conduct.code.service import Codes
from demo.album.book import Book
from demo.community import LANGUAGES
from demo.journey import START
from demo.pressing import press, reply_to
from demo.waiting import until

STEPS = ("accept", "groups", "introduce")
SIX_DAYS = 144


async def letters(book: Book) -> None:
    people = [await book.arrive(place) for place in (3, 2, 1, 0)]
    for count, key in enumerate(people):
        await book.journey.take(key, "start")
        for step in STEPS[:count]:
            await book.journey.take(key, step)
    staff, team = book.person("moderator"), book.world.channels["staff"]
    for count, key in enumerate(people):
        letter = await until(book.world, partial(book.journey.letter_of, key, START), hours=SIX_DAYS)
        await book.take(f"reminder-{count}-{('code', 'groups', 'introduction', 'message')[count]}", key, letter)
    await book.pressed("silence", people[0], letter_or_fail(book, people[0]), ("attention:silence:",))
    listed = reply_to(await book.actor(staff).slash(team, "newcomers"))
    await book.take("newcomers-stuck", staff, listed)
    offered = f"buddies:assign:{book.world.users[people[3]].id}"
    await press(book.actor(staff), listed, offered)
    await book.take("newcomers-assigned", staff, listed)
    await _new_edition(book)
    await _comeback(book)


def letter_or_fail(book: Book, key: str) -> Any:
    letter = book.journey.letter_of(key)
    assert letter is not None
    return letter


async def _new_edition(book: Book) -> None:
    """Somebody who accepted the code reads that there is a new one."""
    world = book.world
    codes, guild_id = world.bot.service(Codes), world.guild.id
    with world.env.time_context():
        changed = {str(one): f"Version {len(STEPS)}." for one in LANGUAGES}
        draft = await codes.edit(guild_id, lambda text: text.with_passages(preamble=changed, ending={}), by=1)
        await codes.publish(guild_id, revision=draft.revision, major=True, by=1)
    key = book.newcomers[1]
    letter = await until(world, partial(book.journey.letter_of, key, "onboarding:open:code:"), hours=2 * SIX_DAYS)
    await book.take("new-edition", key, letter)


async def _comeback(book: Book) -> None:
    """Told as if somebody had been away for long: living through it would take a minute."""
    world, key = book.world, "wren"
    section: type[Section] = world.bot.guild_settings.sections.named("groups")
    groups = world.bot.guild_settings.get(world.guild.id, section).model_dump()["groups"]
    await book.decide("groups", groups=groups[:2])
    await book.decide("groups", groups=groups)
    since = (world.env.now() - timedelta(days=40)).date().isoformat()
    proposal = Proposal(
        world.guild.id, world.users[key].id, "onboarding.comeback", "album",
        world.env.now() + timedelta(days=10), {"since": since},
    )  # fmt: skip
    with world.env.time_context():
        await world.bot.db.transaction(lambda tx: world.bot.attention.propose(tx, proposal))
    letter = await until(world, partial(book.journey.letter_of, key, "onboarding:open:groups:"), hours=48)
    await book.take("comeback", key, letter)
