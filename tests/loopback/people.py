"""The test's hands: guilds and people as a test speaks of them."""

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

from . import acts, channels, members, messages
from .interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, InteractionRecord
from .models import (
    CATEGORY,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    VOICE,
    Channel,
    Guild,
    Message,
    Overwrite,
    Role,
    User,
)
from .permissions import effective, flag

if TYPE_CHECKING:
    from .server import LoopbackDiscord


class GuildHandle:
    """A guild that the test builds and changes as its people would."""

    def __init__(self, discord: "LoopbackDiscord", state: Guild) -> None:
        self.discord, self.state, self.id = discord, state, state.id

    def add_member(self, who: str | User, *, roles: tuple[Role, ...] = (), **fields: Any) -> "MemberHandle":
        """Somebody joins (GUILD_MEMBER_ADD), new to Discord when given by name."""
        user = self.discord.world.create_user(who) if isinstance(who, str) else who
        members.join(self.discord.world, self.state, user, roles={r.id for r in roles}, **fields)
        return MemberHandle(self, user)

    @property
    def owner(self) -> "MemberHandle":
        """The guild's owner."""
        return MemberHandle(self, self.discord.world.users[self.state.owner_id])

    @property
    def bot_role(self) -> Role:
        """The bot's own managed role."""
        return next(r for r in self.state.roles.values() if r.managed)

    def text_channel(self, name: str, **fields: Any) -> Channel:
        """A text channel."""
        return channels.create_channel(self.discord.world, self.state, TEXT, name, **fields)

    def voice_channel(self, name: str, **fields: Any) -> Channel:
        """A voice channel."""
        return channels.create_channel(self.discord.world, self.state, VOICE, name, **fields)

    def category(self, name: str, **fields: Any) -> Channel:
        """A category."""
        return channels.create_channel(self.discord.world, self.state, CATEGORY, name, **fields)

    def forum(self, name: str, **fields: Any) -> Channel:
        """A forum."""
        return channels.create_channel(self.discord.world, self.state, FORUM, name, **fields)

    def role(self, name: str, *permissions: str, above_bot: bool = False, **fields: Any) -> Role:
        """A role with these permissions, below the bot's own role unless said otherwise."""
        bits = sum(flag(permission) for permission in permissions)
        position = self.bot_role.position + 1 if above_bot else 1
        return members.create_role(self.discord.world, self.state, name, permissions=bits, position=position, **fields)

    def set_bot_permissions(self, *names: str) -> None:
        """What the bot's role allows, and nothing else (@everyone's permissions come on top)."""
        bits = sum(flag(name) for name in names)
        members.edit_role(self.discord.world, self.state, self.bot_role, permissions=bits)

    def overwrite(self, channel: Channel, target: "Role | MemberHandle", *, allow: str = "", deny: str = "") -> None:
        """Allow and deny (names separated by spaces) a role or member in a channel."""
        bits = [sum(map(flag, names.split())) for names in (allow, deny)]
        rule = Overwrite(target.id, 0 if isinstance(target, Role) else 1, *bits)
        channels.set_overwrite(self.discord.world, self.state, channel, rule)

    def delete_channel(self, channel: Channel) -> None:
        """Somebody deletes a channel or thread."""
        channels.delete_channel(self.discord.world, self.state, channel)

    def delete_role(self, role: Role) -> None:
        """Somebody deletes a role."""
        members.delete_role(self.discord.world, self.state, role)

    def remove_bot(self) -> None:
        """Somebody removes the bot."""
        channels.remove_bot(self.discord.world, self.state)

    def messages(self, channel: Channel) -> list[Message]:
        """What a channel holds, oldest first."""
        return list(channel.messages.values())

    def threads(self) -> list[Channel]:
        """All threads, archived ones too."""
        return [c for c in self.state.channels.values() if c.thread is not None]


