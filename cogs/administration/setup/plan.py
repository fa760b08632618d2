"""What applying would do: the operations, what they change, and what stands in their way."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from pydantic import ValidationError

from bot.capabilities import Blueprint, Make
from bot.contracts.services import NewcomerDoor
from bot.errors import UserError
from bot.guilds.problems import InvalidValue
from bot.guilds.sections import CommunitySettings, Section
from bot.guilds.service import Check
from bot.i18n.marks import N_
from bot.permissions.configuration import check_for
from cogs.administration.setup.operations import Kind, Operation
from cogs.administration.setup.problems import LacksPermission, Problem, TooManyChannels, TooManyRoles, kept
from cogs.administration.setup.wishes import Wishes, blueprints, key_of, present_ids

if TYPE_CHECKING:
    from bot.client import CommunityBot

CHANNELS, ROLES = 500, 250
"""Discord's limits of a server."""
KINDS = {Make.ROLE: Kind.ROLE, Make.TEXT: Kind.TEXT, Make.FORUM: Kind.FORUM}
Assignments = dict[type[Section], dict[str, Any]]
Fresh = Callable[[type[Section]], Section]


@dataclass(frozen=True)
class Plan:
    """``digest`` names what would be done: whoever presses Apply means this and nothing else."""

    operations: tuple[Operation, ...]

    @property
    def digest(self) -> str:
        told = json.dumps([one.written() for one in self.operations], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def creations(self) -> list[Operation]:
        return [one for one in self.operations if one.kind in KINDS.values()]

    @property
    def settings(self) -> list[Operation]:
        return [one for one in self.operations if one.kind is Kind.SETTINGS]


def plan(bot: "CommunityBot", guild: discord.Guild, wanted: Wishes) -> Plan:
    """Only what differs from the present settings, in the order in which it is done."""
    drawn = _Drawing(bot, guild, wanted)
    drawn.community()
    for capability in bot.capabilities.all():
        if capability.key in wanted.on:
            drawn.capability(capability.key)
        elif capability.switch is not None and bot.capabilities.on(guild.id, capability):
            drawn.set(capability.switch.section, capability.switch.field, False)
    return Plan((*drawn.roles, *drawn.channels, *drawn.sections(), *drawn.door()))


class _Drawing:
    def __init__(self, bot: "CommunityBot", guild: discord.Guild, wanted: Wishes) -> None:
        self.bot, self.guild, self.wanted = bot, guild, wanted
        self.t = bot.i18n.for_language(wanted.language)
        self.roles: list[Operation] = []
        self.channels: list[Operation] = []
        self.values: Assignments = {CommunitySettings: {}}
        self.made: dict[type[Section], list[str]] = {}
        self.switches: dict[type[Section], dict[str, tuple[str, ...]]] = {}

    def set(self, section: type[Section], field: str, value: Any) -> None:
        """Give a field a value (as JSON), unless it has it already."""
        present = self.bot.guild_settings.get(self.guild.id, section).model_dump(mode="json")[field]
        if present != value:
            self.values.setdefault(section, {})[field] = value

    def community(self) -> None:
        for field, value in self.wanted.fields.items():
            self.set(CommunitySettings, field, value)
        for capability, blueprint in blueprints(self.bot):
            if capability is None:
                self.place(blueprint)

    def capability(self, key: str) -> None:
        capability = self.bot.capabilities.named(key)
        for blueprint in capability.blueprints:
            self.place(blueprint)
        for language, (section, field) in capability.purpose.items():
            if language == self.wanted.language and not getattr(self._present(section), field):
                self.set(section, field, self.purpose())
        switch = capability.switch
        if switch is None or self.bot.capabilities.on(self.guild.id, capability):
            return
        for section_key, fields in capability.presets.get(self.wanted.fields["objective"] or "", {}).items():
            self.propose(self.bot.sections.named(section_key), fields)
        self.set(switch.section, switch.field, True)
        needed = tuple(key_of(one) for one in capability.blueprints if one.required)
        self.switches.setdefault(switch.section, {})[switch.field] = needed

    def propose(self, section: type[Section], fields: Mapping[str, object]) -> None:
        """Set what the server has never set itself."""
        present, default = self._present(section), self.bot.guild_settings.default(section)
        for field, value in fields.items():
            if getattr(present, field) == getattr(default, field):
                self.set(section, field, value)

    def place(self, blueprint: Blueprint) -> None:
        """What a blueprint asks for: existing ids, and a creation."""
        section, field, wish = blueprint.section, blueprint.field, self.wanted.places[key_of(blueprint)]
        several = isinstance(getattr(self._present(section), field), tuple)
        if wish.create:
            self.create(blueprint)
            self.made.setdefault(section, []).append(field)
            if several:
                self.set(section, field, list(wish.ids))
            return
        if several and set(present_ids(self._present(section), field)) == set(wish.ids):
            return
        self.set(section, field, list(wish.ids) if several else next(iter(wish.ids), None))

    def create(self, blueprint: Blueprint) -> None:
        operation = Operation(
            KINDS[blueprint.make],
            key_of(blueprint),
            name=self.t(blueprint.name),
            topic=self.t(blueprint.purpose),
            audience=blueprint.audience.value,
        )
        (self.roles if operation.kind is Kind.ROLE else self.channels).append(operation)

    def purpose(self) -> str:
        """The two sentences as one text."""
        sentences = (self.wanted.fields["for_whom"], self.wanted.fields["not_for_whom"])
        return " ".join(str(one) for one in sentences if one)

    def sections(self) -> list[Operation]:
        """One edit of each section that changes; what is switched on comes last."""
        found = [
            Operation(
                Kind.SETTINGS,
                section.key,
                values=self.values.get(section, {}),
                made=tuple(self.made.get(section, ())),
                switches=self.switches.get(section, {}),
            )
            for section in dict.fromkeys((*self.values, *self.made))
        ]
        return sorted((one for one in found if one.values or one.made), key=lambda one: bool(one.switches))

    def door(self) -> list[Operation]:
        """The panel is posted where the welcome is turned on."""
        posts = self.bot.find_service(NewcomerDoor)
        if posts is None:
            return []
        section, switch, channel = posts.place
        touched = self.values.get(section, {})
        moved = channel in touched or channel in self.made.get(section, ())
        on = touched.get(switch, getattr(self._present(section), switch))
        has = touched.get(channel, getattr(self._present(section), channel)) is not None or moved
        if on and has and (moved or switch in touched):
            return [Operation(Kind.DOOR, f"{section.key}.door")]
        return []

    def _present(self, section: type[Section]) -> Section:
        return self.bot.guild_settings.get(self.guild.id, section)


def acceptable(
    section: Section, values: Mapping[str, Any], check: Check
) -> tuple[dict[str, Any], list[tuple[str, UserError]]]:
    """The values that the model and the check accept together, and why each of the others is refused."""
    accepted: dict[str, Any] = {}
    refused: list[tuple[str, UserError]] = []
    for field, value in values.items():
        if error := _refusal(section, {**accepted, field: value}, check):
            refused.append((field, error))
        else:
            accepted[field] = value
    return accepted, refused


def _refusal(section: Section, values: Mapping[str, Any], check: Check) -> UserError | None:
    try:
        check(section, type(section).model_validate({**section.model_dump(mode="json"), **values}))
    except ValidationError as error:
        return InvalidValue(error)
    except UserError as error:
        return error
    return None


def obstacle(guild: discord.Guild, operation: Operation) -> UserError | None:
    """Why Discord would refuse to create this now; asked before every request."""
    powers = guild.me.guild_permissions
    if operation.kind is Kind.ROLE:
        if not powers.manage_roles:
            return LacksPermission(N_("Manage Roles"))
        return TooManyRoles() if len(guild.roles) >= ROLES else None
    if not powers.manage_channels:
        return LacksPermission(N_("Manage Channels"))
    return TooManyChannels() if len(guild.channels) >= CHANNELS else None


def foreseen(bot: "CommunityBot", guild: discord.Guild, actor: discord.Member | None, drawn: Plan) -> list[Problem]:
    """What would not work if it were applied now by this person."""
    found = [kept(error) for one in drawn.creations if (error := obstacle(guild, one))]
    for one in drawn.settings:
        present = bot.guild_settings.get(guild.id, bot.sections.named(one.key))
        _, refused = acceptable(present, one.values, check_for(guild, actor))
        found += [kept(error) for _, error in refused]
    return [problem for place, problem in enumerate(found) if problem not in found[:place]]
