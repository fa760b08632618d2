"""Reminders on both databases: once per step ever, by day, within the attention budget, and never to who is past it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from bot.attention.rules import WEEK
from bot.contracts.attention import Proposal
from bot.privacy import erase_member
from cogs.onboarding.models import How
from cogs.onboarding.newcomers.models import Newcomer, StuckStep
from cogs.onboarding.newcomers.nudging import Asked
from cogs.onboarding.newcomers.settings import NewcomersSettings
from cogs.onboarding.rules import Step
from cogs.onboarding.settings import WelcomeSettings
from tests.cogs.onboarding.newcomers.nursery import PARIS
from tests.cogs.onboarding.services import ADA, BOB, CARL, GUILD, PAIRS
from tests.conftest import NOW

TEAM = 900


async def test_a_stuck_newcomer_is_reminded_of_each_step_once_a_week_apart_by_day_and_not_after_14_days(nursery):
    await nursery.join()
    await nursery.pass_time(hours=23)
    assert await nursery.stuck.of(GUILD) == []
    await nursery.pass_time(hours=2)
    assert nursery.sent == [(ADA, "code")]
    (row,) = await nursery.stuck.of(GUILD)
    assert (row.step, row.since, row.remindable, row.name) == (Step.CODE, NOW, False, "Person 1")
    assert row.told_at == NOW + timedelta(hours=24, minutes=30)
    await nursery.pass_time(days=2)
    await nursery.accept()
    await nursery.pass_time(days=2, hours=23)
    assert await nursery.stuck.of(GUILD) == [], "other steps have three days"
    nursery = await nursery.restarted()
    await nursery.pass_time(days=3)
    assert nursery.sent == [(ADA, "code"), (ADA, "groups")]
    await nursery.journeys.choose_groups(GUILD, ADA, wanted=(), unwanted=())
    await nursery.pass_time(days=40)
    assert nursery.sent == [(ADA, "code"), (ADA, "groups")], "the next one would be after the 14 days"
    times = [at for at, _, _ in nursery.postman.sent]
    assert all(later - sooner >= WEEK for sooner, later in pairwise(times))
    assert all(8 <= at.astimezone(PARIS).hour < 22 for at in times)


async def test_who_silenced_everything_is_pending_left_or_did_the_step_hears_nothing(nursery):
    silent, pending, gone, quick, plain = ADA, BOB, CARL, 4, 5
    for user_id in (silent, gone, quick, plain):
        await nursery.join(user_id)
    await nursery.join(pending, pending=True)
    await nursery.attention.silence(GUILD, silent, True)
    await nursery.pass_time(hours=24, minutes=10)
    assert (await nursery.note("code", gone)).waiting
    await nursery.leave(gone)
    await nursery.accept(quick)
    assert (await nursery.note("code", quick)).outcome == "withdrawn"
    assert (await nursery.note("code", gone)).outcome in ("left", "withdrawn")
    await nursery.pass_time(hours=40)
    assert nursery.sent == [(plain, "code")]
    assert (await nursery.note("code", silent)).outcome == "silenced"
    listed = {one.user_id: (one.step, one.remindable) for one in await nursery.stuck.of(GUILD)}
    assert listed == {
        pending: (Step.SCREENING, False),
        silent: (Step.CODE, False),
        plain: (Step.CODE, False),
    }
    assert await nursery.nudges.ask(GUILD, silent, Step.CODE, TEAM) is Asked.SILENT
    assert await nursery.nudges.ask(GUILD, pending, Step.SCREENING, TEAM) is Asked.MOVED
    await nursery.screen(pending)
    await nursery.join(gone)
    await nursery.pass_time(hours=32)
    assert sorted(nursery.sent[1:]) == [(pending, "code"), (gone, "code")]


async def test_who_does_another_step_while_a_reminder_is_under_way_hears_nothing_for_a_day_more(nursery):
    await nursery.join()
    nursery.clock.set(await nursery._next_due())
    await nursery.timers.run_due()
    assert (await nursery.note("code")).waiting
    await nursery.journeys.choose_groups(GUILD, ADA, wanted=(), unwanted=())
    await nursery.pass_time(hours=23)
    assert nursery.sent == []
    await nursery.pass_time(hours=2)
    assert nursery.sent == [(ADA, "code")]


async def test_what_the_budget_has_no_room_for_is_tried_each_morning_until_there_is(nursery):
    await nursery.join()

    async def urgent(tx):
        until = nursery.clock() + timedelta(days=3)
        await nursery.attention.propose(tx, Proposal(GUILD, ADA, "test.urgent", "1", until))

    await nursery.pass_time(hours=20)
    await nursery.db.transaction(urgent)
    await nursery.pass_time(days=6)
    assert nursery.sent == [(ADA, "test.urgent")]
    await nursery.pass_time(days=2)
    assert nursery.sent == [(ADA, "test.urgent"), (ADA, "code")]
    (first, _, _), (second, _, _) = nursery.postman.sent
    assert WEEK <= second - first < WEEK + timedelta(days=1)
    await nursery.pass_time(days=30)
    assert len(nursery.sent) == 2


async def test_a_message_that_may_have_been_sent_is_never_sent_again(nursery, monkeypatch):
    await nursery.join()
    nursery.postman.dies = ConnectionError()
    monkeypatch.setattr("bot.timers.service.log.exception", lambda *_: None)
    await nursery.pass_time(hours=25)
    assert nursery.sent == [(ADA, "code")]
    assert (await nursery.note("code")).told_at is None
    nursery.clock.advance(days=2)  # the machine is off until after the proposal has expired
    nursery.postman.dies = None
    nursery = await nursery.restarted()
    await nursery.pass_time(days=20)
    assert nursery.sent == [(ADA, "code")]
    assert (await nursery.note("code")).told_at is not None


async def test_closed_messages_are_said_in_the_list_and_not_tried_again(nursery):
    await nursery.join()
    nursery.postman.closed = {ADA}
    await nursery.pass_time(days=2)
    nursery.postman.closed = set()
    await nursery.pass_time(days=10)
    assert nursery.sent == []
    (row,) = await nursery.stuck.of(GUILD)
    assert (row.reached, row.remindable, row.coming) == (False, False, False)


async def test_the_team_asks_once_and_at_night_it_waits_for_the_morning(nursery):
    await nursery.change(NewcomersSettings, reminders=False)
    nursery.clock.set(datetime(2026, 3, 27, 20, 30, tzinfo=UTC))
    for user_id in (ADA, BOB):
        await nursery.join(user_id)
    await nursery.pass_time(hours=25)  # 22:30 in Paris, and the clocks change in the night
    assert nursery.sent == []
    asked = [await nursery.nudges.ask(GUILD, ADA, Step.CODE, TEAM) for _ in range(2)]
    assert asked == [Asked.LATER, Asked.WAITING]
    assert [one.coming for one in await nursery.stuck.of(GUILD)] == [True, False]
    nursery = await nursery.restarted()
    await nursery.pass_time(hours=12)
    assert nursery.sent == [(ADA, "code")]
    assert nursery.postman.sent[0][0] == datetime(2026, 3, 29, 6, 30, tzinfo=UTC), "08:30 on the wall"
    assert await nursery.nudges.ask(GUILD, ADA, Step.CODE, TEAM) is Asked.TOLD
    assert await nursery.nudges.ask(GUILD, BOB, Step.GROUPS, TEAM) is Asked.MOVED
    assert await nursery.nudges.ask(GUILD, BOB, Step.CODE, TEAM) is Asked.SOON
    await nursery.leave(BOB)
    assert await nursery.nudges.ask(GUILD, BOB, Step.CODE, TEAM) is Asked.MOVED
    await nursery.pass_time(days=13)
    await nursery.join(CARL)
    await nursery.pass_time(days=14)
    assert await nursery.nudges.ask(GUILD, CARL, Step.CODE, TEAM) is Asked.TOO_LATE
    assert nursery.sent == [(ADA, "code")]


async def test_who_was_handled_is_off_the_list_for_that_step_alone_and_not_reminded(nursery):
    await nursery.join()
    await nursery.pass_time(hours=24, minutes=5)
    done = [await nursery.nudges.handled(GUILD, ADA, Step.CODE, TEAM) for _ in range(2)]
    assert done == [True, False]
    assert not await nursery.nudges.handled(GUILD, BOB, Step.CODE, TEAM)
    assert await nursery.stuck.of(GUILD) == []
    await nursery.pass_time(days=2)
    assert nursery.sent == []
    await nursery.accept()
    await nursery.pass_time(days=4)
    assert [one.step for one in await nursery.stuck.of(GUILD)] == [Step.GROUPS]
    assert nursery.sent == [(ADA, "groups")]


async def test_other_settings_hold_for_those_who_are_under_way(nursery):
    await nursery.join()
    await nursery.change(NewcomersSettings, required_after=timedelta(hours=3))
    await nursery.nudges.replan(GUILD)
    await nursery.pass_time(hours=4)
    assert nursery.sent == [(ADA, "code")]
    await nursery.pass_time(days=8)
    await nursery.nudges.replan(GUILD)
    await nursery.pass_time(days=1)
    assert nursery.sent == [(ADA, "code")], "looked at again with room in the week, and reminded already"
    await nursery.accept()
    await nursery.change(WelcomeSettings, enabled=False)
    await nursery.nudges.replan(GUILD)
    await nursery.pass_time(days=13)
    assert nursery.sent == [(ADA, "code")]
    assert await nursery.stuck.of(GUILD) == []


async def test_a_new_edition_of_the_code_reminds_nobody_a_second_time(nursery):
    await nursery.join()
    await nursery.pass_time(days=2)
    await nursery.accept()
    await nursery.publish()
    await nursery.nudges.replan(GUILD)
    await nursery.pass_time(days=12)
    assert [step for _, step in nursery.sent] == ["code"]


async def test_members_from_before_and_those_who_come_back_are_no_newcomers(nursery):
    await nursery.change(WelcomeSettings, enabled=False)
    await nursery.join()
    await nursery.leave()
    await nursery.change(WelcomeSettings, enabled=True)
    nursery.clock.advance(minutes=1)
    await nursery.join()
    await nursery.pass_time(days=5)
    assert nursery.sent == []
    assert await nursery.stuck.of(GUILD) == []
    assert (await nursery.figures.cohort(GUILD, NOW.date(), NOW.date())).joined == 0


async def test_an_erased_newcomer_leaves_no_trace_and_no_promise_finds_them(nursery):
    for user_id in (BOB, CARL, ADA):
        await nursery.join(user_id)
    await nursery.pass_time(hours=24, minutes=5)
    assert (await nursery.note("code")).waiting
    await erase_member(nursery.db, GUILD, ADA)
    async with nursery.db.read() as session:
        for table in (Newcomer, StuckStep):
            assert sorted(await session.scalars(select(table.user_id))) == [BOB, CARL]
    await nursery.pass_time(days=3)
    assert sorted(nursery.sent) == [(BOB, "code"), (CARL, "code")]
    assert (await nursery.figures.cohort(GUILD, NOW.date(), NOW.date())).joined == 2


async def test_the_way_to_an_answer_is_listed_and_reminds_nobody(nursery):
    await nursery.change(WelcomeSettings, steps=[{"step": "introduction"}, {"step": "first_reply"}])
    await nursery.join()
    await nursery.journeys.introduce(GUILD, ADA, PAIRS)
    await nursery.pass_time(days=4)
    assert [(one.step, one.remindable) for one in await nursery.stuck.of(GUILD)] == [(Step.FIRST_REPLY, False)]
    await nursery.journeys.greet(GUILD, ADA, BOB, How.HELLO)
    assert await nursery.stuck.of(GUILD) == []
    assert nursery.sent == []


async def test_who_wants_to_be_in_no_list_is_in_none(nursery):
    await nursery.join()
    await nursery.pass_time(days=2)
    await nursery.db.transaction(lambda tx: nursery.members.set_option(tx, GUILD, ADA, "no_people_lists", True))
    assert await nursery.stuck.of(GUILD) == []
