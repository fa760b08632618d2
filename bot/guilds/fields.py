"""Types of a section's fields. The panels, the reference in the docs and the checks are made from them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated


class ChannelKind(StrEnum):
    """Which channels a field accepts."""

    TEXT = "text"
    FORUM = "forum"
    VOICE = "voice"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Channel:
    """The field holds a channel's id. ``needs`` are permissions the bot needs there."""

    kinds: tuple[ChannelKind, ...] = (ChannelKind.TEXT,)
    needs: tuple[str, ...] = ("view_channel", "send_messages", "embed_links")


@dataclass(frozen=True, slots=True)
class Role:
    """The field holds a role's id. ``granted``: the bot hands it out, so it must be harmless and assignable."""

    granted: bool = False


@dataclass(frozen=True, slots=True)
class LongText:
    """The field is written in several lines; ``max_length`` characters at most (a modal's limit is 4,000)."""

    max_length: int = 1000


TextChannelId = Annotated[int, Channel()]
RoleId = Annotated[int, Role()]
GrantedRoleId = Annotated[int, Role(granted=True)]
Duration = timedelta
