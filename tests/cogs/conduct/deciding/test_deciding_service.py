"""Decisions are weighed, kept as drafts and recorded once, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article, Severity
from cogs.conduct.cases.models import Draft
from cogs.conduct.cases.refusals import AlreadyUndone
from cogs.conduct.cases.rules import State
from cogs.conduct.deciding.decisions import Decision
from cogs.conduct.deciding.refusals import DraftGone, NotYourDraft
from cogs.conduct.deciding.sanctions import Sanction
from cogs.conduct.deciding.service import Deciding
from tests.cogs.conduct.cases.court import ADA, CHIEF, GUILD, MOD, Court

ARTICLES = {n: Article(n, {"en": f"A{n}"}, {"en": "Text"}, severity) for n, severity in enumerate(Severity, 1)}
TWO_HOURS = Sanction(CaseKind.TIMEOUT, timedelta(hours=2))
WISH = Decision(GUILD, ADA, MOD, CaseKind.WARN, "Loud", article=2)


@pytest.fixture
def court(db, clock):
    return Court(db, clock)


@pytest.fixture
def deciding(court):
    return Deciding(court.db, court.cases, court.settings, lambda _guild, number: ARTICLES.get(number), court.clock)


async def drafts(court):
    async with court.db.read() as session:
        return await session.scalar(select(func.count()).select_from(Draft))


async def test_a_decision_is_weighed_by_points_that_were_delivered_and_by_what_others_received(court, deciding):
    for user in range(30001, 30007):
        await court.open(CaseKind.TIMEOUT, user=user, length=timedelta(hours=2))
        await court.run()
    await court.open(user=ADA, severity=Severity.MEDIUM)
    before = await deciding.weigh(GUILD, ADA, 1)
    assert (before.points, before.total, before.proposal) == (0, 20, Sanction(CaseKind.WARN)), "nobody told them yet"
    await court.run()
    found = await deciding.weigh(GUILD, ADA, 1)
    assert (found.points, found.total, found.proposal) == (40, 60, TWO_HOURS)
    assert found.beyond == (Sanction(CaseKind.TIMEOUT, timedelta(hours=24)), 80)
    assert found.proportion.outcomes == ((TWO_HOURS, 6),)
    without = await deciding.weigh(GUILD, ADA, None)
    assert (without.total, without.proportion) == (80, None), "of medium severity, and compared with nothing"


async def test_a_draft_belongs_to_its_moderator_and_server_for_a_day(court, deciding):
    wish = replace(
        WISH, kind=CaseKind.BAN, length=timedelta(days=7), delete_seconds=86400, proposed=TWO_HOURS, departure="Threats"
    )
    draft = await deciding.keep(wish)
    assert await deciding.draft(GUILD, draft, MOD) == wish
    with pytest.raises(NotYourDraft):
        await deciding.draft(GUILD, draft, CHIEF)
    with pytest.raises(DraftGone):
        await deciding.draft(GUILD + (1 << 22), draft, MOD)
    court.clock.advance(hours=23)
    await deciding.prune()
    assert await deciding.draft(GUILD, draft, MOD) == wish
    court.clock.advance(hours=1)
    with pytest.raises(DraftGone):
        await deciding.draft(GUILD, draft, MOD)
    await deciding.prune()
    assert await drafts(court) == 0
    later = await deciding.keep(wish)
    assert later > draft, "its number is in buttons, so it never comes back"


async def test_one_cause_makes_one_case_and_one_draft_of_its_next_step_however_often_at_once(court, deciding):
    wish = replace(WISH, proposed=TWO_HOURS)
    made = await asyncio.gather(*(deciding.record(wish, "command:7", TWO_HOURS) for _ in range(4)))
    assert {one.case.number for one in made} == {1}
    assert len({one.draft_id for one in made}) == 1
    assert await drafts(court) == 1
    assert made[0].case.proposed == "timeout:7200"


async def test_the_next_step_has_no_points_of_its_own_and_the_warning_was_no_departure_after_all(court, deciding):
    warned = await deciding.record(replace(WISH, proposed=TWO_HOURS), "command:7", TWO_HOURS)
    step = await deciding.draft(GUILD, warned.draft_id, MOD)
    assert (step.chosen, step.reason, step.article, step.case_id) == (TWO_HOURS, "Loud", 2, warned.case.id)
    made = await deciding.record(step, "draft:1")
    await court.run()
    assert (made.case.kind, made.case.points, made.case.proposed) == (CaseKind.TIMEOUT, 0, None)
    assert await court.read.points(GUILD, ADA) == 40
    assert (await court.read.case(GUILD, 1)).proposed is None
    found = await deciding.proportion(GUILD, 2, TWO_HOURS)
    assert found.outcomes == ((TWO_HOURS, 1),)


async def test_whatever_becomes_of_a_warning_becomes_of_the_step_that_was_taken_after_it(court, deciding):
    other = await court.open(CaseKind.TIMEOUT, length=timedelta(hours=1))
    warned = await deciding.record(replace(WISH, proposed=TWO_HOURS), "command:7", TWO_HOURS)
    step = await deciding.record(await deciding.draft(GUILD, warned.draft_id, MOD), f"draft:{warned.draft_id}")
    await court.run()
    assert court.discord.timed_out_until == step.case.until
    await court.cases.edit(GUILD, warned.case.number, MOD, article=(3, Severity.HIGH))
    moved = await court.read.case(GUILD, step.case.number)
    assert (moved.article, moved.points) == (3, 0), "the points stand with the warning"
    assert [one.before for one in await court.read.history(moved)] == [{"article": 2}]
    await court.within(lambda tx: court.cases.ending.appeal(tx, warned.case.id, ADA))
    await court.within(lambda tx: court.cases.ending.overturn(tx, warned.case.id, CHIEF))
    await court.run()
    states = {one.number: one.state for one in await court.read.of_member(GUILD, ADA)}
    assert states == {
        other.number: State.ACTIVE,
        warned.case.number: State.OVERTURNED,
        step.case.number: State.OVERTURNED,
    }
    assert court.discord.timed_out_until == other.until, "what has nothing to do with it stands"
    assert await court.read.points(GUILD, ADA) == 20


async def test_the_next_step_after_a_warning_that_was_voided_is_not_taken(court, deciding):
    warned = await deciding.record(replace(WISH, proposed=TWO_HOURS), "command:7", TWO_HOURS)
    await court.cases.ending.void(GUILD, 1, MOD)
    step = await deciding.draft(GUILD, warned.draft_id, MOD)
    with pytest.raises(AlreadyUndone):
        await deciding.record(step, "draft:1")
    _cases, total = await court.read.page(GUILD, 0)
    assert total == 1
