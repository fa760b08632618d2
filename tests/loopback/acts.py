"""What Discord's own client builds, and allows, when a person runs a command, clicks, or submits a modal."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from . import messages, payloads
from .models import Channel, Guild, Message, Role, User
from .permissions import ADMINISTRATOR, effective, flag
from .world import World

if TYPE_CHECKING:
    from .people import MemberHandle

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds for a bot to register its commands once it is connected."""
SUBCOMMAND, SUBGROUP, STRING, INTEGER, BOOLEAN, NUMBER = 1, 2, 3, 4, 5, 10
BUTTON, STRING_SELECT, TEXT_INPUT, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 2, 3, 4, 19, 21, 22, 23
SELECTS = (3, 5, 6, 7, 8)
INTERACTIVE = (BUTTON, *SELECTS)


class Impossible(Exception):
    """Discord's own client would not let this person do that."""


class NotRegistered(Impossible):
    """The bot has not registered such a command here (yet)."""


async def once_registered(act: Callable[[], T]) -> T:
    """What ``act`` gives, as soon as the command is registered; raises NotRegistered after some seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while True:
        try:
            return act()
        except NotRegistered:
            if loop.time() > until:
                raise
        await asyncio.sleep(0.01)


def may_write(world: World, guild: Guild, user: User, channel: Channel) -> None:
    """Pending, timed out or shut out people cannot write."""
    _present(world, guild, user)
    if channel.id not in guild.channels:
        raise Impossible(f"#{channel.name} is gone")
    held = effective(guild, user.id, channel, world.clock.now())
    needed = flag("view_channel") | flag("send_messages_in_threads" if channel.thread else "send_messages")
    if held & needed != needed:
        raise Impossible(f"{user.name} cannot write in #{channel.name}")


def may_interact(world: World, guild: Guild, user: User, channel: Channel) -> None:
    """Pending, timed out or shut out people cannot use the bot either."""
    _present(world, guild, user)
    needed = flag("view_channel") | flag("use_application_commands")
    if effective(guild, user.id, channel, world.clock.now()) & needed != needed:
        raise Impossible(f"{user.name} cannot use commands in #{channel.name}")


def _present(world: World, guild: Guild, user: User) -> None:
    member = guild.members.get(user.id)
    if member is None or member.pending:
        raise Impossible(f"{user.name} is not there, or has not accepted the server's rules")
    until = member.communication_disabled_until
    if until is not None and until > world.clock.now():
        raise Impossible(f"{user.name} is timed out")


def slash(who: "MemberHandle", path: str, options: dict[str, Any], focused: str | None = None) -> dict[str, Any]:
    """The data of a chat command, from the registered command."""
    name, *rest = path.split()
    command = node = _command(who, 1, name)
    levels: list[dict[str, Any]] = []
    for part in rest:
        node = next((o for o in node["options"] if o["name"] == part and o["type"] in (SUBCOMMAND, SUBGROUP)), None)
        if node is None:
            raise Impossible(f"/{path} is not registered")
        levels.append({"type": node["type"], "name": part})
    resolved: dict[str, Any] = {}
    filled = _options(who, node, options, resolved, focused)
    for level in reversed(levels):
        filled = [level | {"options": filled}]
    return _named(command) | {"options": filled} | ({"resolved": resolved} if resolved else {})


def _named(command: dict[str, Any]) -> dict[str, Any]:
    placed = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return {"id": command["id"], "name": command["name"], "type": command["type"], **placed}


def _command(who: "MemberHandle", kind: int, name: str) -> dict[str, Any]:
    known = who.discord.world.commands
    for command in [*known.get(who.guild.id, []), *known[None]]:
        if command["type"] == kind and command["name"] == name:
            needed = int(command["default_member_permissions"] or 0)
            held = who.permissions()
            if not held & ADMINISTRATOR and held & needed != needed:
                raise Impossible(f"{who.user.name} does not see the command {name}")
            return command
    raise NotRegistered(f"the command {name} is not registered")


def _options(
    who: "MemberHandle", node: dict[str, Any], given: dict[str, Any], resolved: dict[str, Any], focused: str | None
) -> list[dict[str, Any]]:
    known = {o["name"]: o for o in node.get("options") or ()}
    if any(o["type"] in (SUBCOMMAND, SUBGROUP) for o in known.values()):
        raise Impossible(f"{node['name']} needs a subcommand")
    unknown = set(given) - set(known)
    missing = {name for name, o in known.items() if o.get("required")} - set(given)
    if unknown or (missing and focused is None):
        raise Impossible(f"{node['name']}: unknown options {unknown}, missing options {missing}")
    filled = []
    for name, value in given.items():
        option = {"name": name, "type": known[name]["type"]}
        option["value"] = value if focused == name else _value(who, known[name], value, resolved)
        filled.append(option | ({"focused": True} if focused == name else {}))
    return filled


def _value(who: "MemberHandle", spec: dict[str, Any], value: Any, resolved: dict[str, Any]) -> Any:
    choices = [c["value"] for c in spec.get("choices") or ()]
    if choices and value not in choices:
        raise Impossible(f"{value!r} is not a choice of {spec['name']}: {choices}")
    bounds = (
        [("min_length", len), ("max_length", len)]
        if spec["type"] == STRING
        else [("min_value", None), ("max_value", None)]
    )
    for name, measure in bounds:
        limit = spec.get(name)
        size = measure(value) if measure else value
        if limit is not None and (size < limit if name.startswith("min") else size > limit):
            raise Impossible(f"{spec['name']}: {name} is {limit}")
    return _pick(who, value, resolved)


def _pick(who: "MemberHandle", value: Any, resolved: dict[str, Any]) -> Any:
    """The id of a chosen person, role or channel, described in `resolved`; any other value as it is."""
    guild = who.guild.state
    if isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = payloads.role(value)
    elif isinstance(value, Channel):
        held = str(who.permissions(value))
        resolved.setdefault("channels", {})[str(value.id)] = payloads.channel(value) | {"permissions": held}
    elif isinstance(value, User) or hasattr(value, "user"):
        user = value if isinstance(value, User) else value.user
        resolved.setdefault("users", {})[str(user.id)] = payloads.user(user)
        if user.id in guild.members:
            held = str(effective(guild, user.id, None, who.discord.world.clock.now()))
            member = payloads.member(guild.members[user.id], with_user=False) | {"permissions": held}
            resolved.setdefault("members", {})[str(user.id)] = member
    else:
        return value
    return str(value.id)


def menu(who: "MemberHandle", name: str, target: Any) -> dict[str, Any]:
    """The data of a context menu."""
    resolved: dict[str, Any] = {}
    if isinstance(target, Message):
        command = _command(who, 3, name)
        resolved["messages"] = {str(target.id): messages.world_message(who.discord.world, target)}
    else:
        command = _command(who, 2, name)
        _pick(who, target, resolved)
    return _named(command) | {"target_id": str(target.id), "resolved": resolved}


def component(who: "MemberHandle", message: Message, custom_id: str, values: tuple[Any, ...]) -> dict[str, Any]:
    """The data of a click or choice."""
    if message.id not in who.discord.interactions.hidden:
        channel = who.discord.world.channels.get(message.channel_id)
        if channel is None or message.id not in channel.messages:
            raise Impossible("the message is gone")
    spec = find_component(message, custom_id)
    if spec.get("disabled"):
        raise Impossible(f"{spec['custom_id']} is disabled")
    data = {"custom_id": spec["custom_id"], "component_type": spec["type"], "id": spec["id"]}
    if spec["type"] == BUTTON:
        return data
    resolved: dict[str, Any] = {}
    data["values"] = _selected(who, spec, values, resolved)
    return data | ({"resolved": resolved} if resolved else {})


def find_component(message: Message, custom_id: str) -> dict[str, Any]:
    """The button or select with this custom_id, or the only one whose custom_id starts so."""
    known = {
        c["custom_id"]: c for c in messages.walk(message.components) if c["type"] in INTERACTIVE and c.get("custom_id")
    }
    if custom_id in known:
        return known[custom_id]
    found = [c for name, c in known.items() if name.startswith(custom_id)]
    if len(found) != 1:
        raise Impossible(f"no single component {custom_id!r} among {list(known)}")
    return found[0]


def _selected(
    who: "MemberHandle", spec: dict[str, Any], values: tuple[Any, ...], resolved: dict[str, Any]
) -> list[str]:
    required = spec.get("required", True)
    fewest, most = spec.get("min_values", 1 if required else 0), spec.get("max_values", 1)
    if not (fewest <= len(values) <= most or (not required and not values)):
        raise Impossible(f"{spec['custom_id']} takes {fewest} to {most} values")
    if spec["type"] in (STRING_SELECT, CHECKBOXES, RADIO):
        offered = [o["value"] for o in spec["options"]]
        if not set(values) <= set(offered):
            raise Impossible(f"{values} are not among {offered}")
    return [str(_pick(who, value, resolved)) for value in values]


def modal(who: "MemberHandle", spec: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The data of a submitted modal; what is not given keeps the value that the bot filled in."""
    left, resolved = dict(values), {}
    components = [_modal_part(who, part, left, resolved) for part in spec["components"]]
    if left:
        raise Impossible(f"the modal has no field {list(left)}")
    data = {"custom_id": spec["custom_id"], "components": components}
    return data | ({"resolved": resolved} if resolved else {})


