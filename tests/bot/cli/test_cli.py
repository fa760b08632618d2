"""The command line: help in both languages, one line for what goes wrong, nothing overwritten."""

import asyncio
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli import app
from bot.cli.app import parvis
from bot.database import Database
from bot.events import EventBus
from bot.lease import Lease
from bot.settings import Settings

ROOT = Path(__file__).parents[3]


def every_command(command=parvis, path=()):
    yield path, command
    if isinstance(command, click.Group):
        for name, sub in command.commands.items():
            yield from every_command(sub, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), list(every_command()), ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_every_command_and_option_explains_itself_in_both_languages(path, command, parvis_says, monkeypatch):
    code, english, _ = parvis_says(*path, "--help")
    assert code == 0
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    command._help_option = None  # made once; a process has one language
    code, french, _ = parvis_says(*path, "--help")
    command._help_option = None
    assert code == 0
    assert "Usage:" in english
    assert "Usage\u202f:" in french
    explained = [command.help, *(option.help for option in command.params if isinstance(option, click.Option))]
    assert all(explained)
    assert english.split("\n\n")[1] != french.split("\n\n")[1]
    assert "Show this message" not in french


@pytest.mark.parametrize(
    ("variables", "french"),
    [
        ({"LANG": "fr_FR.UTF-8"}, True),
        ({"LANG": "fr"}, True),
        ({"LC_ALL": "fr_CA.UTF-8", "LANG": "en_GB.UTF-8"}, True),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "fr_FR.UTF-8"}, False),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_BE", "LANG": "en_US"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
        ({}, False),
    ],
)
def test_the_terminals_language_is_spoken_and_english_otherwise(variables, french, parvis_says, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    _, _, error = parvis_says("run")
    assert error.startswith("DISCORD_TOKEN n’est pas" if french else "DISCORD_TOKEN is not")


@pytest.mark.parametrize(
    "arguments",
    [
        ("rum",),
        ("run", "--fast"),
        ("demo", "--port", "x"),
        ("demo", "--port", "70000"),
        ("db", "backup"),
        ("demo", "--headless"),
    ],
)
def test_a_slip_is_explained_in_french_without_a_traceback(arguments, parvis_says, monkeypatch):
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    code, _, error = parvis_says(*arguments)
    assert code == 2
    assert "Erreur" in error
    assert not re.search(r"\b(Error|Missing|No such|Invalid|is not|Try|needs)\b", error), error


def test_the_version_is_told(parvis_says):
    code, out, _ = parvis_says("--version")
    assert (code, out) == (0, "parvis, version 0.1.0\n")


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ({}, 78, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": "  "}, 78, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": "canary", "PARVIS_HEALTH_PORT": "canary"}, 78, "PARVIS_HEALTH_PORT"),
        ({"DISCORD_TOKEN": "canary", "PARVIS_CLUSTER": "0/2"}, 78, "PARVIS_CLUSTER"),
        ({"DISCORD_TOKEN": "canary", "PARVIS_CLUSTER": "canary"}, 78, "PARVIS_CLUSTER"),
        ({"DISCORD_TOKEN": "canary", "DATABASE_URL": "mysql://u:canary@h/d"}, 78, "DATABASE_URL"),
        ({"DISCORD_TOKEN": "canary", "PARVIS_DISCORD_URL": "https://canary.example"}, 78, "PARVIS_DISCORD_URL"),
    ],
)
def test_what_keeps_the_bot_from_running_is_one_line_with_its_exit_code(
    variables, code, words, parvis_says, monkeypatch
):
    monkeypatch.setattr("bot.startup.configure_logging", lambda *_, **__: None)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended, out, error = parvis_says("run")
    assert ended == code
    assert out == ""
    assert error.count("\n") == 1
    assert words in error
    assert "canary" not in error


def test_a_demo_without_its_packages_says_how_to_get_them(parvis_says, monkeypatch):
    real = app.importlib.import_module

    def missing(name):
        if name == "demo.cli":
            raise ModuleNotFoundError("No module named 'simcord'", name="simcord")
        return real(name)

    monkeypatch.setattr(app.importlib, "import_module", missing)
    code, _, error = parvis_says("demo")
    assert code == 1
    assert "simcord" in error
    assert "python3 start.py demo" in error


