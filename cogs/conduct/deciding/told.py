"""Answers that wait for what becomes of a notice: they are drawn anew once that is known."""

import logging
from collections.abc import Awaitable, Callable

import discord

from cogs.conduct.cases.events import NoticeSettled

log = logging.getLogger(__name__)

REMEMBERED = 200
"""Answers that wait at once; each can be changed for fifteen minutes only, and the log has the rest."""


class Answers:
    """In memory: after a restart the moderation log shows it."""

    def __init__(self) -> None:
        self._waiting: dict[int, Callable[[], Awaitable[None]]] = {}

    def wait(self, case_id: int, redraw: Callable[[], Awaitable[None]]) -> None:
        """``redraw`` once whether the member was told of that case is known."""
        self._waiting.pop(case_id, None)
        self._waiting[case_id] = redraw
        while len(self._waiting) > REMEMBERED:
            self.forget(next(iter(self._waiting)))

    def forget(self, case_id: int | None) -> None:
        """The answer shows something else now."""
        self._waiting.pop(case_id or 0, None)

    async def on_settled(self, event: NoticeSettled) -> None:
        """Whether the member was told is known."""
        redraw = self._waiting.pop(event.case_id, None)
        if redraw is None:
            return
        try:
            await redraw()
        except discord.HTTPException as error:
            log.info("an answer about case row %s is gone: %s", event.case_id, error)