def _modal_part(
    who: "MemberHandle", part: dict[str, Any], left: dict[str, Any], resolved: dict[str, Any]
) -> dict[str, Any]:
    base = {"type": part["type"], "id": part.get("id", 1)}
    if "component" in part:
        return base | {"component": _modal_part(who, part["component"], left, resolved)}
    if "components" in part:
        return base | {"components": [_modal_part(who, inner, left, resolved) for inner in part["components"]]}
    if "custom_id" not in part:
        return base
    base["custom_id"] = name = part["custom_id"]
    if part["type"] == TEXT_INPUT:
        return base | {"value": _typed(part, left.pop(name, part.get("value") or ""))}
    if part["type"] == CHECKBOX:
        return base | {"value": bool(left.pop(name, part.get("default", False)))}
    if part["type"] == RADIO:
        chosen = left.pop(name, next((o["value"] for o in part["options"] if o.get("default")), None))
        return base | {"value": (_selected(who, part, (chosen,), resolved) or [None])[0] if chosen else None}
    preset = [o["value"] for o in part.get("options") or () if o.get("default")]
    preset += [str(v["id"]) for v in part.get("default_values") or ()]
    return base | {"values": _selected(who, part, tuple(left.pop(name, preset)), resolved)}


def _typed(part: dict[str, Any], text: str) -> str:
    if part.get("required", True) and not text:
        raise Impossible(f"{part['custom_id']} must be filled in")
    if text and not part.get("min_length", 0) <= len(text) <= part.get("max_length", 4000):
        raise Impossible(f"{part['custom_id']}: the text's length is out of bounds")
    return text
