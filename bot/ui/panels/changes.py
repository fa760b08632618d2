"""One change of the settings by a person: checked, applied, its refusal put into their words."""

from typing import Any

from pydantic import ValidationError

from bot.errors import UserError
from bot.guilds.edits import Edit
from bot.guilds.history import NothingToUndo
from bot.guilds.problems import InvalidValue
from bot.guilds.sections import Section
from bot.guilds.shape import shapes
from bot.i18n.marks import N_
from bot.permissions.configuration import check_for
from bot.ui.panels.desk import Desk


class FieldRefused(UserError):
    """Names the field before the reason; both are in the reader's language already."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(N_("**{field}**: {reason}"), field=field, reason=reason)


async def change(desk: Desk, section: type[Section], edit: Edit) -> Section:
    """Apply ``edit`` as this person. Raises UserError when it is refused; then nothing changed."""
    try:
        return await desk.bot.guild_settings.edit(
            desk.guild.id, section, edit, by=_id(desk), check=check_for(desk.guild, desk.person)
        )
    except ValidationError as error:
        raise refusal(desk, section, error) from None


async def revert(desk: Desk, change_id: int) -> None:
    """Undo a change, and those made with it, as this person. Raises UserError when it is refused; nothing changed."""
    settings = desk.bot.guild_settings
    check = check_for(desk.guild, desk.person)
    try:
        undone = await settings.revert(desk.guild.id, change_id, by=_id(desk), check=check)
    except ValidationError:
        raise UserError(N_("What was there before is no longer accepted, so this cannot be undone.")) from None
    if not undone:
        raise NothingToUndo


def refusal(desk: Desk, section: type[Section], error: ValidationError) -> UserError:
    """What is wrong with the value, with the name of its field when that is known."""
    invalid = InvalidValue(error)
    title = _title(section, error.errors(include_url=False)[0]["loc"])
    if title is None:
        return invalid
    return FieldRefused(desk.t(title), desk.t(invalid.message, **invalid.params))


def _id(desk: Desk) -> int | None:
    return desk.person.id if desk.person else None


def _title(section: type[Section], place: tuple[Any, ...]) -> str | None:
    known, title = shapes(section), None
    for part in place:
        if part in known:
            title = known[part].title
            row = known[part].row
            known = shapes(row) if row else {}
    return title
