"""The state of the imitated Discord, and the one way in which changes reach the gateway."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from . import payloads, permissions
from .clock import Clock, Snowflakes, iso
from .errors import missing_access, missing_permissions, unknown
from .models import DM, Application, Channel, Guild, Member, Message, User

DEFAULT_EVERYONE = [
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "create_private_threads",
    "embed_links",
    "attach_files",
    "add_reactions",
    "read_message_history",
    "use_application_commands",
    "connect",
    "speak",
    "create_instant_invite",
    "change_nickname",
    "use_voice_activation",
    "mention_everyone",
]


@dataclasses.dataclass(frozen=True)
class Event:
    """One dispatch, before the gateway decides which session may have it."""

    name: str
    data: dict[str, Any]
    guild: Guild | None = None
    channel: Channel | None = None
    message: Message | None = None  # set when the content intent matters
    about: int | None = None  # the user whom the event is about, where that matters


class World:
    """Everything there is: one application, its guilds, users, direct messages; and who listens."""

    def __init__(self, token: str) -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        past = self.clock.now() - dt.timedelta(days=400)
        app_id = self.ids.make(past)
        self.owner = User(self.ids.make(past), "owner")
        self.application = Application(app_id, User(app_id, "parvis", bot=True), token, self.owner)
        self.users: dict[int, User] = {self.bot.id: self.bot, self.owner.id: self.owner}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.commands: dict[int | None, list[dict[str, Any]]] = {None: []}  # by guild; None: global
        self.listeners: list[Callable[[Event], None]] = []
        self.nonces: dict[tuple[int, int, str], tuple[dt.datetime, int]] = {}

    @property
    def bot(self) -> User:
        """The application's own user."""
        return self.application.bot

    def emit(self, name: str, data: dict[str, Any], **where: Any) -> None:
        """Tell the gateway."""
        event = Event(name, data, **where)
        for listener in self.listeners:
            listener(event)

    # look-ups, refusing as Discord does

    def guild(self, guild_id: int) -> Guild:
        """A guild that the bot is in; 10004 otherwise."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise unknown("guild")
        return guild

    def channel(self, channel_id: int) -> tuple[Channel, Guild | None]:
        """A channel or thread with its guild, or a DM; 10003 if gone, 50001 if the bot cannot see it."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise unknown("channel")
        if channel.guild_id is None:
            return channel, None
        guild = self.guilds[channel.guild_id]
        if not permissions.can_see(guild, self.bot.id, channel, self.clock.now()):
            raise missing_access()
        return channel, guild

    def member(self, guild: Guild, user_id: int) -> Member:
        """A member; 10013 for an unknown user, 10007 for one who is not there."""
        if user_id not in self.users:
            raise unknown("user")
        if user_id not in guild.members:
            raise unknown("member")
        return guild.members[user_id]

    def message(self, channel: Channel, message_id: int) -> Message:
        """A message of the channel; 10008 otherwise."""
        if message_id not in channel.messages:
            raise unknown("message")
        return channel.messages[message_id]

    # what the bot may do

    def may(self, guild: Guild, name: str, channel: Channel | None = None, user_id: int | None = None) -> bool:
        """Whether the bot (or somebody else) holds a permission."""
        who = self.bot.id if user_id is None else user_id
        return bool(permissions.effective(guild, who, channel, self.clock.now()) & permissions.flag(name))

    def need(self, guild: Guild | None, *names: str, channel: Channel | None = None) -> None:
        """Refuse with 50013 unless the bot holds every permission; in a DM there are none to hold."""
        if guild is not None and not all(self.may(guild, name, channel) for name in names):
            raise missing_permissions()

    def need_rank(self, guild: Guild, user_id: int) -> None:
        """Refuse with 50013 unless the bot's top role is above the other's."""
        own, theirs = (permissions.top_rank(guild, who) for who in (self.bot.id, user_id))
        if own <= theirs:
            raise missing_permissions()

    # users and direct messages

    def create_user(self, name: str, *, bot: bool = False, at: dt.datetime | None = None) -> User:
        """Somebody new on this Discord; the id says when the account was made (default: 200 days ago)."""
        created = at or self.clock.now() - dt.timedelta(days=200)
        user = User(self.ids.make(created), name, global_name=None if bot else name.title(), bot=bot)
        self.users[user.id] = user
        return user

    def dm(self, user: User) -> Channel:
        """The direct channel between the bot and somebody, made when first needed."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.recipients == [user]:
                return channel
        channel = Channel(self.ids.make(), DM, recipients=[user])
        self.channels[channel.id] = channel
        return channel

    def guild_create(self, guild: Guild, *, all_members: bool = False) -> dict[str, Any]:
        """GUILD_CREATE: what the bot can see; without presences only its own member and those in voice."""
        now = self.clock.now()
        seen = [c for c in guild.channels.values() if permissions.can_see(guild, self.bot.id, c, now)]
        return payloads.guild(guild) | {
            "joined_at": iso(guild.members[self.bot.id].joined_at),
            "large": len(guild.members) > 250,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [
                payloads.member(m)
                for m in guild.members.values()
                if all_members or m.user.id == self.bot.id or m.voice_channel
            ],
            # channels the bot cannot see are listed all the same, as on Discord; their events are not sent
            "channels": [payloads.channel(c) for c in guild.channels.values() if c.thread is None],
            "threads": [self.thread_with_me(c) for c in seen if c.thread is not None and not c.thread.archived],
            "voice_states": [payloads.voice_state(guild, m) for m in guild.members.values() if m.voice_channel],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def thread_with_me(self, channel: Channel) -> dict[str, Any]:
        """A thread as the gateway sends it: with the bot's own membership, if any."""
        payload = payloads.channel(channel)
        if channel.thread is not None and self.bot.id in channel.thread.members:
            payload["member"] = payloads.thread_member(channel, self.bot.id)
        return payload
