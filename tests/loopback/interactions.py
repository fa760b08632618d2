"""Interactions: what a person did with the bot, sent over the gateway, and what the bot answered."""

import asyncio
import dataclasses
import time
from typing import TYPE_CHECKING, Any

from . import messages, payloads, permissions
from .errors import Refusal, unknown
from .models import LOADING, Channel, Guild, Message, User

if TYPE_CHECKING:
    from .server import LoopbackDiscord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
TOKEN_LIFE = 15 * 60


@dataclasses.dataclass(eq=False)
class InteractionRecord:
    """One interaction from the person's act to the last follow-up."""

    id: int
    token: str
    kind: int
    user: User
    guild: Guild | None
    channel: Channel
    data: dict[str, Any]
    started: float  # time.monotonic()
    message: Message | None = None  # the message whose component was used
    response_kind: int | None = None
    first_response_seconds: float | None = None
    response: Message | None = None  # the message that answers, or the one that was updated
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    followups: list[Message] = dataclasses.field(default_factory=list)
    deleted: bool = False
    answered: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    finished: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    @property
    def ephemeral(self) -> bool:
        """Whether the answer is for one person only."""
        return self.response is not None and self.response.ephemeral

    @property
    def text(self) -> str:
        """All that the answer says: content, embeds, components, and the same of the follow-ups."""
        shown = [self.response] if self.response is not None else []
        return "\n".join(text_of(message) for message in [*shown, *self.followups])

    async def done(self, timeout: float = 5) -> "InteractionRecord":
        """Wait for an answer that a person can see (a bare deferral is none). Raises TimeoutError."""
        try:
            async with asyncio.timeout(timeout):
                await self.answered.wait()
                if self.response_kind == DEFER_UPDATE:  # which may well be all that ever comes
                    timeout = min(timeout, 1)
            async with asyncio.timeout(timeout):
                await self.finished.wait()
        except TimeoutError:
            if self.response_kind != DEFER_UPDATE:
                raise TimeoutError(f"no answer to {self.data} (first response: {self.response_kind})") from None
        return self


def text_of(message: Message) -> str:
    """Everything a person can read in a message."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
        parts += [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    for component in messages.walk(message.components):
        parts += [component.get("content"), component.get("label"), component.get("placeholder")]
    return "\n".join(part for part in parts if part)


class Interactions:
    """Every interaction, by id and by token."""

    def __init__(self, discord: "LoopbackDiscord") -> None:
        self.discord = discord
        self.records: list[InteractionRecord] = []
        self.by_token: dict[str, InteractionRecord] = {}
        self.hidden: dict[int, Message] = {}  # ephemeral messages, by id

    def begin(
        self,
        kind: int,
        user: User,
        guild: Guild | None,
        channel: Channel,
        data: dict[str, Any],
        *,
        message: Message | None = None,
        locale: str = "en-US",
    ) -> InteractionRecord:
        """Send INTERACTION_CREATE and remember it."""
        world = self.discord.world
        number = world.ids.make()
        record = InteractionRecord(
            number, f"token-{number}", kind, user, guild, channel, data, time.monotonic(), message
        )
        self.records.append(record)
        self.by_token[record.token] = record
        payload = {
            "id": str(number),
            "application_id": str(world.application.id),
            "type": kind,
            "token": record.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": payloads.channel(channel),
            "locale": locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10_485_760,
            **self._who(user, guild, channel),
        }
        if message is not None:
            payload["message"] = messages.world_message(world, message)
        world.emit("INTERACTION_CREATE", payload, guild=guild, channel=channel)
        return record

    def _who(self, user: User, guild: Guild | None, channel: Channel) -> dict[str, Any]:
        world = self.discord.world
        if guild is None:
            return {"user": payloads.user(user), "app_permissions": "0"}
        now = world.clock.now()
        held, own = (permissions.effective(guild, who, channel, now) for who in (user.id, world.bot.id))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": guild.features},
            "guild_locale": guild.locale,
            "member": payloads.member(guild.members[user.id]) | {"permissions": str(held)},
            "app_permissions": str(own),
        }

    def open(self, number: int, token: str) -> InteractionRecord:
        """The record to which a first response belongs: 10062 when unknown or too late, 40060 when there is one."""
        record = self.by_token.get(token)
        late = record is None or time.monotonic() - record.started > self.discord.interaction_seconds
        if record is None or record.id != number or late:
            raise unknown("interaction")
        if record.response_kind is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        return record

    def living(self, token: str) -> InteractionRecord:
        """The record of a token that still works (15 minutes after the interaction)."""
        record = self.by_token.get(token)
        now = self.discord.world.clock.now().timestamp() * 1000
        if record is None or now - ((record.id >> 22) + 1_420_070_400_000) > TOKEN_LIFE * 1000:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if record.response_kind is None:
            raise unknown("webhook")
        return record

    def show(self, record: InteractionRecord, fields: dict[str, Any]) -> Message:
        """Make a message in answer: in the channel, or hidden when it is ephemeral."""
        world = self.discord.world
        metadata = {"id": str(record.id), "type": record.kind, "user": payloads.user(record.user)}
        metadata["authorizing_integration_owners"] = {"0": str(record.guild.id if record.guild else 0)}
        fields = {"kind": 20 if record.kind == COMMAND else 0, "interaction": metadata, **fields}
        fields["webhook_id"] = world.application.id
        if fields.get("flags", 0) & 64:
            message = Message(world.ids.make(), record.channel.id, world.bot, timestamp=world.clock.now(), **fields)
            self.hidden[message.id] = message
            return message
        return messages.post(world, record.channel, world.bot, fields.pop("content", ""), **fields)

    def find(self, record: InteractionRecord, which: str) -> Message:
        """@original or a follow-up by its id."""
        own = [*([record.response] if record.response else []), *record.followups]
        for message in own:
            if which in ("@original", str(message.id)) and not (record.deleted and message is record.response):
                return message
        raise unknown("message")

    def change(self, message: Message, fields: dict[str, Any]) -> None:
        """Edit an answer; a deferred one stops loading."""
        flags = (message.flags & ~LOADING) | (fields.pop("flags", 0) or 0)
        messages.edit(self.discord.world, message, flags=flags, **fields)

    def remove(self, record: InteractionRecord, message: Message) -> None:
        """Delete an answer."""
        if self.hidden.pop(message.id, None) is None:
            messages.delete(self.discord.world, message)
        if message is record.response:
            record.deleted = True
        else:
            record.followups.remove(message)
