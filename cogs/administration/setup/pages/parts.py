"""What several pages are made of: the way on, and the question of a channel or role."""

from typing import Any

import discord
from discord import ui

from bot.capabilities import Blueprint, Make
from bot.guilds.shape import shape_of
from bot.i18n.marks import N_
from bot.permissions.channels import channel_types
from bot.ui import palette
from bot.ui.text import escaped, shortened
from cogs.administration.setup.answers import is_several
from cogs.administration.setup.items import ChannelMenu, CreateButton, GoButton, ObjectiveMenu, RoleMenu
from cogs.administration.setup.making import slug
from cogs.administration.setup.site import REVIEW, STEPS, Parts, Site
from cogs.administration.setup.texts import OBJECTIVES
from cogs.administration.setup.wishes import Wish, key_of

PRIMARY = discord.ButtonStyle.primary


def line() -> ui.Separator[Any]:
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


def way(site: Site, name: str) -> Parts:
    """Back, on, and straight to the review; below it, who changed something last."""
    t, place = site.t, STEPS.index(name)
    buttons: list[ui.Item[Any]] = []
    if place > 0:
        buttons.append(GoButton.to(STEPS[place - 1], t(N_("Back"))))
    buttons.append(GoButton.to(STEPS[place + 1], t(N_("Next")), PRIMARY))
    if STEPS[place + 1] != REVIEW:
        buttons.append(GoButton.to(REVIEW, t(N_("Straight to the review"))))
    return [line(), ui.ActionRow(*buttons), ui.TextDisplay(f"-# {footing(site)}")]


def footing(site: Site) -> str:
    """That nothing is lost, and who else is at it."""
    t, draft = site.t, site.draft
    said = t(N_("Your answers are kept: close this and go on later with /setup."))
    if draft.by is None or draft.at is None or (site.person and draft.by == site.person.id):
        return said
    when = discord.utils.format_dt(draft.at, "R")
    return t(N_("{who} changed an answer {when}. You share these answers."), who=f"<@{draft.by}>", when=when)


def objective_menu(site: Site, name: str) -> Parts:
    """The one question without an answer of its own."""
    t, chosen = site.t, site.wanted.fields["objective"]
    options = [
        discord.SelectOption(
            label=t(objective.label), value=objective.value, description=t(words), default=objective.value == chosen
        )
        for objective, words in OBJECTIVES.items()
    ]
    menu = ui.Select[Any](
        custom_id=f"setup:objective:{name}", options=options, placeholder=t(N_("Choose what matters most"))
    )
    return [ui.ActionRow(ObjectiveMenu(menu))]


def place(site: Site, blueprint: Blueprint) -> Parts:
    """Choose an existing channel or role, or have one created. Five components."""
    t, wish, key = site.t, site.wanted.places[key_of(blueprint)], key_of(blueprint)
    shape = shape_of(blueprint.section, blueprint.field)
    text = f"**{t(shape.title)}**\n{t(blueprint.purpose)}\n-# {_state(site, blueprint, wish)}"
    label = t(N_("Do not create")) if wish.create else t(N_("Create {name}"), name=called(site, blueprint))
    button = CreateButton.of(key, on=not wish.create, label=shortened(label, 80))
    chooser: ui.Item[Any] = (
        _roles(site, blueprint, wish) if blueprint.make is Make.ROLE else _channels(site, blueprint, wish)
    )
    return [ui.Section(ui.TextDisplay(text), accessory=button), ui.ActionRow(chooser)]


def called(site: Site, blueprint: Blueprint) -> str:
    """What it would be called, in the language of the server."""
    name = site.bot.i18n.for_language(site.wanted.language)(blueprint.name)
    return f"@{name}" if blueprint.make is Make.ROLE else f"#{slug(name)}"


def mention(make: Make, found: int) -> str:
    return f"<@&{found}>" if make is Make.ROLE else f"<#{found}>"


def _state(site: Site, blueprint: Blueprint, wish: Wish) -> str:
    t = site.t
    named = [mention(blueprint.make, one) for one in wish.ids]
    if wish.create:
        named.append(t(N_("**{name}** (will be created)"), name=escaped(called(site, blueprint))))
    if named:
        return f"{palette.DONE} {t.enumeration(named)}"
    if blueprint.required:
        return f"{palette.WARNING} " + t(N_("Needed, and not chosen yet."))
    return f"{palette.OPEN} " + t(N_("None chosen."))


def _channels(site: Site, blueprint: Blueprint, wish: Wish) -> ChannelMenu:
    channel = shape_of(blueprint.section, blueprint.field).channel
    assert channel is not None
    menu = ui.ChannelSelect[Any](
        custom_id=f"setup:channel:{key_of(blueprint)}",
        channel_types=channel_types(channel),
        placeholder=_placeholder(site, blueprint),
        min_values=0,
        max_values=_most(blueprint),
        default_values=[discord.SelectDefaultValue.from_channel(discord.Object(one)) for one in wish.ids],
    )
    return ChannelMenu(menu)


def _roles(site: Site, blueprint: Blueprint, wish: Wish) -> RoleMenu:
    menu = ui.RoleSelect[Any](
        custom_id=f"setup:role:{key_of(blueprint)}",
        placeholder=_placeholder(site, blueprint),
        min_values=0,
        max_values=_most(blueprint),
        default_values=[discord.SelectDefaultValue.from_role(discord.Object(one)) for one in wish.ids],
    )
    return RoleMenu(menu)


def _most(blueprint: Blueprint) -> int:
    shape = shape_of(blueprint.section, blueprint.field)
    return min(shape.longest or 10, 25) if is_several(blueprint) else 1


def _placeholder(site: Site, blueprint: Blueprint) -> str:
    if blueprint.make is Make.ROLE:
        return site.t(N_("Or choose a role that exists"))
    return site.t(N_("Or choose a channel that exists"))
