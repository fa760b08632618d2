"""What is sent to Discord about the commands, and what of it belongs to one server."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from discord import app_commands

Payload = Mapping[str, Any]
"""One top-level command as Discord's interface takes it."""

CHAT = 1
GUILD_CONTEXT = 0
ONLY_EVERYWHERE = frozenset({"contexts", "dm_permission", "integration_types"})
"""Discord documents these for commands that are registered for all servers."""


async def payloads_of(tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """Every command of the tree with its texts in all languages."""
    translator = tree.translator
    assert translator is not None
    return [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]


def works_in_messages(payload: Payload) -> bool:
    """Whether the command can be used in direct messages, and so must be registered for everywhere."""
    contexts = payload.get("contexts")
    if contexts is not None:
        return any(context != GUILD_CONTEXT for context in contexts)
    return bool(payload.get("dm_permission", True))


def of_everywhere(payloads: Iterable[Payload]) -> list[Payload]:
    """What is registered once for all servers and direct messages."""
    return [payload for payload in payloads if works_in_messages(payload)]


def of_server(payloads: Iterable[Payload], off: frozenset[str]) -> list[Payload]:
    """What is registered in one server, where the commands called ``off`` do not exist."""
    kept = (one for one in payloads if not works_in_messages(one) and one["name"] not in off)
    return [{key: value for key, value in one.items() if key not in ONLY_EVERYWHERE} for one in kept]


def digest(application_id: int | None, payloads: Sequence[Payload]) -> str:
    """The same for the same commands, whatever the order of their parts."""
    text = json.dumps(
        [application_id, sorted(payloads, key=lambda one: (one.get("type", CHAT), one["name"]))], **_PLAIN
    )
    return hashlib.sha256(text.encode()).hexdigest()


_PLAIN: dict[str, Any] = {"sort_keys": True, "default": str}


def chat_ids(registered: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Ids of the chat commands in Discord's answer, by name."""
    return {one["name"]: str(one["id"]) for one in registered if one.get("type", CHAT) == CHAT}
