"""Whatever is proposed, withdrawn, silenced, refused and killed: the budget holds, and the most useful goes first."""

import asyncio
import logging
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.attention.models import AttentionAccount, AttentionProposal
from bot.attention.rules import WEEK
from bot.contracts.attention import Outcome
from bot.database import Database
from bot.events import EventBus
from bot.timers.models import Timer
from tests.bot.attention.conftest import BOB, GUILD, KINDS, Post
from tests.conftest import NOW, SetClock

DROPPED = {Outcome.EXPIRED, Outcome.WITHDRAWN, Outcome.SILENCED, Outcome.LEFT}
kinds = st.sampled_from(KINDS)
sources = st.sampled_from(["1", "2"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("propose"), kinds, sources, st.sampled_from([1, 20, 200, 2000])),
        st.tuples(st.just("propose"), kinds, sources, st.just(2000)),
        st.tuples(st.just("withdraw"), kinds, sources),
        st.tuples(st.just("silence"), st.booleans()),
        st.tuples(st.just("closed"), st.booleans()),
        st.tuples(st.just("killed"), st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from([1, 5, 24, 100, 200])),
        st.tuples(st.just("restart")),
    ),
    min_size=6,
    max_size=16,
)


class Story:
    """One member, everything that happens to them, and what must be true of it."""

    def __init__(self, db, clock):
        self.clock = clock
        self.post = Post(db, clock)
        self.silent = False
        self.arrived = []
        self.wrong = []
        send = self.post.carrier.send

        async def checked(letter, content):
            before = len(self.post.carrier.sent)
            try:
                await send(letter, content)
            finally:
                if len(self.post.carrier.sent) > before:
                    await self.check(letter)

        self.post.carrier.send = checked

    async def check(self, letter):
        """A message has just arrived. What is wrong is kept: an error in here would only be tried again."""
        async with self.post.db.read() as session:
            rows = (await session.scalars(select(AttentionProposal))).all()
        mine = next(row for row in rows if row.id == letter.id)
        waiting = [row for row in rows if row.settled_at is None and row.expires_at > self.clock()]
        found = {
            "after Silence": self.silent,
            "two in a week": bool(self.arrived) and self.clock() - self.arrived[-1][0] < WEEK,
            "told twice": letter.id in {known for _, known in self.arrived},
            "too late": mine.expires_at <= self.clock(),
            "a more useful one waited": max(row.usefulness for row in waiting) > mine.usefulness,
        }
        self.wrong += [what for what, is_so in found.items() if is_so]
        self.arrived.append((self.clock(), letter.id))

    async def propose(self, kind, source, hours):
        told = await self.post.propose(kind, source, lasts=timedelta(hours=hours))
        assert not (told and self.silent)

    async def withdraw(self, kind, source):
        await self.post.withdraw(kind, source)

    async def silence(self, on):
        await self.post.attention.silence(GUILD, BOB, on)
        self.silent = on

    async def closed(self, on):
        self.post.carrier.closed = {BOB} if on else set()

    async def killed(self, on):
        self.post.carrier.dies = ConnectionError() if on else None

    async def wait(self, hours):
        await self.post.pass_time(hours=hours)

    async def restart(self):
        self.post = self.post.restarted()


async def play(url, script):
    db = Database(url, EventBus())
    story = Story(db, SetClock(NOW))

    async def empty(tx):
        for table in (AttentionAccount, AttentionProposal, Timer):
            await tx.session.execute(delete(table))

    try:
        await db.transaction(empty)
        for name, *arguments in script:
            await getattr(story, name)(*arguments)
            assert story.wrong == [], (name, arguments)
        await story.killed(False)
        await story.closed(False)
        await story.wait(24 * 120)
        assert story.wrong == []
        async with db.read() as session:
            rows = (await session.scalars(select(AttentionProposal))).all()
        assert [row.source for row in rows if row.settled_at is None] == [], "something waits for ever"
        told = {row.id for row in rows if row.outcome and row.outcome.value == "sent"}
        arrived = {known for _, known in story.arrived}
        # One that arrived as the process was killed may be dropped before its result could be asked for, and no other.
        unsure = {row.id for row in rows if row.claimed_at is not None and row.outcome in DROPPED}
        assert told == {row.id for row in rows if row.id in arrived} - unsure
    finally:
        await db.close()


@given(script=steps)
@settings(
    max_examples=12 if settings().max_examples <= 100 else settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_budget_holds_whatever_happens(database_url, script):
    logging.getLogger("bot.timers.service").disabled = True  # a killed process says so
    try:
        asyncio.run(play(database_url, script))
    finally:
        logging.getLogger("bot.timers.service").disabled = False
