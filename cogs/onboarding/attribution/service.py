"""What the looks at a server's invites say, written down: uses, weeks, and who came by which invite."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock, now
from bot.contracts.events import MemberJoined, MemberLeft
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.privacy import erased_at
from cogs.onboarding.attribution import rules
from cogs.onboarding.attribution.models import Arrival, Invite, InviteLook, InviteWeek
from cogs.onboarding.attribution.rules import Counted, Evidence, Moved, Verdict
from cogs.onboarding.attribution.settings import InvitesSettings

CANDIDATES = 25
"""How many invites are named where several may have brought somebody."""
Key = tuple[int, datetime]
"""A member's stay: who, and since when."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An invite as Discord shows it."""

    code: str
    counted: Counted
    channel_id: int | None = None
    inviter_id: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """All invites of a server at one moment, and what is known about the time since the look before."""

    at: datetime
    week: date
    """The local Monday."""
    invites: Mapping[str, Shown]
    evidence: Evidence
    removed: Collection[str] | None = None
    """Invites somebody removed (None: the audit log could not be read)."""
    places: Collection[int] = ()
    """The channels that exist."""
    heard: Collection[Key] = field(default_factory=tuple)
    """Arrivals Discord told us of since the look before."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the last look left: when it was, and the invites there were."""

    at: datetime
    codes: frozenset[str]


