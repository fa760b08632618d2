"""The one path of message and reaction events: synchronous taps, and a task only where there is work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.waiters import serve_waiters

if TYPE_CHECKING:
    import discord

    from bot.client import CommunityBot

log = logging.getLogger(__name__)

Tap = Callable[..., Coroutine[Any, Any, None] | None]
Late = Callable[[Sequence["discord.Message"]], Awaitable[None]]


class HotEvent(StrEnum):
    """Gateway events that go through taps instead of listeners; a listener for one of these is refused at start."""

    MESSAGE = "message"
    MESSAGE_DELETE = "raw_message_delete"
    BULK_DELETE = "raw_bulk_message_delete"
    REACTION_ADD = "raw_reaction_add"
    REACTION_REMOVE = "raw_reaction_remove"


_HOT = frozenset(HotEvent)
_SILENT = frozenset({"socket_event_type", "reaction_add", "reaction_remove", "message_delete", "bulk_message_delete"})
"""Events derived from the ones above (or sent for every payload) that nothing listens to; wait_for still sees them."""


class MessagePath:
    """Features register taps; ``offer`` calls them in order.

    A tap looks at memory only and returns None, or a coroutine when it has work to do; only then a task starts.
    A tap that raises hurts nobody else.
    """

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self._taps: dict[str, list[Tap]] = {event: [] for event in HotEvent}
        self._observers: dict[str, list[Callable[..., None]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._late: list[Late] = []
        self.seen = 0
        """Messages of this process's life."""

    def tap(self, tap: Tap, event: HotEvent = HotEvent.MESSAGE) -> None:
        """Call ``tap`` with the event's arguments, on the gateway's own call stack."""
        self._taps[event].append(tap)

    def observe(self, event: str, observer: Callable[..., None]) -> None:
        """Call ``observer`` with the arguments of an event that listeners get too, but at once, before any later event.

        A listener is a task: messages of a new session can be read before it hears of that session.
        """
        self._observers.setdefault(event, []).append(observer)

    def catch(self, late: Late) -> None:
        """Await ``late`` with messages of one channel that were written while the bot was away, oldest first.

        They come once they are read in history, some of them again after a crash: it is to be safe to repeat.
        When it raises, these messages do not come again: what fails for one of them it keeps from the others itself.
        """
        self._late.append(late)

    async def missed(self, messages: Sequence["discord.Message"]) -> None:
        """Hand on what history told."""
        for late in self._late if messages else ():
            try:
                await late(messages)
            except Exception:
                log.exception("%s failed on missed messages", late.__qualname__)

    def notice(self, event: str, *args: Any) -> None:
        """What ``dispatch`` does first for every other event."""
        for observer in self._observers.get(event, ()):
            try:
                observer(*args)
            except Exception:
                log.exception("observer %s failed", observer.__qualname__)

    def takes(self, event: str) -> bool:
        return event in _HOT or event in _SILENT

    def offer(self, event: str, *args: Any) -> None:
        """What ``dispatch`` does for the events above."""
        if event == HotEvent.MESSAGE:
            self.seen += 1
        serve_waiters(self._bot, event, args)
        for tap in self._taps.get(event, ()):
            try:
                work = tap(*args)
            except Exception:
                log.exception("tap %s failed", tap.__qualname__)
                continue
            if work is not None:
                self.start(work, tap)

    async def drain(self, seconds: float) -> None:
        """Wait for the work of taps, at most ``seconds``, then cancel it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()

    def refuse_listeners(self) -> None:
        """Raises RuntimeError when a cog listens to an event that only taps receive: it would be silently dead."""
        for event in (*_HOT, *_SILENT):
            if self._bot.extra_events.get(f"on_{event}"):
                raise RuntimeError(f"on_{event} never fires here: register a tap with bot.messages.tap instead")

    def start(self, work: Coroutine[Any, Any, None], tap: Callable[..., Any]) -> None:
        """Let work that ``tap`` found run, also when it was found after ``offer``. ``drain`` waits for it."""
        task = asyncio.get_running_loop().create_task(self._guard(work, tap))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, work: Coroutine[Any, Any, None], tap: Callable[..., Any]) -> None:
        try:
            await work
        except Exception:
            log.exception("work started by tap %s failed", tap.__qualname__)
