"""A new case as whoever makes it describes it, and the row that it becomes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.contracts.cases import SANCTIONS, CaseKind
from bot.contracts.conduct import Severity
from cogs.conduct.cases.measures import MEASURED
from cogs.conduct.cases.models import Case, Notice
from cogs.conduct.cases.refusals import EndsInThePast, NoLength
from cogs.conduct.cases.rules import ONCE, State


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is to be recorded. ``source`` is unique in the server: the same cause makes one case, however often.

    ``length`` counts from the making of the case. ``by_hand``: it was done in Discord's own menus, so there is nothing
    to carry out; ``at`` is when, where that is known. ``notify`` False: the member is not told. ``follows``: the row of
    the warning whose next step it is.
    """

    guild_id: int
    user_id: int
    kind: CaseKind
    source: str
    reason: str = ""
    moderator_id: int | None = None
    article: int | None = None
    severity: Severity | None = None
    length: timedelta | None = None
    automatic: bool = False
    by_hand: bool = False
    at: datetime | None = None
    notify: bool = True
    delete_seconds: int = 0
    proposed: str | None = None
    departure: str | None = None
    follows: int | None = None


def row_of(new: NewCase, number: int, at: datetime, points_last: timedelta) -> Case:
    """The row of a case made at that instant. Raises NoLength, or EndsInThePast for a length that is not positive."""
    if new.length is not None and new.kind not in MEASURED:
        raise NoLength
    if new.length is not None and new.length <= timedelta(0):
        raise EndsInThePast
    begun, sanction = new.at or at, new.kind in SANCTIONS
    told = sanction and new.notify and not new.by_hand
    return Case(
        guild_id=new.guild_id,
        number=number,
        kind=new.kind,
        user_id=new.user_id,
        moderator_id=new.moderator_id,
        automatic=new.automatic,
        by_hand=new.by_hand,
        source=new.source,
        article=new.article,
        severity=new.severity,
        points=new.severity.points if sanction and new.severity is not None else 0,
        reason=new.reason,
        created_at=begun,
        until=None if new.length is None else begun + new.length,
        expires_at=begun + points_last if sanction else None,
        state=State.ACTIVE,
        delete_seconds=new.delete_seconds,
        notice=Notice.OWED if told else Notice.NONE,
        done_at=begun if new.by_hand or new.kind not in ONCE else None,
        proposed=new.proposed,
        departure=new.departure,
        follows=new.follows,
    )
