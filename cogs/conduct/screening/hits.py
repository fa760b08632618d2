"""Where filters found something, what became of it, and when a filter has been wrong too often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS, SanctionOverturned
from bot.contracts.inbox import InboxKind, Link
from bot.database import Database, Transaction
from bot.i18n.marks import N_
from bot.inbox import Inbox
from cogs.conduct.cases.models import Case, Notice
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases, NewCase
from cogs.conduct.filters.model import Where
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.models import FilterHit
from cogs.conduct.screening.rules import Kept, Last, Outcome, Watch, joins, overturned_too_often

KEPT = timedelta(days=30)
KEPT_WITH_CASE = timedelta(days=180)
A_DAY_SECONDS = 86400.0
AGAIN = timedelta(minutes=10)
"""The same filter puts the same member before the team once in that time."""
LOOK = InboxKind(
    "conduct.filter_look",
    label=N_("Found by filters"),
    title=N_("Filter {filter} found something by {member}"),
    hint=N_(
        "Nothing was done about it. Look at the message and decide; **Moderate** in its menu is the way. What filters "
        "may do by themselves is chosen in `/settings`."
    ),
)
HELD = InboxKind(
    "conduct.filter_held",
    label=N_("Found by filters, and out of my reach"),
    title=N_("Filter {filter} could not do all it is armed for about {member}"),
    hint=N_(
        "I lack a permission there, or the member’s highest role is as high as mine. Look at it, and decide by hand."
    ),
)
DISARMED = InboxKind(
    "conduct.filter_disarmed",
    label=N_("Filters that watch only again"),
    title=N_("Filter {filter} acts no more: too many of its decisions were overturned"),
    hint=N_("It watches only, as before it was armed. Look at its entries and its hits, then arm it again or not."),
)
KINDS = (LOOK, HELD, DISARMED)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a filter found. ``source`` names what it was found in, the same for every look at it."""

    guild_id: int
    user_id: int
    source: str
    place: Where
    at: datetime
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit as it was read."""

    filter_id: int
    user_id: int
    channel_id: int | None
    message_id: int | None
    place: Where
    at: datetime
    outcome: Outcome


class Hits:
    """Each public method is one transaction unless it takes one."""

    def __init__(self, db: Database, filters: Filters, cases: Cases, inbox: Inbox, clock: Clock = now) -> None:
        self._db = db
        self._filters = filters
        self._cases = cases
        self._inbox = inbox
        self._clock = clock

    async def note(self, kept: Kept, finding: Finding, outcome: Outcome) -> bool:
        """Record a hit that nobody is sanctioned for; False when it was recorded before.

        What people must look at enters the inbox, once in ``AGAIN`` for the same filter and member.
        """

        async def work(tx: Transaction) -> bool:
            if not await self._add(tx, kept, finding, outcome, None):
                return False
            await self._show(tx, kept, finding, outcome)
            return True

        return await self._db.transaction(work)

    async def act(self, kept: Kept, finding: Finding, case: NewCase, *, held: bool) -> Outcome | None:
        """Open the case, or let the hit join the one of its burst; None when it was recorded before.

        ``held``: a part of what is to be done is out of the bot's reach, which the team is told. The caller lets one
        hit of a member in at a time.
        """

        async def work(tx: Transaction) -> Outcome | None:
            last = await self._last(tx, finding)
            if not await self._add(tx, kept, finding, Outcome.ACTED, None):
                return None
            joined = joins(last, kept.doing, finding.at)
            case_id = last.case_id if joined and last is not None else (await self._cases.open_in(tx, case)).id
            mine = select(FilterHit).filter_by(guild_id=kept.guild_id, filter_id=kept.id, source=finding.source)
            row = (await tx.session.scalars(mine.execution_options(populate_existing=True))).one()
            row.case_id, row.outcome = case_id, Outcome.JOINED if joined else Outcome.ACTED
            if held:
                await self._show(tx, kept, finding, Outcome.HELD)
            return row.outcome

        return await self._db.transaction(work)

    async def counts(self, guild_id: int) -> dict[int, int]:
        """Hits of the last 30 days by filter."""
        query = (
            select(FilterHit.filter_id, func.count())
            .where(FilterHit.guild_id == guild_id, FilterHit.at >= self._clock() - KEPT)
            .group_by(FilterHit.filter_id)
        )
        async with self._db.read() as session:
            return {row[0]: row[1] for row in await session.execute(query)}

    async def newest(self, kept: Kept, limit: int = 10) -> Sequence[HitView]:
        """The newest hits of a filter."""
        query = select(FilterHit).filter_by(guild_id=kept.guild_id, filter_id=kept.id)
        async with self._db.read() as session:
            rows = await session.scalars(query.order_by(FilterHit.at.desc(), FilterHit.id.desc()).limit(limit))
            return [HitView(**{name: getattr(row, name) for name in HitView.__slots__}) for row in rows]

    async def by_outcome(self, kept: Kept) -> dict[Outcome, int]:
        """Hits of the last 30 days, by what became of them."""
        mine = FilterHit.guild_id == kept.guild_id, FilterHit.filter_id == kept.id
        query = select(FilterHit.outcome, func.count()).where(*mine, FilterHit.at >= self._clock() - KEPT)
        async with self._db.read() as session:
            return {row[0]: row[1] for row in await session.execute(query.group_by(FilterHit.outcome))}

    async def on_overturned(self, event: SanctionOverturned, tx: Transaction) -> None:
        """A sanction was undone: a filter that was wrong too often acts no more until somebody arms it again."""
        query = select(FilterHit.filter_id).filter_by(
            guild_id=event.guild_id, case_id=event.case_id, outcome=Outcome.ACTED
        )
        filter_id = await tx.session.scalar(query.limit(1))
        kept = None if filter_id is None else self._filters.by_id(event.guild_id, filter_id)
        if kept is None or kept.watch is not Watch.ARMED or kept.armed_at is None:
            return
        acted = select(FilterHit.case_id).filter_by(guild_id=kept.guild_id, filter_id=kept.id, outcome=Outcome.ACTED)
        wanted = Case.id.in_(acted), Case.kind.in_(sorted(SANCTIONS)), Case.created_at >= kept.armed_at
        states = await tx.session.scalars(select(Case.state).where(*wanted).order_by(Case.id.desc()).limit(10))
        if not overturned_too_often([state in ENDED for state in states]):
            return
        if await self._filters.disarm(tx, kept.id) is not None:
            source = f"{kept.id}:{self._clock().isoformat()}"
            await self._inbox.add(tx, kept.guild_id, DISARMED, source, {"filter": kept.number})

    async def prune(self) -> None:
        """Forget hits in time."""
        present = self._clock()
        old = or_(
            (FilterHit.at < present - KEPT) & FilterHit.case_id.is_(None), FilterHit.at < present - KEPT_WITH_CASE
        )

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(FilterHit).where(old))

        await self._db.transaction(work)

    async def _add(self, tx: Transaction, kept: Kept, finding: Finding, outcome: Outcome, case_id: int | None) -> bool:
        return await tx.ensure(
            FilterHit,
            guild_id=kept.guild_id,
            filter_id=kept.id,
            source=finding.source,
            user_id=finding.user_id,
            channel_id=finding.channel_id,
            message_id=finding.message_id,
            place=finding.place,
            at=finding.at,
            outcome=outcome,
            case_id=case_id,
        )

    async def _show(self, tx: Transaction, kept: Kept, finding: Finding, outcome: Outcome) -> None:
        kind = {Outcome.LOOKED_AT: LOOK, Outcome.HELD: HELD}.get(outcome)
        if kind is None:
            return
        mine = FilterHit.guild_id == kept.guild_id, FilterHit.filter_id == kept.id, FilterHit.user_id == finding.user_id
        shown = FilterHit.outcome == outcome, FilterHit.at > finding.at - AGAIN, FilterHit.source != finding.source
        if await tx.session.scalar(select(FilterHit.id).where(*mine, *shown).limit(1)) is not None:
            return
        link = None if finding.channel_id is None else Link(finding.channel_id, finding.message_id)
        source = f"{kept.id}:{finding.source}"
        await self._inbox.add(tx, kept.guild_id, kind, source, {"filter": kept.number}, finding.user_id, link)

    async def _last(self, tx: Transaction, finding: Finding) -> Last | None:
        mine = FilterHit.guild_id == finding.guild_id, FilterHit.user_id == finding.user_id
        query = select(FilterHit, Case).join(Case, Case.id == FilterHit.case_id).where(*mine)
        found = (await tx.session.execute(query.order_by(FilterHit.at.desc(), FilterHit.id.desc()).limit(1))).first()
        if found is None:
            return None
        hit, case = found
        at = max(filter(None, (hit.at, case.noticed_at, case.notice_tried_at)))
        sanction = case.kind in SANCTIONS
        return Last(case.id, sanction, case.notice is Notice.OWED, case.state in ENDED, at)
