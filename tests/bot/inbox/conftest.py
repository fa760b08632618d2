"""The inbox on both databases, with a clock the test moves."""

from datetime import timedelta

import pytest

from bot.contracts.inbox import InboxKind
from bot.inbox import Inbox
from bot.timers import Timers

GUILD = 500
MINA, NOOR, OLEG, BOB = 11, 12, 13, 21

QUESTION = InboxKind("test.question", "Questions", "{member} asks about {topic}", "Answer it.")
REPORT = InboxKind(
    "test.report",
    "Reports",
    "A report of {member}",
    "Read it.",
    urgent_after=timedelta(hours=2),
    claim_for=timedelta(hours=1),
    personal=True,
)
APPEAL = InboxKind("test.appeal", "Appeals", "An appeal", "Decide.", by_hand=False)
KINDS = QUESTION, REPORT, APPEAL


class Room:
    """An inbox in a process of its own: ``restarted`` is another process on the same database."""

    def __init__(self, db, clock, zone="Europe/Paris"):
        self.db = db
        self.clock = clock
        self.zone = zone
        self.timers = Timers(db, clock)
        self.inbox = Inbox(db, self.timers, lambda _guild: self.zone, clock)
        for kind in KINDS:
            self.inbox.register(kind)

    async def restarted(self):
        room = Room(self.db, self.clock, self.zone)
        await room.inbox.start()
        return room

    async def add(self, kind=REPORT, source="1", guild=GUILD, **given):
        given.setdefault("params", {"topic": "tea"} if kind is QUESTION else {})
        return await self.db.transaction(lambda tx: self.inbox.add(tx, guild, kind, source, **given))

    async def done(self, kind=REPORT, source="1", by=None, outcome="upheld"):
        return await self.db.transaction(lambda tx: self.inbox.done(tx, GUILD, kind, source, by, outcome))

    async def item(self, kind=REPORT, source="1"):
        return next(i for i in await self.inbox.open_items(GUILD) if (i.kind, i.source) == (kind, source))

    async def new(self, kind=REPORT, source="1", **given):
        """The id of an item that was just added."""
        assert await self.add(kind, source, **given)
        return (await self.item(kind, source)).id

    async def holder(self, item_id):
        return (await self.inbox.item(GUILD, item_id)).holder

    async def acts(self, item_id):
        item = await self.inbox.item(GUILD, item_id)
        return [(done.act.value, done.actor, done.target) for done in reversed(await self.inbox.history(item, 100))]

    async def pass_time(self, **amount):
        self.clock.advance(**amount)
        await self.timers.run_due()


@pytest.fixture
def room(db, clock):
    return Room(db, clock)
