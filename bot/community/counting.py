"""Counts messages and reactions in memory, on the gateway's own call stack."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import Clock, now
from bot.community.batches import GIVEN, MESSAGES, RECEIVED, GuildCounts, Key
from bot.community.channel_state import ChannelState, Gap, Policy
from bot.community.ledger import Ledger
from bot.community.rules import UNCOUNT_MS, ms_of, to_ms

if TYPE_CHECKING:
    from bot.client import CommunityBot

KEPT_REACTIONS = 20_000
"""Reactions remembered so that one that is taken back, or comes twice, is recognised."""
KEPT_MESSAGES = 50_000
"""Messages remembered for the ten minutes in which a deletion uncounts them."""
_WRITTEN = discord.MessageType.default
_REPLY = discord.MessageType.reply
_NEVER, _ANONYMOUS = Policy.NEVER, Policy.ANONYMOUS

Wake = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was known when a page of history was asked for."""

    epoch: int
    before: int | None
    last: int | None


class Counting:
    """The taps. They look at memory only; ``ledger`` holds what they count, ``on_gap`` is told of missed messages."""

    def __init__(self, bot: "CommunityBot", ledger: Ledger, on_gap: Wake, clock: Clock = now) -> None:
        self._bot = bot
        self._ledger = ledger
        self._on_gap = on_gap
        self._clock = clock
        self._live: dict[int, ChannelState] = {}
        """Channels in which this session has delivered a message: everything from then on arrives live."""
        self._epoch = 0
        self._deleted: dict[int, None] = {}
        self._reactions: dict[tuple[int, int, str | int], tuple[GuildCounts, Key, Key | None]] = {}

    # Sessions

    def lose(self, guild_id: int | None = None) -> None:
        """Events may have been missed, in one server or in all: the next message of each channel tells."""
        self._epoch += 1
        if guild_id is None:
            self._live.clear()
        else:
            self._live = {k: state for k, state in self._live.items() if state.guild_id != guild_id}

    def look_again(self, guild_id: int) -> None:
        """What counts in this server has changed."""
        self.lose(guild_id)
        self._ledger.look_again(guild_id)

    # Messages

    def on_message(self, message: discord.Message) -> None:
        state = self._live.get(message.channel.id)
        if state is None:
            if message.guild is None:
                return
            state = self._enter(message, message.guild)
        if state.take(message.id):
            self.count(state, message)

    def count(self, state: ChannelState, message: discord.Message) -> bool:
        """Count a message that the cursor has just passed; whether it counts."""
        guild = self._ledger.guilds[state.guild_id]
        guild.touch(state)
        author, kind = message.author, message.type
        if (
            author.bot
            or message.webhook_id is not None
            or (kind is not _WRITTEN and kind is not _REPLY)
            or state.policy is _NEVER
            or (guild.excluded_roles and _has_any(author, guild.excluded_roles))
            or message.id in self._deleted
        ):
            guild.seal_if_full()
            return False
        user_id = 0 if state.policy is _ANONYMOUS else author.id
        guild.undo[message.id] = guild.add(user_id, state.counts_as, ms_of(message.id), MESSAGES)
        guild.seal_if_full()
        self._ledger.arm()
        return True

    def on_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self._uncount(payload.guild_id, payload.message_id)

    def on_bulk_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in payload.message_ids:
            self._uncount(payload.guild_id, message_id)

    def _uncount(self, guild_id: int | None, message_id: int) -> None:
        guild = self._ledger.guilds.get(guild_id or 0)
        if guild is None or ms_of(message_id) < to_ms(self._clock()) - UNCOUNT_MS:
            return
        self._deleted[message_id] = None
        key = guild.undo.pop(message_id, None)
        if key is not None:
            guild.take_back(key, MESSAGES)
            guild.seal_if_full()
            self._ledger.arm()

    def _enter(self, message: discord.Message, guild: discord.Guild) -> ChannelState:
        """The first message of a channel in this session: what lies between the cursor and it was missed."""
        state = self._ledger.state(guild, message.channel.id)
        unknown = not hasattr(message.channel, "last_message_id")
        # discord.py moves last_message_id on only after it has announced the message: it is still GUILD_CREATE's.
        last = message.id if unknown else getattr(message.channel, "last_message_id", None)
        if unknown or state.misses(last, message.id):
            self._open(state, last)
        if state.tail is not None:
            if message.id <= state.tail.after:
                return state
            state.close_tail(max(message.id, (last or 0) + (not unknown)))
            self._ledger.guilds[guild.id].touch(state)
            if state.gaps:
                self._on_gap(guild.id)
        self._live[state.channel_id] = state
        return state

    def look(self, guild: discord.Guild, channels: Iterable[Any]) -> None:
        """Open a gap in each channel whose last message is beyond its cursor and that was silent in this session."""
        for channel in channels:
            if channel.id in self._live:
                continue
            state = self._ledger.state(guild, channel.id)
            if state.misses(channel.last_message_id):
                self._open(state, channel.last_message_id)

    def ask(self, gap: Gap, channel: Any) -> Asked:
        """Note what is known as a page of history is asked for."""
        return Asked(self._epoch, gap.before, getattr(channel, "last_message_id", None))

    def apply(self, state: ChannelState, gap: Gap, page: Sequence[discord.Message], asked: Asked, *, full: bool) -> int:
        """Count a page of the history behind ``gap.after``, oldest first; how many of its messages count.

        A page that is not ``full`` closes the gap, unless a session or a live message has come since it was asked
        for: it cannot show what was written after that.
        """
        counted = 0
        reached = False
        for message in page:
            reached = gap.before is not None and message.id >= gap.before
            if reached:
                break
            if state.read(gap, message.id):
                counted += self.count(state, message)
        ended = not full and (asked.epoch, asked.before) == (self._epoch, gap.before)
        if (reached or ended or gap.is_empty) and gap in state.gaps:
            state.finish(gap, asked.last)
        self._ledger.guilds[state.guild_id].touch(state)
        self._ledger.arm()
        return counted

    def _open(self, state: ChannelState, last: int | None) -> None:
        if state.policy is _NEVER:
            state.skip_to(last or state.high)
        else:
            state.open_tail()
        self._ledger.guilds[state.guild_id].touch(state)

    # Reactions

    def on_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        guild = self._bot.get_guild(payload.guild_id or 0)
        author_id = payload.message_author_id
        if guild is None or payload.member is None or payload.member.bot or payload.user_id == author_id:
            return
        key = _reaction(payload)
        state = self._ledger.state(guild, payload.channel_id)
        counts = self._ledger.guilds[guild.id]
        if (
            key in self._reactions
            or state.policy is _NEVER
            or (counts.excluded_roles and _has_any(payload.member, counts.excluded_roles))
        ):
            return
        named, ms = state.policy is not _ANONYMOUS, to_ms(self._clock())
        given = counts.add(payload.user_id if named else 0, state.counts_as, ms, GIVEN)
        author = guild.get_member(author_id) if author_id else None
        received = None
        if author is not None and not author.bot and not _has_any(author, counts.excluded_roles):
            received = counts.receive(author.id if named else 0, state.counts_as, ms)
        self._reactions[key] = counts, given, received
        counts.seal_if_full()
        self._ledger.arm()

    def on_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        counted = self._reactions.pop(_reaction(payload), None)
        if counted is None:
            return
        counts, given, received = counted
        counts.take_back(given, GIVEN)
        if received is not None:
            counts.take_back(received, RECEIVED)
        counts.seal_if_full()
        self._ledger.arm()

    # Memory

    def tidy(self) -> None:
        """Forget what can no longer be taken back."""
        oldest = to_ms(self._clock()) - UNCOUNT_MS
        _forget_oldest(self._deleted, oldest)
        for guild in self._ledger.guilds.values():
            _forget_oldest(guild.undo, oldest)
        for reaction in list(islice(self._reactions, max(0, len(self._reactions) - KEPT_REACTIONS))):
            del self._reactions[reaction]

    def forget_member(self, guild_id: int | None, user_id: int) -> None:
        """Nothing of this member can be taken back any more: their counts are being erased."""
        for guild in self._ledger.guilds.values():
            if guild_id in (None, guild.guild_id):
                guild.undo = {message_id: key for message_id, key in guild.undo.items() if key[1] != user_id}
        for reaction, (counts, given, received) in list(self._reactions.items()):
            about = {given[1], received[1] if received else 0, reaction[1]}
            if user_id in about and guild_id in (None, counts.guild_id):
                del self._reactions[reaction]


def _reaction(payload: discord.RawReactionActionEvent) -> tuple[int, int, str | int]:
    return payload.message_id, payload.user_id, payload.emoji.id or payload.emoji.name


def _has_any(person: discord.Member | discord.User, roles: tuple[int, ...]) -> bool:
    return isinstance(person, discord.Member) and any(person.get_role(role_id) is not None for role_id in roles)


def _forget_oldest(messages: dict[int, Any], oldest_ms: int) -> None:
    for message_id in list(takewhile(lambda message_id: ms_of(message_id) < oldest_ms, messages)):
        del messages[message_id]
    for message_id in list(islice(messages, max(0, len(messages) - KEPT_MESSAGES))):
        del messages[message_id]
