"""A database that cannot be used is one line; a schema is migrated after a backup, or not at all."""

import os
import sqlite3

import pytest
import sqlalchemy as sa

from bot import opening
from bot.cli.terminal import spoken
from bot.database import migrations
from bot.database.address import database_address, shown
from bot.database.backups import BackupError, sqlite, verify_backup
from bot.database.migrations import SchemaState, head
from bot.errors import StartupError
from bot.opening import KEPT, opened, refuse_unknown_schema, schema_ready
from bot.settings import Settings
from tests.migrated import migrated
from tests.population import contents, populate

PASSWORD = "canary-4711"


def line(error):
    """What the operator reads."""
    return spoken()(error.message, **error.params)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"mysql://parvis:{PASSWORD}@host/x", "mysql://"),
        (f"postgresql://parvis:{PASSWORD}@host/x", "postgresql+asyncpg://"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///"),
        (f"not an address {PASSWORD}", "not an address"),
        ("", "not an address"),
        (f"postgresql+asyncpg://parvis:{PASSWORD}@host:port/x", "not an address"),
        ("sqlite+aiosqlite://", "names no file"),
        ("sqlite+aiosqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_what_to_write_and_without_the_password(url, words):
    with pytest.raises(StartupError) as refused:
        database_address(url)
    assert refused.value.exit_code == 78
    assert words in line(refused.value)
    assert PASSWORD not in line(refused.value)


def test_a_driver_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr("bot.database.address.find_spec", lambda _name: None)
    with pytest.raises(StartupError) as refused:
        database_address("sqlite+aiosqlite:///x.db")
    assert "aiosqlite" in line(refused.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgresql+asyncpg://parvis:{PASSWORD}@db.example:5432/parvis?password={PASSWORD}", "db.example/parvis"),
        ("postgresql+asyncpg://parvis@/parvis?host=/run/pg", "/run/pg/parvis"),
        ("sqlite+aiosqlite:///data/parvis.db", "data/parvis.db"),
    ],
)
def test_a_database_is_shown_without_user_and_password(url, words):
    assert shown(database_address(url)) == words


@pytest.mark.parametrize("kind", ["garbage", "folder", "nowhere", "closed port"])
async def test_a_database_that_cannot_be_reached_is_one_line_with_exit_code_1(kind, tmp_path):
    path = tmp_path / "parvis.db"
    url = f"sqlite+aiosqlite:///{path}"
    if kind == "garbage":
        path.write_bytes(os.urandom(10000))
    elif kind == "folder":
        path.mkdir()
    elif kind == "nowhere":
        url = "sqlite+aiosqlite:////proc/nowhere/parvis.db"
    else:
        url = f"postgresql+asyncpg://parvis:{PASSWORD}@127.0.0.1:1/parvis"
    with pytest.raises(StartupError) as refused:
        async with opened(url):
            pass
    assert refused.value.exit_code == 1
    assert "DATABASE_URL" in line(refused.value)
    assert "\n" not in line(refused.value)
    assert PASSWORD not in line(refused.value)


async def test_a_database_that_may_only_be_read_is_one_line(tmp_path):
    path = tmp_path / "parvis.db"
    await migrated(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(StartupError) as refused:
        async with opened(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true"):  # no mode bits stop root
            pass
    assert refused.value.exit_code == 1
    assert "readonly" in line(refused.value)


async def test_trying_to_write_leaves_nothing_behind(database_url):
    before = await contents(database_url)
    async with opened(database_url):
        pass
    assert await contents(database_url) == before


@pytest.fixture
def settings(tmp_path):
    return Settings(
        _env_file=None,
        token="x",
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}",
        backup_dir=tmp_path / "backups",
    )


@pytest.fixture
def newer_code(tmp_path, monkeypatch):
    """This code has one more revision than the databases made so far; `newer_code()` adds it."""
    folder = tmp_path / "versions"
    folder.mkdir()
    real = migrations.version_folders()
    before = head()

    def add(body="op.create_table('later', sa.Column('id', sa.Integer))"):
        (folder / "9001.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = '9001'\ndown_revision = {before!r}\n"
            f"def upgrade():\n    {body}\n\ndef downgrade():\n    op.drop_table('later')\n"
        )
        monkeypatch.setattr(migrations, "version_folders", lambda: [*real, folder])

    return add


async def ready(settings):
    async with opened(settings.database_url) as db:
        await schema_ready(settings, db)
        return await refuse_unknown_schema(db)


def backups(settings):
    return sorted(settings.backup_dir.glob("*")) if settings.backup_dir.exists() else []


async def test_an_empty_database_gets_the_schema_without_a_backup_of_nothing(settings):
    assert await ready(settings) is SchemaState.CURRENT
    assert backups(settings) == []


async def test_an_older_database_is_backed_up_then_migrated(settings, newer_code):
    await ready(settings)
    await populate(settings.database_url)
    before = await contents(settings.database_url)
    old = head()
    newer_code()
    assert await ready(settings) is SchemaState.CURRENT
    [backup] = backups(settings)
    assert old in backup.name
    counts = await verify_backup(backup)
    assert {name: counts[name] for name in before} == {name: rows for name, (rows, _) in before.items()}
    assert "later" not in counts


async def test_nothing_is_migrated_when_the_backup_cannot_be_written(settings, newer_code, monkeypatch):
    await ready(settings)
    newer_code()

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sqlite, "_write_manifest", full)
    with pytest.raises(BackupError):
        await ready(settings)
    async with opened(settings.database_url) as db:
        assert await refuse_unknown_schema(db) is SchemaState.OLDER
    assert backups(settings) == []


async def test_a_migration_that_fails_is_one_line_and_leaves_the_database_and_its_backup(settings, newer_code):
    await ready(settings)
    await populate(settings.database_url)
    before = await contents(settings.database_url)
    newer_code("op.execute('DELETE FROM guild'); op.execute('SELECT 1 FROM nowhere')")
    with pytest.raises(StartupError) as refused:
        await ready(settings)
    assert refused.value.exit_code == 1
    assert "nowhere" in line(refused.value)
    assert await contents(settings.database_url) == before
    assert len(backups(settings)) == 1


async def test_the_newest_five_backups_stay_and_other_files_are_not_touched(settings, newer_code, tmp_path):
    await ready(settings)
    settings.backup_dir.mkdir()
    for number in range(7):
        file = settings.backup_dir / f"{opening.AUTOMATIC}0000-{number}.db"
        file.write_text("old")
        os.utime(file, (number, number))
    mine = settings.backup_dir / "mine.db"
    mine.write_text("mine")
    newer_code()
    await ready(settings)
    assert mine in backups(settings)
    automatic = [path for path in backups(settings) if path.name.startswith(opening.AUTOMATIC)]
    assert len(automatic) == KEPT
    assert {f"{opening.AUTOMATIC}0000-{number}.db" for number in (3, 4, 5, 6)} <= {path.name for path in automatic}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = 'ffff'", "newer than this version"),
        ("DROP TABLE alembic_version", "another program"),
    ],
)
async def test_a_newer_or_foreign_database_is_refused_and_stays_as_it_is(settings, statement, words):
    await ready(settings)
    async with opened(settings.database_url) as db:
        await db.transaction(lambda tx: tx.session.execute(sa.text(statement)))
    before = await contents(settings.database_url)
    with pytest.raises(StartupError) as refused:
        await ready(settings)
    assert refused.value.exit_code == 78
    assert words in line(refused.value)
    assert await contents(settings.database_url) == before
    assert backups(settings) == []
