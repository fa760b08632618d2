"""A message as plain values: what the filters are shown of it, whether it comes from Discord or from a test."""

from collections.abc import Callable
from typing import NamedTuple

from cogs.conduct.filters.model import Where


class Seen(NamedTuple):
    """A message of a server. ``places``: its channel, the channel of its thread, its category.

    ``has_role`` is asked for the exempt roles only, ``is_staff`` only when something was found: both may cost more
    than all the rest. ``others``: the texts beside the content, each with where it stands.
    """

    guild_id: int
    author_id: int
    message_id: int
    channel_id: int
    at: float
    """Seconds, of the message's own id."""
    content: str
    others: tuple[tuple[Where, str], ...] = ()
    mentions: int = 0
    """Different people and roles; everybody at once counts as one more."""
    places: tuple[int, ...] = ()
    automatic: bool = False
    """Written by a bot, a webhook or Discord itself: never screened."""
    edited: bool = False
    """An edit: its text is looked at again, but it counts for no flood."""
    has_role: Callable[[int], object] = lambda role_id: False
    is_staff: Callable[[], bool] = lambda: False
