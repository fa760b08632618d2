"""The record of every request, for what a test wants to count."""

import asyncio
import dataclasses
import re
import time
from collections import Counter
from typing import Any

PARAMETER = re.compile(r"\{[^}]*\}")


def shape(route: str) -> str:
    """A route with the names of its parameters left out: "/channels/{}/messages"."""
    return PARAMETER.sub("{}", route)


@dataclasses.dataclass
class Request:
    """One request and its answer. `status` is 0 when no answer was sent."""

    method: str
    path: str
    route: str  # the route's template, parameters unnamed; the path itself when there is none
    query: dict[str, str]
    body: Any
    reason: str | None
    at: float  # time.monotonic() when it arrived
    status: int = 0
    code: int | None = None  # Discord's JSON error code
    seconds: float = 0.0
    accepted: bool = False  # its effect has happened


class Record:
    """All requests in order of arrival."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def __iter__(self):
        return iter(self.requests)

    def find(self, method: str, route: str, **wanted: Any) -> list[Request]:
        """Requests of a route, given as a template ("/channels/{id}/messages") or as a concrete path."""
        wanted_shape = shape(route)
        return [
            r
            for r in self.requests
            if r.method == method
            and wanted_shape in (r.route, r.path)
            and all(getattr(r, name) == value for name, value in wanted.items())
        ]

    async def seen(self, method: str, route: str, times: int = 1, timeout: float = 10, **wanted: Any) -> list[Request]:
        """Wait until a route was called so often (and answered, when `status` is wanted)."""
        async with asyncio.timeout(timeout):
            while len(found := self.find(method, route, **wanted)) < times:
                await asyncio.sleep(0.02)
        return found

    def count(self, method: str, route: str, **wanted: Any) -> int:
        """How many; `status=204` and the like narrow it."""
        return len(self.find(method, route, **wanted))

    def statuses(self, since: float = 0.0) -> Counter[int]:
        """How many answers of each status since a `time.monotonic()`."""
        return Counter(r.status for r in self.requests if r.at >= since)

    def invalid(self, since: float = 0.0) -> list[Request]:
        """What Discord counts against an address: 401, 403 and 429."""
        return [r for r in self.requests if r.status in (401, 403, 429) and r.at >= since]

    def clear(self) -> None:
        """Forget all."""
        self.requests.clear()

    def mark(self) -> float:
        """A moment to pass as `since`."""
        return time.monotonic()
