"""The forms of an appeal: the member's words, and the team's answer."""

import re
from typing import TYPE_CHECKING, ClassVar, Self

import discord

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.posting import custom_ids
from bot.ui import PersistentModal, Submitted, reply, update
from cogs.conduct.access import MODERATE
from cogs.conduct.appeals.letters import thanks
from cogs.conduct.appeals.models import Outcome
from cogs.conduct.appeals.refusals import TooShort
from cogs.conduct.appeals.room import deciders, require_team
from cogs.conduct.appeals.rules import LONGEST, SHORTEST
from cogs.conduct.appeals.service import Appeals
from cogs.conduct.carrying.carrying import Carrying
from cogs.conduct.carrying.items import notice_key
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

WORDS, ANSWER = "words", "answer"
LONGEST_ANSWER = 1000


class AppealForm(PersistentModal):
    """Why the case is wrong, in the member's own words."""

    access: ClassVar = EVERYONE
    template = re.compile(r"conduct:appeal:(?P<case>\d{1,18})")

    @classmethod
    def of(cls, t: Localizer, case_id: int) -> Self:
        form = cls(title=t(N_("Appeal")), custom_id=f"conduct:appeal:{case_id}")
        hint = t(N_("Somebody else than whoever decided reads it. It can be sent once."))
        return form.ask(WORDS, t(N_("What should the team know?")), hint, shortest=SHORTEST, longest=LONGEST)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        bot, words = interaction.client, str(values.get(WORDS) or "").strip()
        if len(words) < SHORTEST:
            raise TooShort
        appeal = await bot.service(Appeals).make(int(ids["case"]), interaction.user.id, words[:LONGEST])
        await _show_in_notice(interaction, appeal.guild_id, appeal.case_id)
        t = bot.i18n.for_reader(interaction.locale, appeal.guild_id)
        await reply(interaction, thanks(t, appeal))


async def _show_in_notice(interaction: "Interaction", guild_id: int, case_id: int) -> None:
    """The notice whose button was pressed says at once that the appeal was made; after a ban nothing else can."""
    bot, guild = interaction.client, interaction.client.get_guild(guild_id)
    case = await bot.service(Cases).read.by_id(case_id)
    message = interaction.message
    if guild is None or case is None or message is None or notice_key(case_id) not in custom_ids(message.components):
        return
    await update(interaction, view=await bot.service(Carrying).notices.view(guild, case))


class DecisionForm(PersistentModal):
    """What the member is told beside the outcome."""

    access: ClassVar = MODERATE
    template = re.compile(r"conduct:decide:(?P<appeal>\d{1,18}):(?P<outcome>upheld|overturned)")

    @classmethod
    def of(cls, t: Localizer, appeal_id: int, outcome: Outcome) -> Self:
        overturned = outcome is Outcome.OVERTURNED
        title = t(N_("Overturn the case")) if overturned else t(N_("The case stands"))
        form = cls(title=title, custom_id=f"conduct:decide:{appeal_id}:{outcome.value}")
        hint = t(N_("Shown to the member with the decision."))
        return form.ask(ANSWER, t(N_("Answer to the member")), hint, longest=LONGEST_ANSWER, required=not overturned)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        bot, appeals = interaction.client, interaction.client.service(Appeals)
        guild = require_team(interaction, await appeals.read.get(int(ids["appeal"])))
        answer = str(values.get(ANSWER) or "").strip()[:LONGEST_ANSWER]
        outcome = Outcome(ids["outcome"])
        able, owner = deciders(bot, guild), guild.owner_id or 0
        await appeals.decide(int(ids["appeal"]), interaction.user.id, outcome, answer, deciders=able, owner=owner)
        t = bot.i18n.for_interaction(interaction)
        if outcome is Outcome.OVERTURNED:
            said = t(N_("Overturned: everything that followed from the case is undone, and the member is told."))
        else:
            said = t(N_("The case stands, and the member is told why."))
        await reply(interaction, said)
