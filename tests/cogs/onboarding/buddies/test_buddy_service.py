"""Buddies on both databases: capacity, waiting, questions, the end, leaving and erasing."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from bot.contracts.buddies import BuddyPlaces
from bot.privacy import erase_member
from cogs.onboarding.buddies.pairs import Asked
from cogs.onboarding.buddies.refusals import BuddiesOff, MayNotBeBuddy, NotYourPair
from cogs.onboarding.buddies.settings import BuddiesSettings
from tests.cogs.onboarding.buddies.square import ADA, BOB, CARL, DINA, ELI, GUILD, Square


@pytest.fixture
async def square(db, clock):
    return await Square(db, clock).open()


async def test_of_many_newcomers_at_once_as_many_get_a_buddy_as_there_are_places_and_the_rest_wait(square):
    newcomers = range(100, 108)
    await square.arrive(*newcomers)
    await square.offer(BOB, 2)
    await square.offer(CARL, 1)
    answers = await asyncio.gather(*(square.ask(one) for one in newcomers for _ in range(2)))
    hows = [answer.how for answer in answers]
    assert hows.count(Asked.PAIRED) == 3
    assert hows.count(Asked.HAS_ONE) == 3
    pairs = await square.pairs()
    assert sorted(buddy for _, buddy in pairs) == [BOB, BOB, CARL]
    assert len({newcomer for newcomer, _ in pairs}) == 3
    assert len(await square.waiting()) == 5
    assert len(await square.open_items()) == 5
    # A place that is free goes to whoever waits longest, once, however often it is looked for.
    first = (await square.waiting())[0]
    await asyncio.gather(square.offer(DINA), *(square.buddies.match(_match()) for _ in range(3)))
    await square.timers.run_due()
    assert (first, DINA) in await square.pairs()
    assert len(await square.waiting()) == 4
    assert first not in await square.open_items()


def _match():
    from bot.timers import DueTimer

    fields = dict.fromkeys(DueTimer.__dataclass_fields__)
    return DueTimer(**{**fields, "guild_id": GUILD, "payload": {}})


async def test_nobody_is_paired_before_the_required_steps_unasked_or_where_it_is_off(square):
    await square.offer(BOB)
    await square.join(ADA)
    await square.journeys.begin(GUILD, ADA)
    assert (await square.ask()).how is Asked.LATER
    assert await square.pairs() == []
    await square.accept(ADA)
    await square.timers.run_due()
    assert await square.pairs() == [(ADA, BOB)]
    await square.arrive(CARL)
    await square.offer(DINA)
    await square.timers.run_due()
    assert await square.pairs() == [(ADA, BOB)], "Carl asked for none"
    assert (await square.buddies.assign(GUILD, CARL)).how is Asked.OFFERED
    assert (await square.buddies.assign(GUILD, ADA)).how is Asked.HAS_ONE
    await square.arrive(ELI)
    await square.attention.silence(GUILD, ELI, True)
    assert (await square.buddies.assign(GUILD, ELI)).how is Asked.SILENT
    assert await square.pairs() == [(ADA, BOB)]
    square.faces.barred.add(ELI)
    with pytest.raises(MayNotBeBuddy):
        await square.offer(ELI)
    await square.change(BuddiesSettings, enabled=False)
    for refused in (square.ask(CARL), square.offer(CARL), square.buddies.assign(GUILD, CARL)):
        with pytest.raises(BuddiesOff):
            await refused


async def test_a_change_never_gives_the_same_buddy_again_and_frees_the_place(square):
    await square.arrive(ADA, ELI)
    await square.offer(BOB)
    pair = (await square.ask()).pair
    await square.timers.run_due()
    with pytest.raises(NotYourPair):
        await square.buddies.change(pair.id, ELI)
    assert (await square.buddies.change(pair.id, ADA)).how is Asked.QUEUED
    with pytest.raises(NotYourPair):
        await square.buddies.change(pair.id, ADA)
    await square.timers.run_due()
    assert [one["to"] for one in square.told] == ["buddy"]
    assert await square.waiting() == [ADA]
    assert (await square.ask(ELI)).pair.buddy_id == BOB
    await square.offer(CARL)
    await square.timers.run_due()
    assert await square.pairs() == [(ELI, BOB), (ADA, CARL)]
    assert await square.buddies.change((await square.buddies.present(GUILD, ADA)).id, CARL) is None
    await square.timers.run_due()
    assert square.told[-1]["to"] == "newcomer"
    assert await square.waiting() == [], "the newcomer is asked whether they would like another one"


async def test_two_weeks_with_a_meeting_and_a_second_week_are_a_success_and_end_by_themselves(square):
    await square.arrive(ADA, DINA)
    await square.offer(BOB, 2)
    first, second = (await square.ask(ADA)).pair, (await square.ask(DINA)).pair
    await square.pass_time(days=3, hours=12)
    assert sorted(square.asked) == [ADA, DINA]
    with pytest.raises(NotYourPair):
        await square.buddies.met(first.id, BOB)
    await asyncio.gather(*(square.buddies.met(first.id, ADA) for _ in range(3)))
    await square.pass_time(days=4)
    await square.be_active(ADA, messages=1)  # day 7 of the two
    await square.be_active(DINA, messages=1)
    await square.pass_time(days=6, hours=11)
    assert sorted(square.asked) == [ADA, DINA, DINA], "who has met is asked nothing more"
    assert await square.successes() == []
    assert len(await square.pairs()) == 2
    await square.pass_time(hours=2)
    assert await square.pairs() == []
    assert await square.successes() == [(BOB, ADA)], "Dina never said that they met"
    assert square.told == []
    with pytest.raises(NotYourPair):
        await square.buddies.change(second.id, DINA)


async def test_who_met_and_was_not_active_in_the_second_week_is_no_success(square):
    await square.arrive(ADA)
    await square.offer(BOB)
    pair = (await square.ask()).pair
    await square.buddies.met(pair.id, ADA)
    await square.pass_time(days=6, hours=1)
    await square.be_active(ADA, messages=9)
    await square.pass_time(days=8)
    await square.be_active(ADA, messages=9)
    assert await square.pairs() == []
    assert await square.successes() == []


async def test_who_leaves_frees_the_place_and_the_other_is_told_once_without_a_name(square):
    await square.arrive(ADA, CARL, DINA)
    await square.offer(BOB, 2)
    for one in (ADA, CARL, DINA):
        await square.ask(one)
    await square.timers.run_due()
    await square.leave(ADA)
    await square.timers.run_due()
    assert await square.pairs() == [(CARL, BOB), (DINA, BOB)], "the place went to who waited"
    assert [one["to"] for one in square.told] == ["buddy"]
    await square.members.join(GUILD, _seen(BOB, square.clock()))
    await square.leave(BOB)
    await square.timers.run_due()
    assert await square.pairs() == []
    assert [one["to"] for one in square.told[1:]] == ["newcomer", "newcomer"]
    assert not {ADA, BOB, CARL, DINA} & {value for one in square.told for value in one.values()}
    assert await square.offers.of(GUILD, BOB) is None
    await square.pass_time(days=15)
    assert square.asked == []
    assert len(square.told) == 3


def _seen(user_id, at):
    from bot.community.members import Seen

    return Seen(user_id, "Bob", at, False)


@pytest.mark.parametrize("who", [ADA, BOB])
async def test_who_is_erased_is_named_nowhere_and_the_other_is_told(square, who):
    await square.arrive(ADA, CARL)
    await square.offer(BOB)
    await square.ask(ADA)
    await square.ask(CARL)
    await square.timers.run_due()
    await erase_member(square.db, GUILD, who)
    await square.timers.run_due()
    assert await square.rows_of(who) == 0
    (told,) = square.told
    assert told["to"] == ("buddy" if who == ADA else "newcomer")
    assert (told["thread"], told["message"]) == (900, 901), "the introduction names them: it is taken down"
    assert await square.pairs() == ([(CARL, BOB)] if who == ADA else [])
    await square.pass_time(days=20)
    assert len(square.told) == 1


async def test_a_buddy_whom_nothing_reaches_gets_nobody_and_the_newcomer_another_one(square):
    await square.arrive(ADA)
    await square.offer(BOB)
    pair = (await square.ask()).pair
    await square.offer(CARL)
    await square.buddies.unreachable(pair.id)
    await square.buddies.unreachable(pair.id)
    assert await square.pairs() == [(ADA, CARL)]
    kept = await square.offers.of(GUILD, BOB)
    assert kept.paused
    assert kept.unreachable
    await square.offers.set(GUILD, BOB, paused=False)
    assert not (await square.offers.of(GUILD, BOB)).unreachable


async def test_a_wish_is_taken_back_and_a_pause_keeps_whom_one_has(square):
    await square.arrive(ADA, CARL)
    await square.offer(BOB, 3)
    await square.ask(ADA)
    await square.offers.set(GUILD, BOB, paused=True)
    assert (await square.ask(CARL)).how is Asked.QUEUED
    assert await square.pairs() == [(ADA, BOB)]
    assert await square.buddies.take_back(GUILD, CARL)
    assert not await square.buddies.take_back(GUILD, CARL)
    assert await square.open_items() == []
    await square.offers.set(GUILD, BOB, paused=False)
    await square.timers.run_due()
    assert await square.pairs() == [(ADA, BOB)]
    await square.offers.stop(GUILD, BOB)
    assert await square.pairs() == [(ADA, BOB)]


async def test_the_figures_say_what_became_of_the_pairs_of_each_local_week(square):
    newcomers = list(range(100, 108))
    await square.arrive(*newcomers)
    square.clock.set(datetime(2026, 3, 15, 23, 30, tzinfo=UTC))  # Monday in Paris already
    for buddy in (BOB, CARL, DINA):
        await square.offer(buddy, 5)
    pairs = {one: (await square.ask(one)).pair for one in newcomers[:6]}
    met, idle, changed, left, _, unreachable = newcomers[:6]
    await square.timers.run_due()
    for one in (met, changed):
        await square.buddies.met(pairs[one].id, one)
    await square.buddies.change(pairs[changed].id, changed)
    await square.leave(left)
    await square.buddies.unreachable(pairs[unreachable].id)
    assert await square.figures.places(GUILD) == BuddyPlaces(buddies=2, pausing=1, places=10, taken=5, waiting=0)
    await square.pass_time(days=8)
    await square.be_active(met, messages=1)
    await square.be_active(idle, messages=1)
    late = (await square.ask(newcomers[6])).pair
    await square.buddies.change(late.id, late.buddy_id)
    await square.pass_time(days=6, hours=1)
    weeks = await square.figures.weeks(GUILD, date(2026, 3, 12))
    assert list(weeks) == [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 30)]
    first = weeks[date(2026, 3, 16)]
    assert (first.begun, first.under_way, first.over, first.changed) == (8, 0, 5, 1)
    assert (first.withdrew, first.left, first.unreachable, first.met, first.succeeded) == (0, 1, 1, 2, 1)
    second = weeks[date(2026, 3, 23)]
    assert (second.begun, second.withdrew, second.met, second.succeeded) == (1, 1, 0, 0)
    assert [weeks[day].begun for day in (date(2026, 3, 9), date(2026, 3, 30))] == [0, 0]
    assert await square.figures.outcomes(GUILD, first.first, first.last) == first
