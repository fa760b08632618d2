"""Schedules promises and keeps them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock, now
from bot.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A claimed timer, as its handler sees it."""

    id: int
    guild_id: int | None
    kind: str
    key: str
    due_at: datetime
    payload: dict[str, Any]
    attempts: int


Handler = Callable[[DueTimer], Awaitable[None]]


class Timers:
    """``handle`` registers what a kind does; ``schedule`` and ``cancel`` belong to the caller's transaction."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self._handlers: dict[str, Handler] = {}

    def handle(self, kind: str, handler: Handler) -> None:
        """``handler`` keeps promises of this kind; it must be safe to repeat."""
        self._handlers[kind] = handler

    async def schedule(
        self, tx: Transaction, *, kind: str, key: str, due_at: datetime, guild_id: int | None, payload: dict[str, Any]
    ) -> None:
        """Promise ``kind`` at ``due_at``; the same ``key`` replaces the earlier promise."""
        raise NotImplementedError

    async def cancel(self, tx: Transaction, key: str) -> bool:
        """Take a promise back; False when there was none."""
        raise NotImplementedError

    async def start(self, ready: Callable[[], Awaitable[None]]) -> None:
        """Begin to keep promises once ``ready`` returns."""

    async def stop(self) -> None:
        """Finish what is under way."""
