"""The forms of the panel: the reason, and a word in private."""

import re
from typing import TYPE_CHECKING, ClassVar, Self

import discord

from bot.i18n.marks import N_
from bot.ui import PersistentModal, Submitted, acknowledge, reply
from cogs.conduct.access import MODERATE
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.options import REASON, reason_from
from cogs.conduct.moderate.desk import laid_out
from cogs.conduct.moderate.panel import choose
from cogs.conduct.moderate.refusals import NothingSaid
from cogs.conduct.moderate.word import LONGEST, have_a_word

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

TEXT = "text"


class ReasonForm(PersistentModal):
    """Why, for the member and for whoever decides about an appeal."""

    access: ClassVar = MODERATE
    template = re.compile(r"moderate:reason:(?P<draft>\d{1,18})")

    @classmethod
    def of(cls, bench: Bench, draft_id: int) -> Self:
        t = bench.t
        form = cls(title=t(N_("Reason")), custom_id=f"moderate:reason:{draft_id}")
        hint = t(N_("The member reads it. Say what happened, not what they are."))
        return form.ask(TEXT, t(N_("What happened?")), hint, longest=REASON)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        reason = reason_from(str(values.get(TEXT) or ""))
        await choose(Bench.of(interaction), int(ids["draft"]), reason=reason)


class WordForm(PersistentModal):
    """A reminder, in the moderator's own words: no case, no points."""

    access: ClassVar = MODERATE
    template = re.compile(r"moderate:word:(?P<draft>\d{1,18})")

    @classmethod
    def of(cls, bench: Bench, draft_id: int) -> Self:
        t = bench.t
        form = cls(title=t(N_("A word in private")), custom_id=f"moderate:word:{draft_id}")
        hint = t(N_("Sent in the team’s name. It makes no case, counts no points, and is not kept."))
        return form.ask(TEXT, t(N_("What should they read?")), hint, longest=LONGEST)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        text = str(values.get(TEXT) or "").strip()
        if not text:
            raise NothingSaid
        bench = Bench.of(interaction)
        desk = await laid_out(bench, int(ids["draft"]))
        await acknowledge(interaction)
        await reply(interaction, await have_a_word(bench, desk, text[:LONGEST]))
