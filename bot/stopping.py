"""Ends the program when it is asked to: cleanly and in time, also as PID 1, and at once when asked twice."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any, Literal

log = logging.getLogger(__name__)

STOP_SECONDS = 9.0
"""Container runtimes kill after ten seconds."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)

Reason = Literal["signal", "lease"]


class Stopping:
    """Runs the program's work until it ends by itself or is told to stop; ``reason`` says by what."""

    def __init__(self) -> None:
        self.reason: Reason | None = None
        self._work: asyncio.Task[None] | None = None
        self._deadline: threading.Timer | None = None

    async def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Await ``work``; a stop cancels it, so that it closes what it opened on the way out. Its errors are raised."""
        self._work = asyncio.get_running_loop().create_task(work)
        self._listen()
        try:
            await self._work
        except asyncio.CancelledError:
            if self.reason is None:
                raise

    def stop(self, reason: Reason) -> None:
        """Begin to stop; whatever hangs is abandoned after ``STOP_SECONDS``."""
        if self.reason is None and self._work is not None:
            self.reason = reason
            self._deadline = threading.Timer(STOP_SECONDS, _abandon, ["the stop took too long"])
            self._deadline.daemon = True
            self._deadline.start()
            self._work.cancel()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            try:
                loop.add_signal_handler(number, self._signalled, number)
            except NotImplementedError:  # Windows
                signal.signal(number, lambda caught, _: loop.call_soon_threadsafe(self._signalled, caught))

    def _signalled(self, number: int) -> None:
        if self.reason is not None:
            _abandon(f"{signal.Signals(number).name} came a second time")
        log.info("%s: stopping", signal.Signals(number).name)
        self.stop("signal")


def _abandon(why: str) -> None:
    """Leave without the rest of the stop: the database has everything that was acknowledged."""
    log.warning("leaving at once: %s", why)
    logging.shutdown()
    os._exit(1)
