"""Buttons of an appeal: the member's in the notice, the team's in its thread and in the inbox."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.contracts.inbox import InboxItem
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import PersistentItem, open_modal, reply
from cogs.conduct.access import MODERATE
from cogs.conduct.appeals.models import Outcome
from cogs.conduct.appeals.refusals import AppealsOff, MayNotDecide, NotYourCase
from cogs.conduct.appeals.rules import Barred
from cogs.conduct.appeals.service import Appeals
from cogs.conduct.cases.refusals import AlreadyAppealed

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

CASE = r"(?P<case>\d{1,18})"
LETTER = ":letter"


class AppealButton(PersistentItem[ui.Button[Any]], template=rf"conduct:appeal:{CASE}"):
    """Opens the form in which a member contests a case, also in private messages."""

    access: ClassVar = EVERYONE

    def __init__(self, case_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"conduct:appeal:{case_id}"))
        self.case_id = case_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.appeals.forms import AppealForm  # which answers with what has this button

        if interaction.client.service(Appeals).contested(self.case_id):
            raise AlreadyAppealed  # before they write it all again
        t = interaction.client.i18n.for_interaction(interaction)
        await open_modal(interaction, AppealForm.of(t, self.case_id))


class DecisionButton(PersistentItem[ui.Button[Any]], template=rf"conduct:decision:{CASE}(?P<letter>:letter)?"):
    """Tells the member what was decided, or that it is still being looked at. ``letter``: ``LETTER`` below the letter
    with the decision, which is found again by its button; that of the notice may be minutes older."""

    access: ClassVar = EVERYONE

    def __init__(self, case_id: int, letter: str | None = None, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"conduct:decision:{case_id}{letter or ''}"))
        self.case_id = case_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.appeals.letters import decision_view

        bot = interaction.client
        appeal = await bot.service(Appeals).read.of_case(self.case_id)
        if appeal is None or appeal.user_id != interaction.user.id:
            raise NotYourCase
        guild = bot.get_guild(appeal.guild_id)
        if guild is None:
            raise AppealsOff
        t = bot.i18n.for_reader(interaction.locale, guild.id)
        await reply(interaction, view=await decision_view(bot, guild, t, appeal))


class DecideButton(
    PersistentItem[ui.Button[Any]],
    template=r"conduct:decide:(?P<appeal>\d{1,18}):(?P<outcome>upheld|overturned):(?P<by>\d{1,20}):(?P<subject>\d{1,20})",
):
    """Opens the form of a decision. It carries who made the case, and whom it is about, so that they are told at once
    that somebody else decides; the decision itself checks anew."""

    access: ClassVar = MODERATE

    def __init__(self, appeal_id: int, outcome: str, by: int, subject: int, label: str = "-") -> None:
        key = decide_key(appeal_id, Outcome(outcome), by, subject)
        good = outcome == Outcome.OVERTURNED
        style = discord.ButtonStyle.success if good else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=key))
        self.appeal_id, self.outcome, self.by, self.subject = appeal_id, Outcome(outcome), by, subject

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.appeals.forms import DecisionForm

        who, owner = interaction.user.id, interaction.guild.owner_id if interaction.guild else None
        if who == self.subject:
            raise MayNotDecide(Barred.SUBJECT)
        if who == self.by and who != owner:
            raise MayNotDecide(Barred.SANCTIONER)
        t = interaction.client.i18n.for_interaction(interaction)
        await open_modal(interaction, DecisionForm.of(t, self.appeal_id, self.outcome))


class ReadButton(PersistentItem[ui.Button[Any]], template=r"conduct:appealed:(?P<appeal>\d{1,18})"):
    """Shows the appeal with its case to somebody of the team."""

    access: ClassVar = MODERATE

    def __init__(self, appeal_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"conduct:appealed:{appeal_id}"))
        self.appeal_id = appeal_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.appeals.room import appeal_view, require_team

        bot = interaction.client
        appeal = await bot.service(Appeals).read.get(self.appeal_id)
        guild = require_team(interaction, appeal)
        t = bot.i18n.for_interaction(interaction)
        await reply(interaction, view=await appeal_view(bot, guild, t, appeal))


def read_action(item: InboxItem, t: Localizer) -> ReadButton:
    """The button of an item of the inbox."""
    return ReadButton(int(item.source), t(N_("Read the appeal")))


def decision_key(case_id: int) -> str:
    """The custom_id by which the letter with the decision is found again."""
    return f"conduct:decision:{case_id}{LETTER}"


def decide_key(appeal_id: int, outcome: Outcome, by: int, subject: int) -> str:
    """The custom_id by which the message in the team's thread is found again."""
    return f"conduct:decide:{appeal_id}:{outcome.value}:{by}:{subject}"


PARTS = (AppealButton, DecisionButton, DecideButton, ReadButton)
