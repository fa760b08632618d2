"""A stream of messages in which a bot may be killed at any point, and what must have been counted in the end."""

import asyncio
import datetime as dt
import random
from collections import Counter

from tests.loopback import GuildHandle, LoopbackDiscord, MemberHandle
from tests.loopback.models import Channel

COUNTED_KINDS = (0, 19)
Key = tuple[dt.date, int, int]  # UTC day, author, channel (a thread counts for its channel)


class Stream:
    """People of one guild who write into several channels and threads, unevenly, as people do."""

    def __init__(self, discord: LoopbackDiscord, guild: GuildHandle, seed: int) -> None:
        self.discord, self.guild = discord, guild
        self.random = random.Random(seed)
        self.people: list[MemberHandle] = [guild.add_member(f"member{n}") for n in range(25)]
        self.channels: list[Channel] = [guild.text_channel(f"channel{n}") for n in range(5)]
        self.bot_friend = guild.add_member(discord.world.create_user("otherbot", bot=True))
        self.written = 0
        self.begins_after = 0

    async def open_threads(self) -> None:
        """Two of the places are threads."""
        for number in range(2):
            self.channels.append(await self.people[0].open_thread(self.channels[number], f"thread{number}"))

    async def write(self, count: int, *, per_second: float = 0) -> None:
        """Write so many messages, now and then one that must not count."""
        for number in range(count):
            author = self.random.choices(self.people, weights=range(len(self.people), 0, -1))[0]
            where = self.random.choices(self.channels, weights=range(len(self.channels), 0, -1))[0]
            if self.random.random() < 0.03:
                author = self.bot_friend
            await author.say(where, f"message {self.written}")
            self.written += 1
            if per_second and number % 10 == 9:
                await asyncio.sleep(10 / per_second)

    def begin(self) -> None:
        """The bot is there now: only what comes from here on counts."""
        self.begins_after = self.discord.world.ids.make()

    def expected(self) -> Counter[Key]:
        """What Discord itself knows since then: messages of people, per UTC day, author and channel."""
        found: Counter[Key] = Counter()
        for channel in self.guild.state.channels.values():
            where = channel.parent_id if channel.thread is not None else channel.id
            for message in channel.messages.values():
                counts = message.kind in COUNTED_KINDS and not message.author.bot
                if counts and message.id > self.begins_after:
                    found[message.timestamp.date(), message.author.id, where or 0] += 1
        return found


def difference(counted: Counter[Key], expected: Counter[Key]) -> dict[Key, tuple[int, int]]:
    """Where they differ: (counted, expected)."""
    return {key: (counted[key], expected[key]) for key in counted | expected if counted[key] != expected[key]}
