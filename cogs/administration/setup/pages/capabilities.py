"""Step 4: what the bot shall do here; a page for each capability."""

from typing import Any

from discord import ui

from bot.capabilities import Capability, Need
from bot.errors import Translated
from bot.i18n.marks import N_
from bot.permissions.names import NAMES
from bot.ui import palette
from cogs.administration.setup.items import GoButton, TurnButton
from cogs.administration.setup.pages.parts import line, place, way
from cogs.administration.setup.site import CAPABILITIES, OF, Parts, Site, heading, page

LISTED = 7
"""Three components each; with the rest of the page they fit Discord's 40."""
PLACES = 5
"""Channels and roles a page has room for; the rest keep their default and stand in `/settings`."""


@page(CAPABILITIES)
def capabilities(site: Site, name: str) -> Parts:
    t, every = site.t, site.bot.capabilities.all()
    intro = t(N_("A small set to begin with. Each can be turned on or off later, in /settings or here."))
    listed: Parts = [
        ui.Section(ui.TextDisplay(_entry(site, one)), accessory=GoButton.to(OF + one.key, t(N_("Details"))))
        for one in every[:LISTED]
    ]
    if len(every) > LISTED:
        listed.append(ui.TextDisplay("\n".join(_entry(site, one) for one in every[LISTED:])))
    return [heading(site, CAPABILITIES, t(N_("What I do here")), intro), *listed, *way(site, CAPABILITIES)]


def _entry(site: Site, capability: Capability) -> str:
    t = site.t
    return f"{_mark(site, capability)} **{t(capability.title)}**\n-# {t(capability.summary)}"


def _mark(site: Site, capability: Capability) -> str:
    return palette.DONE if capability.key in site.wanted.on else palette.OPEN


@page(OF)
def capability(site: Site, name: str) -> Parts:
    """What it does, needs and brings. Raises UnknownCapability."""
    t, one = site.t, site.bot.capabilities.named(name.removeprefix(OF))
    on = one.key in site.wanted.on
    title = ui.TextDisplay[Any](f"## {_mark(site, one)} {t(one.title)}\n{t(one.summary)}\n-# {_how(site, one)}")
    parts: Parts = [title]
    if one.switch is not None:
        label = t(N_("Leave it out")) if on else t(N_("Put it in"))
        parts = [ui.Section(title, accessory=TurnButton.of(one.key, on=not on, label=label))]
    if one.needs:
        parts += [line(), ui.TextDisplay(_needs(site, one))]
    if on and one.blueprints:
        parts += [line(), *(part for blueprint in one.blueprints[:PLACES] for part in place(site, blueprint))]
    back = GoButton.to(CAPABILITIES, t(N_("All capabilities")), emoji=palette.BACK)
    return [*parts, line(), ui.ActionRow(back)]


def _how(site: Site, one: Capability) -> str:
    t, on = site.t, one.key in site.wanted.on
    if one.switch is not None:
        return t(N_("Part of this set-up.")) if on else t(N_("Not part of this set-up."))
    if one.content is not None and not on:
        return t(N_("It turns on by itself once there is something in it. Add it in /settings."))
    return t(N_("It is always there."))


def _needs(site: Site, one: Capability) -> str:
    t = site.t
    title = t(N_("What it needs"))
    return "\n".join([f"**{title}**", *(need_line(site, need) for need in one.needs)])


def need_line(site: Site, need: Need) -> str:
    """A permission, whether it is there, what it is for and what stops without it."""
    t, has = site.t, getattr(site.guild.me.guild_permissions, need.permission)
    mark = palette.DONE if has else palette.WARNING
    name = t(Translated(NAMES[need.permission]))
    said = t(N_("**{permission}**: {reason}."), permission=name, reason=t(need.reason))
    without = t(N_("Without it: {what}"), what=t(need.without))
    return f"{mark} {said}\n-# {without}"
