"""The button on a case that shows its evidence."""

import logging
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.ui import LayoutView, PersistentItem, divider, palette, reply
from cogs.conduct.access import MODERATE
from cogs.conduct.cases import card as cards
from cogs.conduct.cases.refusals import CaseGone
from cogs.conduct.cases.service import Cases
from cogs.conduct.evidence.service import EvidenceRoom, Exhibit
from cogs.conduct.evidence.words import shown

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)
SHOWN = 3
"""Messages on the page."""


class NoEvidence(UserError):
    def __init__(self) -> None:
        super().__init__(N_("No message is kept with this case any more."))


class EvidenceButton(PersistentItem[ui.Button[Any]], template=r"conduct:evidence:(?P<case>\d{1,18})"):
    """Shows what was attached to the case, to the team."""

    access: ClassVar = MODERATE

    def __init__(self, case_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"conduct:evidence:{case_id}"))
        self.case_id = case_id

    async def run(self, interaction: "Interaction") -> None:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        case = await bot.service(Cases).read.by_id(self.case_id)
        if case is None or case.guild_id != guild_id:
            raise CaseGone
        found = each_message_once([*await bot.service(EvidenceRoom).of_case(guild_id, case.id)])
        if not found:
            raise NoEvidence
        log.info("evidence of case %s of server %s was read by %s", case.number, guild_id, interaction.user.id)
        t = bot.i18n.for_interaction(interaction)
        names = await cards.names_of_absent(bot, guild_id, [one.author_id for one in found])
        title = t(N_("Evidence of case {number}"), number=case.number)
        parts: list[ui.Item[Any]] = [ui.TextDisplay(f"### {title}")]
        for exhibit in found[:SHOWN]:
            parts += [divider(), ui.TextDisplay(shown(t, exhibit, names, 3600 // min(len(found), SHOWN) - 250))]
        view = LayoutView()
        view.add_item(ui.Container(*parts, accent_colour=palette.ATTENTION))
        await reply(interaction, view=view)


def each_message_once(exhibits: list[Exhibit]) -> list[Exhibit]:
    """Several people may have reported the same message; what it said first is kept."""
    return list({one.message_id: one for one in reversed(exhibits)}.values())[::-1]