class MemberHandle:
    """A person in a guild. What Discord's own client would not let them do raises `acts.Impossible`."""

    def __init__(self, guild: GuildHandle, user: User, locale: str = "en-US") -> None:
        self.guild, self.user, self.id, self.locale = guild, user, user.id, locale
        self.discord = guild.discord

    @property
    def state(self) -> members.Member:
        """The membership (roles, nick, pending …)."""
        return self.guild.state.members[self.id]

    def has(self, role: Role) -> bool:
        """Whether they have a role."""
        return role.id in self.state.roles

    # writing

    async def say(self, channel: Channel, content: str, *, reply_to: Message | None = None, **fields: Any) -> Message:
        """Write a message; `at` dates it in the past."""
        if channel.guild_id is not None:
            acts.may_write(self.discord.world, self.guild.state, self.user, channel)
        if reply_to is not None:
            reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(reply_to.id)}
            fields |= {"kind": 19, "reference": reference, "mentions": [reply_to.author]}
        message = messages.post(self.discord.world, channel, self.user, content, **fields)
        await asyncio.sleep(0)
        return message

    async def write_dm(self, content: str) -> Message:
        """Write to the bot privately."""
        return await self.say(self.discord.world.dm(self.user), content)

    @property
    def dms(self) -> list[Message]:
        """The private conversation with the bot, oldest first."""
        return list(self.discord.world.dm(self.user).messages.values())

    async def edit(self, message: Message, content: str) -> None:
        """Edit one's message."""
        messages.edit(self.discord.world, message, content=content)
        await asyncio.sleep(0)

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        messages.delete(self.discord.world, message)
        await asyncio.sleep(0)

    async def react(self, message: Message, emoji: str) -> None:
        """Add a reaction."""
        messages.react(self.discord.world, message, self.user, emoji)
        await asyncio.sleep(0)

    async def open_thread(self, parent: Channel, name: str, *, private: bool = False, **fields: Any) -> Channel:
        """Open a thread."""
        kind = PRIVATE_THREAD if private else PUBLIC_THREAD
        world = self.discord.world
        return channels.create_thread(world, self.guild.state, parent, self.user, name, kind=kind, **fields)

    # membership

    def leave(self) -> None:
        """Leave the guild."""
        members.leave(self.discord.world, self.guild.state, self.id)

    def rejoin(self, **fields: Any) -> None:
        """Come back, without roles."""
        members.join(self.discord.world, self.guild.state, self.user, **fields)

    def change(self, *, by: "MemberHandle | None" = None, **fields: Any) -> None:
        """GUILD_MEMBER_UPDATE: nick, pending, roles, communication_disabled_until …"""
        author = by.user if by else self.user
        members.update(self.discord.world, self.guild.state, self.state, author, **fields)

    def pass_screening(self) -> None:
        """Accept the server's rules: no longer pending."""
        self.change(pending=False)

    def ban(self, other: "MemberHandle", reason: str | None = None) -> None:
        """Ban somebody by hand."""
        members.ban(self.discord.world, self.guild.state, other.user, self.user, reason)

    def unban(self, other: "MemberHandle") -> None:
        """Lift a ban by hand."""
        members.unban(self.discord.world, self.guild.state, other.user, self.user)

    def kick(self, other: "MemberHandle", reason: str | None = None) -> None:
        """Kick somebody by hand."""
        members.kick(self.discord.world, self.guild.state, other.id, self.user, reason)

    def time_out(self, other: "MemberHandle", duration: dt.timedelta) -> None:
        """Time somebody out by hand."""
        other.change(by=self, communication_disabled_until=self.discord.world.clock.now() + duration)

    def join_voice(self, channel: Channel | None) -> None:
        """Join, change or (with None) leave voice."""
        members.move_voice(self.discord.world, self.guild.state, self.state, channel)

    def permissions(self, channel: Channel | None = None) -> int:
        """Effective permissions."""
        return effective(self.guild.state, self.id, channel, self.discord.world.clock.now())

    # interactions

    async def slash(
        self, command: str, *, channel: Channel | None = None, wait: float | None = 5, **options: Any
    ) -> InteractionRecord:
        """Run a chat command ("groups", "settings show") and wait for the answer (`wait=None`: do not).

        A bot that has just started is given some seconds to register it.
        """
        data = await acts.once_registered(lambda: acts.slash(self, command, options))
        return await self._act(COMMAND, data, channel or self._somewhere(), wait)

    async def autocomplete(self, command: str, option: str, typed: str, **options: Any) -> list[dict[str, Any]]:
        """The choices offered for an option while typing."""
        data = acts.slash(self, command, {**options, option: typed}, focused=option)
        record = await self._act(AUTOCOMPLETE, data, self._somewhere(), 5)
        return record.choices or []

    async def menu(self, name: str, target: "Message | MemberHandle", *, wait: float | None = 5) -> InteractionRecord:
        """Use a context menu on a message or a member."""
        channel = self.discord.world.channels[target.channel_id] if isinstance(target, Message) else self._somewhere()
        return await self._act(COMMAND, acts.menu(self, name, target), channel, wait)

    async def click(self, message: Message, custom_id: str, *values: Any, wait: float | None = 5) -> InteractionRecord:
        """Press a button, or choose `values` in a select; `custom_id` may be the start of one."""
        data = acts.component(self, message, custom_id, values)
        channel = self.discord.world.channels[message.channel_id]
        return await self._act(COMPONENT, data, channel, wait, message)

    async def submit(
        self, opened: InteractionRecord, values: dict[str, Any], *, wait: float | None = 5
    ) -> InteractionRecord:
        """Fill and send the modal with which an interaction was answered."""
        if opened.modal is None:
            raise acts.Impossible("there is no modal to submit")
        data = acts.modal(self, opened.modal, values)
        return await self._act(MODAL_SUBMIT, data, opened.channel, wait, opened.message)

    async def _act(
        self, kind: int, data: dict[str, Any], channel: Channel, wait: float | None, message: Message | None = None
    ) -> InteractionRecord:
        guild = self.guild.state if channel.guild_id is not None else None
        if guild is not None:
            acts.may_interact(self.discord.world, guild, self.user, channel)
        record = self.discord.interactions.begin(
            kind, self.user, guild, channel, data, message=message, locale=self.locale
        )
        await asyncio.sleep(0)
        return record if wait is None else await record.done(wait)

    def _somewhere(self) -> Channel:
        world = self.discord.world
        for channel in self.guild.state.channels.values():
            if channel.kind == TEXT and world.may(self.guild.state, "view_channel", channel, self.id):
                return channel
        raise acts.Impossible("there is no text channel that they can see")
