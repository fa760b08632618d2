"""What the answers come to: each with its default, so that pressing Next through everything is a good set-up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.capabilities import Audience, Blueprint, Capability, Make
from bot.errors import UserError
from bot.guilds.sections import CommunitySettings, Language, Section
from bot.guilds.shape import FieldShape, shape_of
from bot.i18n.marks import N_
from bot.permissions.channels import usable
from bot.permissions.roles import grantable
from cogs.administration.setup.drafts import Answers, Draft
from cogs.administration.setup.zones import guess, plain

if TYPE_CHECKING:
    from bot.client import CommunityBot

TEAM = (
    Blueprint(
        CommunitySettings,
        "staff_roles",
        Make.ROLE,
        N_("Team"),
        N_("Give it to those who help you. Those who manage the server belong to the team anyway."),
    ),
    Blueprint(
        CommunitySettings,
        "staff_channel",
        Make.TEXT,
        N_("team"),
        N_("Where the team is told what needs a human. Nobody else sees it."),
        Audience.STAFF,
    ),
)
"""What the team needs, beside the blueprints of the capabilities."""
MODERATES = ("moderate_members", "kick_members", "ban_members", "manage_messages")
"""Whoever has one of these is taken for the team, unless somebody says otherwise."""
STAFF_ROLES = 5
PLAIN = ("objective", "for_whom", "not_for_whom", "language", "address", "time_zone")
"""Answers that are fields of the community's settings as they stand."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a field shall hold: what exists, and (``create``) one more that is made for it."""

    ids: tuple[int, ...] = ()
    create: bool = False


@dataclass(frozen=True)
class Wishes:
    """The whole set-up as it would be applied now. ``fields`` are those of ``PLAIN``."""

    fields: dict[str, Any]
    on: frozenset[str]
    places: dict[str, Wish]

    @property
    def language(self) -> str:
        return str(self.fields["language"])

    def spelled_out(self, switchable: Iterable[str]) -> Answers:
        """Answers that say all this without a default."""
        return {
            **self.fields,
            "capabilities": {key: key in self.on for key in switchable},
            "places": {key: {"ids": list(wish.ids), "create": wish.create} for key, wish in self.places.items()},
        }


def key_of(blueprint: Blueprint) -> str:
    """``section.field``: what an answer about a channel or role is kept under."""
    return f"{blueprint.section.key}.{blueprint.field}"


def blueprints(bot: "CommunityBot") -> Iterator[tuple[Capability | None, Blueprint]]:
    """Every channel and role that can be chosen, the team's first."""
    yield from ((None, one) for one in TEAM)
    for capability in bot.capabilities.all():
        yield from ((capability, one) for one in capability.blueprints)


def is_first(bot: "CommunityBot", guild_id: int) -> bool:
    """Whether nobody has ever set this server up."""
    return bot.guild_settings.get(guild_id, CommunitySettings).objective is None


def wishes(bot: "CommunityBot", guild: discord.Guild, draft: Draft, actor: discord.Member | None) -> Wishes:
    """The answers, and the defaults of what nobody answered: only what ``actor`` may configure is proposed."""
    on = frozenset(one.key for one in bot.capabilities.all() if _on(bot, guild, one, draft))
    language = _fields(bot, guild, draft)
    found = Wishes(language, on, {})
    taken: set[int] = set()
    for capability, blueprint in blueprints(bot):
        wish = _chosen(guild, blueprint, draft)
        if wish is None:
            wish = _default(bot, guild, capability, blueprint, found, taken, actor)
        elif wish.create and (alike := _alike(bot, guild, blueprint, taken, actor)):
            # Two of one name confuse everybody: what would do already is used.
            wish = Wish(tuple(dict.fromkeys((*wish.ids, alike))))
        found.places[key_of(blueprint)] = wish
        taken.update(wish.ids)
    return found


def present_ids(section: Section, field: str) -> tuple[int, ...]:
    """The channels or roles a field names now."""
    value = getattr(section, field)
    return () if value is None else tuple(value) if isinstance(value, tuple) else (value,)


def exists(guild: discord.Guild, make: Make, found: int) -> bool:
    return (guild.get_role(found) if make is Make.ROLE else guild.get_channel(found)) is not None


def _on(bot: "CommunityBot", guild: discord.Guild, capability: Capability, draft: Draft) -> bool:
    if capability.switch is None:
        return bot.capabilities.on(guild.id, capability)
    decided = draft.answers.get("capabilities", {}).get(capability.key)
    if decided is not None:
        return bool(decided)
    on = bot.capabilities.on(guild.id, capability)
    return on or (capability.recommended and is_first(bot, guild.id))


