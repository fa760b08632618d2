"""Everything that is looked up for a panel, anew at every click."""

from dataclasses import dataclass

import discord

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article
from bot.contracts.services import CodeOfConduct
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.decisions import Weighing
from cogs.conduct.deciding.flow import target_of
from cogs.conduct.deciding.people import Target, present, require_target
from cogs.conduct.deciding.sanctions import Sanction
from cogs.conduct.moderate.service import Panels, Sheet
from cogs.conduct.moderate.steps import STEPS, chosen_step


@dataclass(frozen=True)
class Desk:
    """A panel with everything that is looked up for it."""

    bench: Bench
    sheet: Sheet
    member: discord.Member | None
    weighing: Weighing
    articles: tuple[Article, ...]
    offered: tuple[Sanction, ...]
    acted: int | None
    """A case that somebody has made about the message."""

    @property
    def weighed(self) -> bool:
        """Whether what is needed to weigh it was chosen: an article that is still in force."""
        return not self.articles or any(one.number == self.sheet.decision.article for one in self.articles)

    @property
    def step(self) -> Sanction | None:
        return chosen_step(self.sheet.step, self.weighing.proposal if self.weighed else None, self.offered)

    @property
    def ready(self) -> bool:
        return self.weighed and self.step is not None and bool(self.sheet.decision.reason) and self.acted is None


async def require_reach(bench: Bench, target: Target) -> discord.Member | None:
    """The member, None when they have left. Raises a UserError for whoever the person may not decide about."""
    here = await present(bench.guild, target.id)
    return await require_target(bench.guild, bench.actor, target, CaseKind.WARN if here else CaseKind.BAN)


async def laid_out(bench: Bench, draft_id: int) -> Desk:
    """The panel as it is now; ranks are looked at again. Raises DraftGone, NotYourDraft or a refusal."""
    panels = bench.bot.service(Panels)
    sheet = await panels.get(bench.guild.id, draft_id, bench.actor.id)
    wish = sheet.decision
    member = await require_reach(bench, await target_of(bench, wish.user_id))
    code = bench.bot.service(CodeOfConduct).articles(bench.guild.id)
    may = {step.kind for step in STEPS if bench.may(step.kind)}
    return Desk(
        bench,
        sheet,
        member,
        await bench.deciding.weigh(wish.guild_id, wish.user_id, wish.article),
        tuple(one for one in code if not one.withdrawn),
        tuple(one for one in STEPS if one.kind in may and (member is not None or one.kind is CaseKind.BAN)),
        await panels.acted(wish.guild_id, sheet.message_id),
    )
