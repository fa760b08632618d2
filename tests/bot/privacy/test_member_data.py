"""Promise 27: export is complete, erasing leaves no id, and a table that does not say what it holds is refused."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database import Base, MemberData, NoMemberData, OnErase
from bot.database.registry import import_models
from bot.privacy import erase as erasing
from bot.privacy import erase_member, export_member, hashed, read_erasures, replay_erasures
from bot.privacy.erasures import erased_at
from bot.privacy.models import Erasure
from bot.privacy.tables import Holding, faults, holdings
from tests.bot.privacy.rows import GUILD, Filler, everything
from tests.conftest import NOW

import_models()
MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__tablename__)
CANARY, OTHER = 778899001122334455, 660011223344556677


async def cells_with(db, text) -> list[tuple[str, str]]:
    return [(table, column) for table, column, value in await everything(db) if str(text) in value]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_table_declares_what_it_holds_about_members(model):
    assert faults(model) == []


def table(*columns: sa.Column, name: str = "undeclared") -> sa.Table:
    return sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns)


def user() -> sa.Column:
    return sa.Column("user_id", sa.BigInteger, nullable=False)


@pytest.mark.parametrize(
    ("columns", "declared", "fault"),
    [
        ((), None, "does not declare"),
        ((user(),), NoMemberData("nothing"), "user_id looks like a person"),
        ((), MemberData("user_id", purpose="", kept=""), "no column user_id"),
        (
            (user(),),
            MemberData("user_id", purpose="", kept="", on_erase=OnErase.ANONYMISE),
            "user_id cannot be emptied",
        ),
        (
            (user(), sa.Column("warned_by", sa.BigInteger)),
            MemberData("user_id", purpose="", kept=""),
            "warned_by looks like a person",
        ),
        (
            (user(), sa.Column("warned_by", sa.BigInteger, nullable=False)),
            MemberData("user_id", purpose="", kept="", counterparties=("warned_by",)),
            "warned_by cannot be emptied",
        ),
    ],
)
def test_a_table_without_a_right_declaration_is_refused(columns, declared, fault):
    model = type("Model", (), {"__table__": table(*columns)})
    if declared is not None:
        model.__member_data__ = declared
    assert any(fault in found for found in faults(model)), faults(model)


async def test_an_export_has_every_row_of_every_table_that_names_a_member(db, clock):
    await Filler(db).fill(CANARY, OTHER)
    export = await export_member(db, GUILD, CANARY, clock)
    for holding in holdings():
        if holding.subject and "guild_id" in holding.table.c:
            assert holding.table.name in export["about_you"], f"{holding.table.name} is missing"
        if holding.others and "guild_id" in holding.table.c:
            named = export["names_you"].get(holding.table.name, ())
            assert len(named) == len(holding.others), f"{holding.table.name} names them and is missing"
    assert str(OTHER) not in json.dumps(export), "an export must not tell about others"
    [member] = export["about_you"]["member"]
    assert member["user_id"] == str(CANARY)


async def test_an_export_of_somebody_unknown_is_empty(db):
    await Filler(db).fill(CANARY, OTHER)
    export = await export_member(db, None, 42)
    assert (export["about_you"], export["names_you"]) == ({}, {})


@pytest.mark.parametrize("guild_id", [GUILD, None])
async def test_erasing_leaves_no_trace_of_a_member_in_any_column_and_spares_everybody_else(db, guild_id):
    await Filler(db).fill(CANARY, OTHER)
    await Filler(db).fill(OTHER, 55)
    before = sorted(await cells_with(db, OTHER))
    assert await cells_with(db, CANARY) != []
    erased = await erase_member(db, guild_id, CANARY)
    assert await cells_with(db, CANARY) == []
    assert erased.deleted["member"] == erased.deleted["activity_day"] == 1
    spared = sorted(await cells_with(db, OTHER))
    deleted = {holding.table.name for holding in holdings() if holding.subject}
    gone = [cell for cell in before if cell not in spared]
    assert all(name in deleted for name, _ in gone), "only rows about the erased member may go, with whom they name"
    assert ("member", "user_id") in spared


async def test_erasing_in_one_server_keeps_what_others_have(db):
    await Filler(db).fill(CANARY, OTHER)
    erased = await erase_member(db, GUILD + 1, CANARY)
    assert erased.deleted == {}
    assert ("member", "user_id") in await cells_with(db, CANARY)


@pytest.fixture
async def kept_table(db, monkeypatch):
    """A table of sanctions and one of figures, as later features will have them."""
    sanction = table(
        user(),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("note", sa.String),
        sa.Column("moderator", sa.BigInteger),
        name="sanction_for_test",
    )
    figure = table(
        sa.Column("user_id", sa.BigInteger),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("amount", sa.Integer),
        name="figure_for_test",
    )
    kept = MemberData(
        "user_id", "", "", on_erase=OnErase.KEEP_HASHED, counterparties=("moderator",), personal=("note",)
    )
    anonymous = MemberData("user_id", "", "", on_erase=OnErase.ANONYMISE)
    async with db.writer.begin() as connection:
        await connection.run_sync(sanction.metadata.create_all)
        await connection.run_sync(figure.metadata.create_all)
        sanctions = [
            {"id": 1, "user_id": CANARY, "guild_id": GUILD, "note": "what they wrote", "moderator": OTHER},
            {"id": 2, "user_id": OTHER, "guild_id": GUILD, "note": "other", "moderator": CANARY},
        ]
        await connection.execute(sa.insert(sanction), sanctions)
        await connection.execute(sa.insert(figure), [{"id": 1, "user_id": CANARY, "guild_id": GUILD, "amount": 7}])
    extra = [Holding(sanction, kept), Holding(figure, anonymous)]
    monkeypatch.setattr(erasing, "holdings", lambda: [*holdings(), *extra])
    return sanction, figure


async def test_what_must_outlive_an_erasure_is_kept_under_a_hash_and_without_words(db, kept_table):
    sanction, figure = kept_table
    erased = await erase_member(db, GUILD, CANARY)
    async with db.read() as session:
        first, second = (await session.execute(sa.select(sanction).order_by(sanction.c.id))).all()
        [number] = (await session.execute(sa.select(figure))).all()
    salt = (await read_erasures(db)).salt
    assert first.user_id == hashed(salt, CANARY) < 0
    assert (first.note, first.moderator) == (None, OTHER)
    assert (second.user_id, second.note, second.moderator) == (OTHER, "other", None)
    assert (number.user_id, number.amount) == (None, 7)
    assert erased.kept == {"sanction_for_test": 1, "figure_for_test": 1}


async def test_an_erasure_names_nobody_and_is_remembered(db, clock):
    await erase_member(db, GUILD, CANARY, clock)
    async with db.read() as session:
        assert await erased_at(session, GUILD, CANARY) == NOW
        assert await erased_at(session, GUILD, OTHER) is None
        assert await erased_at(session, GUILD + 1, CANARY) is None
    assert await cells_with(db, CANARY) == []


async def test_an_erasure_is_repeated_on_an_older_backup_and_only_once(db, clock):
    await Filler(db).fill(OTHER, 55)
    await erase_member(db, None, CANARY, clock)
    log = await read_erasures(db)
    async with db.writer.begin() as connection:  # what a restored backup from before the erasure looks like
        await connection.execute(sa.delete(Erasure))
        await connection.execute(sa.text("DELETE FROM runtime_fact"))
    await Filler(db).fill(CANARY, OTHER)
    clock.advance(days=1)
    assert await replay_erasures(db, log) == 1
    assert await cells_with(db, CANARY) == []
    assert ("member", "user_id") in await cells_with(db, OTHER)
    assert await read_erasures(db) == log, "it keeps its own date and hash"
    assert await replay_erasures(db, log) == 0
    async with db.read() as session:
        assert await erased_at(session, GUILD, CANARY) == clock() - timedelta(days=1)
