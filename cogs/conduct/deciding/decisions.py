"""What a moderator is about to do about a member, and what speaks to it; as plain values."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from bot.contracts.cases import CaseKind
from cogs.conduct.cases.models import DraftOf
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.deciding.proportion import Proportion
from cogs.conduct.deciding.sanctions import Sanction


@dataclass(frozen=True, slots=True)
class Decision:
    """A case to be made (or undone: ``what``). Sanctions without an article weigh as one of medium severity.

    ``proposed`` is what the ladder proposes where that is something else, ``departure`` why it is not followed.
    ``case_id`` is the case it is to undo; of a new one, the warning that it follows as its next step.
    """

    guild_id: int
    user_id: int
    moderator_id: int
    kind: CaseKind
    reason: str
    article: int | None = None
    length: timedelta | None = None
    delete_seconds: int = 0
    proposed: Sanction | None = None
    departure: str | None = None
    what: DraftOf = DraftOf.CASE
    case_id: int | None = None

    @property
    def chosen(self) -> Sanction:
        return Sanction(self.kind, self.length)

    def as_proposed(self) -> Self:
        """The same, following the ladder."""
        if self.proposed is None:
            return self
        return replace(self, kind=self.proposed.kind, length=self.proposed.length, proposed=None, departure=None)


@dataclass(frozen=True, slots=True)
class Weighing:
    """``points`` count now, ``total`` with the new case's. ``proposal`` is None where the server has no ladder.

    ``beyond``: the next rung, and the points it begins at. ``proportion`` is None without an article.
    """

    points: int
    total: int
    proposal: Sanction | None
    beyond: tuple[Sanction, int] | None
    proportion: Proportion | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A case that was made. ``draft_id`` is the draft of the next step, where the ladder proposes more."""

    case: CaseView
    decision: Decision
    draft_id: int | None = None
