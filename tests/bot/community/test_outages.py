"""Promise 29a in process: whatever befalls the real bot, its counts and members equal what Discord knows.

Hypothesis chooses what people do, and when sessions are lost, the process dies or the database refuses.
"""

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.client import CommunityBot
from bot.community import catch_up, pace, storage
from bot.community.models import ActivityDay, Member
from bot.settings import Settings
from demo.simdiscord import SimDiscord
from tests.conftest import NOW, build_stage
from tests.examples import examples

PEOPLE, PLACES = 3, 3
Act = tuple[str, int, int]
said = st.tuples(st.just("say"), st.integers(0, PEOPLE - 1), st.integers(0, PLACES - 1))
other = st.tuples(
    st.sampled_from(
        ["delete", "outage", "resume", "lose", "restart", "crash", "refuse", "flush", "wait", "join", "leave"]
    ),
    st.integers(0, 5),
    st.integers(0, 5),
)
acts = st.lists(st.one_of(said, said, other), min_size=5, max_size=40)


class World:
    """The real bot among a few people; `connected` and `alive` as the acts left it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bots: list[CommunityBot] = []
        self.env = SimDiscord(self.make_bot(), starts_at=NOW, settle_timeout=30)
        self.young: list = []

    def make_bot(self) -> CommunityBot:
        options = {"token": "simulated", "health_port": None, "features": ()}
        self.bots.append(CommunityBot(Settings(_env_file=None, database_url=self.url, **options)))
        return self.bots[-1]

    @property
    def bot(self) -> CommunityBot:
        return self.bots[-1]

    async def begin(self) -> None:
        await self.env.start()
        self.stage = build_stage(self.env)
        self.people = [self.stage.member, self.stage.moderator, self.stage.admin]
        self.guests: list = []
        await self.env.settle()
        forum = self.stage.guild.create_forum_channel("questions")
        thread, _ = await self.env.post(self.people[0], forum, "How?", "I wonder.")
        self.places = [self.stage.general, self.stage.guild.create_text_channel("room"), thread]
        await self.bot.community.reconcile.idle()
        await self.bot.community.flush.flush()

    async def act(self, what: str, one: int, two: int) -> None:
        env, connected = self.env, self.env.backend.connected
        match what:
            case "say":
                message = await self.people[one].send(self.places[two], "words")
                self.young.append((self.people[one], message))
            case "delete" if connected and self.young:
                author, message = self.young.pop(one % len(self.young))
                await author.delete(message)
                await self.bot.community.flush.flush()
            case "outage" if connected:
                await env.outage()
            case "resume" if not connected:
                await env.reconnect(resumed=True)
            case "lose" if not connected:
                await env.reconnect(resumed=False)
                self.young.clear()
            case "restart" | "crash":
                self.young.clear()  # what an earlier process counted is beyond recall
                await env.restart(self.make_bot(), crash=what == "crash")
            case "refuse":
                await self.refuse()
            case "flush":
                await self.bot.community.flush.flush()
            case "wait":
                await env.pass_time(minutes=1 + one * 3)
            case "join":
                self.guests.append(await env.join(self.stage.guild, f"guest{len(self.guests)}-{one}"))
            case "leave" if self.guests:
                await env.leave(self.guests.pop())

    async def refuse(self) -> None:
        """The database is full in the middle of a flush."""
        move_cursors = storage.move_cursors

        async def full(*args: object) -> None:
            raise OSError("no space left on device")

        storage.move_cursors = full
        try:
            await self.bot.community.flush.flush()
        except OSError:
            pass
        finally:
            storage.move_cursors = move_cursors

    async def end(self) -> None:
        if not self.env.backend.connected:
            await self.env.reconnect(resumed=False)
        await self.env.settle()
        await self.bot.community.reconcile.idle()
        await self.bot.community.flush.flush()
        async with self.bot.db.read() as session:
            rows = list(await session.scalars(select(ActivityDay)))
            members = list(await session.scalars(select(Member)))
        counted = Counter({row.user_id: 0 for row in rows})
        for row in rows:
            counted[row.user_id] += row.messages
        assert +counted == self.discords_own_count()
        here = {row.user_id for row in members if row.left_at is None}
        people = {user for user in self.stage.guild.member_ids() if not self.env.backend.users[user].bot}
        assert here == people

    def discords_own_count(self) -> Counter[int]:
        kept = (message for place in self.env.backend.messages.values() for message in place.values())
        return Counter(message.author_id for message in kept if message.type in {0, 19})


async def play(url: str, script: Sequence[Act]) -> None:
    world = World(url)
    await world.begin()
    try:
        for what, one, two in script:
            await world.act(what, one, two)
        await world.end()
        await world.env.stop_bot()
    finally:
        await world.env.shutdown()
        for bot in world.bots:
            await bot.db.close()


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(catch_up, "PAGE", 3)
    monkeypatch.setattr(pace, "PER_SECOND", 1000.0)
    logging.getLogger("discord").setLevel(logging.ERROR)


@settings(
    max_examples=examples(one_in=10),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making a script smaller would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(script=acts)
def test_counts_and_members_equal_discords_own_whatever_happens(sqlite_template, tmp_path, small_pages, script):
    database = Path(tmp_path) / f"{abs(hash(tuple(script)))}.db"
    shutil.copyfile(sqlite_template, database)
    asyncio.run(play(f"sqlite+aiosqlite:///{database}", script))
    for leftover in tmp_path.glob(f"{database.name}*"):
        leftover.unlink()
