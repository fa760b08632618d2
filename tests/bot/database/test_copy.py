"""`parvis db copy`: every row arrives, proven equal, in both directions; what cannot work is refused in one line."""

import asyncio
import datetime as dt
import json
import shutil
import stat
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.database import Base, Database
from bot.database.copy import CopyError, copy_database, operation
from bot.database.copy.cells import cell_of
from bot.database.copy.ends import tables
from bot.database.copy.sums import Sums
from bot.database.migrations import SchemaState, schema_state
from bot.database.registry import import_models
from bot.errors import StartupError
from bot.events import EventBus
from bot.guilds.models import Guild, GuildSection
from bot.lease import Lease, LeaseHeld, held
from tests import population
from tests.conftest import in_a_loop_of_its_own
from tests.migrated import migrated
from tests.population import contents, populate

import_models()


async def execute(url, *statements):
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement) if isinstance(statement, str) else statement)
    await engine.dispose()


async def all_rows(url):
    """Every row of every table as the bot reads it, sorted; enumerations as words, for the rows are invented."""
    db = Database(url, EventBus())
    found = {}
    async with db.read() as session:
        for table in tables():
            columns = [sa.type_coerce(c, sa.Text) if isinstance(c.type, sa.Enum) else c for c in table.columns]
            found[table.name] = sorted((tuple(row) for row in await session.execute(sa.select(*columns))), key=repr)
    await db.close()
    return found


async def rows_of(url, table):
    return (await all_rows(url))[table.name]


async def next_number(url, name):
    """The number the next row of a table gets."""
    table = Base.metadata.tables[name]
    values = population.row_of(table, 99)
    db = Database(url, EventBus())

    async def work(tx):
        row = {column: value for column, value in values.items() if column != "id"}
        return (await tx.session.execute(table.insert().values(row).returning(table.c.id))).scalar_one()

    number = await db.transaction(work)
    await db.close()
    return number


@pytest.fixture
def other_url(empty_url, request, tmp_path):
    """An empty database of the other kind."""
    if empty_url.startswith("sqlite"):
        return request.getfixturevalue("empty_postgres_url")
    return f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"


@pytest.fixture
async def pair(empty_url, other_url, databases):
    """A populated database of each kind, and an empty one of the other kind."""
    if empty_url.startswith("sqlite"):
        shutil.copy(databases.folder / "seven.db", make_url(empty_url).database)
    else:
        await migrated(empty_url, populated=True)
    return empty_url, other_url


@pytest.fixture
def files(databases, tmp_path):
    """A populated SQLite database, and one with the schema and no rows."""
    paths = tmp_path / "source.db", tmp_path / "target.db"
    for path, name in zip(paths, ("seven", "parvis"), strict=True):
        shutil.copy(databases.folder / f"{name}.db", path)
    return tuple(f"sqlite+aiosqlite:///{path}" for path in paths)


async def test_everything_arrives_as_it_was_and_comes_back_the_same(pair, tmp_path):
    source, target = pair
    await execute(
        source,
        sa.insert(Guild).values(
            guild_id=1477953611366400005,
            name="Les élèves 🎓 “naïve” \\u0041",
            joined_at=dt.datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=dt.UTC),
            left_at=None,
        ),
        sa.insert(GuildSection).values(
            guild_id=1477953611366400005,
            section="odd",
            value={"b": [1, 2.5, 1e22, None, True], "a": {"é": "“\u202f🎓"}, "n": 1477953611366400005},
        ),
        "DELETE FROM contribution WHERE id = 7",
    )
    shares = []
    copied = await copy_database(source, target, shares.append)
    assert await contents(target) == await contents(source)
    assert set(copied.counts) == {table.name for table in tables()}
    assert copied.counts["guild"] == 8
    assert copied.without_nul == {}
    assert await all_rows(target) == await all_rows(source)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    numbers = {model: await next_number(target, model) for model in ("contribution", "inbox_item")}
    assert numbers["inbox_item"] == 8
    assert numbers["contribution"] == (8 if source.startswith("sqlite") else 7), "PostgreSQL counts only what it gave"
    back = f"sqlite+aiosqlite:///{tmp_path / 'back.db'}"
    await copy_database(target, back)
    assert await contents(back) == await contents(target)
    assert stat.S_IMODE((tmp_path / "back.db").stat().st_mode) == 0o600


async def test_a_number_that_was_given_to_a_row_that_is_gone_is_given_to_no_other(empty_url, other_url):
    """A ledger refers to a fact by its number."""
    await migrated(empty_url)
    first = await next_number(empty_url, "contribution")
    await execute(empty_url, "DELETE FROM contribution")
    await copy_database(empty_url, other_url)
    assert await next_number(other_url, "contribution") == first + 1


