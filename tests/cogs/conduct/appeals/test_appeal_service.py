"""Appeals on both databases: made once, decided once, by somebody else, with a clock."""

import asyncio
from datetime import timedelta

import pytest

from bot.contracts.cases import CaseKind, SanctionOverturned
from bot.contracts.conduct import Severity
from bot.inbox import Inbox
from bot.privacy import erase_member
from cogs.conduct.appeals.models import Outcome
from cogs.conduct.appeals.refusals import AlreadyDecided, AppealsOff, MayNotDecide, NotYourCase
from cogs.conduct.appeals.service import APPEAL, Appeals
from cogs.conduct.cases.refusals import AlreadyAppealed, CaseGone, NotAppealable
from cogs.conduct.cases.rules import State
from cogs.conduct.record.service import AppealEntry, Records
from cogs.conduct.settings import ConductSettings
from tests.cogs.conduct.cases.court import ADA, CHIEF, GUILD, HOUR, MOD, Court

OWNER = 20009
WORDS = "It was not me who wrote that."
TEAM = {"deciders": frozenset({MOD, CHIEF}), "owner": OWNER}


class Appeal(Court):
    def __init__(self, db, clock):
        super().__init__(db, clock)
        self.inbox = Inbox(db, self.timers, lambda guild_id: "UTC", clock)
        self.inbox.register(APPEAL)
        self.appeals = Appeals(db, self.settings, self.cases, self.inbox, self.timers, clock)
        db.bus.on(SanctionOverturned, self.appeals.on_overturned)

    async def waiting(self):
        return await self.inbox.open_items(GUILD, viewer=OWNER)


@pytest.fixture
async def court(db, clock):
    court = Appeal(db, clock)
    await court.settings.change(GUILD, ConductSettings, by=None, enabled=True)
    return court


async def test_of_two_appeals_and_two_decisions_at_once_one_counts(court):
    case = await court.open(CaseKind.BAN, severity=Severity.HIGH)
    await court.run()
    answers = await asyncio.gather(*(court.appeals.make(case.id, ADA, WORDS) for _ in range(3)), return_exceptions=True)
    (appeal,) = [one for one in answers if not isinstance(one, Exception)]
    assert [type(one) for one in answers if isinstance(one, Exception)] == [AlreadyAppealed] * 2
    (item,) = await court.waiting()
    assert (item.subject, item.params["case"]) == (ADA, case.number)
    assert item.urgent_at == court.clock() + timedelta(days=3)
    decisions = await asyncio.gather(
        *(court.appeals.decide(appeal.id, who, Outcome.OVERTURNED, "You are right.", **TEAM) for who in (CHIEF, OWNER)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in decisions) == ["AlreadyDecided", "AppealView"]
    await court.run()
    overturned = await court.read.case(GUILD, case.number)
    assert overturned.state is State.OVERTURNED
    assert not court.discord.banned
    assert await court.read.points(GUILD, ADA) == 0
    assert await court.waiting() == []
    assert [change.what for change in await court.read.history(overturned)] == ["appealed", "overturned"]


async def test_whoever_made_the_case_and_whoever_it_is_about_do_not_decide(court):
    await court.settings.change(GUILD, ConductSettings, by=None, appeal_due=5 * HOUR)
    case = await court.open(CaseKind.TIMEOUT, length=5 * HOUR)
    await court.run()
    with pytest.raises(NotYourCase):
        await court.appeals.make(case.id, CHIEF, WORDS)
    appeal = await court.appeals.make(case.id, ADA, WORDS)
    assert appeal.due_at == court.clock() + 5 * HOUR
    for who in (MOD, ADA, 999):
        with pytest.raises(MayNotDecide):
            await court.appeals.decide(appeal.id, who, Outcome.UPHELD, "", **TEAM)
    assert (await court.read.case(GUILD, case.number)).state is State.APPEALED
    await court.appeals.decide(appeal.id, CHIEF, Outcome.UPHELD, "The log is clear.", **TEAM)
    await court.run()
    assert (await court.read.case(GUILD, case.number)).state is State.ACTIVE
    assert court.discord.timed_out_until == case.until
    with pytest.raises(AlreadyDecided):
        await court.appeals.decide(appeal.id, CHIEF, Outcome.OVERTURNED, "", **TEAM)
    with pytest.raises(AlreadyAppealed):
        await court.appeals.make(case.id, ADA, WORDS)


async def test_voiding_a_case_settles_its_appeal_and_a_server_may_take_none(court):
    case = await court.open()
    await court.run()
    appeal = await court.appeals.make(case.id, ADA, WORDS)
    await court.cases.ending.void(GUILD, case.number, CHIEF)
    settled = await court.appeals.read.get(appeal.id)
    assert (settled.outcome, settled.decided_by) == (Outcome.OVERTURNED, None)
    assert await court.waiting() == []
    await court.settings.change(GUILD, ConductSettings, by=None, appeals=False)
    second = await court.open()
    with pytest.raises(AppealsOff):
        await court.appeals.make(second.id, ADA, WORDS)


async def test_an_expired_case_can_be_contested_and_what_has_no_effect_cannot(court):
    old, void = await court.open(), await court.open()
    await court.run()
    await court.cases.ending.void(GUILD, void.number, CHIEF)
    note = await court.open(CaseKind.NOTE)
    for case in (void, note):
        with pytest.raises(NotAppealable):
            await court.appeals.make(case.id, ADA, WORDS)
    await court.wait(timedelta(days=91))
    assert (await court.read.case(GUILD, old.number)).state is State.EXPIRED
    appeal = await court.appeals.make(old.id, ADA, WORDS)
    assert await court.read.points(GUILD, ADA) == 0, "an open appeal gives no points back"
    await court.appeals.decide(appeal.id, CHIEF, Outcome.UPHELD, "", **TEAM)
    assert (await court.read.case(GUILD, old.number)).state is State.EXPIRED
    with pytest.raises(CaseGone):
        await court.appeals.make(999, ADA, WORDS)


async def test_an_erased_members_words_go_and_the_decision_stays(court):
    case = await court.open(severity=Severity.HIGH)
    await court.run()
    appeal = await court.appeals.make(case.id, ADA, WORDS)
    await erase_member(court.db, GUILD, ADA, court.clock)
    kept = await court.appeals.read.get(appeal.id)
    assert kept.text is None
    assert kept.user_id < 0
    timeline = await Records(court.db, court.clock).timeline(GUILD, ADA, MOD)
    assert appeal.id in [one.id for one in timeline.entries if isinstance(one, AppealEntry)], (
        "found by whoever they are"
    )
    await court.appeals.decide(appeal.id, CHIEF, Outcome.UPHELD, "", **TEAM)
    assert [one.id for one in await court.appeals.read.unfinished(GUILD)] == [appeal.id], "telling them is owed"
    await court.appeals.told(appeal.id)
    assert await court.appeals.read.unfinished(GUILD) == []
