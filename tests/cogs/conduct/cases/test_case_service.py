"""Cases on both databases: one per cause, numbered, edited, undone, and what stands because of them."""

import asyncio
from datetime import timedelta

import pytest

from bot.contracts.cases import CaseKind, SanctionEnded, SanctionOverturned, SanctionStarted
from bot.contracts.conduct import Severity
from bot.privacy import erase_member, export_member
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.refusals import (
    AlreadyAppealed,
    AlreadyUndone,
    CaseGone,
    EndsInThePast,
    NoLength,
    NotAppealable,
    NothingChanged,
    NothingToLift,
)
from cogs.conduct.cases.rules import State
from tests.cogs.conduct.cases.court import ADA, CHIEF, GUILD, HOUR, MOD, Court


@pytest.fixture
async def court(db, clock):
    return Court(db, clock)


async def test_cases_made_at_once_are_numbered_without_a_gap_and_one_cause_makes_one(court):
    kinds = [CaseKind.WARN, CaseKind.NOTE, CaseKind.TIMEOUT, CaseKind.BAN]
    made = await asyncio.gather(
        *(court.open(kinds[n % 4], user=ADA + n % 3, source=f"command:{n // 2}") for n in range(24))
    )
    assert sorted({case.number for case in made}) == list(range(1, 13))
    assert len({case.id for case in made}) == 12
    other = Court(court.db, court.clock, guild=GUILD + (1 << 22))
    assert (await other.open()).number == 1, "each server counts for itself"
    with pytest.raises(CaseGone):
        await other.read.case(other.guild, 12)


async def test_an_edit_keeps_what_was_and_a_new_article_weighs_anew(court):
    case = await court.open(CaseKind.TIMEOUT, severity=Severity.LOW, length=2 * HOUR)
    await court.run()
    with pytest.raises(NothingChanged):
        await court.cases.edit(GUILD, case.number, MOD, reason="Because.")
    with pytest.raises(EndsInThePast):
        await court.cases.edit(GUILD, case.number, MOD, length=timedelta(0))
    court.clock.advance(hours=1)
    edited = await court.cases.edit(
        GUILD, case.number, CHIEF, reason="Spam.", article=(2, Severity.HIGH), length=24 * HOUR
    )
    assert (edited.reason, edited.article, edited.points) == ("Spam.", 2, 80)
    assert edited.until == case.created_at + 24 * HOUR, "counted from the making of the case"
    await court.run()
    assert court.discord.timed_out_until == edited.until
    (change,) = await court.read.history(edited)
    assert (change.by, change.what) == (CHIEF, "edited")
    assert (change.before["reason"], change.after["reason"]) == ("Because.", "Spam.")
    assert change.before["until"] == case.until.isoformat()
    assert await court.read.points(GUILD, ADA) == 80
    warning = await court.open()
    with pytest.raises(NoLength):
        await court.cases.edit(GUILD, warning.number, MOD, length=HOUR)
    with pytest.raises(NoLength):
        await court.open(CaseKind.KICK, length=HOUR)
    with pytest.raises(EndsInThePast):
        await court.open(CaseKind.BAN, length=-HOUR)
    with pytest.raises(CaseGone):
        await court.cases.edit(GUILD, 99, MOD, reason="x")


async def test_lifting_ends_what_stands_and_voiding_takes_back_the_points_too(court):
    seen = []
    for kind in (SanctionStarted, SanctionEnded, SanctionOverturned):

        async def note(event, tx):
            seen.append((type(event).__name__, event.kind))

        court.db.bus.on(kind, note)
    case = await court.open(CaseKind.BAN, severity=Severity.HIGH)
    await court.run()
    assert court.discord.banned
    lifted = await court.cases.ending.lift(GUILD, case.number, MOD, "Enough.")
    assert (lifted.lifted_by, lifted.state) == (MOD, State.ACTIVE)
    await court.run()
    assert not court.discord.banned
    assert await court.read.points(GUILD, ADA) == 80, "a lifted ban has been deserved all the same"
    with pytest.raises(NothingToLift):
        await court.cases.ending.lift(GUILD, case.number, MOD)
    voided = await court.cases.ending.void(GUILD, case.number, CHIEF, "The wrong person.")
    assert (voided.state, voided.ended_by) == (State.VOID, CHIEF)
    assert await court.read.points(GUILD, ADA) == 0
    for refused in (
        court.cases.ending.void(GUILD, case.number, CHIEF),
        court.cases.ending.lift(GUILD, case.number, CHIEF),
        court.cases.edit(GUILD, case.number, CHIEF, reason="x"),
    ):
        with pytest.raises(AlreadyUndone):
            await refused
    await court.run()
    assert court.discord.told == ["ban", "unban"]
    assert seen == [("SanctionStarted", "ban"), ("SanctionEnded", "ban"), ("SanctionOverturned", "ban")]


