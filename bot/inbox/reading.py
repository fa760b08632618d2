"""What waits in a server at this instant: a claim that has expired is none, cleaned up or not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.clock import Clock
from bot.contracts.inbox import InboxItem, InboxKind, Link
from bot.database import Database
from bot.inbox.kinds import Kinds
from bot.inbox.models import Act, InboxAct, InboxEntry
from bot.inbox.refusals import ConcernsYou, ItemGone
from bot.inbox.rules import in_order


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done about an item. ``actor`` None: the bot; ``target``: whose claim began or ended."""

    at: datetime
    act: Act
    actor: int | None
    target: int | None
    outcome: str | None


def holder_of(entry: InboxEntry, at: datetime) -> int | None:
    """Who takes care of it at that instant."""
    return entry.holder_id if entry.held_until is not None and entry.held_until > at else None


def seen(entry: InboxEntry, kind: InboxKind, at: datetime) -> InboxItem:
    """The item as it is at that instant."""
    holder = holder_of(entry, at)
    return InboxItem(
        id=entry.id,
        guild_id=entry.guild_id,
        kind=kind,
        source=entry.source,
        subject=entry.subject_id,
        link=None if entry.link_channel is None else Link(entry.link_channel, entry.link_message),
        added_at=entry.added_at,
        holder=holder,
        held_until=None if holder is None else entry.held_until,
        settled_at=entry.settled_at,
        settled_by=entry.settled_by,
        outcome=entry.outcome,
        params=dict(entry.params),
        due_at=entry.due_at,
    )


class Reading:
    """Queries; every method is one snapshot."""

    def __init__(self, db: Database, kinds: Kinds, clock: Clock) -> None:
        self._db = db
        self._kinds = kinds
        self._clock = clock

    async def open_items(self, guild_id: int, *, viewer: int | None = None) -> list[InboxItem]:
        """What waits, urgent first and then the oldest, without what ``viewer`` must keep away from."""
        at = self._clock()
        query = select(InboxEntry).where(InboxEntry.guild_id == guild_id, InboxEntry.settled_at.is_(None))
        async with self._db.read() as session:
            entries = (await session.scalars(query)).all()
        kinds = {name: self._kinds.shown(name, guild_id) for name in {entry.kind for entry in entries}}
        items = [seen(entry, kind, at) for entry in entries if (kind := kinds[entry.kind]) is not None]
        return in_order((item for item in items if viewer is None or not item.concerns(viewer)), at)

    async def item(self, guild_id: int, item_id: int, *, viewer: int | None = None) -> InboxItem:
        """One item, settled or not. Raises ItemGone, or ConcernsYou when ``viewer`` must keep away from it."""
        async with self._db.read() as session:
            entry = await session.get(InboxEntry, item_id)
        kind = None if entry is None or entry.guild_id != guild_id else self._kinds.shown(entry.kind, guild_id)
        if entry is None or kind is None:
            raise ItemGone
        item = seen(entry, kind, self._clock())
        if viewer is not None and item.concerns(viewer):
            raise ConcernsYou
        return item

    async def history(self, item: InboxItem, limit: int = 10) -> list[Done]:
        """What was done about the item, the newest first."""
        query = select(InboxAct).where(InboxAct.item_id == item.id).order_by(InboxAct.id.desc()).limit(limit)
        async with self._db.read() as session:
            acts = (await session.scalars(query)).all()
        return [Done(act.at, act.act, act.actor_id, act.target_id, act.outcome) for act in acts]

    async def holders(self, guild_id: int) -> set[int]:
        """Everybody who takes care of something in a server, of kinds that are not shown too."""
        query = select(InboxEntry.holder_id).distinct()
        query = query.where(
            InboxEntry.guild_id == guild_id, InboxEntry.settled_at.is_(None), InboxEntry.holder_id.is_not(None)
        )
        async with self._db.read() as session:
            return {holder for holder in await session.scalars(query) if holder is not None}
