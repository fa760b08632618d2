"""Promise 16: no upgrade loses a row, and a failing one leaves nothing."""

import asyncio
import textwrap

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.database import migrations
from bot.database.migrations import (
    BrokenReferences,
    SchemaState,
    current_revision,
    head,
    known_revisions,
    migrate,
    schema_state,
)
from tests.migrated import migrated
from tests.population import contents, populate

RENAMED = {"onboarding_code_version": "conduct_code_version"}
"""Tables that moved to another feature, by what they were called."""
FAMILY = """
    def upgrade():
        op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
        op.create_table(
            "child",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
        )

    def downgrade():
        op.drop_table("child")
        op.drop_table("parent")
"""
REBUILT_PARENT = """
    def upgrade():
        with op.batch_alter_table("parent", recreate="auto") as batch:
            batch.add_column(sa.Column("rank", sa.Integer, nullable=False, server_default="0"))
            batch.alter_column("name", type_=sa.Text())

    def downgrade():
        with op.batch_alter_table("parent") as batch:
            batch.alter_column("name", type_=sa.String())
            batch.drop_column("rank")
"""
FAILING_HALFWAY = """
    def upgrade():
        op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("INSERT INTO half VALUES (1)")
        op.execute("DELETE FROM child")
        with op.batch_alter_table("parent") as batch:
            batch.add_column(sa.Column("rank", sa.Integer))
        op.execute("SELECT nothing FROM nowhere")
"""
ORPHANING = """
    def upgrade():
        op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
        if op.get_bind().dialect.name == "postgresql":
            op.execute("ALTER TABLE child DROP CONSTRAINT fk_child_parent_id")
            op.execute("ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent (id)")
        op.execute("DELETE FROM parent WHERE id = 1")
"""


@pytest.fixture
def add_revision(tmp_path, monkeypatch):
    """`add_revision(number, code)`: a revision on top of what there is."""
    folder = tmp_path / "versions"
    folder.mkdir()
    real = migrations.version_folders()
    monkeypatch.setattr(migrations, "version_folders", lambda: [*real, folder])

    def add(number, code):
        head_line = (
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = {number!r}\ndown_revision = {head()!r}\n"
        )
        (folder / f"{number}.py").write_text(head_line + textwrap.dedent(code))

    return add


async def with_family(url, add_revision):
    """A database of the present revision and one more, with rows in every table."""
    await migrated(url, populated=True)
    add_revision("9001", FAMILY)
    await migrate(url)
    await populate(url, only=("parent", "child"))


async def schema(url):
    """The tables with their columns, and the revision."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        columns = await connection.run_sync(
            lambda sync: {
                name: sorted(column["name"] for column in sa.inspect(sync).get_columns(name))
                for name in sa.inspect(sync).get_table_names()
            }
        )
        found = columns, await current_revision(connection)
    await engine.dispose()
    return found


async def state(url):
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await schema_state(connection)
    await engine.dispose()
    return found


@pytest.mark.parametrize("revision", known_revisions())
async def test_a_populated_database_of_each_revision_keeps_every_row_up_to_the_head_and_back(empty_url, revision):
    await migrate(empty_url, revision)
    await populate(empty_url)
    before = await contents(empty_url)
    assert before
    assert min(rows for rows, _ in before.values()) > 0
    await migrate(empty_url)
    after = await contents(empty_url)
    assert {name: after[RENAMED.get(name, name)] for name in before} == before
    await migrate(empty_url, revision)
    assert await contents(empty_url) == before


async def test_from_the_head_down_to_nothing_no_table_of_ours_stays(empty_url):
    await migrate(empty_url)
    await migrate(empty_url, "base")
    assert await contents(empty_url) == {}
    assert await state(empty_url) is SchemaState.EMPTY


async def test_a_rebuilt_table_keeps_its_children(empty_url, add_revision):
    await with_family(empty_url, add_revision)
    before = await contents(empty_url)
    add_revision("9002", REBUILT_PARENT)
    await migrate(empty_url)
    assert (await schema(empty_url))[0]["parent"] == ["id", "name", "rank"]
    assert await contents(empty_url) == before
    await migrate(empty_url, "9001")
    assert await contents(empty_url) == before


async def test_a_failing_revision_leaves_nothing_behind(empty_url, add_revision):
    await with_family(empty_url, add_revision)
    before = await schema(empty_url), await contents(empty_url)
    add_revision("9002", FAILING_HALFWAY)
    with pytest.raises(sa.exc.DBAPIError, match="nowhere"):
        await migrate(empty_url)
    assert (await schema(empty_url), await contents(empty_url)) == before


async def test_of_several_revisions_a_failing_one_undoes_those_before_it_too(empty_url, add_revision):
    await migrated(empty_url)
    before = await schema(empty_url)
    add_revision("9001", FAMILY)
    add_revision("9002", FAILING_HALFWAY)
    with pytest.raises(sa.exc.DBAPIError, match="nowhere"):
        await migrate(empty_url)
    assert await schema(empty_url) == before


async def test_a_revision_that_would_leave_orphans_is_refused_and_undone(empty_url, add_revision):
    await with_family(empty_url, add_revision)
    before = await schema(empty_url), await contents(empty_url)
    add_revision("9002", ORPHANING)
    with pytest.raises((BrokenReferences, IntegrityError)):
        await migrate(empty_url)
    assert (await schema(empty_url), await contents(empty_url)) == before


async def test_an_empty_a_current_and_an_older_database_are_told_apart(empty_url, add_revision):
    assert await state(empty_url) is SchemaState.EMPTY
    await migrated(empty_url)
    assert await state(empty_url) is SchemaState.CURRENT
    add_revision("9001", FAMILY)
    assert await state(empty_url) is SchemaState.OLDER


async def test_a_database_of_a_newer_version_or_of_another_program_is_recognised(empty_url):
    engine = create_async_engine(empty_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE invoices (id INTEGER)")
    assert await state(empty_url) is SchemaState.FOREIGN
    await migrate(empty_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffff'")
    await engine.dispose()
    assert await state(empty_url) is SchemaState.NEWER


async def test_two_processes_that_migrate_at_once_both_succeed(empty_postgres_url):
    await asyncio.gather(*(migrate(empty_postgres_url) for _ in range(4)))
    assert await state(empty_postgres_url) is SchemaState.CURRENT
