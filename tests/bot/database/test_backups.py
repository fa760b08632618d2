"""Promise 15: a backup restores, also one made under load; anything that cannot be trusted is refused."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import now
from bot.database import Database
from bot.database.backups import BackupError, back_up, files, restore, verify_backup, verify_database
from bot.database.migrations import current_revision, head
from bot.events import EventBus
from bot.lease import Lease, held
from tests.migrated import migrated
from tests.population import contents


@pytest.fixture
async def url(empty_url, request, monkeypatch):
    """A migrated database on each kind, with rows in every table and a ledger whose sum is always zero."""
    if not empty_url.startswith("sqlite"):
        monkeypatch.setenv("PG_BIN", str(request.getfixturevalue("cluster").binaries))
    await migrated(empty_url, populated=True)
    engine = create_async_engine(empty_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE ledger (number INTEGER NOT NULL, amount INTEGER NOT NULL)")
    await engine.dispose()
    return empty_url


@pytest.fixture
async def sqlite_database(tmp_path):
    """A migrated SQLite file with rows in every table."""
    path = tmp_path / "parvis.db"
    await migrated(f"sqlite+aiosqlite:///{path}", populated=True)
    return path


@pytest.fixture
async def backup(sqlite_database, tmp_path):
    path = tmp_path / "backup.db"
    await back_up(f"sqlite+aiosqlite:///{sqlite_database}", path)
    return path


class Writers:
    """Writes pairs of rows that cancel out, one pair a transaction, until it is stopped."""

    def __init__(self, url):
        self.db = Database(url, EventBus())
        self.acknowledged = 0
        self.stopped = False

    async def write(self):
        while not self.stopped:
            number = self.acknowledged + 1
            pair = [{"n": number, "a": number}, {"n": number, "a": -number}]
            insert = sa.text("INSERT INTO ledger (number, amount) VALUES (:n, :a)")

            async def work(tx, pair=pair, insert=insert):
                for row in pair:
                    await tx.session.execute(insert, row)

            await self.db.transaction(work)
            self.acknowledged = number

    async def __aenter__(self):
        self.task = asyncio.create_task(self.write())
        return self

    async def __aexit__(self, *_):
        self.stopped = True
        await self.task
        await self.db.close()


async def ledger(url):
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        query = sa.text("SELECT count(*), sum(amount), max(number) FROM ledger")
        rows, total, newest = (await connection.execute(query)).one()
        revision = await current_revision(connection)
    await engine.dispose()
    return rows, total, newest, revision


def left_beside(path: Path):
    return sorted(file.name for file in path.parent.iterdir() if file.name.startswith(f".{path.name}"))


async def test_a_backup_made_under_load_restores_every_row_that_was_acknowledged(url, tmp_path):
    untouched = await contents(url)
    async with Writers(url) as writers:
        for number in range(3):
            while writers.acknowledged < 20 * (number + 1):
                await asyncio.sleep(0.01)
            before = writers.acknowledged
            path = tmp_path / f"backup{number}"
            counts = await back_up(url, path)
            after = writers.acknowledged
            assert 2 * before <= counts["ledger"] <= 2 * (after + 1)
            assert await verify_backup(path) == counts
    await restore(url, path, now())
    rows, total, newest, revision = await ledger(url)
    assert (rows, total, newest) == (counts["ledger"], 0, counts["ledger"] // 2)
    assert revision == head()
    restored = await contents(url)
    assert {name: restored[name] for name in untouched if name != "ledger"} == {
        name: found for name, found in untouched.items() if name != "ledger"
    }


async def test_what_a_restore_replaces_is_kept_and_restores_in_turn(url, tmp_path):
    await back_up(url, tmp_path / "first")
    async with Writers(url) as writers:
        while writers.acknowledged < 5:
            await asyncio.sleep(0.01)
    later = await contents(url)
    result = await restore(url, tmp_path / "first", now())
    assert (await ledger(url))[0] == 0
    assert result.kept is not None
    if url.startswith("sqlite"):  # the file itself, which nobody had open
        shutil.copy(result.kept, make_url(url).database)
    else:
        await restore(url, result.kept, now())
    assert await contents(url) == later


async def test_a_restored_database_is_held_by_nobody(url, tmp_path):
    db = Database(url, EventBus())
    async with held(Lease(db, "cluster 0")):
        await back_up(url, tmp_path / "backup")
    await db.close()
    await restore(url, tmp_path / "backup", now())
    db = Database(url, EventBus())
    async with db.read() as session:
        assert list(await session.scalars(sa.text("SELECT owner FROM process_lease"))) == [None]
    await db.close()


async def test_an_existing_file_is_not_overwritten(url, tmp_path):
    target = tmp_path / "precious"
    target.write_text("precious")
    with pytest.raises(BackupError):
        await back_up(url, target)
    assert target.read_text() == "precious"
    assert left_beside(target) == []


async def test_a_cancelled_backup_leaves_no_file(url, tmp_path):
    target = tmp_path / "cancelled"
    started = asyncio.Event()
    loop = asyncio.get_running_loop()

    def report(_share):
        loop.call_soon_threadsafe(started.set)
        if threading.current_thread() is not threading.main_thread():
            time.sleep(0.2)  # the copy of so small a database takes one step

    task = asyncio.create_task(back_up(url, target, report))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not target.exists()
    assert left_beside(target) == []


async def test_a_truncated_backup_is_refused_and_changes_nothing(url, tmp_path):
    await back_up(url, tmp_path / "whole")
    before = await contents(url)
    data = (tmp_path / "whole").read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(BackupError):
        await restore(url, tmp_path / "cut", now())
    assert await contents(url) == before


async def test_a_backup_of_a_newer_version_is_refused(url, tmp_path):
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffff'")
    await back_up(url, tmp_path / "newer")
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head()}'")
    await engine.dispose()
    with pytest.raises(BackupError, match="newer version"):
        await restore(url, tmp_path / "newer", now())
    assert (await ledger(url))[3] == head()


async def test_a_damaged_database_is_reported(sqlite_database):
    assert (await verify_database(f"sqlite+aiosqlite:///{sqlite_database}"))[1] == []
    with sqlite3.connect(sqlite_database) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE c (p INTEGER REFERENCES p (id))")
        connection.execute("INSERT INTO c VALUES (1)")
    connection.close()
    assert (await verify_database(f"sqlite+aiosqlite:///{sqlite_database}"))[1] == ["c → p"]


async def test_without_the_client_programs_a_backup_says_what_to_install(empty_postgres_url, tmp_path, monkeypatch):
    await migrated(empty_postgres_url)
    monkeypatch.setattr("bot.database.backups.programs.shutil.which", lambda *_, **__: None)
    with pytest.raises(BackupError) as refused:
        await back_up(empty_postgres_url, tmp_path / "dump")
    assert refused.value.params == {"program": "pg_dump"}
    assert list(tmp_path.iterdir()) == []


# SQLite alone


async def test_a_file_with_a_write_ahead_log_beside_it_is_refused(backup, sqlite_database):
    Path(f"{backup}-wal").write_bytes(b"stale")
    with pytest.raises(BackupError, match="-wal"):
        await restore(f"sqlite+aiosqlite:///{sqlite_database}", backup, now())


async def test_a_copied_database_is_refused_because_nobody_can_tell_whether_it_is_complete(sqlite_database, tmp_path):
    copied = tmp_path / "copied.db"
    shutil.copy(sqlite_database, copied)
    with pytest.raises(BackupError, match="complete"):
        await verify_backup(copied)


async def test_a_backup_that_lost_rows_is_refused_although_it_is_a_healthy_database(backup, sqlite_database):
    with sqlite3.connect(backup) as connection:
        connection.execute("DELETE FROM guild WHERE guild_id = 1")
    connection.close()
    before = sqlite_database.read_bytes()
    with pytest.raises(BackupError, match=r"is not complete: rows of \{table\}") as refused:
        await restore(f"sqlite+aiosqlite:///{sqlite_database}", backup, now())
    assert refused.value.params["table"] == "guild"
    assert sqlite_database.read_bytes() == before


async def test_a_backup_with_damaged_pages_is_refused(backup):
    data = bytearray(backup.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = os.urandom(64)
    backup.write_bytes(data)
    with pytest.raises(BackupError):
        await verify_backup(backup)


async def test_a_database_that_is_open_elsewhere_is_not_replaced(backup, sqlite_database):
    url = f"sqlite+aiosqlite:///{sqlite_database}"
    user = Database(url, EventBus())
    async with user.read() as session:
        await session.execute(sa.text("SELECT * FROM guild"))
        with pytest.raises(BackupError, match="in use"):
            await restore(url, backup, now())
    await user.close()


async def test_a_stale_write_ahead_log_of_the_replaced_database_does_not_leak_into_the_restored_one(
    backup, sqlite_database, tmp_path
):
    """What a kill leaves: changes of the old database in a -wal that would be applied to the new file."""
    victim = Path(shutil.copytree(tmp_path, tmp_path.parent / f"{tmp_path.name}-victim")) / sqlite_database.name
    program = f"""if True:
        import os, sqlite3
        c = sqlite3.connect({str(victim)!r}, isolation_level=None)
        c.execute("PRAGMA journal_mode = WAL")
        c.execute("PRAGMA wal_autocheckpoint = 0")
        c.execute("DELETE FROM guild")
        os._exit(0)"""
    subprocess.run([sys.executable, "-c", program], check=True)
    assert Path(f"{victim}-wal").stat().st_size > 0
    await restore(f"sqlite+aiosqlite:///{victim}", backup, now())
    assert (await contents(f"sqlite+aiosqlite:///{victim}"))["guild"][0] == 7


async def test_a_database_that_is_beyond_reading_is_replaced_and_kept(backup, sqlite_database):
    wreck = os.urandom(20000)
    sqlite_database.write_bytes(wreck)
    result = await restore(f"sqlite+aiosqlite:///{sqlite_database}", backup, now())
    assert result.kept is not None
    assert result.kept.read_bytes() == wreck
    assert (await contents(f"sqlite+aiosqlite:///{sqlite_database}"))["guild"][0] == 7


async def test_a_disk_without_room_is_noticed_before_a_byte_is_written(sqlite_database, tmp_path, monkeypatch):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**6, 10**6, 0))
    target = tmp_path / "folder" / "backup.db"
    with pytest.raises(BackupError, match="not enough room"):
        await back_up(f"sqlite+aiosqlite:///{sqlite_database}", target)
    assert not target.parent.exists()
