"""Does work a while after it was asked for, again while there is more, and rests otherwise."""

import logging
from collections.abc import Awaitable, Callable

from discord.ext import tasks

log = logging.getLogger(__name__)


class Pulse:
    """``arm`` is cheap and may be called for every event. Between two turns lie ``seconds``.

    ``work`` returns whether another turn is needed. Built on discord.py's task loop, because the simulated Discord
    knows that one as a wait that only virtual time ends.
    """

    def __init__(self, seconds: float, work: Callable[[], Awaitable[bool]]) -> None:
        self._work = work
        self._loop = tasks.loop(seconds=seconds)(self._turn)
        self._armed = False

    def arm(self) -> None:
        """Have a turn ``seconds`` from now, if none is coming."""
        if not self._armed:
            self._armed = True
            self._loop.start()

    def cancel(self) -> None:
        """No turn comes any more until it is armed again."""
        self._loop.cancel()

    async def _turn(self) -> None:
        if self._loop.current_loop == 0:  # discord.py runs the first turn at once, but what armed us has just begun
            return
        try:
            more = await self._work()
        except Exception:
            log.exception("%s failed and is tried again", getattr(self._work, "__qualname__", "work"))
            more = True
        if not more:
            self._loop.stop()
            self._armed = False
