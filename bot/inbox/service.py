"""Everything that waits for a human: added by features, claimed, handed over and settled by the team."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.clock import Clock, now
from bot.contracts.events import MemberLeft, SettingsChanged
from bot.contracts.inbox import (
    InboxItem,
    InboxItemAdded,
    InboxItemUrgent,
    InboxKind,
    Link,
)
from bot.database import Database, Transaction
from bot.inbox.availability import HOLIDAY_BEGINS, Availabilities
from bot.inbox.entries import BECOMES_URGENT, CLAIM_EXPIRES, Entries, refuse_others
from bot.inbox.kinds import ItemAction, Kinds, missing_params
from bot.inbox.models import Act, InboxEntry
from bot.inbox.reading import Reading, holder_of, seen
from bot.inbox.refusals import (
    AlreadySettled,
    ConcernsThem,
    ConcernsYou,
    ItemGone,
    NotByHand,
    NotHeldByYou,
    OnHoliday,
    TheyAreAway,
)
from bot.inbox.rules import Presence
from bot.timers import DueTimer, Timers

KEPT = timedelta(days=180)
"""How long a settled item is remembered."""
A_DAY_SECONDS = 86400.0
DONE_BY_HAND = "done"


def _always(guild_id: int) -> bool:
    return True


class Inbox(Reading):
    """``add`` and ``done`` belong to a feature's own transaction; the rest is what the team does, each method one
    transaction. Who is on the team is decided by whoever calls.
    """

    def __init__(self, db: Database, timers: Timers, server_zone: Callable[[int], str], clock: Clock = now) -> None:
        self.kinds = Kinds()
        super().__init__(db, self.kinds, clock)
        self._entries = Entries(timers, clock)
        self.people = Availabilities(db, timers, server_zone, clock)
        self.people.inbox = self
        timers.handle(CLAIM_EXPIRES, self._claim_expires)
        timers.handle(BECOMES_URGENT, self._becomes_urgent)
        timers.handle(HOLIDAY_BEGINS, self.people.holiday_begins)
        timers.every("inbox", A_DAY_SECONDS, self.prune)
        db.bus.on(MemberLeft, self._left)
        db.bus.on(MemberLeft, self.people.forget)

    async def start(self) -> None:
        """Read when the people of the teams are free: called before the gateway connects."""
        await self.people.load()
        self._db.bus.after(SettingsChanged, self.people.zone_changed)

    # What features do

    def register(
        self,
        kind: InboxKind,
        *,
        actions: Sequence[ItemAction] = (),
        shown: Callable[[int], bool] = _always,
        permissions: frozenset[str] = frozenset(),
    ) -> None:
        """Make items of this kind known, with buttons of the feature's own; ``shown(guild_id)`` is False where the
        feature is off: its items are kept and hidden. ``permissions``: Discord's, with any of which somebody who is not
        on the team acts on them and finds them in the inbox too. Raises ValueError for a second kind of that name.
        """
        self.kinds.register(kind, actions, shown, permissions)

    async def add(
        self,
        tx: Transaction,
        guild_id: int,
        kind: InboxKind,
        source: str,
        params: Mapping[str, str | int] | None = None,
        subject: int | None = None,
        link: Link | None = None,
        due_at: datetime | None = None,
    ) -> bool:
        """Put something before the team; False when this kind and source did so before, settled since or not.

        From ``due_at`` on it is urgent; None: when its kind says so.

        ``source`` names what caused it and ``params`` fill the title: neither holds what somebody wrote, nor a
        person's id. Raises ValueError when the title has a placeholder that nothing fills.
        """
        params = dict(params or {})
        if missing := missing_params(kind, params):
            raise ValueError(f"an item of kind {kind.name} needs {sorted(missing)}")
        added_at = self._clock()
        new = await tx.ensure(
            InboxEntry,
            guild_id=guild_id,
            kind=kind.name,
            source=source,
            subject_id=subject,
            params=params,
            link_channel=link and link.channel_id,
            link_message=link and link.message_id,
            added_at=added_at,
            due_at=due_at,
        )
        if new:
            entry = await self._entries.named(tx, guild_id, kind.name, source)
            assert entry is not None
            self._entries.note(tx, entry, Act.ADDED, None)
            urgent_at = due_at if due_at is not None or kind.urgent_after is None else added_at + kind.urgent_after
            if urgent_at is not None:
                await self._entries.promise(tx, BECOMES_URGENT, entry, urgent_at)
            await tx.emit(InboxItemAdded(guild_id, entry.id, kind.name, source))
        return new

    async def point_at(self, tx: Transaction, guild_id: int, kind: InboxKind, source: str, link: Link) -> None:
        """Where it is to be looked at is known by now."""
        entry = await self._entries.named(tx, guild_id, kind.name, source)
        if entry is not None:
            entry.link_channel, entry.link_message = link.channel_id, link.message_id

    async def done(
        self, tx: Transaction, guild_id: int, kind: InboxKind, source: str, by: int | None, outcome: str
    ) -> bool:
        """The feature itself has settled it; False when it did not wait. ``outcome`` is the feature's own word."""
        entry = await self._entries.named(tx, guild_id, kind.name, source)
        if entry is None or entry.settled_at is not None:
            return False
        await self._entries.settle(tx, entry, by, outcome)
        return True

    def available(self, guild_id: int, user_id: int, at: datetime) -> bool:
        """Whether somebody of the team may be asked or pinged at that instant, by their quiet hours and holidays."""
        return self.people.presence(guild_id, user_id, at) is Presence.FREE

    # What the team does

    async def claim(self, guild_id: int, item_id: int, by: int) -> InboxItem:
        """Take care of an item, or for longer when one does already.

        Exactly one of several at once gets it. Raises HeldBy for the others, AlreadySettled, ItemGone, ConcernsYou,
        or OnHoliday.
        """

        async def work(tx: Transaction) -> InboxItem:
            entry, kind = await self._waiting(tx, guild_id, item_id, by)
            refuse_others(entry, by, self._clock())
            if until := self.people.away_until(guild_id, by, self._clock()):
                raise OnHoliday(until)
            await self._entries.hold(tx, entry, kind, by, by)
            return seen(entry, kind, self._clock())

        return await self._db.transaction(work)

    async def hand_over(self, guild_id: int, item_id: int, by: int, to: int, *, manages: bool = False) -> InboxItem:
        """Give one's item, or one that nobody has, to somebody else of the team; ``manages``: anybody's.

        Raises HeldBy, AlreadySettled, ItemGone, ConcernsYou, ConcernsThem or TheyAreAway.
        """

        async def work(tx: Transaction) -> InboxItem:
            entry, kind = await self._waiting(tx, guild_id, item_id, by)
            if not manages:
                refuse_others(entry, by, self._clock())
            if kind.personal and entry.subject_id == to:
                raise ConcernsThem(to)
            if until := self.people.away_until(guild_id, to, self._clock()):
                raise TheyAreAway(to, until)
            await self._entries.hold(tx, entry, kind, to, by)
            return seen(entry, kind, self._clock())

        return await self._db.transaction(work)

    async def release(self, guild_id: int, item_id: int, by: int, *, manages: bool = False) -> InboxItem:
        """Give an item back to everybody; ``manages``: somebody else's too. Raises NotHeldByYou and as ``claim``."""

        async def work(tx: Transaction) -> InboxItem:
            entry, kind = await self._waiting(tx, guild_id, item_id, by)
            holder = holder_of(entry, self._clock())
            if holder is None or (holder != by and not manages):
                raise NotHeldByYou
            await self._entries.free(tx, entry, Act.RELEASED, by)
            return seen(entry, kind, self._clock())

        return await self._db.transaction(work)

    async def settle(self, guild_id: int, item_id: int, by: int) -> InboxItem:
        """Mark an item as done by hand. Raises NotByHand, HeldBy, AlreadySettled, ItemGone or ConcernsYou."""

        async def work(tx: Transaction) -> InboxItem:
            entry, kind = await self._waiting(tx, guild_id, item_id, by)
            if not kind.by_hand:
                raise NotByHand
            refuse_others(entry, by, self._clock())
            await self._entries.settle(tx, entry, by, DONE_BY_HAND)
            return seen(entry, kind, self._clock())

        return await self._db.transaction(work)

    async def drop(self, tx: Transaction, guild_id: int, user_id: int, but: Collection[str] = ()) -> int:
        """Give back everything a person holds who is away or no longer on the team; returns how many items.

        ``but``: names of kinds of which they keep what they hold.
        """
        query = select(InboxEntry).where(InboxEntry.guild_id == guild_id, InboxEntry.holder_id == user_id)
        query = query.where(InboxEntry.settled_at.is_(None), InboxEntry.kind.not_in(sorted(but)))
        query = query.order_by(InboxEntry.id).with_for_update()
        held = (await tx.session.scalars(query)).all()
        for entry in held:
            await self._entries.free(tx, entry, Act.RELEASED, None)
        return len(held)

    async def drop_all(self, guild_id: int, people: Mapping[int, Collection[str]]) -> None:
        """The same for several people who are no longer on the team, each with the kinds they keep."""

        async def work(tx: Transaction) -> None:
            for user_id, but in sorted(people.items()):
                await self.drop(tx, guild_id, user_id, but)

        if people:
            await self._db.transaction(work)

    async def prune(self) -> None:
        """Forget what was settled long ago, with its history."""
        old = self._clock() - KEPT

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(InboxEntry).where(InboxEntry.settled_at < old))

        await self._db.transaction(work)

    async def _waiting(self, tx: Transaction, guild_id: int, item_id: int, by: int) -> tuple[InboxEntry, InboxKind]:
        """The entry, locked, when this person may act on it."""
        entry = await tx.session.get(InboxEntry, item_id, with_for_update=True)
        kind = None if entry is None or entry.guild_id != guild_id else self.kinds.shown(entry.kind, guild_id)
        if entry is None or kind is None:
            raise ItemGone
        if kind.personal and entry.subject_id == by:
            raise ConcernsYou
        if entry.settled_at is not None:
            raise AlreadySettled(entry.settled_by, entry.settled_at)
        return entry, kind

    async def _claim_expires(self, timer: DueTimer) -> None:
        async def work(tx: Transaction) -> None:
            entry = await tx.session.get(InboxEntry, int(timer.payload["item"]), with_for_update=True)
            if entry is not None and entry.holder_id is not None and holder_of(entry, self._clock()) is None:
                await self._entries.free(tx, entry, Act.EXPIRED, None)

        await self._db.transaction(work)

    async def _becomes_urgent(self, timer: DueTimer) -> None:
        async def work(tx: Transaction) -> None:
            entry = await tx.session.get(InboxEntry, int(timer.payload["item"]))
            if entry is not None and entry.settled_at is None:
                await tx.emit(InboxItemUrgent(entry.guild_id, entry.id, entry.kind, entry.source))

        await self._db.transaction(work)

    async def _left(self, event: MemberLeft, tx: Transaction) -> None:
        await self.drop(tx, event.guild_id, event.user_id)
