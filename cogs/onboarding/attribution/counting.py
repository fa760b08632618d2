"""Counts arrivals by invite and by inviter in the database: no arrival is loaded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, TableValuedAlias, and_, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.contracts.invites import Kept, Totals
from cogs.onboarding.attribution.models import Arrival, Invite

STAYS = (7, 30)
"""Days after which it is asked whether somebody is still here."""
MADE_BY = (Invite.guild_id == Arrival.guild_id, Invite.inviter_id.is_not(None), Invite.vanity.is_(False))
Group = str | int
"""A code, or an inviter."""


@dataclass(frozen=True, slots=True)
class Brought:
    """How many came by an invite, or by the invites of one person."""

    joined: int = 0
    perhaps: int = 0
    kept: tuple[Kept, ...] = tuple(Kept(days, 0, 0) for days in STAYS)


class Counting:
    """The arrivals of one server from ``since`` on, in one read; ``present`` decides who came long enough ago."""

    def __init__(self, session: AsyncSession, guild_id: int, since: datetime | None, present: datetime) -> None:
        self._session = session
        self._sqlite = session.get_bind().dialect.name == "sqlite"
        self._here = [Arrival.guild_id == guild_id]
        self._here += [] if since is None else [Arrival.joined_at >= since]
        self._present = present

    async def by_code(self) -> dict[str, Brought]:
        """By the code of the invite."""
        possible = self._possible()
        one_of = select(possible.c.value.label("who"), func.count().label("n")).select_from(Arrival)
        one_of = one_of.join(possible, true()).where(*self._here, Arrival.code.is_(None)).group_by(possible.c.value)
        return await self._joined(self._certain(Arrival.code), one_of)

    async def by_inviter(self) -> dict[int, Brought]:
        """By whoever made the invite; somebody between two invites of one person may have come by them once."""
        certain = self._certain(Invite.inviter_id).join(Invite, and_(Invite.code == Arrival.code, *MADE_BY))
        possible = self._possible()
        pairs = select(Invite.inviter_id.label("who"), Arrival.user_id, Arrival.joined_at).select_from(Arrival)
        pairs = pairs.join(possible, true()).join(Invite, and_(Invite.code == possible.c.value, *MADE_BY))
        each = pairs.where(*self._here, Arrival.code.is_(None)).distinct().subquery()
        return await self._joined(certain, select(each.c.who, func.count().label("n")).group_by(each.c.who))

    async def totals(self, until: datetime | None) -> Totals:
        """Everybody who joined, by what is known of how."""
        settled, known = Arrival.settled_at.is_not(None), Arrival.code.is_not(None)
        length = func.json_array_length if self._sqlite else func.jsonb_array_length
        some = length(Arrival.candidates) > 0
        query = select(
            func.count().filter(settled, known),
            func.count().filter(settled, ~known, some),
            func.count().filter(settled, ~known, ~some),
            func.count().filter(~settled),
        ).where(*self._here)
        query = query if until is None else query.where(Arrival.joined_at < until)
        return Totals(*(await self._session.execute(query)).one())

    def _certain(self, group: Any) -> "Select[Any]":
        columns = [group.label("who"), func.count().label("n")]
        for days in STAYS:
            old = Arrival.joined_at <= self._present - timedelta(days=days)
            stayed = or_(Arrival.left_at.is_(None), self._lasted(days))
            columns += [func.sum(case((old, 1), else_=0)), func.sum(case((and_(old, stayed), 1), else_=0))]
        query = select(*columns).select_from(Arrival)
        return query.where(*self._here, Arrival.code.is_not(None)).group_by(group)

    def _lasted(self, days: int) -> ColumnElement[bool]:
        """Whether a stay that is over was so long."""
        if self._sqlite:
            # SQLite has text for instants, and Julian days as the way to compute with them: exact to a millisecond.
            span = func.julianday(Arrival.left_at) - func.julianday(Arrival.joined_at)
            return func.round(span * 86400, 3) >= days * 86400
        return Arrival.left_at - Arrival.joined_at >= timedelta(days=days)

    def _possible(self) -> TableValuedAlias:
        """The invites one of which may have brought somebody, as rows."""
        unfold = func.json_each if self._sqlite else func.jsonb_array_elements_text
        return unfold(Arrival.candidates).table_valued("value", name="candidate")

    async def _joined(self, certain: "Select[Any]", possible: "Select[Any]") -> dict[Any, Brought]:
        found: dict[Group, Brought] = {}
        for who, count, *stays in await self._session.execute(certain):
            kept = zip(STAYS, stays[::2], stays[1::2], strict=True)
            found[who] = Brought(count, 0, tuple(Kept(*one) for one in kept))
        for who, count in await self._session.execute(possible):
            before = found.get(who, Brought())
            found[who] = Brought(before.joined, count, before.kept)
        return found
