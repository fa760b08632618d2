"""What applying a file would do to the settings of a server."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.errors import UserError
from bot.guilds.edits import Edit
from bot.guilds.problems import InvalidValue
from bot.guilds.sections import FilePart, Section, UnknownSection
from bot.guilds.service import GuildSettings
from bot.guilds.shape import FieldShape, shapes
from bot.guilds.transfer.file import ENTITY, SettingsFile, filled
from bot.guilds.transfer.mapping import Directory, Mapped, mapped
from bot.i18n.marks import N_

if TYPE_CHECKING:
    from bot.database import Transaction


class SettingsMoved(UserError):
    """Something changed since the person saw what an import does."""

    def __init__(self) -> None:
        super().__init__(N_("The settings changed in the meantime. Nothing was done; here is what it would do now."))


@dataclass(frozen=True, slots=True)
class Step:
    """A section that changes, before and after; ``part`` when it is no setting."""

    section: type[Section]
    before: Section
    after: Section
    part: FilePart | None = None

    @property
    def fields(self) -> list[FieldShape]:
        """Those whose value changes."""
        known = shapes(self.section).values()
        return [shape for shape in known if getattr(self.before, shape.name) != getattr(self.after, shape.name)]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a section cannot be as the file says; ``titles`` lead to the field, as far as it is known."""

    section: type[Section] | None
    titles: tuple[str, ...]
    message: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    steps: tuple[Step, ...]
    obstacles: tuple[Obstacle, ...]
    mapped: Mapped

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits of everything that would change: who agrees, agrees to this."""
        said = [(step.section.key, step.before.model_dump_json(), step.after.model_dump_json()) for step in self.steps]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]

    def edits(self) -> dict[type[Section], Edit]:
        """The steps as edits that raise SettingsMoved when a section is not as it was before."""
        return {step.section: _exactly(step) for step in self.steps if step.part is None}

    async def take(self, tx: "Transaction", guild_id: int, by: int) -> None:
        """The steps that are no settings. Raises SettingsMoved when one of them is not as it was before."""
        for step in self.steps:
            if step.part is not None:
                if step.part.present(guild_id) != step.before:
                    raise SettingsMoved
                await step.part.take(tx, guild_id, step.after, by)


def plan(
    settings: GuildSettings, guild_id: int, file: SettingsFile, here: Directory, choices: Mapping[str, Any]
) -> Plan:
    """What the file would do now, with these choices for the channels and roles that are not found."""
    found = mapped(file.entities, here, choices)
    steps, obstacles = [], []
    for key, fields in file.sections.items():
        part = settings.sections.parts.get(key)
        try:
            section = part.section if part else settings.sections.named(key)
        except UnknownSection as error:  # its feature was turned off since the file was read
            obstacles.append(Obstacle(None, (key,), error.message, error.params))
            continue
        missing = _missing(section, fields, found)
        obstacles += missing
        try:
            after = settings.from_stored(section, _resolved(section, fields, found))
        except ValidationError as error:
            if not missing:
                obstacles.append(_refused(section, error))
            continue
        before = part.present(guild_id) if part else settings.get(guild_id, section)
        if after != before:
            steps.append(Step(section, before, after, part))
    return Plan(tuple(steps), tuple(obstacles), found)


def titles_of(section: type[Section], place: tuple[Any, ...]) -> tuple[str, ...]:
    """``N_`` titles of the fields on the way to a place in a section."""
    known: Mapping[str, FieldShape] = shapes(section)
    found: list[str] = []
    for part in place:
        shape = known.get(part) if isinstance(part, str) else None
        if shape is not None:
            found.append(shape.title)
            known = shapes(shape.row) if shape.row else {}
    return tuple(found)


def _exactly(step: Step) -> Edit:
    def edit(present: Section) -> dict[str, Any]:
        if present != step.before:
            raise SettingsMoved
        return step.after.model_dump(mode="json")

    return edit


def _resolved(section: type[Section], fields: Mapping[str, Any], found: Mapped) -> dict[str, Any]:
    known = shapes(section)
    return {name: filled(known[name], value, found.ids.__getitem__) for name, value in fields.items() if name in known}


def _refused(section: type[Section], error: ValidationError) -> Obstacle:
    invalid = InvalidValue(error)
    titles = titles_of(section, error.errors(include_url=False)[0]["loc"])
    return Obstacle(section, titles, invalid.message, invalid.params)


def _missing(section: type[Section], fields: Mapping[str, Any], found: Mapped) -> list[Obstacle]:
    """Fields that cannot do without a channel or role that is not chosen yet, each once."""
    known, places = shapes(section), dict[tuple[str, ...], bool]()
    for name, value in fields.items():
        shape = known.get(name)
        if shape is None:
            continue
        if shape.row is None:
            places |= {(name,): True} if _lacks(shape, value, found) else {}
            continue
        for row in value:
            subs = shapes(shape.row)
            places |= {(name, sub): True for sub, one in row.items() if sub in subs and _lacks(subs[sub], one, found)}
    message = N_("It cannot be without one. Choose it first.")
    return [Obstacle(section, titles_of(section, place), message, {}) for place in places]


def _lacks(shape: FieldShape, value: Any, found: Mapped) -> bool:
    single = isinstance(value, dict) and ENTITY in value and not shape.optional
    return single and found.ids[value[ENTITY]] is None
