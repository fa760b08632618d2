"""A step as it is proposed, received and kept: its kind and length."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bot.contracts.cases import CaseKind


@dataclass(frozen=True, slots=True)
class Sanction:
    """``length`` is None for what has no end, and for what happens once. Written as ``timeout:7200``, ``ban``."""

    kind: CaseKind
    length: timedelta | None = None

    def __str__(self) -> str:
        return self.kind.value if self.length is None else f"{self.kind.value}:{int(self.length.total_seconds())}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str`` wrote."""
        kind, _, seconds = text.partition(":")
        return cls(CaseKind(kind), timedelta(seconds=int(seconds)) if seconds else None)