def _fields(bot: "CommunityBot", guild: discord.Guild, draft: Draft) -> dict[str, Any]:
    present = bot.guild_settings.get(guild.id, CommunitySettings)
    fields = {name: value for name, value in present.model_dump(mode="json").items() if name in PLAIN}
    if present.objective is None:
        fields |= _guesses(bot, guild, present, draft)
    return {**fields, **{name: draft.answers[name] for name in PLAIN if name in draft.answers}}


def _guesses(bot: "CommunityBot", guild: discord.Guild, present: CommunitySettings, draft: Draft) -> dict[str, Any]:
    """Of a server nobody has set up: what its own language, else that of whoever came first, suggests."""
    locales = [str(guild.preferred_locale), str(draft.answers.get("locale", ""))]
    found: dict[str, Any] = {}
    untouched = present.language == bot.guild_settings.default(CommunitySettings).language
    if untouched and any(locale.split("-")[0] == "fr" for locale in locales):
        found["language"] = Language.FRENCH.value
    if present.time_zone == "UTC":
        found["time_zone"] = next((zone for zone in map(guess, locales) if zone), "UTC")
    return found


def _chosen(guild: discord.Guild, blueprint: Blueprint, draft: Draft) -> Wish | None:
    """What somebody chose. A choice of which nothing exists any more is none."""
    kept = draft.answers.get("places", {}).get(key_of(blueprint))
    if kept is None:
        return None
    ids = tuple(one for one in kept["ids"] if exists(guild, blueprint.make, one))
    if kept["ids"] and not ids and not kept["create"]:
        return Wish(create=True) if kept.get("again") else None
    return Wish(ids, bool(kept["create"]))


def _default(
    bot: "CommunityBot",
    guild: discord.Guild,
    capability: Capability | None,
    blueprint: Blueprint,
    found: Wishes,
    taken: set[int],
    actor: discord.Member | None,
) -> Wish:
    present = present_ids(bot.guild_settings.get(guild.id, blueprint.section), blueprint.field)
    ids = tuple(one for one in present if exists(guild, blueprint.make, one))
    if ids:
        return Wish(ids)
    if capability is None:
        if not is_first(bot, guild.id):
            return Wish()
        if blueprint.make is Make.ROLE and (team := _team_roles(guild)):
            return Wish(tuple(role.id for role in team if _below(role, actor)))
    elif capability.key not in found.on or (bot.capabilities.on(guild.id, capability) and not blueprint.required):
        return Wish()
    alike = _alike(bot, guild, blueprint, taken, actor)
    return Wish((alike,)) if alike else Wish(create=True)


def _team_roles(guild: discord.Guild) -> list[discord.Role]:
    """Roles that moderate. Whoever manages the server is on the team without one."""
    found = [
        role
        for role in reversed(guild.roles)
        if not role.managed
        and not role.is_default()
        and not role.permissions.manage_guild
        and not role.permissions.administrator
        and any(getattr(role.permissions, name) for name in MODERATES)
    ]
    return found[:STAFF_ROLES]


def _below(role: discord.Role, actor: discord.Member | None) -> bool:
    return actor is not None and (role.guild.owner_id == actor.id or role < actor.top_role)


def _alike(
    bot: "CommunityBot", guild: discord.Guild, blueprint: Blueprint, taken: set[int], actor: discord.Member | None
) -> int | None:
    """What bears the name already, in either language, and would do."""
    names = {plain(t(blueprint.name)) for t in bot.i18n.all()}
    shape = shape_of(blueprint.section, blueprint.field)
    candidates = guild.roles if blueprint.make is Make.ROLE else guild.channels
    for one in candidates:
        if plain(one.name) not in names or one.id in taken or not _would_do(guild, shape, one.id):
            continue
        if isinstance(one, discord.Role) and not _below(one, actor):
            continue
        if blueprint.audience is not Audience.STAFF or not _is_public(guild, one.id):
            return one.id
    return None


def _would_do(guild: discord.Guild, shape: FieldShape, found: int) -> bool:
    try:
        if shape.channel is not None:
            usable(guild, found, shape.channel)
        elif shape.role is not None and shape.role.granted:
            grantable(guild, found)
    except UserError:
        return False
    return True


def _is_public(guild: discord.Guild, channel_id: int) -> bool:
    channel = guild.get_channel(channel_id)
    return channel is not None and channel.permissions_for(guild.default_role).view_channel
