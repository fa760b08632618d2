"""Any sequence of edits, undone changes, exports, imports and restarts, on both databases.

What is exported imports to the same state, into a server with other ids too; the memory is the database; and whoever
reads the history from its beginning arrives at the present.
"""

import asyncio
import os
import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from bot.database import Database
from bot.events import EventBus
from bot.guilds.models import GuildSection
from bot.guilds.sections import CommunitySettings
from bot.guilds.transfer.mapping import Directory
from bot.guilds.transfer.reading import read
from bot.guilds.transfer.service import Imports
from bot.guilds.transfer.writing import Writer
from bot.i18n.localizer import I18n
from tests.bot.guilds.conftest import ADA, GUILD, settings_of
from tests.rich_section import RichSettings

OTHER = GUILD + 1
SECTIONS = (CommunitySettings, RichSettings)
NAMES = {GUILD: {number: f"name {number}" for number in (1, 2, 3)}, OTHER: {n * 10: f"name {n}" for n in (1, 2, 3)}}
"""The channels, and the roles, of two servers: the same names under other ids."""
FIELDS = {
    CommunitySettings: {
        "time_zone": st.sampled_from(["UTC", "Europe/Paris"]),
        "staff_roles": st.lists(st.integers(1, 3), unique=True),
    },
    RichSettings: {
        "limit": st.integers(1, 100),
        "text": st.sampled_from(["", "one\ntwo", 'a "quoted" \\ text']),
        "channel": st.none() | st.integers(1, 3),
        "pause": st.none() | st.timedeltas().filter(lambda span: span.total_seconds() >= 0),
        "words": st.lists(st.sampled_from("abc"), min_size=1, max_size=4),
        "groups": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from("xyz"), "role": st.none() | st.integers(1, 3)}), max_size=3
        ),
        "rungs": st.lists(st.fixed_dictionaries({"role": st.integers(1, 3)}), max_size=2),
    },
}


class Names:
    def __init__(self, guild_id):
        self.known = NAMES[guild_id]

    def channel(self, channel_id):
        return self.known.get(channel_id)

    role = channel


def directory(guild_id):
    known = NAMES[guild_id]
    return Directory({one: (name, "text") for one, name in known.items()}, known)


class Machine(RuleBasedStateMachine):
    def __init__(self, open_database, runner):
        super().__init__()
        self.open_database, self.runner = open_database, runner
        self.files = []
        self.open()

    def do(self, work):
        return self.runner.run(work)

    def open(self):
        self.database = self.open_database()
        self.settings = settings_of(self.database, clock=self.clock)
        self.imports = Imports(self.database, self.settings, clock=self.clock)
        self.do(self.settings.load())

    @staticmethod
    def clock():
        return datetime(2026, 3, 2, tzinfo=UTC)

    def state(self, guild_id=GUILD):
        return [self.settings.get(guild_id, section) for section in SECTIONS]

    def exported(self, guild_id=GUILD):
        fields = [(type(value), self.settings.differing(value)) for value in self.state(guild_id)]
        return Writer(I18n().for_language("fr"), Names(guild_id)).file("Agora", fields)

    def imported(self, text, guild_id):
        """Apply the file; the number of changes it made."""
        file = read(text.encode(), self.settings.sections.all())
        waiting = self.do(self.imports.keep(guild_id, ADA, file))
        waiting = self.do(self.imports.get(guild_id, ADA, waiting.number))
        plan = self.imports.plan(guild_id, waiting, directory(guild_id))
        assert plan.obstacles == ()
        if plan.steps:
            self.do(self.imports.apply(guild_id, ADA, waiting.number, plan, None))
        return len(plan.steps)

    @rule(section=st.sampled_from(SECTIONS), data=st.data())
    def edit(self, section, data):
        field = data.draw(st.sampled_from(sorted(FIELDS[section])))
        self.do(self.settings.change(GUILD, section, by=ADA, **{field: data.draw(FIELDS[section][field])}))

    @rule()
    def export(self):
        self.files.append((self.exported(), self.state()))

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def bring_back(self, data):
        text, state = data.draw(st.sampled_from(self.files))
        before, kept = self.state(), len(self.history())
        changed = self.imported(text, GUILD)
        assert self.state() == state
        assert changed == sum(one != other for one, other in zip(before, state, strict=True))
        entries = self.do(self.settings.entries(GUILD, limit=1))
        if changed:
            assert len(self.history()) == kept + changed
            assert len(entries[0]) == changed, "one entry, however many sections"
            self.do(self.settings.revert(GUILD, entries[0][0].id, by=ADA))
            assert self.state() == before, "undone as a whole"
            self.imported(text, GUILD)

    @rule()
    def elsewhere(self):
        """Into a server with other ids, and from there back."""
        mine = self.state()
        self.imported(self.exported(), OTHER)
        there = self.settings.get(OTHER, RichSettings)
        channel = mine[1].channel
        assert there.channel == (None if channel is None else channel * 10)
        assert [rung.role for rung in there.rungs] == [rung.role * 10 for rung in mine[1].rungs]
        assert self.imported(self.exported(OTHER), GUILD) == 0
        assert self.state() == mine

    @rule(data=st.data())
    def undo(self, data):
        history = self.history()
        if history:
            change = data.draw(st.sampled_from(history))
            self.do(self.settings.revert(GUILD, change.id, by=ADA))

    @rule()
    def restart(self):
        self.do(self.database.close())
        self.open()

    def history(self):
        return self.do(self.settings.history(GUILD, limit=10_000))

    @invariant()
    def the_memory_is_the_database_and_the_history_leads_there(self):
        async def stored():
            async with self.database.read() as session:
                rows = await session.scalars(select(GuildSection).where(GuildSection.guild_id == GUILD))
                return {row.section: row.value for row in rows if row.value}

        replayed = {}
        for change in reversed(self.history()):
            assert replayed.get(change.section, {}) == change.before
            replayed[change.section] = change.after
        replayed = {section: value for section, value in replayed.items() if value}
        assert replayed == self.do(stored())
        assert replayed == {
            one.key: self.settings.differing(one) for one in self.state() if self.settings.differing(one)
        }

    def teardown(self):
        self.do(self.database.close())


def run(make_url, examples, steps=10):
    with asyncio.Runner() as runner:

        def machine():
            url = runner.run(make_url())
            return Machine(lambda: Database(url, EventBus()), runner)

        options = settings(max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(machine, settings=options)


@pytest.fixture
def new_sqlite(sqlite_template, tmp_path):
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
        made.append(f"transfer_{os.getpid()}_{len(made)}")
        return await cluster.create_database(made[-1], template=postgres_template)

    return make


def test_what_is_exported_imports_to_the_same_state_on_sqlite(new_sqlite):
    run(new_sqlite, 6)


def test_what_is_exported_imports_to_the_same_state_on_postgresql(new_postgres):
    run(new_postgres, 2)


@pytest.mark.soak
def test_a_long_run_of_edits_and_imports_on_sqlite(new_sqlite):
    run(new_sqlite, 200, 30)


@pytest.mark.soak
def test_a_long_run_of_edits_and_imports_on_postgresql(new_postgres):
    run(new_postgres, 50, 30)
