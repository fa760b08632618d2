"""A circuit breaker before Discord's REST: it stops asking long before Discord blocks the address.

Discord blocks an address after 10,000 invalid requests (401, 403, 429) in ten minutes, for every bot behind it:
https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
"""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable
from types import SimpleNamespace

import aiohttp

log = logging.getLogger(__name__)

WINDOW_SECONDS = 600.0
OPENS_AT = 1000
"""Invalid responses within the window after which the bot stops asking, save to answer people."""
ANSWERS_STOP_AT = 5000
"""And after which it does not even answer people any more."""
INVALID = frozenset({401, 403, 429})


class CircuitOpen(ConnectionError):
    """Not sent: too many requests were refused lately. It passes by itself, like a network that is down."""


class Circuit:
    """Counts invalid responses; ``trace()`` puts it into discord.py's HTTP session, interactions included."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refusals: deque[tuple[float, int, str]] = deque()
        self._told = False

    @property
    def invalid(self) -> int:
        """Invalid responses within the last ten minutes."""
        oldest = self._clock() - WINDOW_SECONDS
        while self._refusals and self._refusals[0][0] <= oldest:
            self._refusals.popleft()
        return len(self._refusals)

    @property
    def open(self) -> bool:
        """Whether requests of our own accord are held back."""
        return self.invalid >= OPENS_AT

    def check(self, path: str) -> None:
        """Raises CircuitOpen for a request that must not be sent now; answers to people pass for longer."""
        invalid = self.invalid
        limit = ANSWERS_STOP_AT if path.startswith(("interactions/", "webhooks/")) else OPENS_AT
        if invalid >= limit:
            raise CircuitOpen(f"{invalid} requests were refused within ten minutes")
        if self._told and invalid < OPENS_AT:
            self._told = False
            log.warning("requests to Discord are sent again")

    def note(self, status: int, method: str, path: str, *, shared: bool = False) -> None:
        """Count a response. A 429 of a limit shared with other bots does not count with Discord either."""
        if status not in INVALID or shared:
            return
        self._refusals.append((self._clock(), status, f"{method} {_route(path)}"))
        if self.open and not self._told:
            self._told = True
            worst = Counter((status, route) for _, status, route in self._refusals).most_common(3)
            log.error(
                "Discord refused %d requests within ten minutes, so no more are sent for now: %s",
                len(self._refusals),
                ", ".join(f"{status} {route} ({times}x)" for (status, route), times in worst),
            )

    def trace(self) -> aiohttp.TraceConfig:
        """For the ``http_trace`` of a discord.py client."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._starting)
        config.on_request_end.append(self._ended)
        return config

    async def _starting(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        path = _api_path(request.url.path)
        if path is not None:  # the gateway's websocket passes: it is another counter
            self.check(path)

    async def _ended(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        path = _api_path(request.url.path)
        if path is not None:
            shared = request.response.headers.get("X-RateLimit-Scope") == "shared"
            self.note(request.response.status, request.method, path, shared=shared)


def _api_path(path: str) -> str | None:
    """Of ``/api/v10/channels/1`` what follows the version; None for what is no REST call."""
    parts = path.split("/", 3)
    return parts[3] if len(parts) == 4 and parts[1] == "api" else None


def _route(path: str) -> str:
    """The path without ids and tokens, which do not belong into a log."""
    parts = path.split("/")
    if parts[0] in ("interactions", "webhooks"):
        return parts[0]
    return "/".join("…" if part.isdigit() else part for part in parts)
