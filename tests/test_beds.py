"""The test beds themselves: what the fixtures promise."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import inspect

from bot.clock import now
from bot.database import Base
from bot.lease import RuntimeFact
from tests import conftest, postgres


@pytest.fixture
def bot_options():
    return {"features": ()}


async def test_the_database_has_every_table_and_is_of_the_kind_it_says(db, request):
    async with db.writer.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(tables) == set(Base.metadata.tables)
    assert db.dialect in request.node.name


async def test_each_test_has_a_database_of_its_own_1(db):
    await write_a_fact(db)


async def test_each_test_has_a_database_of_its_own_2(db):
    await write_a_fact(db)


async def write_a_fact(db):
    async def write(tx):
        return await tx.ensure(RuntimeFact, key="only", value="once")

    assert await db.transaction(write)


def test_the_clock_stands_still_until_it_is_moved(clock):
    before = now()
    assert now() == before == clock()
    clock.advance(days=2)
    assert (now() - before).days == 2


async def test_the_real_bot_runs_and_restarts_on_the_same_database(env, stage, make_bot):
    first = stage.bot
    assert stage.server.text_channels[0].name == "general"
    await env.restart(make_bot())
    assert first.is_closed()
    assert stage.bot is not first
    assert stage.bot.db.writer.url == first.db.writer.url
    assert stage.server.get_member(stage.member.id) is not None


async def test_time_for_the_bot_is_the_simulated_one(env):
    before = env.now()
    await env.pass_time(days=3)
    assert (now() - before).days == 3


def test_without_postgresql_its_tests_are_skipped_but_fail_in_ci(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "candidates", lambda: iter([tmp_path / "nothing"]))
    with pytest.raises(postgres.NoPostgres, match="PG_BIN") as none:
        postgres.usable_binaries(tmp_path, {})
    monkeypatch.setenv("CI", "true")
    with pytest.raises(postgres.NoPostgres):
        conftest.do_without(none.value)
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="PG_BIN"):
        conftest.do_without(none.value)


def test_binaries_in_a_place_that_others_cannot_enter_are_copied(tmp_path, monkeypatch):
    closed = tmp_path / "program" / "bin"
    closed.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (closed / name).write_text("#!/bin/sh\n")
        (closed / name).chmod(0o755)
    monkeypatch.setattr(postgres, "candidates", lambda: iter([closed]))
    monkeypatch.setattr(postgres, "_runs", lambda program, folder, rights: program.is_relative_to(tmp_path / "folder"))
    assert postgres.usable_binaries(tmp_path / "folder", {}) == tmp_path / "folder" / "program" / "bin"


CARELESS = """
import asyncio, logging, pytest

@pytest.fixture
def bot_options():
    return {"features": ()}

async def test_error(env):
    logging.getLogger("bot.somewhere").error("it broke")

async def test_raised(env):
    async def listener(message): raise ZeroDivisionError
    env.bot.add_listener(listener, "on_member_join")
    await env.join(env.create_guild(), "bob")

async def test_task_of_the_bot(env):
    with env._bot_scope():
        env.kept = asyncio.get_running_loop().create_task(asyncio.sleep(3600))

async def test_task(sqlite_url, logged_errors, env):
    env.kept = asyncio.get_running_loop().create_task(asyncio.sleep(3600))

@pytest.mark.soak
def test_long(): raise AssertionError
"""


def test_a_test_that_leaves_errors_or_tasks_fails_and_a_long_one_does_not_run(tmp_path):
    (tmp_path / "test_careless.py").write_text(CARELESS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=native",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-c",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PARVIS_"))}
    command += [str(postgres.ROOT / "pyproject.toml"), f"--rootdir={tmp_path}", str(tmp_path)]
    run = subprocess.run(command, cwd=postgres.ROOT, env=environment, capture_output=True, text=True)
    assert "4 passed, 1 deselected, 4 errors" in run.stdout, run.stdout
    for complaint in ("it broke", "ZeroDivisionError", "outlived it", "unfinished_tasks"):
        assert complaint in run.stdout
