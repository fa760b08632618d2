"""The one way from a wish to a case, whichever door it came in by: checks, a question where one is due, the record."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.contracts.cases import CaseKind
from bot.ui import reply, update
from cogs.conduct.cases import card as cards
from cogs.conduct.cases.events import NoticeSettled
from cogs.conduct.cases.models import DraftOf, Notice
from cogs.conduct.code.rules.refusals import ArticleIsWithdrawn
from cogs.conduct.deciding import pages, undoing
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.decisions import Decision, Weighing
from cogs.conduct.deciding.people import Target, require_target
from cogs.conduct.deciding.refusals import NoReason
from cogs.conduct.deciding.sanctions import Sanction
from cogs.conduct.deciding.told import Answers

Answer = Callable[..., Awaitable[None]]


async def decide(bench: Bench, target: Target, wish: Decision, answer: Answer = reply) -> None:
    """Check, then record it, or ask first: about elevated members, and why when it departs from the proposal.

    ``answer`` is ``reply``, or ``update`` for what came from a button. Raises a UserError when it cannot be.
    """
    bench.require(wish.kind)
    member = await require_target(bench.guild, bench.actor, target, wish.kind)
    weighing = await bench.deciding.weigh(wish.guild_id, wish.user_id, wish.article)
    decision = replace(wish, proposed=departed_from(wish.chosen, weighing.proposal))
    asked = pages.Question(decision, member, bench.is_elevated(member))
    if asked.is_asked:
        draft_id = await bench.deciding.keep(decision)
        await answer(bench.interaction, view=await pages.question(bench, asked, weighing, draft_id))
    else:
        await _record(bench, decision, weighing, f"command:{bench.interaction.id}", answer)


def departed_from(chosen: Sanction, proposal: Sanction | None) -> Sanction | None:
    """The proposal, where something else was chosen."""
    return proposal if proposal is not None and proposal != chosen else None


async def confirm(bench: Bench, decision: Decision, draft_id: int) -> None:
    """What was kept as a draft is done now; everything is checked anew. A second click shows the same case."""
    if decision.what is not DraftOf.CASE:
        await undoing.confirm(bench, decision)
        return
    bench.require(decision.kind)
    if decision.case_id is None:
        _require_in_force(bench, decision.article)
    if decision.proposed is not None and decision.kind is not CaseKind.WARN and decision.departure is None:
        raise NoReason
    await require_target(bench.guild, bench.actor, await target_of(bench, decision.user_id), decision.kind)
    follows = decision.chosen if decision.case_id is not None else None
    weighing = await bench.deciding.weigh(decision.guild_id, decision.user_id, decision.article, follows)
    bench.bot.service(Answers).forget(decision.case_id)
    await _record(bench, decision, weighing, f"draft:{draft_id}", update)


def _require_in_force(bench: Bench, number: int | None) -> None:
    """A version without the article may have been published since it was chosen. Raises ArticleIsWithdrawn."""
    article = cards.article_of(bench.bot, bench.guild.id, number)
    if number is not None and (article is None or article.withdrawn):
        raise ArticleIsWithdrawn(number)


async def target_of(bench: Bench, user_id: int) -> Target:
    """Somebody by id, with their name as far as it is known."""
    found = bench.guild.get_member(user_id) or bench.bot.get_user(user_id)
    if found is not None:
        return found
    names = await cards.names_of_absent(bench.bot, bench.guild.id, [user_id])
    return Absent(user_id, names.get(user_id, "?"))


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody whom Discord did not tell us about."""

    id: int
    display_name: str
    bot: bool = False


async def _record(bench: Bench, decision: Decision, weighing: Weighing, source: str, answer: Answer) -> None:
    after = decision.proposed if decision.kind is CaseKind.WARN else None
    made = await bench.deciding.record(decision, source, after)

    async def redraw() -> None:
        await update(bench.interaction, view=await pages.recorded(bench, made, weighing))

    await answer(bench.interaction, view=await pages.recorded(bench, made, weighing))
    answers = bench.bot.service(Answers)
    answers.wait(made.case.id, redraw)
    present = await bench.cases.read.by_id(made.case.id)
    if present is not None and present.notice is not Notice.OWED:  # it was settled while the answer was on its way
        await answers.on_settled(NoticeSettled(present.guild_id, present.id))
