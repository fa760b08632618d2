"""What people of this community ask of their team: put into the bot's inbox as any feature puts something there."""

from pathlib import Path

from sqlalchemy import func, select

from bot.client import CommunityBot
from bot.contracts.inbox import InboxKind
from bot.i18n.marks import N_
from bot.inbox.models import Act, InboxAct
from demo.world import World

KEY_WANTED = InboxKind(
    "demo.key",
    label=N_("Keys of the workshop"),
    title=N_("{member} asks for a key of the workshop"),
    hint=N_("Agree on a time to hand it over, then mark this as done."),
)


def open_letterbox(bot: CommunityBot) -> None:
    """Make the kind known to a bot that has not started yet, with its words in both languages."""
    bot.inbox.register(KEY_WANTED)
    bot.i18n.add_catalogues(Path(__file__).parent / "locales")


async def ask_for_key(world: World, who: str, source: str) -> None:
    """Somebody asks; the bot tells the team at once, or some seconds after the last time it did."""
    bot, guild_id, asker = world.bot, world.guild.id, world.users[who].id
    with world.env.time_context():
        await bot.db.transaction(lambda tx: bot.inbox.add(tx, guild_id, KEY_WANTED, source, subject=asker))
    await world.env.settle()


async def item_of(world: World, source: str) -> int:
    """The number of what was asked and waits. Raises StopIteration when it does not."""
    return next(item.id for item in await world.bot.inbox.open_items(world.guild.id) if item.source == source)


async def acted(world: World, user_id: int, *acts: Act) -> bool:
    """Whether this person did one of these with something in the inbox."""
    query = select(func.count()).where(InboxAct.actor_id == user_id, InboxAct.act.in_(acts))
    async with world.bot.db.read() as session:
        return bool(await session.scalar(query))
