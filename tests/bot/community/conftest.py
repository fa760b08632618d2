"""The kernel's storing half on both databases, without Discord."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.community.activity import Activity
from bot.community.batches import GuildCounts
from bot.community.facts import Facts
from bot.community.flush import Flush
from bot.community.ledger import Ledger
from bot.community.models import ActivityDay
from bot.community.rules import Calendar
from bot.community.settings import ActivitySettings
from bot.database import Base, Database
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from tests.conftest import SetClock

GUILD = 1477953611366400005


@dataclass
class Kernel:
    """`restarted()` is what the next process of the bot would know."""

    db: Database
    clock: SetClock
    ledger: Ledger
    facts: Facts
    flush: Flush
    activity: Activity

    def server(self, guild_id: int = GUILD) -> GuildCounts:
        """The count of a server that was never flushed."""
        present = self.clock()
        counts = GuildCounts(guild_id, 0, Calendar(), present, present, present)
        self.ledger.guilds[guild_id] = counts
        return counts

    async def restarted(self) -> "Kernel":
        fresh = build(self.db, self.clock)
        await fresh.ledger.load(self.db)
        return fresh

    async def rows(self, model: type[Base]) -> list[Any]:
        async with self.db.read() as session:
            return list(await session.scalars(select(model)))

    async def messages(self) -> dict[tuple[int, int], int]:
        """(member, channel) → messages, over all days."""
        found: dict[tuple[int, int], int] = {}
        for row in await self.rows(ActivityDay):
            key = (row.user_id, row.channel_id)
            found[key] = found.get(key, 0) + row.messages
        return found


def build(db: Database, clock: SetClock) -> Kernel:
    sections = Sections()
    sections.register(ActivitySettings)
    ledger = Ledger(GuildSettings(db, sections, clock), clock)
    facts = Facts(db, clock)
    flush = Flush(db, ledger, facts, lambda: None, clock)
    ledger.arm = lambda: None  # the tests flush when they want to
    return Kernel(db, clock, ledger, facts, flush, Activity(db))


@pytest.fixture
def kernel(db: Database, clock: SetClock) -> Kernel:
    return build(db, clock)


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
