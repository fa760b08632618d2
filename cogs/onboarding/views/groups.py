"""Choosing interest groups: several at once, all or nothing."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import EVERYONE, MANAGE_SERVER, NotAllowed, check_access
from bot.permissions.roles import NotGrantable, RoleGone, grantable
from bot.ui import LayoutView, PersistentItem, palette
from bot.ui.panels.items import OpenButton as SettingsButton
from bot.ui.panels.places import list_place
from bot.ui.text import escaped, shortened
from cogs.onboarding.rules import Progress, custom_emoji_id, is_plain_emoji
from cogs.onboarding.rules.holds import Hold
from cogs.onboarding.settings import Group, GroupsSettings
from cogs.onboarding.views.navigation import OpenButton, show
from cogs.onboarding.views.visit import Visit, visit

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

LISTED = 3000
"""Characters the list of groups may take; the rest of them stand in the menu only."""
CHOSEN = {
    Hold.TEAM: N_("Chosen: {groups}. You get them when the team lets you in."),
    Hold.LOCKDOWN: N_("Chosen: {groups}. You get them when the server opens again."),
}


class NoGroups(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There are no groups here yet. The staff add them in /settings."))


class GroupGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("A group you chose was removed in the meantime. Nothing was changed: choose again."))


class GroupNotGiven(UserError):
    def __init__(self, group: str) -> None:
        super().__init__(
            N_(
                "I cannot give or take {group} at the moment. Nothing was changed: ask the staff, or choose without it."
            ),
            group=group,
        )


class GroupSelect(PersistentItem[ui.Select[Any]], template=r"onboarding:groups:(?P<guild>\d{15,20})"):
    """The menu of groups. Only those it offered are taken away when they are not chosen."""

    access = EVERYONE

    def __init__(self, guild_id: int, select: "ui.Select[Any] | None" = None) -> None:
        menu = select or ui.Select(min_values=0)
        menu.custom_id = f"onboarding:groups:{guild_id}"
        super().__init__(menu)
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        where = visit(interaction, self.guild_id, welcome_only=False)
        offered = {int(option.value) for option in self.item.options}
        chosen = {int(value) for value in self.item.values}
        wanted, unwanted = changes(where, offered, chosen)
        await where.journeys.choose_groups(where.guild.id, where.member.id, wanted=wanted, unwanted=unwanted)
        await show(interaction, groups_view(where, chosen=chosen, notice=_said(where, chosen)))


async def open_groups(interaction: "Interaction", guild_id: int) -> None:
    """The menu of groups; for those who manage the server also the door to their settings. Raises NoGroups."""
    where = visit(interaction, guild_id, welcome_only=False)
    await show(interaction, groups_view(where, manages=_manages(interaction)))


def _manages(interaction: "Interaction") -> bool:
    try:
        check_access(interaction, MANAGE_SERVER)
    except NotAllowed:
        return False
    return True


def changes(where: Visit, offered: set[int], chosen: set[int]) -> tuple[set[int], set[int]]:
    """(wanted, unwanted) roles of a choice. Raises GroupGone or GroupNotGiven before anything is changed."""
    groups = {group.role for group in where.groups.groups}
    if not chosen <= groups:
        raise GroupGone
    has = {role.id for role in where.member.roles}
    unwanted = (offered & groups) - chosen
    for role_id in sorted((chosen - has) | (unwanted & has)):
        try:
            grantable(where.guild, role_id)
        except RoleGone:
            if role_id in chosen:
                raise GroupGone from None
        except NotGrantable:
            raise GroupNotGiven(_name(where.guild, role_id)) from None
    return chosen, unwanted


def groups_view(
    where: Visit,
    progress: Progress | None = None,
    *,
    chosen: Collection[int] | None = None,
    notice: str | None = None,
    manages: bool = False,
) -> LayoutView:
    """The groups with their descriptions and the menu; what the member has is chosen already.

    ``progress`` is not needed: this screen is the same for everyone. Raises NoGroups, but not for who manages them.
    """
    t = where.t
    offered = [group for group in where.groups.groups if where.guild.get_role(group.role)]
    if not offered and not manages:
        raise NoGroups
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.ACCENT)
    box.add_item(ui.TextDisplay(t(N_("## Groups")) + "\n" + _intro(where, offered, notice)))
    if offered:
        held = {role.id for role in where.member.roles} if chosen is None else chosen
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(_listed(where, offered)))
        menu: ui.ActionRow[LayoutView] = ui.ActionRow()
        box.add_item(menu.add_item(GroupSelect(where.guild.id, _menu(where, offered, held))))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    if where.welcome.enabled:
        row.add_item(OpenButton("checklist", where.guild.id, t(N_("Back to the steps"))))
    if manages:
        row.add_item(SettingsButton.to(list_place(GroupsSettings.key, "groups"), t(N_("Manage"))))
    if row.children:
        box.add_item(row)
    view = LayoutView()
    view.add_item(box)
    return view


def _intro(where: Visit, offered: list[Group], notice: str | None) -> str:
    if notice:
        return f"**{notice}**"
    if not offered:
        return where.t(N_("There are no groups yet. Each one is a role that members take and leave by themselves."))
    return where.t(N_("Choose as many as you like. You can change them whenever you want."))


def _menu(where: Visit, offered: list[Group], chosen: Collection[int]) -> "ui.Select[Any]":
    options = [
        discord.SelectOption(
            label=shortened(role.name, 100),
            value=str(role.id),
            description=group.description(where.t.language) or None,
            emoji=_emoji(where.guild, group),
            default=role.id in chosen,
        )
        for group in offered
        if (role := where.guild.get_role(group.role))
    ]
    return ui.Select(
        placeholder=where.t(N_("Choose your groups")), min_values=0, max_values=len(options), options=options
    )


def _listed(where: Visit, offered: list[Group]) -> str:
    lines: list[str] = []
    for group in offered:
        description = group.description(where.t.language)
        line = f"{escaped_emoji(group)}**{_name(where.guild, group.role)}**"
        line += f"\n-# {escaped(description)}" if description else ""
        if sum(map(len, lines)) + len(line) > LISTED:
            left = len(offered) - len(lines)
            lines.append(where.t.plural("{n} more in the menu.", "{n} more in the menu.", left))
            break
        lines.append(line)
    return "\n".join(lines)


def _said(where: Visit, chosen: Collection[int]) -> str:
    names = [_name(where.guild, group.role) for group in where.groups.groups if group.role in chosen]
    if not names:
        return where.t(N_("You are in no group now."))
    listed = where.t.enumeration(names)
    if where.held is not None:
        return shortened(where.t(CHOSEN[where.held], groups=listed), 600)
    return shortened(where.t(N_("Your groups: {groups}."), groups=listed), 600)


def _name(guild: discord.Guild, role_id: int) -> str:
    role = guild.get_role(role_id)
    return escaped(role.name) if role else "?"


def escaped_emoji(group: Group) -> str:
    """The emoji for a text, where anything can stand."""
    return f"{escaped(group.emoji) if custom_emoji_id(group.emoji) is None else group.emoji} " if group.emoji else ""


def _emoji(guild: discord.Guild, group: Group) -> discord.PartialEmoji | None:
    """The emoji for a menu, which Discord refuses whole when one of its emoji is wrong."""
    custom = custom_emoji_id(group.emoji)
    if custom is not None and guild.get_emoji(custom) is None:
        return None
    return discord.PartialEmoji.from_str(group.emoji) if custom or is_plain_emoji(group.emoji) else None
