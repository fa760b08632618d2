"""Drafts, versions and what is in force, on both databases."""

import asyncio
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.contracts.conduct import Article, Severity
from bot.contracts.events import CodePublished
from bot.database import Database
from bot.errors import UserError
from bot.events import EventBus
from cogs.conduct.code.models import CodeVersion
from cogs.conduct.code.rules.document import Document
from cogs.conduct.code.rules.refusals import DraftChanged, NothingInForce, NothingToPublish, UnknownVersion
from cogs.conduct.code.service import Codes
from cogs.conduct.code.template import TEMPLATE

GUILD, OTHER, ADA, BOB = 10, 11, 1, 2


@pytest.fixture
def codes(db, clock):
    return Codes(db, clock)


def preamble(text):
    return partial(Document.with_passages, preamble={"en": text}, ending={})


def new_article(document, title="Tidy up"):
    text = {"en": title, "fr": f"{title} (fr)"}
    return document.with_article(Article(document.next_number, text, text, Severity.LOW))


async def published(codes, edit, *, major=False, guild_id=GUILD):
    draft = await codes.edit(guild_id, edit, by=ADA)
    return await codes.publish(guild_id, revision=draft.revision, major=major, by=ADA)


async def test_a_server_has_the_template_until_its_team_publishes_something_else(codes, db, clock):
    events = []
    db.bus.on(CodePublished, lambda event, tx: _note(events, event))
    assert codes.current(GUILD).version == 1
    assert codes.articles(GUILD) == TEMPLATE.articles
    assert "Respect people" in codes.current(GUILD).pages_in("en")[0]
    assert [one.document for one in await codes.history(GUILD)] == [TEMPLATE]
    with pytest.raises(NothingToPublish):
        await codes.publish(GUILD, revision=0, major=True, by=ADA)
    await published(codes, new_article, major=True)
    clock.advance(days=3)
    await published(codes, lambda document: document.withdrawing(4, withdrawn=True))
    assert events == [CodePublished(GUILD, 2, True, 2), CodePublished(GUILD, 3, False, 2)]
    assert codes.article(GUILD, 11).title("fr") == "Tidy up (fr)"
    assert codes.article(GUILD, 4).withdrawn
    assert "Leave room" not in "".join(codes.current(GUILD).pages_in("en"))
    assert codes.article(GUILD, 12) is None
    assert codes.current(OTHER).version == 1
    found = await codes.history(GUILD)
    assert [(one.version, one.major, one.by) for one in found] == [(3, 2, ADA), (2, 2, ADA), (1, 1, None)]
    assert found[0].at == clock()
    assert [one.version for one in await codes.history(GUILD, before=3, limit=1)] == [2]
    assert (await codes.version(GUILD, 1)).document == TEMPLATE
    with pytest.raises(UnknownVersion):
        await codes.version(GUILD, 4)


async def _note(events, event):
    events.append(event)


async def test_another_process_finds_what_is_in_force_and_the_draft(codes, db, clock):
    await published(codes, preamble("Be kind."))
    draft = await codes.edit(GUILD, new_article, by=BOB)
    after = Codes(db, clock)
    await after.load()
    assert (after.current(GUILD), after.articles(GUILD), after.draft(GUILD)) == (
        codes.current(GUILD),
        codes.articles(GUILD),
        draft,
    )


async def test_two_who_publish_at_once_publish_once_and_the_other_is_told(codes, db):
    draft = await codes.edit(GUILD, new_article, by=ADA)
    publish = partial(codes.publish, GUILD, revision=draft.revision, major=True)
    results = await asyncio.gather(*(publish(by=number) for number in range(1, 9)), return_exceptions=True)
    refusals = [type(one) for one in results if isinstance(one, Exception)]
    assert refusals == [DraftChanged] * 7
    async with db.read() as session:
        rows = list(await session.scalars(select(CodeVersion).order_by(CodeVersion.version)))
    assert [(row.version, row.major) for row in rows] == [(1, 1), (2, 2)]
    assert "Tidy up" in rows[1].text_en
    assert "Tidy up (fr)" in rows[1].text_fr


async def test_ten_who_write_at_once_lose_nothing(codes):
    edits = [partial(new_article, title=f"Rule {n}") for n in range(10)]
    await asyncio.gather(*(codes.edit(GUILD, edit, by=ADA) for edit in edits))
    document = codes.draft(GUILD).document
    assert sorted(one.title("en") for one in document.articles[10:]) == [f"Rule {n}" for n in range(10)]
    assert [one.number for one in document.articles] == list(range(1, 21))


async def test_a_draft_that_changed_since_it_was_shown_is_neither_edited_nor_published(codes):
    shown = codes.draft(GUILD)
    await codes.edit(GUILD, new_article, by=BOB)
    for attempt in (
        codes.edit(GUILD, preamble("x"), by=ADA, revision=shown.revision),
        codes.publish(GUILD, revision=shown.revision, major=False, by=ADA),
    ):
        with pytest.raises(DraftChanged):
            await attempt
    assert codes.draft(GUILD).document == new_article(TEMPLATE)
    assert codes.current(GUILD).version == 1


async def test_a_code_without_a_word_is_not_published(codes):
    draft = await codes.edit(GUILD, lambda _document: Document(), by=ADA)
    with pytest.raises(NothingInForce):
        await codes.publish(GUILD, revision=draft.revision, major=False, by=ADA)


EDITS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["Tidy up", "Be on time"])),
    st.tuples(st.just("withdraw"), st.integers(1, 14)),
    st.tuples(st.just("restore"), st.integers(1, 14)),
    st.tuples(st.just("remove"), st.integers(1, 14)),
    st.tuples(st.just("move"), st.integers(1, 14)),
    st.tuples(st.just("publish"), st.booleans()),
    st.tuples(st.just("restart"), st.none()),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EDITS, max_size=12))
async def test_whatever_is_done_numbers_stay_history_grows_and_memory_is_the_database(
    sqlite_template, tmp_path_factory, clock, steps
):
    path = tmp_path_factory.mktemp("code") / "code.db"
    path.write_bytes(sqlite_template.read_bytes())
    db = Database(f"sqlite+aiosqlite:///{path}", EventBus())
    codes, history, names = Codes(db, clock), [TEMPLATE], {}
    try:
        for what, value in steps:
            codes = await _step(codes, db, clock, what, value, history)
            for one in codes.draft(GUILD).published.articles:
                assert names.setdefault(one.number, one.titles) == one.titles, "a number names one article for good"
        kept = [one.document for one in reversed(await codes.history(GUILD, limit=50))]
        assert kept == history
        again = Codes(db, clock)
        await again.load()
        assert (again.published(GUILD), again.draft(GUILD)) == (codes.published(GUILD), codes.draft(GUILD))
    finally:
        await db.close()


async def _step(codes, db, clock, what, value, history):
    edits = {
        "add": lambda document: new_article(document, value),
        "withdraw": lambda document: document.withdrawing(value, withdrawn=True),
        "restore": lambda document: document.withdrawing(value, withdrawn=False),
        "remove": lambda document: document.without(value, codes.published(GUILD).document),
        "move": lambda document: document.moved(value, -3),
    }
    try:
        if what == "publish":
            draft = codes.draft(GUILD)
            made = await codes.publish(GUILD, revision=draft.revision, major=value, by=ADA)
            assert made.version == len(history) + 1
            history.append(draft.document)
        elif what == "restart":
            codes = Codes(db, clock)
            await codes.load()
        else:
            await codes.edit(GUILD, edits[what], by=ADA)
    except UserError:
        assert codes.published(GUILD).document == history[-1]
    return codes
