"""Answers on somebody's screen that are drawn anew once there is news about what they show."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.errors import UserError
from bot.passing import PASSING

log = logging.getLogger(__name__)

REMEMBERED = 200
"""Answers that wait at once; each can be changed for fifteen minutes only."""
Redraw = Callable[[], Awaitable[None]]


class Screens:
    """In memory: after a restart whoever clicks is shown how it is by then."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, list[Redraw]] = OrderedDict()

    def wait(self, number: int, redraw: Redraw) -> None:
        """``redraw`` once there is news about that number, and then no more."""
        self._waiting.setdefault(number, []).append(redraw)
        self._waiting.move_to_end(number)
        while sum(map(len, self._waiting.values())) > REMEMBERED:
            self._waiting.popitem(last=False)

    def forget(self, number: int | None) -> None:
        """The answers show something else now."""
        self._waiting.pop(number or 0, None)

    async def redraw(self, number: int) -> None:
        """There is news."""
        for draw in self._waiting.pop(number, ()):
            try:
                await draw()
            except (UserError, *PASSING) as error:
                log.info("an answer about %s cannot be drawn anew: %r", number, error)