async def test_the_newest_ban_decides_and_a_voided_one_gives_way_to_the_one_before(court):
    for_good = await court.open(CaseKind.BAN)
    await court.run()
    short = await court.open(CaseKind.BAN, length=HOUR)
    await court.run()
    court.clock.advance(hours=2)
    await court.run()
    assert court.discord.told == ["ban", "unban"], "the newer ban's end holds, the older one does not come back"
    await court.cases.ending.void(GUILD, short.number, MOD)
    await court.run()
    assert court.discord.banned, "without the newer one, the older ban stands"
    await court.cases.ending.void(GUILD, for_good.number, MOD)
    await court.run()
    assert court.discord.told == ["ban", "unban", "ban", "unban"]


async def test_an_unban_by_hand_clears_the_promise_and_a_ban_by_hand_replaces_it(court):
    temporary = await court.open(CaseKind.BAN, length=24 * HOUR)
    await court.run()
    court.discord.banned = False
    await court.open(CaseKind.UNBAN, by=CHIEF, by_hand=True)
    assert (await court.read.case(GUILD, temporary.number)).lifted_by == CHIEF
    court.discord.banned = True
    await court.open(CaseKind.BAN, by=CHIEF, by_hand=True)
    court.clock.advance(days=40)
    await court.run()
    assert court.discord.banned, "a ban for good outlives the temporary one before it"
    assert court.discord.told == ["ban"]
    assert await court.cases.read.untold(GUILD) == []


async def test_a_notice_that_did_not_arrive_has_no_points_and_is_noted_once(court):
    court.discord.open = False
    case = await court.open(severity=Severity.HIGH)
    await court.run()
    assert (await court.read.case(GUILD, case.number)).notice is Notice.UNDELIVERED
    assert await court.read.points(GUILD, ADA) == 0
    await court.cases.told(case.id, Notice.DIRECT)
    assert (await court.read.case(GUILD, case.number)).notice is Notice.UNDELIVERED, "what was noted stands"


async def test_an_appeal_is_made_once_and_overturning_leaves_no_trace_but_the_record(court):
    case = await court.open(CaseKind.TIMEOUT, severity=Severity.HIGH, length=5 * HOUR)
    await court.run()
    appealed = await court.within(lambda tx: court.cases.ending.appeal(tx, case.id, ADA))
    assert appealed.state is State.APPEALED
    assert await court.read.points(GUILD, ADA) == 80, "an appeal has not been decided yet"
    with pytest.raises(AlreadyAppealed):
        await court.within(lambda tx: court.cases.ending.appeal(tx, case.id, ADA))
    overturned = await court.within(lambda tx: court.cases.ending.overturn(tx, case.id, CHIEF, "Not what happened."))
    await court.run()
    assert overturned.state is State.OVERTURNED
    assert await court.read.points(GUILD, ADA) == 0
    assert court.discord.timed_out_until is None
    assert [change.what for change in await court.read.history(overturned)] == ["appealed", "overturned"]
    note = await court.open(CaseKind.NOTE)
    with pytest.raises(NotAppealable):
        await court.within(lambda tx: court.cases.ending.appeal(tx, note.id, ADA))
    for act in (court.cases.ending.uphold, court.cases.ending.overturn):
        with pytest.raises(AlreadyUndone):
            await court.within(lambda tx, act=act: act(tx, case.id, CHIEF))
    upheld = await court.open(severity=Severity.LOW)
    await court.run()
    await court.within(lambda tx: court.cases.ending.appeal(tx, upheld.id, ADA))
    stands = await court.within(lambda tx: court.cases.ending.uphold(tx, upheld.id, CHIEF))
    assert stands.state is State.ACTIVE
    with pytest.raises(AlreadyAppealed):
        await court.within(lambda tx: court.cases.ending.appeal(tx, upheld.id, ADA))


async def test_erasing_sheds_no_ban_and_no_points_but_forgets_what_counts_no_more(court):
    old = await court.open()
    court.clock.advance(days=91)
    ban = await court.open(CaseKind.BAN, severity=Severity.MEDIUM, length=24 * HOUR)
    await court.run()
    await erase_member(court.db, GUILD, ADA, court.clock)
    assert str(ADA) not in str(await export_member(court.db, GUILD, ADA, court.clock)).replace(f"'{ADA}'", "", 1)
    with pytest.raises(CaseGone):
        await court.read.case(GUILD, old.number)
    kept = await court.read.case(GUILD, ban.number)
    assert kept.user_id < 0
    assert [case.id for case in await court.read.of_member(GUILD, ADA)] == [ban.id], "the record finds them by hash"
    assert await court.read.points(GUILD, ADA) == 40
    (measure,) = await court.read.measures(GUILD, user_id=ADA)
    assert (measure.in_force, measure.user_id) == (True, kept.user_id)
    again = await court.open(CaseKind.BAN, length=48 * HOUR)
    (measure,) = await court.read.measures(GUILD, user_id=ADA)
    assert (measure.user_id, measure.case_id) == (ADA, again.id)
    court.clock.advance(hours=49)
    await court.run()
    assert court.discord.told == ["ban", "unban"]
