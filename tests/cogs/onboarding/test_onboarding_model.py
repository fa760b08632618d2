"""Whatever a newcomer and the team do in whatever order, and whenever the process dies: all is as a plain model says.

The facts, the roles, the welcome's thread, the introduction, what greeters are told and buddies' introductions equal
the model after every step, though half of the processes die at an effect, before it or before it is noted. Each
reminder is right, comes once for a step, by day and within 14 days, and in the end nobody is forgotten. On both
databases.
"""

import asyncio
import logging
import os
import shutil
from datetime import timedelta
from itertools import cycle

import pytest
from discord.utils import snowflake_time, time_snowflake
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.community.models import Contribution
from bot.database import Database
from bot.errors import UserError
from bot.events import EventBus
from cogs.onboarding.models import How
from cogs.onboarding.raids.settings import RaidsSettings
from cogs.onboarding.rules import step_named
from cogs.onboarding.settings import GroupsSettings
from tests.cogs.onboarding.services import CHESS, GARDEN, GUILD, PAIRS, ROLE
from tests.cogs.onboarding.way import BEFORE, NORA, UNNOTED, Square
from tests.cogs.onboarding.way_model import OWN, USUAL, YOUNG, Model
from tests.conftest import SetClock

TEAM = 900
GREETERS = (2, 3, NORA)
STEPS = (*OWN, "first_reply")


def when(condition):
    return precondition(lambda self: self.model is not None and condition(self.model))


