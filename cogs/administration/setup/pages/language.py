"""Step 2: language, form of address, time zone."""

from typing import Any

import discord
from discord import ui

from bot.clock import now
from bot.guilds.sections import Address, CommunitySettings, Language
from bot.guilds.shape import shape_of
from bot.i18n.marks import N_
from bot.ui.text import escaped, shortened
from cogs.administration.setup.items import ChoiceMenu, ZoneButton
from cogs.administration.setup.pages.parts import line, way
from cogs.administration.setup.site import LANGUAGE, Parts, Site, heading, page
from cogs.administration.setup.zones import OFFERED, Zone, common, guess, search, zone


@page(LANGUAGE)
def language(site: Site, name: str) -> Parts:
    t = site.t
    intro = t(N_("What I post in public speaks this language. Private answers follow each member’s own Discord."))
    parts: Parts = [heading(site, LANGUAGE, t(N_("Language and time")), intro), *_choice(site, "language", Language)]
    if site.wanted.language == Language.FRENCH:
        parts += _choice(site, "address", Address)
    return [*parts, line(), *_zones(site), *way(site, LANGUAGE)]


def _choice(site: Site, field: str, choices: type[Language] | type[Address]) -> Parts:
    t, chosen = site.t, site.wanted.fields[field]
    options = [
        discord.SelectOption(label=t(one.label), value=one.value, default=one.value == chosen) for one in choices
    ]
    title = t(shape_of(CommunitySettings, field).title)
    menu = ui.Select[Any](custom_id=f"setup:choose:{field}", options=options)
    return [ui.TextDisplay(f"**{title}**"), ui.ActionRow(ChoiceMenu(menu))]


def _zones(site: Site) -> Parts:
    t, chosen = site.t, str(site.wanted.fields["time_zone"])
    present = zone(chosen, t.language)
    hint = t(N_("Days begin at midnight there, and weekly posts follow it."))
    title = t(N_("Time zone"))
    text = f"**{title}**\n{escaped(_long(present))}\n-# {hint}"
    section = ui.Section[Any](ui.TextDisplay(text), accessory=ZoneButton.of(t(N_("Look for a city"))))
    options = [
        discord.SelectOption(
            label=shortened(one.label(now()), 100),
            value=one.name,
            description=shortened(one.country, 100) or None,
            default=one.name == chosen,
        )
        for one in _offered(site, present)
    ]
    return [section, ui.ActionRow(ChoiceMenu(ui.Select(custom_id="setup:choose:time_zone", options=options)))]


def _long(one: Zone) -> str:
    return one.label(now()) + (f" · {one.country}" if one.country else "")


def _offered(site: Site, chosen: Zone) -> list[Zone]:
    """What was looked for, else what is common; always with what is chosen."""
    spoken, typed = site.t.language, str(site.draft.answers.get("looked_for", ""))
    likely = [home for locale in (str(site.guild.preferred_locale), spoken) if (home := guess(locale))]
    found = [*(search(typed, spoken) if typed else ()), *common(spoken, likely)]
    return list(dict.fromkeys([*found[:1], chosen, *found] if typed else [chosen, *found]))[:OFFERED]
