"""The attention budget on both databases, with a clock the test moves and a carrier that keeps what it sends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.attention import Attention, AttentionKind
from bot.attention.service import Unreachable
from bot.contracts.attention import Proposal, ProposalSettled
from bot.inbox import Inbox
from bot.timers import Timers
from bot.timers.models import Timer

GUILD, BOB, NOOR = 500, 21, 22


async def _unused(telling):
    raise AssertionError("the carrier of the tests builds")


NICE = AttentionKind("test.nice", 10, _unused)
HELP = AttentionKind("test.help", 50, _unused)
URGENT = AttentionKind("test.urgent", 90, _unused)
KINDS = NICE, HELP, URGENT


class Carrier:
    """Discord, as far as the budget sees it."""

    def __init__(self, clock):
        self.clock = clock
        self.sent = []
        """(when, user, kind) of every message that arrived."""
        self.arrived = set()
        self.closed = set()
        self.empty = set()
        """Kinds that have nothing to say any more."""
        self.fails = None
        """Raised before a message arrives."""
        self.dies = None
        """Raised after it has arrived: the process is killed before it notes that."""
        self.away = False

    def reaches(self, guild_id):
        return not self.away

    async def build(self, letter, kind):
        return None if kind.name in self.empty else kind.name

    async def send(self, letter, content):
        assert letter.claimed_at is not None
        if self.fails:
            raise self.fails
        if letter.user_id in self.closed:
            raise Unreachable
        if letter.id not in self.arrived:  # what post_once promises
            self.arrived.add(letter.id)
            self.sent.append((self.clock(), letter.user_id, content))
        if self.dies:
            raise self.dies


class Post:
    """A process: ``restarted`` is another one on the same database and the same Discord."""

    def __init__(self, db, clock, carrier=None):
        self.db = db
        self.clock = clock
        self.carrier = carrier or Carrier(clock)
        self.timers = Timers(db, clock)
        self.people = Inbox(db, self.timers, lambda _guild: "Europe/Paris", clock).people
        self.attention = Attention(db, self.timers, self.people, lambda _guild: "Europe/Paris", self.carrier, clock)
        self.settled = []
        self.listening = True
        for kind in KINDS:
            self.attention.register(kind)
        db.bus.on(ProposalSettled, self._note)

    async def _note(self, event, tx):
        if self.listening:
            self.settled.append((event.kind, event.source, event.outcome.value))

    def restarted(self):
        self.listening = False
        return Post(self.db, self.clock, self.carrier)

    async def propose(self, kind=HELP, source="1", user=BOB, lasts=timedelta(days=30), **params):
        proposal = Proposal(GUILD, user, kind.name, source, self.clock() + lasts, params)
        return await self.db.transaction(lambda tx: self.attention.propose(tx, proposal))

    async def withdraw(self, kind=HELP, source="1", user=BOB):
        return await self.db.transaction(lambda tx: self.attention.withdraw(tx, GUILD, user, kind.name, source))

    async def pass_time(self, **amount):
        """Let time pass, keeping each promise when it is due."""
        ends = self.clock() + timedelta(**amount)
        while (due := await self._next_due()) is not None and due <= ends:
            self.clock.set(max(due, self.clock()))
            await self.timers.run_due()
        self.clock.set(ends)

    async def _next_due(self):
        async with self.db.read() as session:
            return await session.scalar(select(func.min(Timer.next_at)))

    @property
    def sent(self):
        return [content for _, _, content in self.carrier.sent]


@pytest.fixture
def post(db, clock):
    return Post(db, clock)
