"""What the panel does: it notes a choice, or acts."""

from dataclasses import replace
from typing import Any

from bot.ui import update
from cogs.conduct.deciding import pages
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.flow import confirm, departed_from, target_of
from cogs.conduct.deciding.people import require_target
from cogs.conduct.moderate.desk import laid_out, require_reach
from cogs.conduct.moderate.looks import draw
from cogs.conduct.moderate.refusals import AlreadyActed, NotReady
from cogs.conduct.moderate.service import Panels


async def choose(bench: Bench, draft_id: int, **values: Any) -> None:
    """Note a choice and show the panel with it. Raises DraftGone, NotYourDraft or a refusal; then nothing is noted."""
    wish = await bench.deciding.draft(bench.guild.id, draft_id, bench.actor.id)
    await require_reach(bench, await target_of(bench, wish.user_id))
    await bench.bot.service(Panels).choose(draft_id, **values)
    await update(bench.interaction, view=await draw(bench, draft_id))


async def act(bench: Bench, draft_id: int) -> None:
    """Record what was chosen, or ask first: about elevated members, and why when it departs from the proposal."""
    desk = await laid_out(bench, draft_id)
    if desk.acted is not None:
        raise AlreadyActed(desk.acted)
    step = desk.step
    if step is None or not desk.ready:
        raise NotReady
    bench.require(step.kind)
    await require_target(bench.guild, bench.actor, await target_of(bench, desk.sheet.decision.user_id), step.kind)
    proposed = departed_from(step, desk.weighing.proposal)
    decision = replace(desk.sheet.decision, kind=step.kind, length=step.length, proposed=proposed)
    await bench.bot.service(Panels).choose(
        draft_id,
        kind=step.kind,
        length_seconds=None if step.length is None else int(step.length.total_seconds()),
        proposed=str(proposed) if proposed else None,
    )
    asked = pages.Question(decision, desk.member, bench.is_elevated(desk.member))
    if asked.is_asked:
        await update(bench.interaction, view=await pages.question(bench, asked, desk.weighing, draft_id))
    else:
        await confirm(bench, decision, draft_id)
