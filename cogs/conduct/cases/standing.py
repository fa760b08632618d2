"""How a member stands: their points, and their last cases, in a few lines for the team."""

from typing import TYPE_CHECKING

from bot.clock import now
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.conduct.cases import words
from cogs.conduct.cases.reading import weighed
from cogs.conduct.cases.rules import points_at
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

LAST = 3
"""Cases that are named."""


async def standing_of(bot: "CommunityBot", t: Localizer, guild_id: int, user_id: int | None) -> str:
    """Points, the newest cases, and where the rest is."""
    if user_id is None:
        return t(N_("Nothing is known about this person any more."))
    cases = await bot.service(Cases).read.of_member(guild_id, user_id)
    lines = [words.row(t, t(N_("Points")), t.number(points_at(map(weighed, cases), now())))]
    for case in cases[:LAST]:
        lines.append(
            f"-# {words.title(t, case)} · {words.moment(case.created_at, 'R')} · {t(words.STATES[case.state])}"
        )
    if not cases:
        lines.append("-# " + t(N_("No case so far.")))
    if len(cases) > LAST:
        lines.append("-# " + t.plural("and {n} more: `/record`", "and {n} more: `/record`", len(cases) - LAST))
    return "\n".join(lines)
