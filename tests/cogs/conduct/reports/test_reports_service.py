"""Reports and evidence on both databases: kept as long as what they prove, closed once, naming nobody."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.community.facts import Facts
from bot.community.models import Contribution
from bot.contracts.cases import SanctionOverturned
from bot.database import Base
from bot.inbox import Inbox
from bot.privacy import erase_member
from bot.privacy.export import export_member
from bot.timers.models import Timer
from cogs.conduct.deciding.decisions import Decision
from cogs.conduct.deciding.refusals import DraftGone
from cogs.conduct.deciding.service import Deciding
from cogs.conduct.evidence.service import EvidenceRoom, Snapshot
from cogs.conduct.moderate.refusals import AlreadyActed
from cogs.conduct.moderate.service import DELETE, Panels
from cogs.conduct.reports.models import Outcome
from cogs.conduct.reports.refusals import AlreadyClosed, ConcernsYou, OfYourself, ReportGone, TooManyReports, TooShort
from cogs.conduct.reports.service import REPORT, TELL, NewReport, Reports
from tests.cogs.conduct.cases.court import ADA, CHIEF, GUILD, MOD, Court, causes

BOB, EVE = 20011 << 22, 20012 << 22
MESSAGE, CHANNEL = 777, 778
CANARY = "canary-9f31"
DAY = timedelta(days=1)


class Room(Court):
    """The court with everything between a report and a case."""

    def __init__(self, db, clock):
        super().__init__(db, clock)
        self.inbox = Inbox(db, self.timers, lambda guild_id: "UTC", clock)
        self.inbox.register(REPORT)
        self.evidence = EvidenceRoom(db, self.timers, clock)
        self.reports = Reports(db, self.evidence, self.inbox, Facts(db, clock), self.timers, clock)
        db.bus.on(SanctionOverturned, self.reports.on_overturned)
        self.deciding = Deciding(db, self.cases, self.settings, lambda guild, number: None, clock)
        self.panels = Panels(db, self.deciding, self.evidence, self.reports, self.timers, clock)
        db.bus.on(SanctionOverturned, self.evidence.on_overturned)

    def shot(self, text=CANARY):
        return Snapshot(ADA, CHANNEL, MESSAGE, self.clock(), text, ("cat.png",))

    async def report(self, by=BOB, *, about=ADA, message=True, details="They shouted at me.", source=None):
        source = source or f"click:{next(causes)}"
        shot = self.shot() if message else None
        return await self.reports.make(NewReport(GUILD, by, about, source, details, 1, shot))

    async def panel(self, by=MOD, *, source="1", shot=True, report=None):
        wish = Decision(GUILD, ADA, by, "warn", "Loud", article=1)
        shot = self.shot() if shot and report is None else None
        return await self.panels.open(wish, source, shot=shot, report=report)

    async def act(self, draft_id, by=MOD):
        decision = await self.deciding.draft(GUILD, draft_id, by)
        return (await self.deciding.record(decision, f"draft:{draft_id}")).case

    async def pass_days(self, days):
        self.clock.advance(days=days)
        for chore in (self.evidence.forget, self.reports.forget, self.deciding.prune, self.panels.prune):
            await chore()

    async def timers_of(self, kind):
        async with self.db.read() as session:
            return list(await session.scalars(select(Timer.payload).where(Timer.kind == kind)))

    async def says(self, word):
        """Tables in which a text column holds the word."""
        found = []
        async with self.db.read() as session:
            for table in Base.metadata.sorted_tables:
                rows = (await session.execute(select(table))).mappings().all()
                if any(word in str(value) for row in rows for value in row.values()):
                    found.append(table.name)
        return found


@pytest.fixture
def room(db, clock):
    return Room(db, clock)


async def test_a_report_is_made_once_and_refused_where_it_says_nothing(room):
    first = await room.report(source="click:1")
    assert await room.report(source="click:1") == first, "the same click"
    assert (await room.report(source="click:2")).id == first.id, "the same message again, while it is open"
    with pytest.raises(OfYourself):
        await room.report(by=ADA)
    with pytest.raises(TooShort):
        await room.report(message=False, details="  short  ")
    (item,) = await room.inbox.open_items(GUILD, viewer=MOD)
    assert (item.subject, item.link.message_id) == (ADA, MESSAGE)
    assert await room.inbox.open_items(GUILD, viewer=ADA) == [], "whom it is about does not see it"
    for place in range(9):
        await room.report(message=False, source=f"more:{place}")
    with pytest.raises(TooManyReports):
        await room.report(message=False, source="one too many")
    async with room.db.read() as session:
        worth = (await session.execute(select(Base.metadata.tables["contribution"]))).all()
    assert worth == [], "reporting earns nothing"


async def test_it_is_closed_once_and_never_by_whom_it_is_about(room):
    made = await room.report()
    with pytest.raises(ConcernsYou):
        await room.reports.close(GUILD, made.id, ADA, Outcome.NOT_UPHELD)
    with pytest.raises(ReportGone):
        await room.reports.close(GUILD + 1, made.id, MOD, Outcome.UPHELD)
    ended = await asyncio.gather(
        *(room.reports.close(GUILD, made.id, who, Outcome.UPHELD) for who in (MOD, CHIEF)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in ended) == ["AlreadyClosed", "ReportView"]
    assert await room.inbox.open_items(GUILD, viewer=MOD) == []
    assert await room.timers_of(TELL) == [{"report": made.id}]
    assert await room.reports.read.untold(GUILD) == [made.id]
    await room.reports.told(await room.reports.read.get(GUILD, made.id), undone=False)
    assert await room.reports.read.untold(GUILD) == []


async def test_of_two_moderators_on_one_message_one_makes_the_case_which_closes_every_report_of_it(room):
    reports = [await room.report(by) for by in (BOB, EVE)]
    drafts = [await room.panel(report=reports[0]), await room.panel(CHIEF, source="2")]
    await room.panels.choose(drafts[0], delete_message=True)
    await room.panels.choose(drafts[1], delete_message=True)
    answers = await asyncio.gather(room.act(drafts[0]), room.act(drafts[1], CHIEF), return_exceptions=True)
    (case,) = [one for one in answers if not isinstance(one, Exception)]
    (refused,) = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(refused, AlreadyActed | AlreadyClosed)
    assert (await room.read.page(GUILD, 0))[1] == 1
    closed = [await room.reports.read.get(GUILD, one.id) for one in reports]
    assert [(one.outcome, one.case_id) for one in closed] == [(Outcome.SANCTIONED, case.id)] * 2
    assert {one.message_id for one in await room.evidence.of_case(GUILD, case.id)} == {MESSAGE}
    assert await room.timers_of(DELETE) == [{"channel": CHANNEL, "message": MESSAGE}]
    winner = drafts[answers.index(case)]
    again = await room.act(winner, case.moderator_id)
    assert again.id == case.id, "a second click shows the same case"
    assert await room.panels.acted(GUILD, MESSAGE) == case.number
    await room.cases.ending.void(GUILD, case.number, CHIEF)
    assert await room.panels.acted(GUILD, MESSAGE) is None, "what was voided does not stand in the way"


async def test_a_new_case_about_the_same_message_takes_the_place_of_the_one_that_was_undone(room):
    made, other = await room.report(), await room.report(EVE, message=False)
    first = await room.act(await room.panel(report=made))
    beside = await room.act(await room.panel(CHIEF, source="2", report=other), CHIEF)
    for case in (first, beside):
        await room.cases.ending.void(GUILD, case.number, CHIEF)
    room.clock.advance(days=80)
    second = await room.act(await room.panel(CHIEF, source="3"), CHIEF)
    follows = await room.reports.read.get(GUILD, made.id)
    assert (follows.outcome, follows.case_id) == (Outcome.SANCTIONED, second.id)
    assert follows.decided_at < second.created_at, "figures of the past stay as they were"
    assert made.id in await room.reports.read.untold(GUILD), "the reporter is told"
    assert (await room.reports.read.get(GUILD, other.id)).case_id == beside.id, "what was about no message stays"
    await room.pass_days(11)
    assert len(await room.evidence.of_case(GUILD, second.id)) == 2, "what was reported is kept for the case that stands"
    facts = await Facts(room.db, room.clock).of(GUILD, BOB, "report_upheld")
    assert [(one.source, one.revision) for one in facts] == [(f"report:{made.id}", 2)]
    await room.cases.ending.void(GUILD, second.number, MOD)
    assert await Facts(room.db, room.clock).of(GUILD, BOB, "report_upheld") == []


async def test_a_report_that_somebody_else_has_closed_makes_no_case(room):
    made = await room.report(message=False)
    draft = await room.panel(report=made)
    await room.reports.close(GUILD, made.id, CHIEF, Outcome.NOT_UPHELD)
    with pytest.raises(AlreadyClosed):
        await room.act(draft)
    assert (await room.read.page(GUILD, 0))[1] == 0


async def test_what_a_message_said_goes_in_time_with_what_it_was_kept_for(room):
    looked = await room.panel(source="looked at")
    await room.panels.close(await room.panels.get(GUILD, looked, MOD))
    assert await room.says(CANARY) == [], "closing the panel forgets the message"
    left = await room.panel(source="left open")
    assert await room.says(CANARY) == ["conduct_evidence"]
    await room.pass_days(1.01)
    assert await room.says(CANARY) == []
    with pytest.raises(DraftGone):
        await room.panels.get(GUILD, left, MOD)
    made = await room.report(details=f"I saw {CANARY}-words")
    await room.pass_days(300)
    assert await room.says(CANARY) == ["conduct_evidence", "conduct_report"], "an open report keeps what it is about"
    await room.reports.close(GUILD, made.id, MOD, Outcome.NOT_UPHELD)
    await room.pass_days(89)
    assert "conduct_evidence" in await room.says(CANARY)
    await room.pass_days(2)
    assert await room.says(CANARY) == ["conduct_report"]
    await room.pass_days(275)
    assert await room.says(CANARY) == []
    case = await room.act(await room.panel(source="acted"))
    await room.run()
    await room.pass_days(89)
    assert [one.content for one in await room.evidence.of_case(GUILD, case.id)] == [CANARY]
    await room.pass_days(2)
    assert await room.says(CANARY) == [], "evidence goes with its case"


async def test_evidence_of_an_overturned_case_goes_after_a_while(room):
    case = await room.act(await room.panel())
    await room.cases.ending.void(GUILD, case.number, CHIEF)
    await room.pass_days(89)
    assert await room.evidence.of_case(GUILD, case.id) != []
    await room.pass_days(2)
    assert await room.says(CANARY) == []


async def test_neither_the_export_nor_the_erasure_of_whom_it_is_about_tells_who_reported(room):
    made = await room.report(details=f"{CANARY} in my words")
    await room.reports.close(GUILD, made.id, MOD, Outcome.UPHELD)
    told = json.dumps(await export_member(room.db, GUILD, ADA, room.clock))
    assert str(BOB) not in told
    assert "in my words" not in told
    assert CANARY in told, "their own message is in their export"
    mine = json.dumps(await export_member(room.db, GUILD, BOB, room.clock))
    assert "in my words" in mine
    assert str(ADA) not in mine
    await erase_member(room.db, GUILD, BOB, room.clock)
    kept = await room.reports.read.get(GUILD, made.id)
    assert (kept.reporter_id, kept.details, kept.outcome) == (None, None, Outcome.UPHELD)
    await erase_member(room.db, GUILD, ADA, room.clock)
    assert (await room.reports.read.get(GUILD, made.id)).subject_id is None


async def test_a_report_that_was_right_is_a_fact_that_goes_with_its_case_and_is_worth_nothing(room):
    from bot.contracts.facts import KINDS

    assert KINDS["report_upheld"].track is None
    right, wrong = await room.report(), await room.report(by=CHIEF, message=False)
    case = await room.open()

    async def close(tx):
        await room.reports.close_in(tx, GUILD, right.id, MOD, Outcome.SANCTIONED, case.id)

    await room.within(close)
    await room.reports.close(GUILD, wrong.id, MOD, Outcome.NOT_UPHELD)

    async def facts():
        async with room.db.read() as session:
            rows = await session.scalars(select(Contribution))
            return [(row.user_id, row.kind, row.source, row.revoked_at is None) for row in rows]

    assert await facts() == [(BOB, "report_upheld", f"report:{right.id}", True)]
    await room.cases.ending.void(GUILD, case.number, CHIEF)
    assert await facts() == [(BOB, "report_upheld", f"report:{right.id}", False)]
