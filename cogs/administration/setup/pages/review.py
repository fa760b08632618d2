"""Step 6: what will be created, what will change, what stands in the way. Nothing that stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

import discord
from discord import ui

from bot.capabilities import Need
from bot.capabilities.contract import ALWAYS
from bot.guilds.sections import Section
from bot.guilds.shape import shapes
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from bot.ui import palette
from bot.ui.panels.values import shown
from bot.ui.text import escaped, shortened
from cogs.administration.setup.items import ApplyButton, ForgetButton, GoButton
from cogs.administration.setup.making import slug
from cogs.administration.setup.operations import Kind, Operation
from cogs.administration.setup.pages.parts import footing, line, objective_menu
from cogs.administration.setup.plan import foreseen
from cogs.administration.setup.problems import LacksPermission, Problem, told
from cogs.administration.setup.site import PORTRAIT, PURPOSE, REVIEW, RUN, Parts, Site, heading, page

LINES = 12
"""Lines of one list; all four together stay within Discord's 4,000 characters."""
LINE = 150


@page(REVIEW)
def review(site: Site, name: str) -> Parts:
    t = site.t
    undecided = site.wanted.fields["objective"] is None
    parts: Parts = [heading(site, REVIEW, t(N_("Before anything changes")), _intro(site))]
    if undecided:
        parts += objective_menu(site, REVIEW)
    for text in (_created(site), _changed(site), _lacking(site), _rank(site), _refused(site)):
        parts += [ui.TextDisplay(text)] if text else []
    if missing := lacking(site):
        parts.append(ui.ActionRow(*_mending(site, missing)))
    return [*parts, line(), ui.ActionRow(*_ways(site)), ui.TextDisplay(f"-# {footing(site)}")]


def _ways(site: Site) -> Parts:
    t, plan = site.t, site.plan
    buttons: Parts = [GoButton.to(PORTRAIT, t(N_("Back")))]
    if plan.operations:
        undecided = site.wanted.fields["objective"] is None
        buttons.append(ApplyButton.of(plan.digest, t(N_("Apply")), disabled=undecided))
        buttons.append(ForgetButton.of(t(N_("Start over"))))
    else:
        buttons.append(GoButton.to(PURPOSE, t(N_("Change answers"))))
    if site.last_run is not None:
        buttons.append(GoButton.to(RUN, t(N_("Last set-up"))))
    return buttons


def _mending(site: Site, missing: list[Need]) -> Parts:
    """Discord's own page that gives what lacks, and another look."""
    t, address = site.t, invitation(site, [need.permission for need in missing])
    return [
        ui.Button(label=t(N_("Give me what I lack")), url=address),
        GoButton.to(REVIEW, t(N_("Look again"))),
    ]


def lacking(site: Site) -> list[Need]:
    """Permissions that what was chosen needs, and those that creating needs, as far as the bot has them not."""
    wanted = [one for one in site.bot.capabilities.all() if one.key in site.wanted.on]
    needs = {need.permission: need for need in (*ALWAYS, *(need for one in wanted for need in one.needs))}
    created = {one.kind for one in site.plan.creations}
    if created - {Kind.ROLE}:
        needs["manage_channels"] = Need(
            "manage_channels",
            N_("to create the channels above; you can take it away afterwards"),
            N_("The channels are not created. Choose existing ones instead."),
        )
    if Kind.ROLE in created and "manage_roles" not in needs:
        needs["manage_roles"] = Need(
            "manage_roles",
            N_("to create the roles above"),
            N_("The roles are not created. Choose existing ones instead."),
        )
    powers = site.guild.me.guild_permissions
    return [need for need in needs.values() if not getattr(powers, need.permission)]


def invitation(site: Site, missing: Iterable[str]) -> str:
    """Discord's page that adds the permissions to those the bot has; the server is chosen already."""
    own = site.guild.self_role.permissions if site.guild.self_role else site.guild.me.guild_permissions
    wanted = discord.Permissions(own.value | discord.Permissions(**dict.fromkeys(missing, True)).value)
    return discord.utils.oauth_url(
        site.bot.application_id or 0,
        permissions=wanted,
        guild=site.guild,
        disable_guild_select=True,
        scopes=("bot", "applications.commands"),
    )


def creations(operations: Iterable[Operation]) -> list[str]:
    """What is created, as Discord writes it."""
    return [
        f"**@{escaped(one.name)}**" if one.kind is Kind.ROLE else f"**#{escaped(slug(one.name))}**"
        for one in operations
    ]


def _intro(site: Site) -> str:
    t = site.t
    if not site.plan.operations:
        return t(N_("Everything is as you want it already: there is nothing to do."))
    if site.wanted.fields["objective"] is None:
        return t(N_("One answer is missing: what this community is mainly for. All the rest has one."))
    return t(N_("This is all that happens when you press **Apply**, and **Undo** takes it back."))