class Way(RuleBasedStateMachine):
    def __init__(self, database, runner):
        super().__init__()
        self.do, self.clock = runner.run, SetClock()
        self.square, self.model = Square(database, self.clock), None
        self.deaths = None
        """How the process ends at the effects of each step."""
        self.wrong = None
        """What was wrong with a reminder that arrived."""

    @initialize(
        required=st.sets(st.sampled_from(STEPS), max_size=3),
        raid=st.booleans(),
        pending=st.booleans(),
        deaths=st.lists(st.sampled_from([None, BEFORE, UNNOTED]), min_size=1, max_size=7),
    )
    def nora_comes_to_a_new_server(self, required, raid, pending, deaths):
        async def begin():
            steps = [{"step": step, "required": step in required} for step in ("screening", *STEPS)]
            await self.square.open(member_role=ROLE, steps=steps)
            await self.square.change(GroupsSettings, groups=[{"role": GARDEN}, {"role": CHESS}])
            await self.square.change(RaidsSettings, enabled=True, joins=USUAL)

        self.do(begin())
        self.model, self.deaths = Model(frozenset(required)), cycle(deaths)
        send, sent = self.square.postman.send, self.square.postman.sent

        async def watched(letter, content):
            before = len(sent)
            try:
                await send(letter, content)
            finally:
                if len(sent) > before and letter.user_id == NORA:
                    self.arrived(content)

        self.square.postman.send = watched
        if raid:
            self.many_come(USUAL + 1)
            self.hold()
        self.join(pending)

    def arrived(self, step):
        try:
            self.model.reminded(step, self.clock())
        except AssertionError as wrong:  # the promise behind it would take that for a failure, and try again
            self.wrong = self.wrong or wrong

    # Nora

    @when(lambda model: not model.here)
    @rule(pending=st.booleans())
    def join(self, pending):
        model, at = self.model, self.clock.advance(minutes=1)
        model.join(at, pending=pending)
        model.gate.join(NORA, at, young=at - snowflake_time(NORA) < YOUNG)
        self.do(self.square.join(NORA, pending=pending))
        self.goes_on()

    @when(lambda model: model.here and not model.screened)
    @rule()
    def screen(self):
        self.do(self.square.screen(NORA))
        self.model.screened, self.model.since = True, self.clock()
        self.goes_on()

    @when(lambda model: model.here)
    @rule()
    def leave(self):
        self.do(self.square.leave(NORA))
        self.square.discord.leave()
        self.model.leave()
        self.goes_on()

    @when(lambda model: model.can_press)
    @rule(step=st.sampled_from(OWN), wanted=st.sets(st.sampled_from([GARDEN, CHESS])))
    def does(self, step, wanted):
        if step != "introduction" or step not in self.model.done:
            self.clock.advance(seconds=1)  # two things of one instant have no order
            self.do(self.written(step, wanted))
            self.model.did(step, self.clock(), wanted)
            self.goes_on()

    async def written(self, step, wanted):
        journeys = self.square.journeys
        if step == "code":
            await self.square.accept(NORA)
        elif step == "groups":
            await journeys.choose_groups(GUILD, NORA, wanted=wanted, unwanted={GARDEN, CHESS} - wanted)
        elif step == "introduction":
            await journeys.introduce(GUILD, NORA, PAIRS)
        else:
            await journeys.spoke(GUILD, NORA, self.clock())

    @when(lambda model: model.can_press)
    @rule()
    def would_like_a_buddy(self):
        self.do(self.square.ask(NORA))
        self.model.wants_buddy = self.model.paired_at is None
        self.goes_on(moved=False)

    # The others

    @rule(greeter=st.sampled_from(GREETERS))
    def greet(self, greeter):
        refused = greeter == NORA or not self.model.here
        try:
            self.do(self.square.journeys.greet(GUILD, NORA, greeter, How.HELLO))
        except UserError:
            assert refused
        else:
            assert not refused
            self.model.greeted(greeter)
        self.goes_on()

    @when(lambda model: model.can_press and model.step)
    @rule(what=st.sampled_from(["asks", "asks", "took care", "she is silent"]))
    def about_reminders(self, what):
        model, step = self.model, step_named(self.model.step)
        if what == "asks":
            model.asked = model.step
            self.do(self.square.nudges.ask(GUILD, NORA, step, TEAM))
        elif what == "took care":
            self.do(self.square.nudges.handled(GUILD, NORA, step, TEAM))
            model.waived.add(model.step)
        else:
            model.silent = not model.silent
            self.do(self.square.attention.silence(GUILD, NORA, model.silent))
        self.goes_on(moved=False)

    @when(lambda model: model.accepted == model.edition)
    @rule()
    def the_code_gets_a_new_edition(self):
        async def publish():
            await self.square.publish()
            await self.square.nudges.replan(GUILD)

        self.model.edition += 1
        self.do(publish())
        self.goes_on(moved=False)

    # The raid brake

    @when(lambda model: not model.gate.holding)
    @rule(count=st.integers(USUAL - 1, USUAL + 1))
    def many_come(self, count):
        came = []
        for _ in range(count):
            at = self.clock.advance(seconds=1)
            came.append((time_snowflake(at - timedelta(hours=1)), at))
            self.model.gate.join(*came[-1], young=True)
        self.do(self.square.raiders(came))
        self.goes_on(moved=False)

    @when(lambda model: model.gate.last_at is not None and not model.gate.holding)
    @rule()
    def hold(self):
        self.model.gate.hold(full_member=self.model.role)
        self.decide("hold", 1)
        self.goes_on(moved=False)

    @when(lambda model: model.gate.holding)
    @rule()
    def let_nora_in(self):
        held = self.model.gate.held
        assert self.decide("release", [NORA]) == int(held)
        self.model.gate.release()
        self.goes_on(moved=held)

    @when(lambda model: model.gate.holding)
    @rule()
    def end_the_hold(self):
        held = self.model.gate.held
        self.model.gate.release(ends=True)
        self.decide("end_hold")
        self.goes_on(moved=held)

    def decide(self, name, *values):
        async def decide():
            raid = await self.square.brake.reader.newest(GUILD)
            return await getattr(self.square.brake.decisions, name)(GUILD, raid.id, TEAM, *values)

        return self.do(decide())

    # Time and death

    @rule(hours=st.sampled_from([0.6, 1, 6, 11, 25, 25, 25, 49, 80]))
    def wait(self, hours):
        async def wait():
            if self.square.ends is None:
                return await self.square.pass_time(hours=hours)
            # The process dies over the next promise.
            ends = self.clock() + timedelta(hours=hours)
            return self.clock.set(max(self.clock(), min(await self.square.next_due() or ends, ends)))

        self.do(wait())
        self.goes_on(moved=False)

    @when(lambda model: model.here)
    @rule()
    def a_letter_is_lost_on_its_way(self):
        self.square.postman.dies = ConnectionError()

    @when(lambda model: model.here)
    @rule()
    def restart(self):
        self.square.ends = None
        self.goes_on(moved=False, anew=True)

    def goes_on(self, *, moved=True, anew=False):
        """Whatever happened has its effects, unless the process dies first: then the next one sees to them.

        ``moved``: it concerned Nora's way.
        """

        async def bring():
            await self.square.bring()
            died = anew or self.square.ends is not None
            if died:
                self.square = await self.square.restarted()
            self.square.ends = next(self.deaths)
            return died

        died = self.do(bring())
        self.model.settle(self.clock(), looked_at=moved or died)

    @invariant()
    def every_reminder_was_right(self):
        if self.wrong is not None:
            raise self.wrong

    @invariant()
    def the_facts_and_what_discord_shows_are_the_models(self):
        async def recorded():
            async with self.square.db.read() as session:
                return (await session.scalars(select(Contribution))).all()

        if self.model is None:
            return
        rows = self.do(recorded())
        assert [(row.kind, row.user_id) for row in rows if row.revision != 1 or row.revoked_at] == []
        assert sorted((row.kind, row.user_id) for row in rows) == sorted(self.model.facts)
        model, discord = self.model, self.square.discord
        assert discord.roles == model.roles
        assert self.square.brake.held(GUILD, NORA) is model.gate.held
        assert (discord.welcomes, discord.thread_open) == (model.welcomes, model.thread_open)
        assert discord.hellos == model.hellos
        assert list(discord.calls.values()) == model.wait.calls
        assert [who for who, *_ in self.do(self.square.waiting())] == [NORA] * model.wait.in_inbox
        assert (len(discord.pairs), len(discord.farewells)) == (model.pairs, model.farewells)

    def teardown(self):
        """Who is stuck long enough, with room in their week and days left, has been reminded in the end."""
        model = self.model
        if model is not None:
            self.square.postman.dies = self.square.ends = None
            for days in (2, 8):
                self.do(self.square.pass_time(days=days))
                self.do(self.square.nudges.replan(GUILD))
            self.do(self.square.pass_time(days=1, hours=12))
            self.every_reminder_was_right()
            reachable = model.can_press and not model.silent and model.step not in {None, *model.waived}
            if reachable and self.clock() < model.joined + timedelta(days=14):
                assert model.step in [step for _, step in model.told]
        self.do(self.square.db.close())


