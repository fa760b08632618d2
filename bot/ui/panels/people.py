"""What people are called where a history names them."""

from collections.abc import Iterable

from bot.i18n.marks import N_
from bot.ui.panels.desk import Desk
from bot.ui.text import escaped


async def names_of(desk: Desk, people: Iterable[int | None]) -> dict[int | None, str]:
    """Display names, safe to send: of members, of those who left as they were last called; None is the bot."""
    found: dict[int | None, str] = {}
    for user_id in set(people):
        found[user_id] = desk.t(N_("the bot")) if user_id is None else await _name(desk, user_id)
    return found


async def _name(desk: Desk, user_id: int) -> str:
    member = desk.guild.get_member(user_id)
    if member is not None:
        return escaped(member.display_name)
    record = await desk.bot.community.members.get(desk.guild.id, user_id)
    return escaped(record.display_name) if record else desk.t(N_("somebody who left"))
