"""What the imitated Discord remembers: plain values, no behaviour beyond look-ups."""

import dataclasses
import datetime as dt
from dataclasses import field
from typing import Any

TEXT, DM, VOICE, CATEGORY, NEWS, PUBLIC_THREAD, PRIVATE_THREAD, STAGE, FORUM = 0, 1, 2, 4, 5, 11, 12, 13, 15
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
MEMBERS_LIMITED, CONTENT_LIMITED = 1 << 15, 1 << 19


@dataclasses.dataclass
class User:
    id: int
    name: str
    global_name: str | None = None
    bot: bool = False
    dms_open: bool = True


@dataclasses.dataclass
class Role:
    id: int
    name: str
    position: int
    permissions: int = 0
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed: bool = False


@dataclasses.dataclass
class Overwrite:
    id: int
    kind: int  # 0 for a role, 1 for a member
    allow: int = 0
    deny: int = 0


@dataclasses.dataclass
class Member:
    user: User
    joined_at: dt.datetime
    roles: set[int] = field(default_factory=set)
    nick: str | None = None
    pending: bool = False
    flags: int = 0
    communication_disabled_until: dt.datetime | None = None
    voice_channel: int | None = None


@dataclasses.dataclass
class ThreadState:
    owner_id: int
    created_at: dt.datetime
    archive_timestamp: dt.datetime
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive_duration: int = 1440
    applied_tags: list[int] = field(default_factory=list)
    members: dict[int, dt.datetime] = field(default_factory=dict)
    message_count: int = 0


@dataclasses.dataclass
class Channel:
    id: int
    kind: int
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    slowmode: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[dict[str, Any]] = field(default_factory=list)
    recipients: list[User] = field(default_factory=list)
    thread: ThreadState | None = None
    last_message_id: int | None = None
    messages: dict[int, "Message"] = field(default_factory=dict)  # by id, ascending
    pins: dict[int, dt.datetime] = field(default_factory=dict)


@dataclasses.dataclass
class Message:
    id: int
    channel_id: int
    author: User
    content: str
    timestamp: dt.datetime
    kind: int = 0
    edited_at: dt.datetime | None = None
    embeds: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[str, list[int]] = field(default_factory=dict)  # "👍" or "name:id" to users, in order
    reference: dict[str, Any] | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    allowed_mentions: dict[str, Any] | None = None
    nonce: str | int | None = None
    flags: int = 0
    tts: bool = False
    pinned: bool = False
    webhook_id: int | None = None
    interaction: dict[str, Any] | None = None

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who acted sees it."""
        return bool(self.flags & EPHEMERAL)


@dataclasses.dataclass
class Ban:
    user: User
    reason: str | None
    at: dt.datetime


@dataclasses.dataclass
class AuditEntry:
    id: int
    action: int
    user_id: int
    target_id: int | None
    reason: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    options: dict[str, Any] | None = None


@dataclasses.dataclass
class Invite:
    code: str
    channel_id: int
    inviter: User
    created_at: dt.datetime
    max_age: int = 86400
    max_uses: int = 0
    uses: int = 0
    temporary: bool = False


@dataclasses.dataclass
class Guild:
    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    features: list[str] = field(default_factory=lambda: ["COMMUNITY"])
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    bans: dict[int, Ban] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    invites: dict[str, Invite] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)  # what PATCH /guilds/{id} has set beyond name and locale
    incidents: dict[str, Any] | None = None
    available: bool = True

    @property
    def everyone(self) -> Role:
        """The role that everybody has."""
        return self.roles[self.id]

    def threads(self) -> list[Channel]:
        """Threads that are not archived."""
        return [c for c in self.channels.values() if c.thread is not None and not c.thread.archived]


@dataclasses.dataclass
class Application:
    id: int
    bot: User
    token: str
    owner: User
    members_intent: bool = True
    content_intent: bool = True
    shards: int = 1
    max_concurrency: int = 1
    identifies_left: int = 1000

    @property
    def flags(self) -> int:
        """Which privileged intents the portal has switched on (the variants for fewer than 100 servers)."""
        return MEMBERS_LIMITED * self.members_intent + CONTENT_LIMITED * self.content_intent
