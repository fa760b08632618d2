"""The form in which a departure from what is proposed is explained."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

import discord

from bot.i18n.marks import N_
from bot.ui import PersistentModal, Submitted
from cogs.conduct.deciding.bench import DECIDE, Bench
from cogs.conduct.deciding.flow import confirm
from cogs.conduct.deciding.refusals import NoReason

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

WHY = "why"
LONGEST = 500


class WhyForm(PersistentModal):
    """Why something else than the proposal is right here."""

    access: ClassVar = DECIDE
    template = re.compile(r"deciding:why:(?P<draft>\d{1,18})")

    @classmethod
    def of(cls, bench: Bench, draft_id: int) -> Self:
        t = bench.t
        form = cls(title=t(N_("Deciding otherwise")), custom_id=f"deciding:why:{draft_id}")
        hint = t(N_("For the team, and for whoever decides about an appeal."))
        return form.ask(WHY, t(N_("Why is this right here?")), hint, longest=LONGEST)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        bench, draft_id = Bench.of(interaction), int(ids["draft"])
        why = " ".join(str(values.get(WHY) or "").split())
        if not why:
            raise NoReason
        decision = await bench.deciding.draft(bench.guild.id, draft_id, bench.actor.id)
        await confirm(bench, replace(decision, departure=why[:LONGEST]), draft_id)