class Attribution:
    """``on_joined`` opens a question, ``settle`` answers all that are open; nothing is ever guessed."""

    def __init__(self, db: Database, settings: GuildSettings, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock

    def wanted(self, guild_id: int) -> bool:
        """Whether the server follows its invites."""
        return self._settings.get(guild_id, InvitesSettings).enabled

    # Who comes and goes

    async def on_joined(self, event: MemberJoined, tx: Transaction) -> None:
        """By which invite? The next look tells, in this process or in a later one."""
        if self.wanted(event.guild_id):
            key = {"guild_id": event.guild_id, "user_id": event.user_id, "joined_at": event.at}
            await tx.ensure(Arrival, **key, candidates=[])

    async def on_left(self, event: MemberLeft, tx: Transaction) -> None:
        stay = update(Arrival).filter_by(guild_id=event.guild_id, user_id=event.user_id, left_at=None)
        await tx.session.execute(stay.values(left_at=event.at))

    # Looks

    async def before(self, guild_id: int) -> Before | None:
        """The last look, None when there is nothing to compare with."""
        async with self._db.read() as session:
            look = await session.get(InviteLook, guild_id)
            if look is None:
                return None
            codes = select(Invite.code).filter_by(guild_id=guild_id, gone_at=None)
            return Before(look.looked_at, frozenset(await session.scalars(codes)))

    async def made(self, guild_id: int, shown: Shown) -> None:
        """An invite was made: noted at once, because it can be used up before the next look."""

        async def work(tx: Transaction) -> None:
            if await tx.session.get(InviteLook, guild_id) is not None:
                await self._add(tx, guild_id, shown, uses=0)

        await self._db.transaction(work)

    async def blind(self, guild_id: int) -> None:
        """The invites cannot be read (any more): open questions stay unanswered, and the next look is a first one."""

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(InviteLook).filter_by(guild_id=guild_id))
            waiting = update(Arrival).filter_by(guild_id=guild_id, settled_at=None)
            await tx.session.execute(waiting.values(settled_at=self._clock()))

        await self._db.transaction(work)

    async def settle(self, guild_id: int, look: Look, *, final: bool) -> bool:
        """Write a look down and answer every open question.

        False, and nothing is written: uses and arrivals do not match yet, so it is worth looking again. ``final``:
        write it as it is.
        """
        return await self._db.transaction(lambda tx: self._settle(tx, guild_id, look, final))

    async def _settle(self, tx: Transaction, guild_id: int, look: Look, final: bool) -> bool:
        base = await tx.session.get(InviteLook, guild_id, with_for_update=True)
        query = select(Invite).filter_by(guild_id=guild_id, gone_at=None).order_by(Invite.code)
        rows = {row.code: row for row in await tx.session.scalars(query)}
        asked = select(Arrival).filter_by(guild_id=guild_id, settled_at=None).order_by(Arrival.user_id)
        waiting = list(await tx.session.scalars(asked.with_for_update()))
        joined = {(row.user_id, row.joined_at) for row in waiting}
        unasked = await self._unasked(tx, guild_id, look, joined)
        moved = _moved(rows, look, waiting) if base is not None else {}
        count = len(waiting) + unasked
        if not final and base is not None and (unasked or not rules.is_balanced(moved, count)):
            return False
        evidence = look.evidence
        unheard = evidence.watched and not joined <= set(look.heard)
        verdict = rules.attribute(moved, count, proof=evidence.proof and not unasked and not unheard)
        await self._store(tx, guild_id, look, rows, moved)
        inviter = await self._inviter(tx, guild_id, verdict.code)
        for row in waiting:
            _answer(row, verdict, inviter, look.at)
        return True

    async def _unasked(self, tx: Transaction, guild_id: int, look: Look, joined: set[Key]) -> int:
        """How many of those heard of have no row yet: their join is still being written."""
        unknown = {key for key in look.heard if key not in joined}
        if not unknown:
            return 0
        stays = select(Arrival.user_id, Arrival.joined_at).where(
            Arrival.guild_id == guild_id, Arrival.user_id.in_({user_id for user_id, _ in unknown})
        )
        known = {(row.user_id, row.joined_at) for row in await tx.session.execute(stays)}
        return len(unknown - known)

    async def _store(
        self, tx: Transaction, guild_id: int, look: Look, rows: Mapping[str, Invite], moved: Mapping[str, Moved]
    ) -> None:
        for code, shown in sorted(look.invites.items()):
            row = rows.get(code)
            if row is None:
                await self._add(tx, guild_id, shown, uses=shown.counted.uses)
            else:
                row.uses, row.expires_at = shown.counted.uses, shown.counted.expires_at
        for code in rows.keys() - look.invites.keys():
            rows[code].gone_at = look.at
            rows[code].uses += moved[code].least if code in moved else 0
        for code, found in sorted(moved.items()):
            if found.least:
                await self._count(tx, guild_id, look.week, code, found.least)
        if not await tx.ensure(InviteLook, guild_id=guild_id, looked_at=look.at):
            await tx.session.execute(update(InviteLook).filter_by(guild_id=guild_id).values(looked_at=look.at))

    async def _add(self, tx: Transaction, guild_id: int, shown: Shown, *, uses: int) -> None:
        """Note an invite; one that was gone is back (a vanity address, or the look that missed it was wrong)."""
        counted = shown.counted
        values: dict[str, Any] = {"uses": uses, "max_uses": counted.max_uses, "expires_at": counted.expires_at}
        fixed = {"channel_id": shown.channel_id, "created_at": shown.created_at, "vanity": counted.vanity}
        inviter = await self._nameable(tx, guild_id, shown)
        if not await tx.ensure(
            Invite, guild_id=guild_id, code=shown.code, inviter_id=inviter, gone_at=None, **values, **fixed
        ):
            back = update(Invite).where(Invite.gone_at.is_not(None)).filter_by(guild_id=guild_id, code=shown.code)
            await tx.session.execute(back.values(gone_at=None, **values))

    async def _nameable(self, tx: Transaction, guild_id: int, shown: Shown) -> int | None:
        """Who made it, unless they had themselves erased since: their invite goes on, without their name."""
        if shown.inviter_id is None:
            return None
        erased = await erased_at(tx.session, guild_id, shown.inviter_id)
        forgotten = erased is not None and (shown.created_at or erased) <= erased
        return None if forgotten else shown.inviter_id

    async def _inviter(self, tx: Transaction, guild_id: int, code: str | None) -> int | None:
        query = select(Invite.inviter_id).filter_by(guild_id=guild_id, code=code)
        return None if code is None else await tx.session.scalar(query)

    async def _count(self, tx: Transaction, guild_id: int, week: date, code: str, uses: int) -> None:
        dialect = postgresql if self._db.dialect == "postgresql" else sqlite
        insert = dialect.insert(InviteWeek).values(guild_id=guild_id, week=week, code=code, uses=uses)
        key = [InviteWeek.guild_id, InviteWeek.week, InviteWeek.code]
        more = {"uses": InviteWeek.uses + insert.excluded.uses}
        await tx.session.execute(insert.on_conflict_do_update(index_elements=key, set_=more))


def _moved(rows: Mapping[str, Invite], look: Look, waiting: Collection[Arrival]) -> dict[str, Moved]:
    known = {code: Counted(row.uses, row.max_uses, row.expires_at, row.vanity) for code, row in rows.items()}
    fates = {
        code: rules.fate(
            known[code],
            removed=None if look.removed is None else code in look.removed,
            has_place=row.channel_id in look.places,
            at=look.at,
        )
        for code, row in rows.items()
        if code not in look.invites
    }
    shown = {code: invite.counted for code, invite in look.invites.items()}
    return rules.movements(known, shown, fates, min((row.joined_at for row in waiting), default=None))


def _answer(row: Arrival, verdict: Verdict, inviter: int | None, at: datetime) -> None:
    row.settled_at = at
    row.code, row.inviter_id = verdict.code, inviter
    row.candidates = list(verdict.candidates[:CANDIDATES])
