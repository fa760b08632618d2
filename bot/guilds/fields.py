"""Types of a section's fields. The panels, the reference in the docs and the checks are made from them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


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

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.chain_schema([core_schema.str_schema(max_length=self.max_length), handler(source)])


@dataclass(frozen=True, slots=True)
class Suggested:
    """Durations offered by the field's menu; any other can still be written."""

    spans: tuple[timedelta, ...]


class Choice(StrEnum):
    """A choice whose members have a label: ``WEEKLY = "weekly", N_("Every week")``."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


FIELDS = ConfigDict(
    frozen=True, extra="forbid", ser_json_timedelta="float", str_strip_whitespace=True, allow_inf_nan=False
)
"""How values of sections and rows are read and stored."""


class Row(BaseModel):
    """Base of the rows of a table, a field annotated ``tuple[SomeRow, ...]``. The first field names the row.

    Each field has a ``title`` and a ``description`` like a section's. A row cannot hold rows.
    """

    model_config = FIELDS

    title: ClassVar[str]
    """``N_`` text: what one row is, at most 45 characters in every language."""


TextChannelId = Annotated[int, Channel()]
RoleId = Annotated[int, Role()]
GrantedRoleId = Annotated[int, Role(granted=True)]
Duration = timedelta
