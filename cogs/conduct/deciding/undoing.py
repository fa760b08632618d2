"""Correcting, lifting and voiding cases."""

from datetime import timedelta
from typing import Any

from discord import ui

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article
from bot.i18n.marks import N_
from bot.ui import LayoutView, reply, update
from cogs.conduct.cases import card as cards
from cogs.conduct.cases.models import DraftOf
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.refusals import AlreadyUndone, CaseGone, NothingToLift
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.buttons import DANGER, DropButton, TakeButton
from cogs.conduct.deciding.decisions import Decision
from cogs.conduct.deciding.people import require_over, require_power
from cogs.conduct.deciding.refusals import FollowsAWarning
from cogs.conduct.evidence.buttons import EvidenceButton
from cogs.conduct.evidence.service import EvidenceRoom

UNDONE = {DraftOf.LIFT: N_("Lift case {number}"), DraftOf.VOID: N_("Void case {number}")}


async def required(bench: Bench, case: CaseView) -> CaseView:
    """The case, when the person may change it. Raises a UserError."""
    bench.require(case.kind)
    await require_over(bench.guild, bench.actor, case.user_id)
    return case


def _require_power(bench: Bench, case: CaseView) -> None:
    """Only what is in force takes a power to end."""
    if case.in_force(now()):
        require_power(bench.guild, case.kind)


async def _required_to(bench: Bench, case: CaseView, what: DraftOf) -> None:
    """With a voided warning goes the step that was taken after it, so that one has to be allowed too."""
    steps = await bench.cases.read.next_steps(case) if what is DraftOf.VOID else ()
    for one in (case, *(step for step in steps if step.state not in ENDED)):
        await required(bench, one)
        _require_power(bench, one)


async def edit(
    bench: Bench, number: int, *, reason: str | None, article: Article | None, length: timedelta | None
) -> None:
    """Correct a case and show it."""
    case = await required(bench, await bench.cases.read.case(bench.guild.id, number))
    if article is not None and case.severity is None and case.article is not None:
        raise FollowsAWarning(number)
    if length is not None:
        require_power(bench.guild, case.kind)
    chosen = None if article is None else (article.number, article.severity)
    changed = await bench.cases.edit(
        bench.guild.id, number, bench.actor.id, reason=reason, article=chosen, length=length
    )
    await reply(bench.interaction, view=await shown(bench, changed, bench.t(N_("The case was changed."))))


async def lift(bench: Bench, number: int, reason: str) -> None:
    """End a timeout or ban early, and show the case."""
    case = await required(bench, await bench.cases.read.case(bench.guild.id, number))
    _require_power(bench, case)
    lifted = await bench.cases.ending.lift(bench.guild.id, number, bench.actor.id, reason)
    await reply(bench.interaction, view=await shown(bench, lifted, bench.t(N_("It ends now. Its points stay."))))


async def ask(bench: Bench, case: CaseView, what: DraftOf, reason: str = "") -> None:
    """Show what would be undone, and ask to confirm."""
    await _required_to(bench, case, what)
    if case.state in ENDED:
        raise AlreadyUndone(case.number)
    if what is DraftOf.LIFT and not case.in_force(now()):
        raise NothingToLift(case.number)
    t = bench.t
    draft_id = await bench.deciding.keep(
        Decision(
            case.guild_id,
            case.user_id,
            bench.actor.id,
            case.kind,
            reason,
            article=case.article,
            what=what,
            case_id=case.id,
        )
    )
    happens = {
        DraftOf.LIFT: t(N_("The timeout or ban ends now. The case and its points stay.")),
        DraftOf.VOID: t(
            N_("Voiding undoes a mistake: its points go, a timeout or ban from it ends, and the case stays as void.")
        ),
    }
    buttons: list[ui.Item[Any]] = [
        TakeButton(draft_id, False, t(UNDONE[what], number=case.number), DANGER),
        DropButton(draft_id, t(N_("Do nothing"))),
    ]
    card = await cards.card_of(bench.bot, t, case, history=False)
    if what is DraftOf.VOID and any(step.state not in ENDED for step in card.steps):
        happens[what] += " " + t(N_("The step that was taken after it goes with it."))
    await reply(bench.interaction, view=cards.page(card, *buttons, notice=happens[what]))


async def confirm(bench: Bench, decision: Decision) -> None:
    """Undo what the draft names, checked anew."""
    case = await bench.cases.read.by_id(decision.case_id or 0)
    if case is None or case.guild_id != bench.guild.id:
        raise CaseGone
    await _required_to(bench, case, decision.what)
    undo = bench.cases.ending.lift if decision.what is DraftOf.LIFT else bench.cases.ending.void
    undone = await undo(bench.guild.id, case.number, bench.actor.id, decision.reason)
    said = N_("It ends now. Its points stay.") if decision.what is DraftOf.LIFT else N_("The case is void.")
    await update(bench.interaction, view=await shown(bench, undone, bench.t(said)))


async def shown(bench: Bench, case: CaseView, notice: str | None = None) -> LayoutView:
    """The card, with the buttons that make sense for this person."""
    from cogs.conduct.deciding.card_buttons import UndoButton

    buttons: list[ui.Item[Any]] = []
    if bench.may(case.kind) and case.user_id != bench.actor.id and case.state not in ENDED:
        if case.kind in (CaseKind.TIMEOUT, CaseKind.BAN) and case.in_force(now()):
            buttons.append(UndoButton(DraftOf.LIFT, case.number, bench.t(N_("Lift"))))
        buttons.append(UndoButton(DraftOf.VOID, case.number, bench.t(N_("Void"))))
    room = bench.bot.find_service(EvidenceRoom)
    if room is not None and await room.of_case(case.guild_id, case.id):
        buttons.append(EvidenceButton(case.id, bench.t(N_("Evidence"))))
    card = await cards.card_of(bench.bot, bench.t, case)
    return cards.page(card, *buttons, notice=notice)
