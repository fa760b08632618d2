"""Serves ``Client.wait_for`` on the hot path. The one file that touches discord.py's private listeners."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import discord


def serve_waiters(client: "discord.Client", event: str, args: tuple[Any, ...]) -> None:
    """What the first half of ``discord.Client.dispatch`` (2.7) does, without starting a task."""
    waiting = client._listeners.get(event)
    if not waiting:
        return
    left = []
    for future, condition in waiting:
        if future.cancelled():
            continue
        try:
            satisfied = condition(*args)
        except Exception as error:
            future.set_exception(error)
            continue
        if satisfied:
            future.set_result(args[0] if len(args) == 1 else args or None)
        else:
            left.append((future, condition))
    if left:
        client._listeners[event] = left
    else:
        client._listeners.pop(event, None)
