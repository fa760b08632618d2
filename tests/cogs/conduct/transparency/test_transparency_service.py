"""Figures on both databases: equal to counting by hand, by the server's own months, and small numbers kept back."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.community.models import TimeZoneChange
from bot.community.rules import ALWAYS
from bot.contracts.cases import SANCTIONS, CaseKind
from cogs.conduct.appeals.models import Appeal
from cogs.conduct.appeals.models import Outcome as Answer
from cogs.conduct.cases.models import Case
from cogs.conduct.reports.models import Outcome, Report
from cogs.conduct.transparency.figures import Figures

GUILD, OTHER = 10001 << 22, 10002 << 22
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
BEGUN, OVER = datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)
"""Of March in Paris, which changes its clocks on the 29th."""
ARTICLES = (1, 2, 3)

moments = st.one_of(
    st.sampled_from([one + timedelta(seconds=shift) for one in (BEGUN, OVER) for shift in (-1, 0, 1)]),
    st.integers(-5 * 86400, 36 * 86400).map(lambda second: BEGUN + timedelta(seconds=second)),
)
articles = st.sampled_from([None, *ARTICLES, 9])
guilds = st.sampled_from([GUILD, GUILD, GUILD, OTHER])


@st.composite
def reports(draw):
    made, outcome = draw(moments), draw(st.sampled_from([None, *Outcome]))
    length = timedelta(seconds=draw(st.integers(0, 10**6)))
    decided = None if outcome is None else made + length
    known = {"guild_id": draw(guilds), "article": draw(articles), "made_at": made, "decided_at": decided}
    return {**known, "outcome": outcome}


@st.composite
def cases(draw):
    return {
        "guild_id": draw(guilds),
        "kind": draw(st.sampled_from(list(CaseKind))),
        "automatic": draw(st.booleans()),
        "by_hand": draw(st.booleans()),
        "article": draw(articles),
        "created_at": draw(moments),
        "proposed": draw(st.sampled_from([None, "warn"])),
        "appeal": draw(st.sampled_from([None, None, *Answer])),
        "appealed_at": draw(moments),
        "decided_at": draw(moments),
    }


async def emptied(db):
    async def work(tx):
        for table in (Report, Case, Appeal, TimeZoneChange):
            await tx.session.execute(delete(table))

    await db.transaction(work)


async def stored(db, made_reports, made_cases):
    async def work(tx):
        tx.session.add(TimeZoneChange(guild_id=GUILD, at=ALWAYS, zone="Europe/Paris"))
        for number, one in enumerate(made_reports):
            tx.session.add(Report(source=str(number), **one))
        for number, one in enumerate(made_cases):
            values = dict(one)
            outcome, made, decided = (values.pop(name) for name in ("appeal", "appealed_at", "decided_at"))
            case = Case(source=str(number), number=number, user_id=1, reason="", **values)
            tx.session.add(case)
            await tx.session.flush()
            if outcome:
                known = {"guild_id": case.guild_id, "case_id": case.id, "user_id": 1, "due_at": made}
                tx.session.add(Appeal(made_at=made, decided_at=decided, outcome=outcome, **known))

    await db.transaction(work)


def is_in(at):
    return at is not None and BEGUN <= at < OVER


@given(st.lists(reports(), max_size=30), st.lists(cases(), max_size=30))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_what_is_counted_in_sql_is_what_counting_by_hand_gives(db, made_reports, made_cases):
    await emptied(db)
    await stored(db, made_reports, made_cases)
    found = await Figures(db, lambda _guild: "UTC", lambda _guild: ARTICLES).counted(GUILD, *MARCH)
    here = [one for one in made_reports if one["guild_id"] == GUILD]
    assert found.reports == Counter(one["article"] for one in here if is_in(one["made_at"]))
    closed = [one for one in here if is_in(one["decided_at"])]
    assert found.closed == Counter(one["outcome"] for one in closed)
    lengths = [one["decided_at"] - one["made_at"] for one in closed]
    assert found.median == (median(lengths) if lengths else None)
    mine = [one for one in made_cases if one["guild_id"] == GUILD]
    made = [one for one in mine if is_in(one["created_at"])]
    assert found.cases == Counter((one["kind"], one["automatic"]) for one in made)
    decided = [one for one in made if one["kind"] in SANCTIONS and not one["automatic"] and not one["by_hand"]]
    departed = [one for one in decided if one["proposed"]]
    assert (found.sanctions, found.departures) == (len(decided), len(departed))
    assert found.appeals == sum(1 for one in mine if one["appeal"] and is_in(one["appealed_at"]))
    answers = {}
    for one in mine:
        if one["appeal"] and is_in(one["decided_at"]):
            sides = answers.setdefault(one["article"], [0, 0])
            sides[one["appeal"] is Answer.OVERTURNED] += 1
    assert found.answers == {article: tuple(pair) for article, pair in answers.items()}


def a_report(article, outcome=Outcome.UPHELD, day=5):
    made = datetime(2026, 3, day, tzinfo=UTC)
    known = {"article": article, "made_at": made, "decided_at": made + timedelta(hours=article or 1)}
    return {"guild_id": GUILD, **known, "outcome": outcome}


def a_case(kind=CaseKind.WARN, appeal=None, article=1, **more):
    at = datetime(2026, 3, 5, tzinfo=UTC)
    known = {"automatic": False, "by_hand": False, "proposed": None, **more}
    return {"guild_id": GUILD, "kind": kind, "article": article, "created_at": at, "appeal": appeal} | {
        **known,
        "appealed_at": at,
        "decided_at": at,
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_month_names_what_five_or_more_did_and_keeps_the_rest_back(db):
    figures = Figures(db, lambda _guild: "UTC", lambda _guild: ARTICLES)
    nothing = await figures.figures(GUILD, *MARCH)
    assert nothing == replace(nothing, reports=None, by_article={}, cases=None, median=None, overturned=())
    made = [a_report(1) for _ in range(7)] + [a_report(2, Outcome.NOT_UPHELD) for _ in range(2)]
    judged = [a_case(appeal=answer) for answer in Answer for _ in range(6)]
    await stored(
        db,
        made,
        [
            *judged,
            *(a_case(CaseKind.BAN, proposed="warn") for _ in range(5)),
            a_case(CaseKind.KICK),
            *(a_case(automatic=True) for _ in range(6)),
        ],
    )
    found = await figures.figures(GUILD, *MARCH)
    assert (found.reports, dict(found.by_article)) == (None, {1: 7})
    assert (found.resolved, dict(found.by_outcome)) == (None, {"upheld": 7})
    assert found.median == timedelta(hours=1)
    assert (found.cases, dict(found.by_kind)) == (None, {CaseKind.WARN: 12, CaseKind.BAN: 5})
    assert (found.by_filters, found.departures) == (6, 5)
    assert (found.appeals, found.answered, dict(found.by_answer)) == (12, 12, {"upheld": 6, "overturned": 6})
    assert [(one.article, one.rate) for one in found.overturned] == [(1, 0.5)]
    assert (await figures.figures(GUILD, date(2026, 4, 1), date(2026, 4, 30))).by_kind == {}