def test_a_backup_is_made_verified_and_restored(database, parvis_says):
    code, out, error = parvis_says("db", "backup", "b.db")
    assert code == 0
    assert "complete and verified" in out
    assert re.search(r"guild +│ +7", error)
    assert parvis_says("db", "verify", "b.db")[0] == 0
    assert parvis_says("db", "verify")[0] == 0
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM guild")
    connection.close()
    code, out, _ = parvis_says("db", "restore", "b.db")
    assert code == 0
    assert "is kept as" in out
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM guild").fetchone() == (7,)
    connection.close()


def test_a_backup_is_not_written_over_a_file(database, parvis_says, tmp_path):
    (tmp_path / "b.db").write_text("precious")
    code, _, error = parvis_says("db", "backup", "b.db")
    assert (code, error.count("\n")) == (1, 1)
    assert "b.db exists already" in error
    assert (tmp_path / "b.db").read_text() == "precious"


@pytest.mark.parametrize("arguments", [("backup", "b.db"), ("verify",)])
def test_without_a_database_nothing_is_made_up(arguments, parvis_says, tmp_path):
    code, _, error = parvis_says("db", *arguments)
    assert code == 1
    assert "There is no database" in error
    assert list(tmp_path.iterdir()) == []


def test_a_restore_where_there_was_nothing_makes_the_database(database, parvis_says):
    assert parvis_says("db", "backup", "b.db")[0] == 0
    shutil.rmtree(database.parent)
    assert parvis_says("db", "restore", "b.db")[0] == 0
    assert database.exists()


@pytest.mark.parametrize("command", [("db", "restore", "b.db"), ("db", "upgrade")])
def test_while_a_process_is_at_work_the_database_is_neither_replaced_nor_migrated(command, database, parvis_says):
    assert parvis_says("db", "backup", "b.db")[0] == 0

    async def hold():
        db = Database(f"sqlite+aiosqlite:///{database}", EventBus())
        await Lease(db, "cluster 0").acquire()
        await db.close()

    asyncio.run(hold())
    before = database.read_bytes()
    code, _, error = parvis_says(*command)
    assert code == 1
    assert f"process {os.getpid()}" in error
    assert database.read_bytes() == before


def test_a_file_that_is_no_backup_is_refused_and_nothing_changes(database, parvis_says, tmp_path):
    (tmp_path / "notes.txt").write_text("notes" * 5000)
    before = database.read_bytes()
    code, _, error = parvis_says("db", "restore", "notes.txt")
    assert (code, error.count("\n")) == (1, 1)
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["parvis.db"]


def test_an_upgrade_is_safe_to_repeat(parvis_says):
    assert parvis_says("db", "upgrade")[1] == "The database is up to date.\n"
    assert parvis_says("db", "upgrade")[1] == "The database is up to date.\n"


@pytest.mark.parametrize("command", [("db", "backup", "b.db"), ("db", "restore", "small.db")])
def test_a_disk_that_fills_up_leaves_a_line_and_no_partial_file(command, database, tmp_path, parvis_says):
    """The kernel refuses to let any file grow beyond 1 MB, as a full disk would in the middle of the work."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("CREATE TABLE bulk (x BLOB)")
        connection.execute("INSERT INTO bulk SELECT randomblob(100000) FROM (SELECT 1 FROM guild a, guild b)")
    connection.close()
    assert parvis_says("db", "backup", "small.db")[0] == 0
    before = sorted(tmp_path.rglob("*")), database.read_bytes()
    limit = 1 << 20
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C"},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("There is not enough room in")
    assert ended.stderr.count("\n") == 1
    assert (sorted(tmp_path.rglob("*")), database.read_bytes()) == before


def test_every_setting_is_documented_in_the_example_file():
    text = (ROOT / ".env.example").read_text()
    documented = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    fields = {
        field.upper() if field.isupper() else f"PARVIS_{field.upper()}"
        for field in Settings.model_fields
        if field not in ("token", "database_url")
    }
    assert documented == fields | {"DISCORD_TOKEN", "DATABASE_URL"}


def test_the_example_file_shows_the_defaults():
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#(PARVIS_[A-Z_]+|DATABASE_URL)=(.+)$", text, re.MULTILINE))
    given = {"DATABASE_URL" if k == "DATABASE_URL" else k: v for k, v in shown.items()}
    names = {k: "database_url" if k == "DATABASE_URL" else k.removeprefix("PARVIS_").lower() for k in given}
    example = Settings(_env_file=None, **{names[k]: v for k, v in given.items()})
    assert example == Settings(_env_file=None)
