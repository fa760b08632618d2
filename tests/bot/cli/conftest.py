"""The program in a folder of its own, run in this process."""

import asyncio
import os
import sys

import pytest

from bot.cli.app import main
from bot.cli.click_texts import MODULES
from tests.migrated import migrated


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    """A folder of one's own, an English terminal, none of the machine's settings; click is left as it was."""
    for name in list(os.environ):
        if name.startswith(("PARVIS_DISCORD", "PARVIS_LOG", "DISCORD_", "DATABASE_URL", "LC_", "LANG")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    for name in MODULES:
        for attribute in ("_", "ngettext"):
            module = sys.modules[f"click.{name}"]
            if hasattr(module, attribute):
                monkeypatch.setattr(module, attribute, getattr(module, attribute))


@pytest.fixture
def parvis_says(monkeypatch, capsys):
    """`parvis_says(*arguments)`: exit code, standard output, standard error of the whole program."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["parvis", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def database(tmp_path):
    """A populated database where the settings look for it by default."""
    path = tmp_path / "data" / "parvis.db"
    url = f"sqlite+aiosqlite:///{path}"

    asyncio.run(migrated(url, populated=True))
    return path