def _created(site: Site) -> str:
    t = site.t
    lines = [
        f"- {name} · {t(_use(site, one))}"
        for one, name in zip(site.plan.creations, creations(site.plan.creations), strict=True)
    ]
    if any(one.kind is Kind.DOOR for one in site.plan.operations):
        lines.append("- " + t(N_("the panel by which newcomers begin")))
    return _list(site, t(N_("Will be created")), lines)


def _use(site: Site, operation: Operation) -> str:
    section, _, field = operation.key.partition(".")
    return shapes(site.bot.sections.named(section))[field].title


def _changed(site: Site) -> str:
    lines = [line for one in site.plan.settings for line in changes(site, one.key, one.values)]
    return _list(site, site.t(N_("Will change")), lines)


def changes(site: Site, key: str, values: Mapping[str, Any]) -> list[str]:
    """Each field that differs: from what, to what."""
    section = site.bot.sections.named(key)
    present = site.bot.guild_settings.get(site.guild.id, section)
    lines = []
    for field, raw in values.items():
        shape, wanted = shapes(section)[field], _validated(present, {field: raw})
        before = shown(site, shape, getattr(present, field))
        # What the model refuses is shown as it was written; below it stands why.
        after = shown(site, shape, getattr(wanted, field)) if wanted else escaped(str(raw))
        if before != after:
            lines.append(f"- {_change(site, shape.title, before, after)}")
    return lines


def _change(site: Site, title: str, before: str, after: str) -> str:
    """One line, cut inside the bold: half of a pair of asterisks would be shown as such."""
    before = shortened(before, LINE // 2)
    room = LINE - len(site.pair(title, before)) - len(" → ****")
    after = shortened(after, max(room, LINE // 3))
    return site.pair(title, site.t(N_("{before} → **{after}**"), before=before, after=after))


def _validated(present: Section, values: Mapping[str, Any]) -> Section | None:
    try:
        return type(present).model_validate({**present.model_dump(mode="json"), **values})
    except ValueError:
        return None


def _lacking(site: Site) -> str:
    t = site.t
    lines = []
    for need in lacking(site):
        (name,) = permission_names([need.permission])
        said = t(N_("**{permission}**: {reason}."), permission=t(name), reason=t(need.reason))
        without = t(N_("Without it: {what}"), what=t(need.without))
        lines.append(f"- {said} {without}")
    if lines and site.guild.mfa_level is discord.MFALevel.require_2fa:
        lines.append(
            "- "
            + t(
                N_(
                    "This server demands two-factor authentication of those with power. "
                    "Whoever owns me must have it too, or Discord ignores these permissions."
                )
            )
        )
    return _list(site, f"{palette.WARNING} " + t(N_("Permissions I lack")), lines)


def _rank(site: Site) -> str:
    """Where the bot's role stands among those it hands out."""
    t, me = site.t, site.guild.me.top_role
    granted = [role for role in granted_roles(site) if role >= me]
    if granted:
        names = t.enumeration([role.mention for role in granted])
        said = t(
            N_("Server settings › Roles: drag {mine} above {others}, or I cannot hand them out."),
            mine=me.mention,
            others=names,
        )
        return f"{palette.WARNING} {said}"
    if not site.plan.operations:
        return ""
    return "-# " + t(N_("My role {mine} stands high enough for everything here."), mine=me.mention)


def granted_roles(site: Site) -> list[discord.Role]:
    """Existing roles that the bot shall hand out."""
    found = []
    for one in site.bot.capabilities.all():
        if one.key not in site.wanted.on:
            continue
        for blueprint in one.blueprints:
            role = shapes(blueprint.section)[blueprint.field].role
            if role is not None and role.granted:
                wish = site.wanted.places[f"{blueprint.section.key}.{blueprint.field}"]
                found += [known for id_ in wish.ids if (known := site.guild.get_role(id_)) is not None]
    return found


def _refused(site: Site) -> str:
    t, powerless = site.t, LacksPermission("").message
    problems: list[Problem] = foreseen(site.bot, site.guild, site.person, site.plan)
    # Which permissions lack, and what they are for, stands above already.
    problems = [problem for problem in problems if problem["message"] != powerless]
    return _list(
        site,
        f"{palette.WARNING} " + t(N_("What cannot be done as it stands")),
        [f"- {told(t, one)}" for one in problems],
    )


def _list(site: Site, title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    more = len(lines) - LINES
    if more > 0:
        lines = [*lines[:LINES], "- " + site.t.plural("{n} more", "{n} more", more)]
    return "\n".join([f"### {title}", *lines])
