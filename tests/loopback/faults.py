"""Injected faults: refusals, rate limits, server errors, slowness, answers that never come."""

import asyncio
import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

from .record import Request, shape

EVERYTHING = "*"


@dataclasses.dataclass(eq=False)
class Fault:
    """One rule. It applies to the next `times` matching requests, or until `remove()`."""

    method: str
    route: str
    times: int | None
    status: int = 0
    code: int = 0
    message: str = "injected"
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)
    html: bool = False
    delay: float = 0.0
    after: bool = False  # the request takes effect before the fault strikes
    silent: str = ""  # "cut": the line breaks instead of an answer; "hang": nothing ever comes
    when: Callable[[Request], bool] | None = None
    hits: list[Request] = dataclasses.field(default_factory=list)
    struck: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    removed: bool = False

    def matches(self, request: Request) -> bool:
        """Whether it applies to this request."""
        if self.removed or (self.times is not None and len(self.hits) >= self.times):
            return False
        route = self.route in (EVERYTHING, request.route, request.path)
        return self.method in (EVERYTHING, request.method) and route and (self.when is None or self.when(request))

    def strike(self, request: Request) -> None:
        """Count it."""
        self.hits.append(request)
        self.struck.set()

    def remove(self) -> None:
        """No longer."""
        self.removed = True

    async def happened(self, timeout: float = 10) -> Request:
        """Wait for the first request that it struck."""
        async with asyncio.timeout(timeout):
            await self.struck.wait()
        return self.hits[0]


class Faults:
    """The rules in force; the first that matches applies."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self.hung: list[asyncio.Event] = []

    def first(self, request: Request) -> Fault | None:
        """The fault that strikes this request, if any."""
        fault = next((f for f in self.rules if f.matches(request)), None)
        if fault is not None:
            fault.strike(request)
        return fault

    def add(self, method: str, route: str, *, times: int | None = None, **rule: Any) -> Fault:
        """Any rule; see `Fault`. `route` is a template, a concrete path, or "*"."""
        fault = Fault(method, shape(route), times, **rule)
        self.rules.append(fault)
        return fault

    def fail(
        self, method: str, route: str, status: int, code: int = 0, *, times: int | None = None, **rule: Any
    ) -> Fault:
        """Answer with this status and JSON code, without effect."""
        return self.add(method, route, times=times, status=status, code=code, **rule)

    def rate_limit(
        self,
        method: str,
        route: str,
        retry_after: float,
        *,
        times: int | None = 1,
        everywhere: bool = False,
        **rule: Any,
    ) -> Fault:
        """429 as Discord's own servers send it; `everywhere` is the global one."""
        scope = "global" if everywhere else "user"
        headers = {"Via": "1.1 google", "Retry-After": str(retry_after), "X-RateLimit-Scope": scope}
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        extra = {"retry_after": retry_after, "global": everywhere}
        message = "You are being rate limited."
        return self.add(method, route, times=times, status=429, message=message, headers=headers, extra=extra, **rule)

    def blocked_address(self, *, times: int | None = None) -> Fault:
        """429 as Cloudflare sends it to a blocked address: HTML, no Via header, for every route."""
        return self.add(EVERYTHING, EVERYTHING, times=times, status=429, html=True, message="error code: 1015")

    def storm(self, status: int = 503, *, times: int | None = None) -> Fault:
        """Every route answers with a server error."""
        return self.add(EVERYTHING, EVERYTHING, times=times, status=status, html=True, message="upstream error")

    def slow(self, method: str, route: str, seconds: float, *, times: int | None = None) -> Fault:
        """Answer late; the effect is late too."""
        return self.add(method, route, times=times, delay=seconds)

    def swallow_answer(
        self, method: str, route: str, *, times: int | None = 1, hang: bool = True, **rule: Any
    ) -> Fault:
        """Accept the request, then never answer: hang until the client gives up, or break the line at once."""
        return self.add(method, route, times=times, after=True, silent="hang" if hang else "cut", **rule)

    def swallow_request(self, method: str, route: str, *, times: int | None = 1, hang: bool = False) -> Fault:
        """Lose the request before it takes effect."""
        return self.add(method, route, times=times, silent="hang" if hang else "cut")

    async def hang(self) -> None:
        """Wait for the end of this Discord."""
        end = asyncio.Event()
        self.hung.append(end)
        await end.wait()

    def clear(self) -> None:
        """Remove every rule and let hanging requests end."""
        for fault in self.rules:
            fault.remove()
        self.rules.clear()
        for end in self.hung:
            end.set()


class Buckets:
    """Discord's rate limits for chosen routes, per major parameter: headers always, 429 beyond. Off until `limit`."""

    def __init__(self) -> None:
        self.limits: dict[tuple[str, str], tuple[int, float]] = {}
        self._windows: dict[tuple[str, str, str], tuple[float, int]] = {}
        self._hashes = itertools.count(1)
        self._names: dict[tuple[str, str], str] = {}

    def limit(self, method: str, route: str, requests: int, seconds: float) -> None:
        """At most `requests` in `seconds` on this route, for each channel, guild or webhook."""
        self.limits[method, shape(route)] = (requests, seconds)
        self._names[method, shape(route)] = f"bucket{next(self._hashes)}"

    def take(self, request: Request) -> tuple[dict[str, str], float]:
        """The rate limit headers, and for how long to wait (0: go on)."""
        key = (request.method, request.route)
        if key not in self.limits:
            return {}, 0.0
        requests, seconds = self.limits[key]
        major = next((part for part in request.path.split("/") if part.isdigit()), "")
        began, used = self._windows.get((*key, major), (0.0, 0))
        if request.at >= began + seconds:  # Discord counts in fixed windows, from the first request on
            began, used = request.at, 0
        wait = began + seconds - request.at if used >= requests else 0.0
        used += not wait
        self._windows[*key, major] = (began, used)
        headers = {
            "X-RateLimit-Limit": str(requests),
            "X-RateLimit-Remaining": str(requests - used),
            "X-RateLimit-Reset-After": f"{began + seconds - request.at + 0.001:.3f}",
            "X-RateLimit-Bucket": self._names[key],
            "X-RateLimit-Scope": "user",
        }
        return headers, wait
