"""What an entry of Discord's audit log means for the cases: plain values in, plain values out."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.contracts.cases import CaseKind

SAME_HIT = timedelta(seconds=60)
"""Discord announces one hit of AutoMod once for each action it takes; and a burst of one rule is one case."""
REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit log about one member. ``until``: the end of a timeout that was set."""

    id: int
    at: datetime
    by: int | None
    target: int
    kind: CaseKind
    reason: str
    until: datetime | None = None
    ended: bool = False
    """The timeout was taken away."""

    @property
    def source(self) -> str:
        """The same entry makes one case, however often it is seen."""
        return f"audit:{self.id}"

    @property
    def length(self) -> timedelta | None:
        """Of a timeout; None where it had no time left when it was set."""
        return self.until - self.at if self.until is not None and self.until > self.at else None


class Hits:
    """Recognises hits of AutoMod that belong to one that was announced before, by what identifies them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[object, ...], datetime] = OrderedDict()

    def is_new(self, hit: tuple[object, ...], at: datetime) -> bool:
        """False for one that was seen within ``SAME_HIT``."""
        last = self._seen.pop(hit, None)
        self._seen[hit] = at
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return last is None or at - last > SAME_HIT
