"""The pages of the welcome in a member's profile: how far their steps are, and their groups."""

from collections.abc import Sequence

from discord import ui

from bot.i18n.marks import N_
from bot.profile import Look, Part, ProfilePage
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.onboarding.rules import State, checklist
from cogs.onboarding.service import Journeys
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from cogs.onboarding.views.navigation import OpenButton
from cogs.onboarding.views.visit import SCREENING

_MARKS = {State.DONE: palette.DONE, State.NEXT: palette.NEXT}


async def _steps(look: Look) -> Sequence[Part] | None:
    t, guild = look.t, look.guild
    if not look.bot.guild_settings.get(guild.id, WelcomeSettings).enabled:
        return None
    journeys = look.bot.service(Journeys)
    progress = await journeys.progress(guild.id, look.member.id)
    way = checklist(journeys.plan(guild.id, screening=SCREENING in guild.features), progress)
    if not way.lines:
        return None
    lines = [t(N_("{done} of {total} done"), done=way.done, total=len(way.lines))]
    lines += [f"{_MARKS.get(line.state, palette.OPEN)} {t(line.step.label)}" for line in way.lines]
    label = t(N_("See the steps again")) if way.complete else t(N_("Go on with the steps"))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    return ["\n".join(lines), row.add_item(OpenButton("checklist", guild.id, label))]


async def _groups(look: Look) -> Sequence[Part] | None:
    held = _held(look)
    if held is None:
        return None
    text = held or look.t(N_("You are in no group yet."))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    return [text, row.add_item(OpenButton("groups", look.guild.id, look.t(N_("Choose groups"))))]


async def _public_groups(look: Look) -> Sequence[Part] | None:
    held = _held(look)
    return [held] if held else None


def _held(look: Look) -> str | None:
    """The member's groups, a line each; empty without one, None where the server has none."""
    offered = look.bot.guild_settings.get(look.guild.id, GroupsSettings).groups
    roles = [(group, role) for group in offered if (role := look.guild.get_role(group.role))]
    if not roles:
        return None
    held = {role.id for role in look.member.roles}
    return "\n".join(f"- {escaped(role.name)}" for _, role in roles if role.id in held)


PAGES = (
    ProfilePage("welcome", N_("First steps"), 10, own=_steps),
    ProfilePage("groups", N_("Groups"), 20, own=_groups, public=_public_groups),
)
