"""Minutes in voice: who is where is kept in memory, whole minutes go into the count."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.clock import Clock, now
from bot.community.channel_state import Policy
from bot.community.ledger import Ledger
from bot.community.models import ANONYMOUS
from bot.community.pulse import Pulse
from bot.community.rules import to_ms, voice_days

if TYPE_CHECKING:
    from bot.client import CommunityBot

ACCRUE_SECONDS = 300.0
"""What a crash can lose of a stay in voice."""


@dataclass(slots=True)
class Stay:
    """Somebody in a voice channel, counted up to ``since_ms``."""

    channel_id: int
    counted_as: int
    since_ms: int


class Voice:
    """Deafened members, those in the AFK channel and bots do not count; those found at start count from then on."""

    def __init__(self, bot: "CommunityBot", ledger: Ledger, clock: Clock = now) -> None:
        self._bot = bot
        self._ledger = ledger
        self._clock = clock
        self._stays: dict[tuple[int, int], Stay] = {}
        self._pulse = Pulse(ACCRUE_SECONDS, self._turn)

    def moved(self, guild: discord.Guild, user_id: int, state: discord.VoiceState | None) -> None:
        """What Discord says about somebody's voice now; None: they are in no channel."""
        present = to_ms(self._clock())
        stay = self._stays.get((guild.id, user_id))
        channel_id = self._counting_in(guild, user_id, state)
        if stay is not None and stay.channel_id != channel_id:
            self._count((guild.id, user_id), stay, present)
            del self._stays[guild.id, user_id]
            stay = None
        if stay is None and channel_id is not None:
            cursor = self._ledger.state(guild, channel_id)
            counted_as = ANONYMOUS if cursor.policy is Policy.ANONYMOUS else user_id
            self._stays[guild.id, user_id] = Stay(channel_id, counted_as, present)
            self._pulse.arm()

    def begin(self, guild: discord.Guild) -> None:
        """Take note of who is in voice as a session begins."""
        for channel in (*guild.voice_channels, *guild.stage_channels):
            for user_id, state in channel.voice_states.items():
                self.moved(guild, user_id, state)

    def lose(self, guild_id: int | None, at_ms: int) -> None:
        """From ``at_ms`` on nobody knows who was in voice, in one server or in all."""
        for key, stay in list(self._stays.items()):
            if guild_id in (None, key[0]):
                self._count(key, stay, at_ms)
                del self._stays[key]

    def forget_member(self, guild_id: int | None, user_id: int) -> None:
        """Begin anew with somebody whose counts are being erased."""
        present = to_ms(self._clock())
        for key, stay in self._stays.items():
            if key[1] == user_id and guild_id in (None, key[0]):
                stay.since_ms = present

    def stop(self) -> None:
        """Count everything up to now."""
        self._pulse.cancel()
        self.lose(None, to_ms(self._clock()))

    async def _turn(self) -> bool:
        present = to_ms(self._clock())
        for key, stay in self._stays.items():
            self._count(key, stay, present)
        return bool(self._stays)

    def _count(self, key: tuple[int, int], stay: Stay, until_ms: int) -> None:
        counts = self._ledger.guilds.get(key[0])
        if counts is None:
            return
        days, rest = voice_days(stay.since_ms, until_ms, counts.calendar)
        for day in days:
            counts.add_voice(stay.counted_as, stay.channel_id, day, until_ms)
        if days:
            stay.since_ms = rest
            counts.seal_if_full()
            self._ledger.arm()

    def _counting_in(self, guild: discord.Guild, user_id: int, state: discord.VoiceState | None) -> int | None:
        """The channel in which this voice state counts, if it does."""
        if state is None or state.channel is None or state.self_deaf or state.afk or state.channel == guild.afk_channel:
            return None
        member = guild.get_member(user_id)
        cursor, counts = self._ledger.state(guild, state.channel.id), self._ledger.counts(guild)
        if member is None or member.bot or cursor.policy is Policy.NEVER:
            return None
        return None if any(member.get_role(role_id) for role_id in counts.excluded_roles) else state.channel.id
