"""Where the team decides: who may, the thread, and the message with the buttons."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.guilds.sections import CommunitySettings
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.team import is_staff
from bot.ui import LayoutView, divider, palette
from bot.ui.text import shortened
from cogs.conduct.appeals.buttons import DecideButton
from cogs.conduct.appeals.letters import quoted
from cogs.conduct.appeals.models import Outcome
from cogs.conduct.appeals.reading import AppealView
from cogs.conduct.appeals.refusals import AppealGone
from cogs.conduct.appeals.rules import only_owner
from cogs.conduct.carrying.items import CaseButton
from cogs.conduct.cases import card as cards
from cogs.conduct.cases import words
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.refusals import CaseGone
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


def deciders(bot: "CommunityBot", guild: discord.Guild) -> frozenset[int]:
    """Those who moderate, as far as the cache knows the members: the team, and whoever may time members out."""
    staff = bot.guild_settings.get(guild.id, CommunitySettings).staff_roles
    powers = ("administrator", "manage_guild", "moderate_members")
    roles = [
        role
        for role in guild.roles
        if not role.is_default() and (role.id in staff or any(getattr(role.permissions, name) for name in powers))
    ]
    found = {member for role in roles for member in role.members if not member.bot}
    return frozenset(
        member.id for member in found if is_staff(bot, member) or member.guild_permissions.moderate_members
    )


def require_team(interaction: "discord.Interaction[Any]", appeal: AppealView) -> discord.Guild:
    """The server the appeal belongs to, when the click comes from there. Raises AppealGone."""
    guild: discord.Guild | None = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None or appeal.guild_id != guild.id:
        raise AppealGone
    return guild


def place_of(bot: "CommunityBot", guild: discord.Guild) -> discord.TextChannel | None:
    """Where the team talks: its own channel, else the moderation log. Never a public one."""
    for chosen in (
        bot.guild_settings.get(guild.id, CommunitySettings).staff_channel,
        bot.guild_settings.get(guild.id, ConductSettings).modlog_channel,
    ):
        found = guild.get_channel(chosen or 0)
        if isinstance(found, discord.TextChannel):
            return found
    return None


async def appeal_view(
    bot: "CommunityBot", guild: discord.Guild, t: Localizer, appeal: AppealView, case: CaseView | None = None
) -> LayoutView:
    """The appeal beside its case, with the buttons while it is open. Raises CaseGone."""
    case = case or await bot.service(Cases).read.by_id(appeal.case_id)
    if case is None:
        raise CaseGone
    card = await cards.card_of(bot, t, case)
    title = t(N_("Appeal against case {number}"), number=case.number)
    who = words.person(t, appeal.user_id, card.names)
    made = t(N_("{member} wrote {when}:"), member=who, when=words.moment(appeal.made_at, "R"))
    said = quoted(appeal.text) if appeal.text else t(N_("Their words were erased."))
    box: ui.Container[LayoutView] = ui.Container(accent_colour=_colour(appeal))
    box.add_item(ui.TextDisplay(f"### {title}\n{made}\n{said}"))
    box.add_item(divider())
    box.add_item(ui.TextDisplay(shortened("\n".join(cards.texts(card)[:2]), 1400)))
    box.add_item(divider())
    box.add_item(ui.TextDisplay(_state(bot, guild, t, appeal, case, card)))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    if appeal.decided_at is None:
        by, subject = case.moderator_id or 0, max(appeal.user_id, 0)
        row.add_item(DecideButton(appeal.id, Outcome.OVERTURNED, by, subject, t(N_("Overturn"))))
        row.add_item(DecideButton(appeal.id, Outcome.UPHELD, by, subject, t(N_("It stands"))))
    row.add_item(CaseButton(case.id, t(N_("Open the case"))))
    box.add_item(row)
    view = LayoutView()
    view.add_item(box)
    return view


def _state(
    bot: "CommunityBot", guild: discord.Guild, t: Localizer, appeal: AppealView, case: CaseView, card: cards.Card
) -> str:
    if appeal.decided_at is not None:
        by = words.person(t, appeal.decided_by, card.names)
        text = (
            N_("Overturned by {who} {when}.") if appeal.outcome is Outcome.OVERTURNED else N_("Upheld by {who} {when}.")
        )
        answer = f"\n{quoted(shortened(appeal.answer, 800))}" if appeal.answer else ""
        return "**" + t(text, who=by, when=words.moment(appeal.decided_at)) + "**" + answer
    due = t(N_("To be decided by {due}."), due=words.moment(appeal.due_at))
    able, owner = deciders(bot, guild), guild.owner_id or 0
    if only_owner(subject=appeal.user_id, sanctioner=case.moderator_id, deciders=able, owner=owner):
        return (
            due + " " + t(N_("Nobody else moderates here, so <@{owner}> decides, who owns this server."), owner=owner)
        )
    if case.moderator_id is None:
        return due
    maker = words.person(t, case.moderator_id, card.names)
    return due + " " + t(N_("Not by {who}, who made the case."), who=maker)


def _colour(appeal: AppealView) -> discord.Colour:
    return palette.ATTENTION if appeal.decided_at is None else palette.QUIET
