"""The table of routes: `@route("GET", "/channels/{channel_id}")` on a function of a `Call`."""

import dataclasses
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .world import World

if TYPE_CHECKING:
    from .server import LoopbackDiscord

Answer = Any  # JSON for 200, None for 204


@dataclasses.dataclass
class Call:
    """A request that has reached its route."""

    discord: "LoopbackDiscord"
    args: dict[str, Any]  # what ends in _id is an int
    query: dict[str, str]
    body: Any
    files: dict[int, tuple[str, bytes]]  # by the number in "files[0]": name and content
    reason: str | None

    @property
    def world(self) -> World:
        """The state."""
        return self.discord.world

    def __getitem__(self, name: str) -> Any:
        return self.args[name]


Handler = Callable[[Call], Answer]


@dataclasses.dataclass(frozen=True)
class Route:
    """One entry of the table."""

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    needs_token: bool


ROUTES: list[Route] = []


def route(method: str, template: str, *, needs_token: bool = True) -> Callable[[Handler], Handler]:
    """Register a handler. `{…_id}` matches digits, any other parameter one path segment."""

    def register(handler: Handler) -> Handler:
        pattern = re.sub(r"\{(\w+_id)\}", r"(?P<\1>\\d+)", template)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        ROUTES.append(Route(method, template, re.compile(pattern), handler, needs_token))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, Any]] | None:
    """The route of a request with its arguments."""
    for entry in ROUTES:
        match = entry.pattern.fullmatch(path) if entry.method == method else None
        if match is not None:
            return entry, {k: int(v) if k.endswith("_id") else v for k, v in match.groupdict().items()}
    return None
