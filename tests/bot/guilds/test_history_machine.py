"""Any sequence of changes, undone changes and restarts leaves the same as on a sheet of paper."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path as File

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.database import Database
from bot.events import EventBus
from bot.guilds import edits
from bot.guilds.paths import RowRef
from tests.bot.guilds.conftest import GUILD, settings_of
from tests.rich_section import RichSettings

FIELDS = {
    "active": st.booleans(),
    "limit": st.integers(1, 100),
    "name": st.sampled_from(["Parvis", "Agora", "Forum"]),
    "channel": st.none() | st.integers(1, 3),
    "gifts": st.lists(st.integers(1, 3), max_size=3, unique=True),
}
DEFAULTS = {"active": False, "limit": 10, "name": "Parvis", "channel": None, "gifts": [], "words": ["hello"]}


class Machine(RuleBasedStateMachine):
    template: File
    changes = Bundle("changes")

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        path = File(self.folder.name) / "machine.db"
        shutil.copyfile(self.template, path)
        self.url = f"sqlite+aiosqlite:///{path}"
        self.model = dict(DEFAULTS)
        self.kept = []

    @initialize()
    def begin(self):
        self.open()

    def open(self):
        self.database = Database(self.url, EventBus())
        self.settings = settings_of(self.database, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
        self.runner.run(self.settings.load())

    def note(self, wanted):
        """The change as it must stand in the history: None when it changed nothing."""
        touched = {name: self.model[name] for name in wanted if wanted[name] != self.model[name]}
        self.model.update(wanted)
        if touched:
            self.kept.append(touched)

    @rule(field=st.sampled_from(sorted(FIELDS)), data=st.data())
    def change(self, field, data):
        value = data.draw(FIELDS[field])
        self.runner.run(self.settings.change(GUILD, RichSettings, by=1, **{field: value}))
        self.note({field: value})

    @rule(word=st.sampled_from(["a", "b", "c"]))
    def add(self, word):
        if len(self.model["words"]) < 4:
            self.runner.run(self.settings.edit(GUILD, RichSettings, edits.adding("words", word), by=1))
            self.note({"words": [*self.model["words"], word]})

    @rule(data=st.data())
    def remove(self, data):
        words = self.model["words"]
        if len(words) > 1:
            index = data.draw(st.integers(0, len(words) - 1))
            edit = edits.removing("words", RowRef.to(words, index))
            self.runner.run(self.settings.edit(GUILD, RichSettings, edit, by=1))
            self.note({"words": words[:index] + words[index + 1 :]})

    @rule(data=st.data())
    def undo(self, data):
        if self.kept:
            index = data.draw(st.integers(0, len(self.kept) - 1))
            history = self.runner.run(self.settings.history(GUILD, limit=1000))
            self.runner.run(self.settings.revert(GUILD, history[len(history) - 1 - index].id, by=1))
            self.note(dict(self.kept[index]))

    @rule()
    def restart(self):
        self.runner.run(self.database.close())
        self.open()

    @invariant()
    def agrees(self):
        if not hasattr(self, "settings"):
            return
        value = self.settings.get(GUILD, RichSettings).model_dump(mode="json")
        assert {name: value[name] for name in DEFAULTS} == self.model
        history = self.runner.run(self.settings.history(GUILD, limit=1000))
        assert [set(change.fields) for change in reversed(history)] == [set(touched) for touched in self.kept]

    def teardown(self):
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()


def test_any_sequence_of_changes_and_undone_changes_agrees_with_a_plain_model(sqlite_template):
    class Here(Machine):
        template = sqlite_template

    run_state_machine_as_test(
        Here, settings=settings(max_examples=15, stateful_step_count=15, suppress_health_check=list(HealthCheck))
    )
