"""What is broken or still unset in a section, said for the overview and beside the field."""

from dataclasses import dataclass

from bot.errors import UserError
from bot.guilds.references import Reference, references
from bot.guilds.sections import Section
from bot.guilds.shape import FieldKind, FieldShape, shapes
from bot.i18n.marks import N_
from bot.permissions.channels import GuildChannel, missing_permissions
from bot.permissions.names import permission_names
from bot.permissions.roles import RoleGone, grantable
from bot.ui.panels.desk import Desk
from bot.ui.text import escaped


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the settings that no longer works; ``text`` is in the reader's language."""

    field: FieldShape
    text: str


def problems(desk: Desk, section: Section) -> list[Problem]:
    """Deleted or closed channels, deleted or forbidden roles, in the order of the fields, each said once."""
    found: dict[tuple[FieldShape, str], Problem] = {}
    for reference in references(section):
        text = _problem(desk, reference)
        if text is not None:
            found.setdefault((reference.field, text), Problem(reference.field, text))
    return list(found.values())


def unset(section: Section) -> list[FieldShape]:
    """Channels and roles that the server has not chosen yet; what needs them is off."""
    waiting = {FieldKind.CHANNEL, FieldKind.ROLE, FieldKind.CHANNELS, FieldKind.ROLES}
    fields = shapes(type(section)).values()
    return [shape for shape in fields if shape.kind in waiting and getattr(section, shape.name) in (None, ())]


def _problem(desk: Desk, reference: Reference) -> str | None:
    if reference.channel is not None:
        channel = desk.guild.get_channel(reference.id)
        if channel is None:
            return desk.t(N_("the channel was deleted"))
        return _lacking(desk, channel, reference.channel.needs)
    role = desk.guild.get_role(reference.id)
    if reference.role is None or role is None:
        return desk.t(N_("the role was deleted"))
    try:
        if reference.role.granted:
            grantable(desk.guild, role)
    except RoleGone:
        return desk.t(N_("the role was deleted"))
    except UserError as refusal:
        return desk.t(refusal.message, **refusal.params)
    return None


def _lacking(desk: Desk, channel: GuildChannel, needs: tuple[str, ...]) -> str | None:
    missing = missing_permissions(channel, needs)
    if not missing:
        return None
    return desk.t(
        N_("in {channel} I lack: {permissions}"),
        channel=f"#{escaped(channel.name)}",
        permissions=permission_names(missing),
    )
