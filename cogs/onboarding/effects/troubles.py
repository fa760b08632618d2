"""Tells the team what keeps the welcome from working, and what still does."""

import logging
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.posting import nonce_of
from bot.team import notice_channel
from bot.timers import DueTimer
from bot.ui import palette
from bot.ui.text import shortened
from cogs.onboarding.effects.sight import in_sight

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

WAITING = {
    "give_member_role": N_("Members who did every required step wait for their role."),
    "apply_groups": N_("Members wait for the groups they chose."),
    "show_introduction": N_("Introductions wait to be posted."),
    "ask_greeters": N_("Greeters cannot be asked; newcomers without an answer go to the inbox at once."),
    "deliver_welcome": N_("Newcomers are not reached privately; the panel and `/welcome` go on working."),
}
"""By the name of the effect: what waits."""


def trouble_text(t: Localizer, what: str, problem: UserError) -> str:
    """What waits, why, and what happens once it is mended."""
    reason = t(problem.message, **problem.params)
    after = t(N_("Once that is mended, it is made up for by itself."))
    return shortened(f"{palette.WARNING} {t(WAITING[what])} {reason} {after}", 2000)


async def tell_team(bot: "CommunityBot", timer: DueTimer) -> None:
    """Keeps the promise of ``service.troubles``. Where there is no channel to write in, the log has it."""
    guild = await in_sight(bot, timer)
    if guild is None:
        return
    channel = notice_channel(bot, guild)
    if channel is None:
        log.warning(
            "server %s has no channel in which the team could be told: %s", timer.guild_id, timer.payload["text"]
        )
        return
    # Not the timer's number: SQLite gives those of deleted rows away again, and a nonce lives for minutes.
    await channel.send(timer.payload["text"], nonce=nonce_of(f"{timer.key} {timer.due_at.isoformat()}"))
