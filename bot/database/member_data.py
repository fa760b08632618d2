"""What a table holds about members, declared beside its columns; export and erase are generated from it."""

from dataclasses import dataclass
from enum import StrEnum


class OnErase(StrEnum):
    """What happens to a row when the member it is about asks to be erased."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    """The row stays as a figure; every column that names the member is nulled."""
    KEEP_HASHED = "keep_hashed"
    """The row stays under a salted hash, because a sanction or a limit would otherwise be shed by erasing."""


@dataclass(frozen=True, slots=True)
class MemberData:
    """Rows about one member.

    ``subject`` is the column with the member's user id. ``counterparties`` are columns that name other people: they
    are nulled when those are erased. ``personal`` are columns with what the subject wrote or is called: they are nulled
    where the row outlives the erasure. ``purpose`` and ``kept`` are ``N_`` texts shown by ``/privacy``.
    """

    subject: str
    purpose: str
    kept: str
    on_erase: OnErase = OnErase.DELETE
    counterparties: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoMemberData:
    """The table is about no member. ``mentions`` are columns that may still name one (who changed a setting)."""

    reason: str
    mentions: tuple[str, ...] = ()


Declaration = MemberData | NoMemberData