async def test_a_missing_value_and_a_null_inside_json_stay_different(tmp_path):
    """SQLAlchemy reads both as None; a query does not."""
    table = sa.Table("t", sa.MetaData(), sa.Column("v", sa.JSON))
    cell = cell_of(table.c.v)
    assert cell.digest(None) != cell.digest("null")
    assert cell.digest('{"a": 1, "b": 2.0}') == cell.digest('{"b":2,"a":1}')
    assert cell.digest('{"a": 1}') != cell.digest('{"a": "1"}')


def test_a_value_that_changes_its_row_is_noticed_although_every_column_has_the_same_sum():
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.String))
    cells = [cell_of(column) for column in table.columns]
    one, other, shuffled = Sums(), Sums(), Sums()
    one.add(cells, [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
    other.add(cells, [{"a": 2, "b": "y"}, {"a": 1, "b": "x"}])
    shuffled.add(cells, [{"a": 1, "b": "y"}, {"a": 2, "b": "x"}])
    assert one == other
    assert one.columns == shuffled.columns
    assert one != shuffled


def test_every_column_of_every_table_is_of_a_kind_that_can_be_copied():
    assert all(cell_of(column) for table in tables() for column in table.columns)


async def test_a_nul_that_postgresql_cannot_hold_is_taken_out_and_told(empty_postgres_url, files):
    _, source = files
    section = {"greeting": "a\x00b", "path": "c:\\u0000", "k\x00ey": 1}
    await execute(
        source,
        sa.insert(Guild).values(guild_id=1, name="Ag\x00ora", joined_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC)),
        sa.insert(GuildSection).values(guild_id=1, section="s", value=section),
        sa.insert(GuildSection).values(guild_id=1, section="t", value={"path": "c:\\u0000"}),
    )
    copied = await copy_database(source, empty_postgres_url)
    assert copied.without_nul == {"guild.name": 1, "guild_section.value": 1}
    [guild] = await rows_of(empty_postgres_url, Guild.__table__)
    assert guild[1] == "Agora"
    values = [row[2] for row in await rows_of(empty_postgres_url, GuildSection.__table__)]
    assert json.dumps(values) == json.dumps([{"key": 1, "path": "c:\\u0000", "greeting": "ab"}, {"path": "c:\\u0000"}])


# What cannot work


async def refused(from_url, to_url, kind=CopyError):
    with pytest.raises(kind) as found:
        await copy_database(from_url, to_url)
    return found.value


@pytest.mark.parametrize(
    ("from_url", "to_url", "words"),
    [
        ("sqlite+aiosqlite:///{folder}/parvis.db", "sqlite+aiosqlite:///{folder}/./parvis.db", "the same database"),
        ("postgresql+asyncpg://a:pw@h/d", "postgresql+asyncpg://b:pw@h:5432/d", "the same database"),
        ("nonsense", "sqlite+aiosqlite:///{folder}/t.db", "{name} is not an address"),
        ("sqlite+aiosqlite:///{folder}/parvis.db", "postgres://u:secret-pw@h/d", "{scheme}://"),
        ("sqlite+aiosqlite:///{folder}/none.db", "sqlite+aiosqlite:///{folder}/t.db", "There is no database"),
        ("sqlite+aiosqlite:///{folder}/parvis.db", "postgresql+asyncpg://u:secret-pw@127.0.0.1:1/d", "cannot be used"),
        ("sqlite+aiosqlite:///{folder}/parvis.db", "sqlite+aiosqlite:///{folder}/notes.txt", "cannot be used"),
        ("sqlite+aiosqlite:///{folder}/parvis.db", "sqlite+aiosqlite:///{folder}/full.db", "is not empty"),
        ("sqlite+aiosqlite:///{folder}/parvis.db", "sqlite+aiosqlite:///{folder}/foreign.db", "holds tables already"),
        ("sqlite+aiosqlite:///{folder}/foreign.db", "sqlite+aiosqlite:///{folder}/t.db", "nothing of Parvis"),
        ("sqlite+aiosqlite:///{folder}/older.db", "sqlite+aiosqlite:///{folder}/t.db", "of an older version"),
        ("sqlite+aiosqlite:///{folder}/newer.db", "sqlite+aiosqlite:///{folder}/t.db", "newer than this version"),
        ("sqlite+aiosqlite:///{folder}/more.db", "sqlite+aiosqlite:///{folder}/t.db", "does not know"),
    ],
)
async def test_what_cannot_be_copied_is_refused_in_one_line_without_a_password(
    from_url, to_url, words, databases, monkeypatch
):
    monkeypatch.setattr("bot.database.copy.ends.schema_state", databases.state)
    error = await refused(
        from_url.format(folder=databases.folder), to_url.format(folder=databases.folder), StartupError
    )
    assert words in error.message
    assert "secret-pw" not in error.message + str(error.params)
    assert not (databases.folder / "t.db").exists()


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    """Databases one might name by mistake, made once."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "notes.txt").write_text("notes" * 5000)

    def url(name):
        return f"sqlite+aiosqlite:///{folder / name}.db"

    async def make():
        await migrated(url("parvis"))
        for name in ("full", "older", "newer", "more", "seven"):
            shutil.copy(folder / "parvis.db", folder / f"{name}.db")
        await populate(url("full"), rows=1)
        await populate(url("seven"))
        await execute(url("foreign"), "CREATE TABLE recipes (id INTEGER)")
        await execute(url("more"), "CREATE TABLE recipes (id INTEGER)")
        await execute(url("newer"), "UPDATE alembic_version SET version_num = 'ffff'")

    async def state(connection):
        """There may be one revision only: an older one is imagined."""
        if "older.db" in str(connection.engine.url):
            return SchemaState.OLDER
        return await schema_state(connection)

    in_a_loop_of_its_own(make())
    return SimpleNamespace(folder=folder, state=state)


@pytest.mark.parametrize("end", ["source", "target"])
async def test_while_a_bot_is_at_work_on_either_side_nothing_is_copied(end, files):
    source, target = files
    db = Database(source if end == "source" else target, EventBus())
    async with held(Lease(db, "cluster 0")):
        await refused(source, target, LeaseHeld)
    await db.close()


async def test_a_target_with_the_schema_and_no_rows_is_taken(files):
    source, target = files
    await copy_database(source, target)
    assert await contents(target) == await contents(source)


async def test_an_interrupted_copy_leaves_no_row_and_the_same_command_completes_it(
    files, empty_postgres_url, monkeypatch
):
    source, target = files[0], empty_postgres_url
    reached = asyncio.Event()

    async def hang(*_):
        reached.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(operation._Copy, "_read_back", hang)
        task = asyncio.create_task(copy_database(source, target))
        await asyncio.wait([task, asyncio.ensure_future(reached.wait())], return_when=asyncio.FIRST_COMPLETED)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert {rows for rows, _ in (await contents(target)).values()} == {0}
    await copy_database(source, target)
    assert await contents(target) == await contents(source)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("DELETE FROM guild WHERE guild_id = 3", "guild"),
        ("UPDATE member SET rejoins = rejoins + 1 WHERE user_id = 2", "member.rejoins"),
        ("UPDATE timer SET due_at = '2026-03-02 09:30:00.000001' WHERE id = 2", "timer.due_at"),
        ("UPDATE guild_section SET value = '{\"n\": 3}' WHERE guild_id = 2", "guild_section.value"),
    ],
)
async def test_a_copy_that_is_not_equal_is_not_kept(damage, named, files, monkeypatch):
    source, target = files
    honest = operation._Copy._read_back

    async def damaged(copy, table):
        if table.name == "activity_day":  # the first to be read back
            await copy._target.execute(sa.text(damage))
        return await honest(copy, table)

    monkeypatch.setattr(operation._Copy, "_read_back", damaged)
    error = await refused(source, target)
    assert error.params == {"table": named}
    assert {rows for rows, _ in (await contents(target)).values()} == {0}


async def test_what_postgresql_refuses_is_named_by_its_table_and_never_quoted(empty_postgres_url, files):
    source, _ = files
    await execute(source, "UPDATE member SET rejoins = 99999999999")
    error = await refused(source, empty_postgres_url)
    assert error.params == {"table": "member", "reason": "value out of int32 range"}
    assert {rows for rows, _ in (await contents(empty_postgres_url)).values()} == {0}


async def test_a_disk_that_fills_up_leaves_a_line_and_no_row(files, monkeypatch):
    source, target = files
    await execute(source, "UPDATE member SET display_name = hex(zeroblob(100000))")
    honest = operation._Copy._table

    async def cramped(copy, table):
        await copy._target.exec_driver_sql("PRAGMA max_page_count = 1")
        return await honest(copy, table)

    monkeypatch.setattr(operation._Copy, "_table", cramped)
    error = await refused(source, target)
    assert "full" in error.params["reason"]
    assert {rows for rows, _ in (await contents(target)).values()} == {0}
