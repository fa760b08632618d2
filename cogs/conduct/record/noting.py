"""A note about a member: a case that counts nothing and that they are not told of."""

from bot.contracts.cases import CaseKind
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.rank import OnYourself, require_rank
from bot.ui import update
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.flow import target_of
from cogs.conduct.deciding.people import present, require_over
from cogs.conduct.deciding.refusals import OnABot
from cogs.conduct.record.page import record_view


class EmptyNote(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Write what is worth remembering: an empty note says nothing."))


def require_known_rank(bench: Bench, user_id: int) -> None:
    """As far as memory knows, before a form is opened. Raises a UserError; whoever has left has no rank."""
    if user_id == bench.actor.id:
        raise OnYourself
    member = bench.guild.get_member(user_id)
    if member is not None and member.bot:
        raise OnABot
    if member is not None:
        require_rank(bench.actor, member)


async def note(bench: Bench, user_id: int, text: str) -> None:
    """Record it, once for each form, and show the record with it."""
    if not text.strip():
        raise EmptyNote
    member = await present(bench.guild, user_id)
    if (member or await target_of(bench, user_id)).bot:
        raise OnABot
    await require_over(bench.guild, bench.actor, user_id)
    new = NewCase(
        guild_id=bench.guild.id,
        user_id=user_id,
        kind=CaseKind.NOTE,
        source=f"note:{bench.interaction.id}",
        reason=text.strip(),
        moderator_id=bench.actor.id,
    )
    made = await bench.cases.open(new)
    said = bench.t(N_("The note is case {number}. The member is not told."), number=made.number)
    await update(bench.interaction, view=await record_view(bench, user_id, notice=said))
