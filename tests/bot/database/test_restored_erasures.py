"""Promise 27 across a restore: whoever was erased after the backup stays erased, on both databases."""

import stat

import pytest

from bot.cli import restoring
from bot.cli.restoring import restore_and_repeat
from bot.database import Database
from bot.database.backups import BackupError, back_up
from bot.database.copy import copy_database
from bot.events import EventBus
from bot.opening import schema_ready
from bot.privacy import ErasureLog, erase_member, hashed, pending, read_erasures, replay_erasures
from bot.settings import Settings
from tests.bot.privacy.rows import GUILD, Filler, everything
from tests.conftest import NOW
from tests.migrated import migrated

CANARY, OTHER, RETURNED = 778899001122334455, 660011223344556677, 550011223344556688


async def on(url, work):
    db = Database(url, EventBus())
    try:
        return await work(db)
    finally:
        await db.close()


async def named(db, user):
    return [(table, column) for table, column, value in await everything(db) if str(user) in value]


@pytest.fixture
async def town(empty_url, request, tmp_path, monkeypatch):
    """Settings of a database with two people in every table, on each kind, and a backup of it."""
    if not empty_url.startswith("sqlite"):
        monkeypatch.setenv("PG_BIN", str(request.getfixturevalue("cluster").binaries))
    await migrated(empty_url)
    await on(empty_url, lambda db: Filler(db).fill(CANARY, OTHER))
    await on(empty_url, lambda db: erase_member(db, None, RETURNED))
    await back_up(empty_url, tmp_path / "backup")
    return Settings(_env_file=None, database_url=empty_url, backup_dir=tmp_path / "kept")


def silent(_share):
    return None


async def test_a_restore_brings_back_nobody_who_was_erased_since(town, tmp_path):
    url = town.database_url
    await on(url, lambda db: erase_member(db, None, CANARY))
    log = await on(url, read_erasures)
    outcome = await restore_and_repeat(town, tmp_path / "backup", silent)
    assert (outcome.repeated, outcome.unreadable) == (1, False)
    assert await on(url, lambda db: named(db, CANARY)) == []
    assert await on(url, lambda db: named(db, OTHER)) != []
    assert await on(url, read_erasures) == log
    assert not (town.backup_dir / pending.NAME).exists()
    assert (await restore_and_repeat(town, tmp_path / "backup", silent)).repeated == 1, "and so does the next one"


async def test_a_crash_between_the_restore_and_the_repetition_loses_no_erasure(town, tmp_path, monkeypatch):
    url = town.database_url
    await on(url, lambda db: erase_member(db, GUILD, CANARY))

    async def crash(_settings):
        raise SystemExit(137)

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_repeat", crash)
        with pytest.raises(SystemExit):
            await restore_and_repeat(town, tmp_path / "backup", silent)
    assert await on(url, lambda db: named(db, CANARY)) != []
    assert stat.S_IMODE((town.backup_dir / pending.NAME).stat().st_mode) == 0o600
    assert str(CANARY) not in (town.backup_dir / pending.NAME).read_text()
    assert await on(url, lambda db: schema_ready(town, db)) == 1, "the next start of the bot does it"
    assert await on(url, lambda db: named(db, CANARY)) == []
    assert await on(url, lambda db: schema_ready(town, db)) == 0


async def test_a_restore_that_is_refused_leaves_no_erasure_waiting(town, tmp_path):
    await on(town.database_url, lambda db: erase_member(db, GUILD, CANARY))
    (tmp_path / "notes").write_text("notes" * 1000)
    with pytest.raises(BackupError):
        await restore_and_repeat(town, tmp_path / "notes", silent)
    assert not (town.backup_dir / pending.NAME).exists()


async def test_the_erasures_of_another_database_keep_the_hashes_of_this_one(db):
    """A limit that is kept under a hash would otherwise be shed."""
    await Filler(db).fill(CANARY, OTHER)
    await erase_member(db, None, OTHER)
    own = (await read_erasures(db)).salt
    other_salt = "ab" * 32
    entries = ((None, hashed(other_salt, number), NOW) for number in (CANARY, 42))
    assert await replay_erasures(db, ErasureLog(other_salt, tuple(entries))) == 1
    assert await named(db, CANARY) == []
    log = await read_erasures(db)
    assert log.salt == own
    assert [number for _, number, _ in log.entries] == [hashed(own, OTHER), hashed(own, CANARY)]


async def test_a_copy_to_another_database_remembers_who_was_erased(town, tmp_path):
    await on(town.database_url, lambda db: erase_member(db, None, CANARY))
    target = f"sqlite+aiosqlite:///{tmp_path / 'copy.db'}"
    await copy_database(town.database_url, target)
    copied = await on(target, read_erasures)
    assert copied == await on(town.database_url, read_erasures)
    assert len(copied.entries) == 2
