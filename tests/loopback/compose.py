"""From the JSON that a bot sends to the fields of a message, with the refusals that no schema expresses."""

import copy
from typing import Any

from .errors import Refusal, invalid_form
from .messages import walk
from .models import COMPONENTS_V2, EPHEMERAL, Channel
from .routing import Call

MEDIA_KEYS = ("media", "file")


def compose(call: Call, body: dict[str, Any], channel: Channel, *, editing: bool = False) -> dict[str, Any]:
    """Fields for `messages.post` or `messages.edit`. Raises what Discord answers to an empty or overlong message."""
    fields: dict[str, Any] = {}
    for name in ("content", "embeds", "components", "flags", "tts", "allowed_mentions"):
        if name in body:
            fields[name] = copy.deepcopy(body[name])
    fields["content"] = fields.get("content") or ""
    if editing and "content" not in body:
        del fields["content"]
    for name in ("embeds", "components"):
        if name in fields:
            fields[name] = fields[name] or []
    attachments = _attachments(call, body, channel)
    if attachments is not None:
        fields["attachments"] = attachments
    _resolve(fields, attachments or [])
    _check(fields, editing=editing)
    _number(fields.get("components", []))
    for embed in fields.get("embeds", []):
        embed.setdefault("type", "rich")
    return fields


def _attachments(call: Call, body: dict[str, Any], channel: Channel) -> list[dict[str, Any]] | None:
    if "attachments" not in body and not call.files:
        return None
    described = {str(a["id"]): a for a in body.get("attachments") or []}
    kept = [dict(a) for a in described.values() if not str(a["id"]).isdigit() or int(a["id"]) not in call.files]
    return kept + [
        call.discord.store_file(channel.id, name, content, described.get(str(number), {}).get("description"))
        for number, (name, content) in sorted(call.files.items())
    ]


def _resolve(fields: dict[str, Any], attachments: list[dict[str, Any]]) -> None:
    """Replace "attachment://name" by the address, in embeds and components."""
    urls = {f"attachment://{a['filename']}": a for a in attachments if "filename" in a}

    def media(item: dict[str, Any]) -> None:
        found = urls.get(item.get("url", ""))
        item |= {"url": found["url"] if found else item.get("url", "")}
        item.setdefault("proxy_url", item["url"])

    for embed in fields.get("embeds", []):
        for key in ("image", "thumbnail"):
            if embed.get(key):
                media(embed[key])
    for component in walk(fields.get("components", [])):
        for key in MEDIA_KEYS:
            if isinstance(component.get(key), dict):
                media(component[key])
        for item in component.get("items", ()):
            media(item["media"])


def _check(fields: dict[str, Any], *, editing: bool) -> None:
    components = walk(fields.get("components", []))
    modern = bool((fields.get("flags") or 0) & COMPONENTS_V2)
    if modern and (fields.get("content") or fields.get("embeds")):
        raise invalid_form("content", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
    if not modern and any(c["type"] > 8 for c in components) and not editing:
        raise invalid_form("components", "Components V2 need MessageFlags.IS_COMPONENTS_V2")
    if len(fields.get("content") or "") > 2000:
        raise invalid_form("content", "Must be 2000 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    if len(components) > 40:
        raise invalid_form("components", "The total number of components must be 40 or fewer.")
    if sum(len(c.get("content", "")) for c in components) > 4000:
        raise invalid_form("components", "The text of all components must be 4000 or fewer in length.")
    if sum(map(_embed_length, fields.get("embeds", []))) > 6000:
        raise invalid_form("embeds", "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")
    ids = [c["custom_id"] for c in components if c.get("custom_id")]
    if len(ids) != len(set(ids)):
        raise invalid_form("components", "Component custom id cannot be duplicated", "COMPONENT_CUSTOM_ID_DUPLICATED")
    said = any(fields.get(name) for name in ("content", "embeds", "components", "attachments"))
    if not said and not editing:
        raise Refusal(400, 50006, "Cannot send an empty message")


def _embed_length(embed: dict[str, Any]) -> int:
    own = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    own += [(embed.get("author") or {}).get("name")]
    fields = [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    return sum(len(text or "") for text in own + fields)


def _number(components: list[dict[str, Any]]) -> None:
    """Discord gives every component without an id the next free number."""
    everything = walk(components)
    taken = {c["id"] for c in everything if c.get("id")}
    number = 0
    for component in everything:
        if not component.get("id"):
            number += 1
            while number in taken:
                number += 1
            component["id"] = number


def ephemeral(body: dict[str, Any] | None) -> bool:
    """Whether a response asks to be seen by one person only."""
    return bool(((body or {}).get("flags") or 0) & EPHEMERAL)
