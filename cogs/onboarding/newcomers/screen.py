"""`/newcomers`: the funnel of the last 30 days, and the people who are stuck."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.contracts.newcomers import Cohort
from bot.contracts.services import NewcomerFigures
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import STAFF, NotAllowed, check_access
from bot.ui import LayoutView, palette, update
from bot.ui.text import escaped, shortened
from cogs.onboarding.attribution.settings import InvitesSettings
from cogs.onboarding.attribution.views import InvitesButton
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.buddies.staff import AssignButton
from cogs.onboarding.newcomers import table
from cogs.onboarding.newcomers.items import GoButton, HandledButton, RemindButton, StepMenu
from cogs.onboarding.newcomers.place import ALL, Place
from cogs.onboarding.newcomers.waiting import Stuck, StuckPeople
from cogs.onboarding.rules import Step
from cogs.onboarding.settings import WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

DAYS = 30
Parts = list[ui.Item[Any]]


@dataclass(frozen=True)
class Desk:
    """Who looks, where, in which language."""

    bot: "CommunityBot"
    guild: discord.Guild
    t: Localizer

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotAllowed unless the person is on the team right now."""
        bot: CommunityBot = interaction.client
        check_access(interaction, STAFF)
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None:
            raise NotAllowed
        return cls(bot, guild, bot.i18n.for_interaction(interaction))

    def name(self, user_id: int, known_as: str) -> str:
        """What somebody is called, harmless in any text."""
        member = self.guild.get_member(user_id)
        return escaped(member.display_name if member else known_as)


async def show(interaction: "discord.Interaction[Any]", place: Place, notice: str | None = None) -> None:
    """Turn what is in front of the person to that part of the list."""
    await update(interaction, view=await render(Desk.of(interaction), place, notice))


async def render(desk: Desk, place: Place, notice: str | None = None) -> LayoutView:
    """The funnel and one page of the list, as they are now."""
    guild_id = desk.guild.id
    figures = desk.bot.service(NewcomerFigures)
    today = figures.today(guild_id)
    cohort = await figures.cohort(guild_id, today - timedelta(days=DAYS - 1), today)
    people = await desk.bot.service(StuckPeople).of(guild_id)
    parts: Parts = [ui.TextDisplay(notice), _line()] if notice else []
    parts += _funnel(desk, cohort)
    parts.append(_line())
    parts += _stuck(desk, people, place)
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=palette.ATTENTION if people else palette.ACCENT))
    return view


def _line() -> ui.Separator[Any]:
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


def _funnel(desk: Desk, cohort: Cohort) -> Parts:
    t = desk.t
    title, over = t(N_("Newcomers")), t(N_("Who joined in the last 30 days, and how far they came"))
    parts: Parts = [ui.TextDisplay(f"## {title}\n-# {over}")]
    if not desk.bot.guild_settings.get(desk.guild.id, WelcomeSettings).enabled:
        off = t(N_("The welcome is off, so nobody new is followed. It is turned on in /settings, under Welcome."))
        parts.append(ui.TextDisplay(f"{palette.WARNING} {off}"))
    if not cohort.joined:
        return [*parts, ui.TextDisplay(t(N_("Nobody joined in these 30 days while the welcome was on.")))]
    said = [table.table(t, cohort), table.notes(t, cohort)]
    if answered := table.answers(t, cohort):
        said.append(answered)
    return [*parts, ui.TextDisplay("\n".join(said))]


def _stuck(desk: Desk, people: list[Stuck], place: Place) -> Parts:
    t = desk.t
    page, here, pages = place.of(people)
    title = t(N_("Stuck at a step"))
    count = t.plural("{n} person may need a hand.", "{n} people may need a hand.", len(people))
    parts: Parts = [ui.TextDisplay(f"### {title}\n-# " + (count if people else t(N_("Nobody is stuck."))))]
    if people:
        parts.append(ui.ActionRow(StepMenu(_menu(desk, people, here))))
    for one in page:
        parts += _person(desk, one, here)
    if people and not page:
        parts.append(ui.TextDisplay(t(N_("Nobody is stuck at this step."))))
    turning = [GoButton(here, t(N_("Refresh")))]
    if here.page + 1 < pages:
        turning.insert(0, GoButton(here.at(here.page + 1), t(N_("Next"))))
    if here.page > 0:
        turning.insert(0, GoButton(here.at(here.page - 1), t(N_("Previous"))))
    doors: list[ui.Item[Any]] = [*turning]
    if desk.bot.guild_settings.get(desk.guild.id, InvitesSettings).enabled:
        doors.append(InvitesButton(t(N_("Invites"))))
    return [*parts, _line(), ui.ActionRow(*doors)]


def _person(desk: Desk, one: Stuck, here: Place) -> Parts:
    t = desk.t
    name, step = desk.name(one.user_id, one.name), t(one.step.label)
    text = ui.TextDisplay[Any](f"**{name}** · {step}\n-# {_since(t, one)}")
    row: ui.ActionRow[Any] = ui.ActionRow()
    if one.remindable:
        row.add_item(RemindButton(one.step, one.user_id, here, t(N_("Remind"))))
    if desk.bot.guild_settings.get(desk.guild.id, BuddiesSettings).enabled:
        row.add_item(AssignButton(one.user_id, here, t(N_("Assign buddy"))))
    row.add_item(HandledButton(one.step, one.user_id, here, t(N_("Handled"))))
    return [text, row]


def _since(t: Localizer, one: Stuck) -> str:
    since = t(N_("last step {when}"), when=f"<t:{int(one.since.timestamp())}:R>")
    if one.told_at is not None and not one.reached:
        return since + " · " + t(N_("takes no private messages"))
    if one.told_at is not None:
        return since + " · " + t(N_("reminded {when}"), when=f"<t:{int(one.told_at.timestamp())}:R>")
    if one.coming:
        return since + " · " + t(N_("a reminder is on its way"))
    if one.step is Step.FIRST_REPLY:
        return since + " · " + t(N_("waits for an answer from one of you"))
    return since


def _menu(desk: Desk, people: list[Stuck], here: Place) -> "ui.Select[Any]":
    t = desk.t
    steps = [step for step in Step if any(one.step is step for one in people)]
    counted = [(ALL, t(N_("All steps")), len(people))]
    counted += [(step.value, t(step.label), sum(one.step is step for one in people)) for step in steps]
    options = [
        discord.SelectOption(
            label=shortened(t(N_("{step} ({count})"), step=label, count=t.number(count)), 100),
            value=value,
            default=value == here.which,
        )
        for value, label, count in counted
    ]
    return ui.Select(options=options, placeholder=t(N_("Which step")))
