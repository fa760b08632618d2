"""The handlers at work, so that a stop lets them finish what people asked for."""

import asyncio
import logging
from typing import Any

log = logging.getLogger(__name__)


class UnderWay:
    """Tasks that answer an interaction."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def note(self) -> None:
        """The current task answers an interaction."""
        task = asyncio.current_task()
        if task is not None and task not in self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float) -> None:
        """Wait for them, at most so long, then cancel them."""
        waited_for = self._tasks - {asyncio.current_task()}
        if not waited_for:
            return
        _, left = await asyncio.wait(waited_for, timeout=seconds)
        for task in left:
            task.cancel()
        if left:
            log.warning("%d commands were not done in time for the stop", len(left))
            await asyncio.wait(left, timeout=1)
