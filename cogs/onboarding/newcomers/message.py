"""What a newcomer who is stuck is told."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.attention import AttentionKind, Telling
from bot.i18n.marks import N_
from bot.ui.text import escaped
from cogs.onboarding.newcomers.nudging import KIND, Nudges
from cogs.onboarding.rules import step_named
from cogs.onboarding.texts import STEP_HINTS
from cogs.onboarding.views.checklist import StartButton

USEFULNESS = 60
"""It helps them on."""


def reminder(nudges: Nudges) -> AttentionKind:
    """The kind of message for ``bot.attention``."""

    async def build(telling: Telling) -> Sequence[ui.Item[Any]] | None:
        """None when they are past the step by now."""
        t, guild, step = telling.t, telling.guild, step_named(telling.params["step"])
        if not await nudges.is_at(guild.id, telling.member.id, step):
            return None
        heading = t(N_("### Your next step in {server}: {step}"), server=escaped(guild.name), step=t(step.label))
        way = t(N_("**My steps** opens your list where you left it. This reminder of the step is the only one."))
        row: ui.ActionRow[Any] = ui.ActionRow(StartButton(guild.id, t(N_("My steps"))))
        return [ui.TextDisplay(f"{heading}\n{t(STEP_HINTS[step])}\n{way}"), row]

    return AttentionKind(KIND, USEFULNESS, build)
