"""Whatever a newcomer does in whatever order, and whenever the process dies: each reminder is right, and comes once."""

import asyncio
import logging
import shutil
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.attention.rules import WEEK
from bot.database import Database
from bot.events import EventBus
from cogs.onboarding.models import How
from cogs.onboarding.rules import step_named
from cogs.onboarding.rules.nudges import END
from tests.cogs.onboarding.newcomers.nursery import PARIS, Nursery
from tests.cogs.onboarding.services import ADA, BOB, GUILD, PAIRS
from tests.conftest import SetClock

OWN = ("code", "groups", "introduction", "first_message")
TEAM = 900
acts = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.booleans()),
        st.sampled_from([("screen",), ("leave",), ("restart",), ("silence",), ("greet",), ("ask",), ("handled",)]),
        st.just(("settings",)),
        st.tuples(st.just("do"), st.sampled_from(OWN)),
        st.tuples(st.just("dies"), st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from([1, 6, 11, 25, 49, 80])),
        st.tuples(st.just("wait"), st.sampled_from([25, 49, 80])),
    ),
    min_size=8,
    max_size=20,
)


class Story:
    """One newcomer and what must be true of every message that reaches them."""

    def __init__(self, nursery):
        self.nursery = nursery
        self.clock = nursery.clock
        self.here = self.screened = self.silent = False
        self.joined = self.since = None
        self.done = set()
        self.told = []
        self.waived = set()
        """Steps that the team took care of, or that came up in vain while the newcomer was silent."""
        self.asked = None
        send = nursery.postman.send

        async def checked(letter, content):
            before = len(nursery.postman.sent)
            try:
                await send(letter, content)
            finally:
                if len(nursery.postman.sent) > before:
                    self.arrived(content)

        nursery.postman.send = checked

    @property
    def step(self):
        return next((step for step in OWN if step not in self.done), None)

    def arrived(self, step):
        """A reminder has just arrived."""
        at = self.clock()
        assert self.here
        assert self.screened
        assert not self.silent
        assert step == self.step
        assert step not in [earlier for _, earlier in self.told], "twice"
        assert 8 <= at.astimezone(PARIS).hour < 22
        assert at < self.joined + END
        wait = timedelta(hours=24) if step == "code" else timedelta(days=3)
        assert step == self.asked or at >= self.since + wait
        assert not self.told or at >= self.told[-1][0] + WEEK
        self.told.append((at, step))

    async def live(self, history):
        for name, *values in history:
            await getattr(self, "on_" + name)(*values)
            if self.silent:
                self.waived.add(self.step)

    async def on_join(self, pending):
        if not self.here:
            self.clock.advance(minutes=1)
            await self.nursery.join(pending=pending)
            self.here, self.screened = True, not pending
            self.joined = self.since = self.clock()
            self.asked = None

    async def on_screen(self):
        if self.here and not self.screened:
            await self.nursery.screen()
            self.screened, self.since = True, self.clock()

    async def on_leave(self):
        if self.here:
            await self.nursery.leave()
            self.here = self.screened = False

    async def on_do(self, step):
        if not (self.here and self.screened) or step in self.done:
            return
        journeys = self.nursery.journeys
        if step == "code":
            await self.nursery.accept()
        elif step == "groups":
            await journeys.choose_groups(GUILD, ADA, wanted=(), unwanted=())
        elif step == "introduction":
            await journeys.introduce(GUILD, ADA, PAIRS)
        else:
            await journeys.spoke(GUILD, ADA, self.clock())
        self.done.add(step)
        self.since = self.clock()

    async def on_greet(self):
        if self.here:
            await self.nursery.journeys.greet(GUILD, ADA, BOB, How.REPLY)

    async def on_silence(self):
        await self.nursery.attention.silence(GUILD, ADA, not self.silent)
        self.silent = not self.silent

    async def on_ask(self):
        if self.step is not None:
            if self.here and self.screened:
                self.asked = self.step
            await self.nursery.nudges.ask(GUILD, ADA, step_named(self.step), TEAM)

    async def on_handled(self):
        if self.step is not None and self.here and self.screened:
            await self.nursery.nudges.handled(GUILD, ADA, step_named(self.step), TEAM)
            self.waived.add(self.step)

    async def on_dies(self, dies):
        self.nursery.postman.dies = ConnectionError() if dies else None

    async def on_wait(self, hours):
        await self.nursery.pass_time(hours=hours)

    async def on_settings(self):
        await self.nursery.nudges.replan(GUILD)

    async def on_restart(self):
        self.nursery = await self.nursery.restarted()

    async def nobody_is_forgotten(self):
        """Who is stuck long enough, with room in their week and days left, has been reminded in the end."""
        await self.on_dies(False)
        await self.nursery.pass_time(days=8)
        await self.nursery.nudges.replan(GUILD)
        await self.nursery.pass_time(days=1, hours=12)
        told = [step for _, step in self.told]
        reachable = self.here and self.screened and self.step not in {None, *self.waived}
        if reachable and not self.silent and self.clock() < self.joined + END:
            assert self.step in told


async def live(url, history):
    nursery = await Nursery(Database(url, EventBus()), SetClock()).open()
    try:
        story = Story(nursery)
        await story.live(history)
        await story.nobody_is_forgotten()
    finally:
        await nursery.db.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20)
@given(acts)
def test_every_reminder_is_right_once_by_day_in_time_and_nobody_is_forgotten(
    tmp_path_factory, sqlite_template, history
):
    path = tmp_path_factory.mktemp("nudges") / "parvis.db"
    shutil.copyfile(sqlite_template, path)
    silenced = logging.getLogger("bot.timers.service")
    silenced.disabled = True  # a process that dies on purpose says so at length
    try:
        asyncio.run(live(f"sqlite+aiosqlite:///{path}", history))
    finally:
        silenced.disabled = False
