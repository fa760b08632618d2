"""First answers on both databases: one greeter at a time, in turn, then the team, and nobody once it is answered."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.inbox.rules import Holiday, QuietHours
from bot.privacy import erase_member
from cogs.onboarding.replies.refusals import NotAsked, PassedOn, TakenBy, WaitsNoLonger
from cogs.onboarding.replies.rules import DUTY, How
from cogs.onboarding.replies.settings import RepliesSettings
from cogs.onboarding.settings import WelcomeSettings
from tests.cogs.onboarding.newcomers.nursery import PARIS
from tests.cogs.onboarding.replies.lodge import GINA, GREG, GUS
from tests.cogs.onboarding.services import ADA, BOB, CARL, CHANNEL, GUILD, PAIRS
from tests.conftest import NOW

HERE = (ADA, CHANNEL, ADA * 1000)


async def call_of(lodge, number=-1, user_id=ADA):
    return (await lodge.board(user_id)).calls[number].id


async def test_half_time_asks_one_greeter_full_time_the_team_and_an_answer_ends_it_all(lodge):
    await lodge.on_call(GREG, GINA)
    await lodge.speak()
    await lodge.pass_time(minutes=29)
    assert await lodge.calls() == []
    await lodge.pass_time(minutes=1)
    assert await lodge.calls() == [(GREG, "asked", None)]
    assert await lodge.waiting() == []
    lodge = await lodge.restarted()
    await lodge.pass_time(minutes=29)
    assert await lodge.waiting() == []
    await lodge.pass_time(minutes=1)
    assert await lodge.calls() == [(GREG, "late", None)]
    assert await lodge.waiting() == [HERE]
    await lodge.answer(by=GUS)
    assert await lodge.calls() == [(GREG, "answered", GUS)]
    assert await lodge.waiting() == []
    await lodge.answer(by=GUS, how=How.MENTION)
    await lodge.pass_time(days=2)
    assert await lodge.calls() == [(GREG, "answered", GUS)]
    assert await lodge.waiting() == []


async def test_turns_go_round_over_newcomers_and_each_passes_on_once(lodge):
    await lodge.on_call(GREG, GINA)
    for newcomer in (ADA, BOB, CARL):
        await lodge.speak(newcomer)
        await lodge.pass_time(minutes=1)
    await lodge.pass_time(minutes=30)
    assert [(await lodge.calls(one))[0][0] for one in (ADA, BOB, CARL)] == [GREG, GINA, GREG]
    call = await call_of(lodge)
    with pytest.raises(NotAsked):
        await lodge.replies.decline(call, GINA)
    board = await lodge.replies.decline(call, GREG)
    assert not board.escalated
    assert await lodge.calls() == [(GREG, "declined", None), (GINA, "asked", None)]
    with pytest.raises(PassedOn):
        await lodge.replies.decline(call, GREG)
    with pytest.raises(PassedOn):
        await lodge.replies.take(call, GREG)
    assert (await lodge.replies.decline(await call_of(lodge), GINA)).escalated
    assert await lodge.waiting() == [HERE]
    assert await lodge.calls() == [(GREG, "declined", None), (GINA, "declined", None)]


async def test_of_two_who_take_it_at_once_one_gets_it_and_unanswered_the_team_still_hears_of_it(lodge):
    await lodge.on_call(GREG, GINA)
    await lodge.speak()
    await lodge.pass_time(minutes=30)
    call = await call_of(lodge)
    with pytest.raises(NotAsked):
        await lodge.replies.take(call, ADA)
    tries = await asyncio.gather(*(lodge.replies.take(call, one) for one in (GREG, GINA)), return_exceptions=True)
    assert sum(isinstance(one, TakenBy) for one in tries) == 1
    (said,) = await lodge.calls()
    assert said[:2] == (GREG, "taken")
    taker = said[2]
    assert await lodge.replies.take(call, taker), "pressed twice, it is still theirs"
    await lodge.pass_time(minutes=30)
    assert await lodge.calls() == [(GREG, "late", taker)]
    assert await lodge.waiting() == [HERE]


async def test_two_who_wait_at_the_same_instant_are_two_greeters_turns(lodge):
    await lodge.on_call(GREG, GINA)
    await lodge.speak(ADA)
    await lodge.speak(BOB)
    lodge.clock.advance(minutes=30)
    rows = [await lodge.row(ADA), await lodge.row(BOB)]
    await asyncio.gather(*(lodge.replies.due(row.id) for row in (*rows, *rows)))
    assert {(await lodge.calls(one))[0][0] for one in (ADA, BOB)} == {GREG, GINA}
    assert [len(await lodge.calls(one)) for one in (ADA, BOB)] == [1, 1]


async def test_nobody_is_asked_in_quiet_hours_on_holiday_off_duty_or_absent_and_the_team_has_it_at_half_time(lodge):
    await lodge.on_call(GREG, GINA, GUS, 14)
    await lodge.inbox.people.set_quiet(GUILD, GREG, QuietHours(time(9), time(12)), None)
    today = NOW.astimezone(PARIS).date()
    await lodge.inbox.people.set_holiday(GUILD, GINA, Holiday(today, today))
    await lodge.greeters.pause(GUILD, GUS, timedelta(hours=3))
    lodge.absent = {14}
    await lodge.speak(ADA)
    await lodge.pass_time(minutes=30)
    assert await lodge.calls() == []
    assert await lodge.waiting() == [HERE]
    lodge.clock.set(datetime(2026, 3, 2, 11, 30, tzinfo=UTC))  # half past twelve in Paris
    await lodge.speak(BOB)
    await lodge.pass_time(minutes=30)
    assert await lodge.calls(BOB) == [(GREG, "asked", None)]
    await lodge.greeters.set_days(GUILD, GREG, {1, 2, 3, 4, 5, 6})
    await lodge.greeters.stop(GUILD, GUS)
    await lodge.speak(CARL)
    await lodge.pass_time(minutes=30)
    assert await lodge.calls(CARL) == [], "it is a Monday"


async def test_hours_hold_across_the_night_in_which_the_clocks_change(lodge):
    await lodge.on_call(GREG)
    lodge.clock.set(datetime(2026, 3, 29, 5, 29, tzinfo=UTC))  # 07:29 of summer, from last night on
    await lodge.speak(ADA)
    await lodge.pass_time(minutes=30)
    assert await lodge.calls(ADA) == []
    lodge.clock.set(datetime(2026, 3, 29, 5, 31, tzinfo=UTC))
    await lodge.speak(BOB)
    await lodge.pass_time(minutes=30)
    assert await lodge.calls(BOB) == [(GREG, "asked", None)]


async def test_being_on_call_ends_by_itself_and_goes_on_with_every_call_that_is_answered(lodge):
    await lodge.on_call(GREG)
    await lodge.pass_time(days=DUTY.days - 1)
    await lodge.speak(ADA)
    await lodge.pass_time(minutes=30)
    await lodge.replies.take(await call_of(lodge), GREG)
    await lodge.pass_time(days=2)
    assert (await lodge.greeters.find(GUILD, GREG)).until > lodge.clock()
    await lodge.pass_time(days=DUTY.days)
    await lodge.speak(BOB)
    await lodge.pass_time(minutes=30)
    assert await lodge.calls(BOB) == []
    assert not await lodge.greeters.first(GUILD, GINA), "there was a greeter once"


async def test_who_leaves_is_nobodys_duty_and_who_is_back_while_it_is_fresh_waits_on(lodge):
    await lodge.on_call(GREG, GINA)
    await lodge.speak()
    await lodge.pass_time(minutes=40)
    await lodge.leave()
    assert await lodge.calls() == [(GREG, "left", None)]
    with pytest.raises(WaitsNoLonger):
        await lodge.replies.take(await call_of(lodge), GREG)
    await lodge.pass_time(minutes=15)
    await lodge.join()
    await lodge.pass_time(minutes=10)
    assert await lodge.waiting() == [HERE]
    await lodge.leave()
    assert await lodge.waiting() == []
    await lodge.join()
    await lodge.pass_time(minutes=1)
    assert await lodge.waiting() == [HERE], "another turn is another item"
    await lodge.leave()
    await lodge.pass_time(days=1)
    await lodge.join()
    await lodge.pass_time(days=1)
    assert await lodge.waiting() == []


async def test_a_greeter_who_leaves_hands_over_to_the_next(lodge):
    await lodge.on_call(GREG, GINA)
    await lodge.join(GREG)
    await lodge.speak()
    await lodge.pass_time(minutes=30)
    await lodge.leave(GREG)
    assert await lodge.calls() == [(GREG, "declined", None), (GINA, "asked", None)]
    assert await lodge.greeters.find(GUILD, GREG) is None


async def test_an_introduction_is_waited_for_too_and_first_words_of_long_ago_or_of_old_members_are_not(lodge):
    await lodge.change(RepliesSettings, enabled=False)
    await lodge.join(ADA)
    await lodge.journeys.introduce(GUILD, ADA, PAIRS)
    await lodge.journeys.introduce(GUILD, BOB, PAIRS)  # here since before the welcome
    await lodge.pass_time(hours=2)
    assert await lodge.waiting() == []
    await lodge.change(RepliesSettings, enabled=True)
    await lodge.replies.replan(GUILD)
    await lodge.pass_time(minutes=1)
    assert await lodge.waiting() == [(ADA, None, None)]
    assert await lodge.row(BOB) is None
    await lodge.join(CARL)
    await lodge.change(WelcomeSettings, enabled=False)
    await lodge.journeys.spoke(GUILD, CARL, lodge.clock(), (CHANNEL, 1))
    await lodge.pass_time(days=3)
    assert await lodge.waiting() == [(ADA, None, None)]
    assert [one.user_id for one in await lodge.shown.open()] == [ADA, CARL]
    await lodge.pass_time(days=28)
    assert await lodge.shown.open() == [], "nobody is looked for for ever"


async def test_the_team_may_let_it_go_and_other_settings_hold_for_those_who_wait(lodge):
    await lodge.on_call(GREG)
    await lodge.change(RepliesSettings, channel=None)
    await lodge.speak(ADA)
    await lodge.speak(BOB)
    await lodge.change(RepliesSettings, within=timedelta(minutes=20))
    await lodge.replies.replan(GUILD)
    await lodge.pass_time(minutes=10)
    assert len(await lodge.waiting()) == 2, "without a channel the inbox has it at half time"
    first = next(item for item in await lodge.inbox.open_items(GUILD) if item.subject == ADA)
    await lodge.inbox.settle(GUILD, first.id, GREG)
    assert (await lodge.row(first.subject)).outcome == "handled"
    await lodge.answer(BOB)
    assert await lodge.waiting() == []


async def test_who_is_erased_is_neither_waited_for_nor_named_and_the_calls_come_down(lodge):
    await lodge.on_call(GREG, GINA)
    for newcomer in (ADA, BOB):
        await lodge.speak(newcomer)
    await lodge.pass_time(minutes=30)
    for n, newcomer in enumerate((ADA, BOB)):
        call = (await lodge.board(newcomer)).calls[0]
        await lodge.shown.found(call.id, shown="asked:", channel_id=650, message_id=7000 + n)
    await erase_member(lodge.db, GUILD, ADA, lodge.clock)
    ((asked, _, _),) = await lodge.calls(BOB)
    await erase_member(lodge.db, GUILD, asked, lodge.clock)
    await lodge.pass_time(hours=2)
    assert sorted(lodge.taken_down) == [7000, 7001]
    assert [subject for subject, _, _ in await lodge.waiting()] == [BOB]
    assert await lodge.greeters.find(GUILD, asked) is None
    assert await lodge.row(ADA) is None
