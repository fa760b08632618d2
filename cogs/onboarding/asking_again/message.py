"""What a member is told whose acceptance is of an older edition."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.attention import AttentionKind, Telling
from bot.i18n.marks import N_
from bot.ui.text import escaped
from cogs.onboarding.asking_again.asking import KIND, Asking
from cogs.onboarding.views.navigation import OpenButton

USEFULNESS = 40
"""Below what somebody waits for, and below a newcomer's next step."""


def request(asking: Asking) -> AttentionKind:
    """The kind of message for ``bot.attention``."""

    async def build(telling: Telling) -> Sequence[ui.Item[Any]] | None:
        """None when they have accepted it by now, or a newer edition is in force."""
        t, guild = telling.t, telling.guild
        if not await asking.is_open(guild.id, telling.member.id, int(telling.params["major"])):
            return None
        heading = t(N_("### {server} has a new code of conduct"), server=escaped(guild.name))
        text = t(N_("You accepted an earlier one. Read what holds now, and accept it if you agree."))
        keeps = t(N_("You keep your role meanwhile. This is the only message about this edition."))
        row: ui.ActionRow[Any] = ui.ActionRow(OpenButton("code", guild.id, t(N_("Read")), discord.ButtonStyle.primary))
        return [ui.TextDisplay(f"{heading}\n{text}\n-# {keeps}"), row]

    return AttentionKind(KIND, USEFULNESS, build)
