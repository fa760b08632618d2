"""Promise 27 for people who left: export, erase, and a restore that brings nobody back."""

import asyncio
import json
import os
import stat

import pytest

from bot.database import Database
from bot.events import EventBus
from bot.lease import Lease
from tests.bot.privacy.rows import GUILD, Filler, everything
from tests.migrated import migrated

CANARY, OTHER, RETURNED = 778899001122334455, 660011223344556677, 550011223344556688


def url_of(path):
    return f"sqlite+aiosqlite:///{path}"


async def on(url, work):
    db = Database(url, EventBus())
    try:
        return await work(db)
    finally:
        await db.close()


async def named(db, user):
    return [(table, column) for table, column, value in await everything(db) if str(user) in value]


@pytest.fixture
def filled(tmp_path):
    """A database where the settings look for it, with two people in every table."""
    path = tmp_path / "data" / "parvis.db"

    async def make():
        await migrated(url_of(path))
        await on(url_of(path), lambda db: Filler(db).fill(CANARY, OTHER))

    asyncio.run(make())
    return path


def found(path, user):
    return asyncio.run(on(url_of(path), lambda db: named(db, user)))


def test_the_export_is_a_file_for_its_owner_and_explains_itself(filled, parvis_says, tmp_path, monkeypatch):
    code, out, error = parvis_says("privacy", "export", "--user", str(CANARY), "--out", "canary.json")
    assert (code, error) == (0, "")
    assert "Only you can read it" in out
    assert stat.S_IMODE((tmp_path / "canary.json").stat().st_mode) == 0o600
    export = json.loads((tmp_path / "canary.json").read_text())
    member = export["about_you"]["member"]
    assert member["entries"][0]["user_id"] == str(CANARY)
    assert member["what"].startswith("Since when you are here")
    assert str(OTHER) not in json.dumps(export)
    code, _, error = parvis_says("privacy", "export", "--user", str(CANARY), "--out", "canary.json")
    assert (code, error.count("\n")) == (1, 1)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    code, out, _ = parvis_says("privacy", "export", "--user", str(CANARY), "--server", str(GUILD + 1))
    assert code == 0
    assert json.loads(out)["about_you"] == {}


def test_erasing_asks_says_what_is_kept_and_why_and_leaves_no_trace(filled, parvis_says, monkeypatch):
    def answer(text):
        monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: text)

    answer("n")
    code, out, _ = parvis_says("privacy", "erase", "--user", str(CANARY))
    assert code == 0
    assert "known as: text" in out
    assert "Nothing was erased" in out
    assert found(filled, CANARY) != []
    answer("y")
    code, out, _ = parvis_says("privacy", "erase", "--user", str(CANARY))
    assert code == 0
    assert "rows were deleted" in out
    assert "salted hash" in out
    assert found(filled, CANARY) == []
    assert found(filled, OTHER) != []
    code, out, _ = parvis_says("privacy", "erase", "--user", str(CANARY), "--yes")
    assert "Nothing is stored" in out


@pytest.mark.parametrize("user", ["0", "-5", "bob", "9" * 30, "١٢٣"])
def test_what_is_no_id_is_refused_and_nothing_is_touched(user, filled, parvis_says):
    before = filled.read_bytes()
    for arguments in (("export",), ("erase", "--yes")):
        code, _, error = parvis_says("privacy", *arguments, f"--user={user}")
        assert code == 2
        assert "is not a Discord id" in error
    assert filled.read_bytes() == before


def test_while_the_bot_runs_nothing_is_erased_because_its_memory_would_bring_it_back(filled, parvis_says):
    asyncio.run(on(url_of(filled), lambda db: Lease(db, "cluster 0").acquire()))
    code, _, error = parvis_says("privacy", "erase", "--user", str(CANARY), "--yes")
    assert (code, error.count("\n")) == (1, 1)
    assert f"process {os.getpid()}" in error
    assert found(filled, CANARY) != []
    assert parvis_says("privacy", "export", "--user", str(CANARY))[0] == 0


@pytest.mark.parametrize("command", ["export", "erase"])
def test_without_a_database_nothing_is_made_up_for_anybody(command, parvis_says, tmp_path):
    code, _, error = parvis_says("privacy", command, "--user", "42")
    assert (code, error.count("\n")) == (1, 1)
    assert "There is no database" in error
    assert list(tmp_path.iterdir()) == []


def test_a_wreck_that_cannot_be_asked_who_was_erased_is_said_plainly(filled, parvis_says):
    assert parvis_says("db", "backup", "b.db")[0] == 0
    assert parvis_says("privacy", "erase", "--user", str(CANARY), "--yes")[0] == 0
    healthy = filled.read_bytes()
    filled.write_bytes(os.urandom(20000))
    code, out, _ = parvis_says("db", "restore", "b.db")
    assert code == 0
    assert "Erase those people again" in out
    for beside in filled.parent.glob("parvis.db?*"):
        beside.unlink()
    filled.write_bytes(healthy)
    code, out, _ = parvis_says("db", "restore", "b.db")
    assert "1 erasure that is newer than the backup was repeated" in out
    assert found(filled, CANARY) == []
