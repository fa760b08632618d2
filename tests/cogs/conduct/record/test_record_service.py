"""Records on both databases: a page at a time, equal to everything taken together, for whoever may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from bot.privacy import erase_member
from cogs.conduct.appeals.models import Appeal
from cogs.conduct.cases.models import Case, MeasureKind
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.record.rules import OWN_PER_PAGE, PER_PAGE, page_within, pages
from cogs.conduct.record.service import AppealEntry, Points, Records, ReportEntry
from cogs.conduct.reports.models import Outcome, Report
from tests.cogs.conduct.cases.court import ADA, CHIEF, GUILD, HOUR, MOD, Court

DAY = timedelta(days=1)


@pytest.fixture
def court(db, clock):
    return Court(db, clock)


@pytest.fixture
def records(db, clock):
    return Records(db, clock)


async def report(court, number, *, about=ADA, guild=GUILD, **more):
    values = {"article": 2, "details": "Shouting", "reporter_id": CHIEF, "made_at": court.clock(), **more}

    async def work(tx):
        tx.session.add(Report(guild_id=guild, source=f"r{number}", subject_id=about, **values))

    await court.within(work)


async def appeal(court, case_id, user=ADA):
    due = court.clock() + DAY

    async def work(tx):
        await court.cases.ending.appeal(tx, case_id, user)
        tx.session.add(Appeal(guild_id=GUILD, case_id=case_id, user_id=user, made_at=court.clock(), due_at=due))

    await court.within(work)


async def whole(records, viewer=MOD, user=ADA):
    first = await records.timeline(GUILD, user, viewer)
    turned = [first]
    for page in range(1, pages(first.total, PER_PAGE)):
        turned.append(await records.timeline(GUILD, user, viewer, page))
    assert all(len(one.entries) <= PER_PAGE for one in turned)
    found = [entry for one in turned for entry in one.entries]
    assert len(found) == first.total
    return found


def kinds(entries):
    return [entry.kind.value if isinstance(entry, CaseView) else type(entry).__name__ for entry in entries]


async def test_the_timeline_has_everything_once_newest_first_and_no_report_for_whom_it_is_about(court, records):
    warned = await court.open(CaseKind.WARN)
    await court.wait(HOUR)
    await report(court, 1)
    await report(court, 2, about=CHIEF)
    await report(court, 3, guild=GUILD + (1 << 22))
    await court.wait(HOUR)
    await court.open(CaseKind.NOTE, severity=None)
    await court.open(CaseKind.WARN, user=CHIEF)
    await court.wait(HOUR)
    await appeal(court, warned.id)
    await court.wait(HOUR)
    for _ in range(PER_PAGE):
        await court.open(CaseKind.NATIVE, severity=None, automatic=True, by=None)
        await court.wait(HOUR)
    found = await whole(records)
    assert kinds(found) == ["native"] * PER_PAGE + ["AppealEntry", "note", "ReportEntry", "warn"]
    assert next(one for one in found if isinstance(one, AppealEntry)).number == warned.number
    assert kinds(await whole(records, viewer=ADA)) == ["native"] * PER_PAGE + ["AppealEntry", "note", "warn"]
    beyond = await records.timeline(GUILD, ADA, MOD, 99)
    assert (beyond.page, len(beyond.entries)) == (1, len(found) - PER_PAGE)
    assert (await records.timeline(GUILD, 4711, MOD)).total == 0


async def test_points_and_measures_are_those_of_the_cases_at_every_time(court, records):
    async def agrees():
        found = await records.timeline(GUILD, ADA, MOD)
        assert found.points.total == await court.read.points(GUILD, ADA)
        return found

    await court.open(CaseKind.WARN, severity=Severity.MEDIUM)
    assert (await agrees()).points == Points(), "the notice has not arrived yet"
    await court.wait(10 * DAY)
    voided = await court.open(CaseKind.WARN, severity=Severity.HIGH)
    timeout = await court.open(CaseKind.TIMEOUT, severity=Severity.HIGH, length=40 * HOUR)
    await court.open(CaseKind.NOTE, severity=Severity.HIGH)
    await court.wait(HOUR)
    await court.cases.ending.void(GUILD, voided.number, MOD)
    found = await agrees()
    assert (found.points.total, found.points.last - found.points.first) == (120, 10 * DAY)
    ((kind, until, number),) = [(one.kind, one.until, one.number) for one in found.in_force]
    assert (kind, until, number) == (MeasureKind.TIMEOUT, timeout.until, timeout.number)
    await court.wait(50 * HOUR)
    assert (await agrees()).in_force == []
    await court.wait(80 * DAY)
    found = await agrees()
    assert (found.points.total, found.points.first) == (80, found.points.last)
    await court.wait(20 * DAY)
    assert (await agrees()).points == Points()


async def test_ones_own_record_has_the_sanctions_alone_and_is_found_after_an_erasure(court, records):
    for kind in (CaseKind.NOTE, CaseKind.NATIVE, CaseKind.FILTER):
        await court.open(kind, severity=None)
    await report(court, 1, outcome=Outcome.UPHELD, decided_at=court.clock())
    made = []
    for _ in range(OWN_PER_PAGE + 1):
        made.append(await court.open(CaseKind.WARN))
        await court.wait(HOUR)
    first, second = [await records.own(GUILD, ADA, page) for page in (0, 1)]
    assert [one.id for one in [*first.cases, *second.cases]] == [one.id for one in reversed(made)]
    assert (first.total, second.page, first.points.total) == (len(made), 1, 20 * len(made))
    assert not (await records.own(GUILD, CHIEF)).cases
    await erase_member(court.db, GUILD, ADA, court.clock)
    again = await records.own(GUILD, ADA)
    assert (again.total, again.points.total) == (len(made), 20 * len(made)), "what counts is kept under a hash"
    assert {one.user_id < 0 for one in again.cases} == {True}
    assert kinds(await whole(records)) == ["warn"] * len(made)


async def test_a_long_record_is_read_a_page_at_a_time(court, records, db):
    for _ in range(3 * PER_PAGE):
        await court.open(CaseKind.NOTE, severity=None)
    loaded = []

    def count(case, _context):
        loaded.append(case.id)

    event.listen(Case, "load", count)
    try:
        found = await records.timeline(GUILD, ADA, MOD, 1)
    finally:
        event.remove(Case, "load", count)
    assert (len(found.entries), found.total, len(loaded)) == (PER_PAGE, 3 * PER_PAGE, PER_PAGE)


@pytest.mark.parametrize(("page", "total", "shown"), [(0, 0, 0), (5, 0, 0), (1, 8, 0), (1, 9, 1), (-1, 99, 0)])
def test_a_page_beyond_the_last_is_the_last(page, total, shown):
    assert page_within(page, total, PER_PAGE) == shown


def test_entries_of_reports_name_nobody():
    assert not {"reporter_id", "decided_by"} & set(ReportEntry.__slots__)