def tell(way, deaths):
    """The whole way, there and back, in a server where every door has a death behind it."""

    def then(step, *values, **options):
        step(*values, **options)
        way.every_reminder_was_right()
        way.the_facts_and_what_discord_shows_are_the_models()

    then(way.nora_comes_to_a_new_server, required={"code", "groups"}, raid=False, pending=True, deaths=deaths)
    then(way.screen)
    then(way.would_like_a_buddy)
    then(way.many_come, USUAL + 1)
    then(way.hold)
    then(way.does, "code", set())
    then(way.does, "introduction", set())
    then(way.wait, 0.6)
    then(way.leave)
    then(way.join, pending=False)
    then(way.wait, 0.6)
    then(way.would_like_a_buddy)
    then(way.does, "groups", {GARDEN})
    then(way.let_nora_in)
    then(way.greet, 3)
    then(way.does, "first_message", set())
    then(way.does, "groups", {CHESS})
    then(way.does, "groups", set())
    then(way.end_the_hold)
    then(way.leave)
    then(way.join, pending=False)
    then(way.wait, 80)
    way.teardown()


def run(make_url, examples, steps=20, stories=([None], [BEFORE], [UNNOTED])):
    silenced = logging.getLogger("bot.timers.service")
    silenced.disabled = True  # a process that dies on purpose says so at length
    try:
        with asyncio.Runner() as runner:
            for deaths in stories:
                tell(Way(Database(runner.run(make_url()), EventBus()), runner), deaths)
            run_state_machine_as_test(
                lambda: Way(Database(runner.run(make_url()), EventBus()), runner),
                settings=settings(
                    max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck)
                ),
            )
    finally:
        silenced.disabled = False


@pytest.fixture
def new_sqlite(sqlite_template, tmp_path, without_threads):
    """Makes a SQLite database with the schema."""
    made = []

    async def make():
        made.append(tmp_path / f"{len(made)}.db")
        shutil.copyfile(sqlite_template, made[-1])
        return f"sqlite+aiosqlite:///{made[-1]}"

    return make


@pytest.fixture
def new_postgres(postgres_template, cluster):
    """Makes a PostgreSQL database with the schema."""
    made = []

    async def make():
        made.append(f"way_{os.getpid()}_{len(made)}")
        return await cluster.create_database(made[-1], template=postgres_template)

    return make


def test_facts_roles_and_reminders_are_the_models_on_sqlite(new_sqlite):
    run(new_sqlite, 4)


def test_facts_roles_and_reminders_are_the_models_on_postgresql(new_postgres):
    run(new_postgres, 1, stories=([None, BEFORE, UNNOTED],))


@pytest.mark.soak
def test_long_ways_on_sqlite(new_sqlite):
    run(new_sqlite, 400, 50)


@pytest.mark.soak
def test_long_ways_on_postgresql(new_postgres):
    run(new_postgres, 60, 50)
