"""In-process event bus with two phases: inside the transaction, and once it committed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from bot.contracts.events import Event, MemberEvent

if TYPE_CHECKING:
    from bot.database import Transaction

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Event)

Effect = Callable[[Any], Awaitable[None]]
_Key = tuple[int, int, int | None]

CONCURRENT_EFFECTS = 16
"""Effects under way at once; each is mostly one wait on Discord, whose own limit is 50 requests a second."""


class EventBus:
    """``on`` handlers share the emitter's transaction; ``after`` handlers run once it committed.

    An ``after`` handler may be lost in a crash and may run twice, so it must be safe to repeat and has a repair
    job. Events of one kind about one member that are still waiting for the same handler are coalesced: the handler
    runs once, with the newest event.
    """

    def __init__(self) -> None:
        self._within: dict[type[Event], list[Callable[..., Awaitable[None]]]] = defaultdict(list)
        self._after: dict[type[Event], list[Effect]] = defaultdict(list)
        self._waiting: dict[tuple[Effect, type[Event], _Key], Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(CONCURRENT_EFFECTS)
        self.published = 0
        """Events committed in this process's life."""

    def on(self, event: type[E], handler: "Callable[[E, Transaction], Awaitable[None]]") -> None:
        """Database reaction: fails or commits with the emitter."""
        self._within[event].append(handler)

    def after(self, event: type[E], handler: Callable[[E], Awaitable[None]]) -> None:
        """Discord reaction: runs once committed, isolated, safe to repeat."""
        self._after[event].append(handler)

    async def react(self, event: Event, tx: "Transaction") -> None:
        """Run the ``on`` handlers of the event in its transaction."""
        for handler in self._within[type(event)]:
            await handler(event, tx)

    def publish(self, events: Iterable[Event]) -> None:
        """Start the ``after`` handlers of committed events."""
        for event in events:
            self.published += 1
            for handler in self._after[type(event)]:
                self._start(handler, event)

    async def drain(self, seconds: float) -> int:
        """Wait for effects under way, at most ``seconds``; returns how many were abandoned to the repair jobs."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        abandoned = list(self._tasks)
        for task in abandoned:
            task.cancel()
        await asyncio.gather(*abandoned, return_exceptions=True)
        return len(abandoned)

    def _start(self, handler: Effect, event: Event) -> None:
        member = event.user_id if isinstance(event, MemberEvent) else None
        # Events that are not about one member keep their identity: two of them are two things that happened.
        key = (handler, type(event), (event.guild_id, member or 0, None if member else id(event)))
        replaces = key in self._waiting
        self._waiting[key] = event
        if not replaces:
            task = asyncio.get_running_loop().create_task(self._run(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, key: tuple[Effect, type[Event], _Key]) -> None:
        async with self._slots:
            event = self._waiting.pop(key)
            try:
                await key[0](event)
            except Exception:
                log.exception("effect %s failed for %r; its repair job will retry", key[0].__qualname__, event)
