"""When somebody of the team wants to be left alone, as a page of their profile."""

from collections.abc import Sequence

from discord import ui

from bot.i18n.marks import N_
from bot.permissions.team import is_staff
from bot.profile import Look, Part, ProfilePage
from bot.ui import LayoutView
from cogs.administration.inbox.items import GoButton
from cogs.administration.inbox.office import Kind, Screen


async def _own(look: Look) -> Sequence[Part] | None:
    if not is_staff(look.bot, look.member):
        return None
    t, kept = look.t, look.bot.inbox.people.of(look.guild.id, look.member.id)
    lines = [t(N_("I do not ping you in your quiet hours. On holiday, what you took care of goes back to the team."))]
    quiet, holiday = t(N_("no quiet hours")), t(N_("no holiday planned"))
    if kept.quiet is not None:
        start, end = f"{kept.quiet.start:%H:%M}", f"{kept.quiet.end:%H:%M}"
        quiet = t(N_("from {start} to {end}, every day"), start=start, end=end)
    if kept.holiday is not None:
        first, last = t.day(kept.holiday.first), t.day(kept.holiday.last)
        holiday = t(N_("from {first} to {last}"), first=first, last=last)
    titles = t(N_("Quiet hours")), t(N_("Holiday"))
    lines += [f"**{title}**: {said}" for title, said in zip(titles, (quiet, holiday), strict=True)]
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    return ["\n".join(lines), row.add_item(GoButton(Screen(Kind.ME), t(N_("Change"))))]


availability_page = ProfilePage("availability", N_("Availability"), 30, own=_own)
