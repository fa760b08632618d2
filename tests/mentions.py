"""What the bot sent, seen by who it may ping. Every simulated-Discord test ends with this look."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

_SENDS = re.compile(
    r"POST /(channels/\d+/messages|channels/\d+/threads|webhooks/\d+/[^/]+|interactions/\d+/[^/]+/callback)"
    r"|PATCH /(channels/\d+/messages/\d+|webhooks/\d+/[^/]+/messages/[^/]+)"
)
_TEXT = ("content", "embeds", "components")


def messages(requests: Iterable[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(route, body) of every request that shows text to people."""
    for request in requests:
        route = f"{request.method} {request.path}"
        if not _SENDS.fullmatch(route) or not isinstance(request.json, dict):
            continue
        body = request.json
        if route.endswith("/callback"):
            body = body.get("data") or {} if body.get("type") in {4, 7} else {}
        elif route.endswith("/threads"):
            body = body.get("message") or {}
        if any(body.get(key) for key in _TEXT):
            yield route, body


def that_could_ping(requests: Iterable[Any]) -> list[str]:
    """Messages that leave it to Discord to find mentions in their text: user text would ping.

    A message that means to ping names exactly whom, by id.
    """
    return [
        f"{route}: {body.get('allowed_mentions')}"
        for route, body in messages(requests)
        if (body.get("allowed_mentions") or {"parse": ["everything"]}).get("parse") != []
    ]
