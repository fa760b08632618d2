"""A section with every kind of field, for the tests of services, panels and the reference."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.guilds.fields import (
    Channel,
    ChannelKind,
    Choice,
    Duration,
    GrantedRoleId,
    LongText,
    RoleId,
    Row,
    Suggested,
    TextChannelId,
)
from bot.guilds.sections import Section


class Tone(Choice):
    WARM = "warm", "Warm"
    SOBER = "sober", "Sober"
    PLAYFUL = "playful", "Playful"


class Group(Row):
    """A row with more fields than a form has room for."""

    title = "Group"

    name: str = Field(min_length=1, max_length=30, title="Name", description="What members see.")
    about: str = Field("", max_length=200, title="About", description="What happens there.")
    role: GrantedRoleId | None = Field(None, title="Role", description="What its members get.")
    tone: Tone = Field(Tone.WARM, title="Tone of the group", description="How people talk there.")
    open: bool = Field(True, title="Open", description="Whether everybody may join.")
    words: tuple[str, ...] = Field((), max_length=5, title="Words", description="What it is about.")
    wait: Duration = Field(timedelta(0), title="Wait", description="Before somebody may join.")


class Rung(Row):
    """A row that needs its role."""

    title = "Rung"

    role: GrantedRoleId = Field(title="Role of the rung", description="What is given.")
    points: int = Field(10, ge=1, le=1000, title="Points", description="From how many points on.")


class RichSettings(Section):
    key = "rich"
    title = "Everything"
    summary = "One field of every kind."

    active: bool = Field(False, title="Active", description="Whether it does something.")
    tone: Tone = Field(Tone.WARM, title="Tone", description="How it talks.")
    second_tone: Tone | None = Field(None, title="Second tone", description="How it talks on Sundays.")
    tones: tuple[Tone, ...] = Field((), title="Tones", description="Several of them.")
    channel: TextChannelId | None = Field(None, title="Channel", description="Where it writes.")
    forum: Annotated[int, Channel(kinds=(ChannelKind.FORUM,), needs=("view_channel",))] | None = Field(
        None, title="Forum", description="Where questions go."
    )
    watched: tuple[Annotated[int, Channel(needs=("view_channel",))], ...] = Field(
        (), max_length=5, title="Watched", description="Where it looks."
    )
    judge: RoleId | None = Field(None, title="Judge", description="Who decides.")
    reward: GrantedRoleId | None = Field(None, title="Reward", description="What it gives.")
    gifts: tuple[GrantedRoleId, ...] = Field((), max_length=5, title="Gifts", description="What else it gives.")
    patience: Duration = Field(
        timedelta(hours=1),
        ge=timedelta(minutes=5),
        le=timedelta(days=7),
        title="Patience",
        description="How long it waits.",
    )
    pause: Annotated[Duration, Suggested((timedelta(hours=3), timedelta(hours=6)))] | None = Field(
        None, title="Pause", description="How long it rests."
    )
    limit: int = Field(10, ge=1, le=100, title="Limit", description="How many at most.")
    factor: float = Field(1.5, gt=0, lt=10, title="Factor", description="How strongly.")
    even: int = Field(2, multiple_of=2, title="Even", description="An even number.")
    name: str = Field("Parvis", min_length=2, max_length=20, title="Name of it", description="What it is called.")
    code: str | None = Field(None, pattern=r"^[a-z]{3}$", title="Code", description="Three letters.")
    text: Annotated[str, LongText(500)] = Field("", title="Text", description="What it says.")
    words: tuple[str, ...] = Field(("hello",), min_length=1, max_length=4, title="Words", description="What it knows.")
    delays: tuple[Duration, ...] = Field((), title="Delays", description="When it looks again.")
    groups: tuple[Group, ...] = Field((), max_length=10, title="Groups", description="In the order members see them.")
    rungs: tuple[Rung, ...] = Field((), title="Rungs", description="From low to high.")
