"""Answers that wait for what becomes of a notice: they are drawn anew once that is known."""

from cogs.conduct.cases.events import NoticeSettled
from cogs.conduct.screens import Screens


class Answers(Screens):
    """By the case's row. After a restart the moderation log shows it."""

    async def on_settled(self, event: NoticeSettled) -> None:
        """Whether the member was told is known."""
        await self.redraw(event.case_id)
