"""Buttons of what is posted about a case."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import PersistentItem, reply
from cogs.conduct.access import MODERATE
from cogs.conduct.cases.refusals import CaseGone
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

CASE = r"(?P<case>\d{1,18})"


class NotYourCase(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This notice is for somebody else."))


def notice_key(case_id: int) -> str:
    """The custom_id by which a notice is found again."""
    return f"conduct:notice:{case_id}"


def log_key(case_id: int) -> str:
    """The custom_id by which the post in the moderation log is found again."""
    return f"conduct:case:{case_id}"


class CaseButton(PersistentItem[ui.Button[Any]], template=rf"conduct:case:{CASE}"):
    """Opens the case as it is now, for the team."""

    access: ClassVar = MODERATE

    def __init__(self, case_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=log_key(case_id)))
        self.case_id = case_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.carrying.carrying import Carrying  # which posts what has this button

        case = await interaction.client.service(Cases).read.by_id(self.case_id)
        if case is None or case.guild_id != interaction.guild_id:
            raise CaseGone
        await interaction.client.service(Carrying).show_case(interaction, case)


class NoticeButton(PersistentItem[ui.Button[Any]], template=rf"conduct:notice:{CASE}"):
    """Tells the member, also in private messages, how their case stands now."""

    access: ClassVar = EVERYONE

    def __init__(self, case_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=notice_key(case_id)))
        self.case_id = case_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.carrying.carrying import Carrying

        bot = interaction.client
        case = await bot.service(Cases).read.by_id(self.case_id)
        if case is None or case.user_id != interaction.user.id:
            raise NotYourCase
        guild = bot.get_guild(case.guild_id)
        if guild is None:
            raise NotYourCase
        await reply(interaction, bot.service(Carrying).standing(interaction, guild, case))
