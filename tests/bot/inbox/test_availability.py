"""What the people of a team choose is kept, respected, and takes back what they hold."""

from datetime import date, time, timedelta

import pytest

from bot.contracts.events import MemberLeft, SettingsChanged
from bot.inbox.refusals import BadHoliday, OnHoliday, TheyAreAway
from bot.inbox.rules import ALWAYS, Holiday, QuietHours
from bot.privacy import erase_member
from tests.bot.inbox.conftest import GUILD, MINA, NOOR, QUESTION, Room

NIGHT = QuietHours(time(22), time(7))
TODAY = date(2026, 3, 2)
"""The clock of these tests begins at 10:00 of that day in Paris."""
ONE_DAY = timedelta(days=1)


def free(room, user=MINA):
    return room.inbox.available(GUILD, user, room.clock())


async def away(room, first, last, user=MINA):
    await room.inbox.people.set_holiday(GUILD, user, Holiday(first, last))


async def test_quiet_hours_are_kept_and_hold_after_a_restart(room):
    await room.inbox.people.set_quiet(GUILD, MINA, NIGHT, "Asia/Tokyo")  # 18:00 there
    assert free(room)
    room.clock.advance(hours=4)
    assert not free(room)
    assert free(room, NOOR)
    room = await room.restarted()
    assert not free(room)
    await room.inbox.people.set_quiet(GUILD, MINA, None, None)
    assert free(room)
    assert room.inbox.people.of(GUILD, MINA) == ALWAYS


async def test_hours_and_holiday_are_set_one_without_the_other(room):
    await room.inbox.people.set_quiet(GUILD, MINA, NIGHT, "Asia/Tokyo")
    await away(room, TODAY + ONE_DAY, TODAY + 2 * ONE_DAY)
    await room.inbox.people.set_holiday(GUILD, MINA, None)
    assert room.inbox.people.of(GUILD, MINA).quiet == NIGHT
    assert room.inbox.people.of(GUILD, MINA).holiday is None


async def test_a_holiday_that_begins_today_takes_back_what_one_holds(room):
    item, other = await room.new(QUESTION), await room.new(QUESTION, "2")
    await room.inbox.claim(GUILD, item, MINA)
    await room.inbox.claim(GUILD, other, NOOR)
    await away(room, TODAY, TODAY + ONE_DAY)
    assert (await room.holder(item), await room.holder(other)) == (None, NOOR)
    assert (await room.acts(item))[-1] == ("released", None, MINA)
    assert not free(room)


@pytest.mark.parametrize("restart", [False, True])
async def test_a_later_holiday_takes_claims_back_when_it_begins(room, restart):
    await away(room, TODAY + ONE_DAY, TODAY + 3 * ONE_DAY)
    await room.pass_time(hours=10)
    item = await room.new(QUESTION)
    await room.inbox.claim(GUILD, item, MINA)
    await room.pass_time(hours=3, minutes=59)
    assert await room.holder(item) == MINA
    if restart:
        room = await room.restarted()
    await room.pass_time(minutes=1)
    assert await room.holder(item) is None
    assert not free(room)


async def test_a_holiday_that_was_taken_back_takes_nothing(room):
    await away(room, TODAY + ONE_DAY, TODAY + 3 * ONE_DAY)
    await room.inbox.people.set_holiday(GUILD, MINA, None)
    await room.pass_time(hours=13)
    item = await room.new(QUESTION)
    await room.inbox.claim(GUILD, item, MINA)
    await room.pass_time(hours=5)
    assert await room.holder(item) == MINA


async def test_on_holiday_one_claims_nothing_and_is_handed_nothing(room):
    item = await room.new(QUESTION)
    await away(room, TODAY, TODAY)
    with pytest.raises(OnHoliday):
        await room.inbox.claim(GUILD, item, MINA)
    with pytest.raises(TheyAreAway):
        await room.inbox.hand_over(GUILD, item, NOOR, MINA)
    await room.pass_time(hours=14)
    assert (await room.inbox.claim(GUILD, item, MINA)).holder == MINA


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY - 2 * ONE_DAY, TODAY - ONE_DAY),
        (TODAY + 2 * ONE_DAY, TODAY + ONE_DAY),
        (TODAY, TODAY + 400 * ONE_DAY),
    ],
)
async def test_an_impossible_holiday_is_refused_and_changes_nothing(room, first, last):
    with pytest.raises(BadHoliday):
        await away(room, first, last)
    assert room.inbox.people.of(GUILD, MINA) == ALWAYS


async def test_whoever_leaves_the_server_leaves_no_hours_behind(room):
    await away(room, TODAY, TODAY)
    await room.inbox.people.set_quiet(GUILD, NOOR, NIGHT, None)
    await room.db.transaction(lambda tx: tx.emit(MemberLeft(GUILD, MINA, room.clock())))
    assert free(room)
    room = await room.restarted()
    assert free(room)
    assert room.inbox.people.of(GUILD, NOOR).quiet == NIGHT


async def test_a_holiday_follows_the_server_into_another_time_zone(room):
    """Midnight comes seven hours earlier in Tokyo."""
    await room.inbox.start()
    item = await room.new(QUESTION)
    await away(room, TODAY + ONE_DAY, TODAY + 3 * ONE_DAY)
    await room.inbox.claim(GUILD, item, MINA)
    room.zone = "Asia/Tokyo"
    await room.db.transaction(lambda tx: tx.emit(SettingsChanged(GUILD, "community", None)))
    await room.db.bus.drain(1)
    await room.pass_time(hours=6)
    assert await room.holder(item) is None


async def test_a_change_of_zone_lost_in_a_crash_is_made_up_for_at_the_next_start(room):
    item = await room.new(QUESTION)
    await away(room, TODAY + ONE_DAY, TODAY + 3 * ONE_DAY)
    await room.inbox.claim(GUILD, item, MINA)
    room = await Room(room.db, room.clock, "Asia/Tokyo").restarted()
    await room.pass_time(hours=6)
    assert await room.holder(item) is None


async def test_an_erased_person_is_erased_from_memory_and_holds_nothing(room):
    item = await room.new(QUESTION, subject=NOOR)
    await room.inbox.people.set_quiet(GUILD, MINA, NIGHT, None)
    await room.inbox.people.set_quiet(GUILD, NOOR, NIGHT, None)
    await room.inbox.claim(GUILD, item, MINA)
    await erase_member(room.db, GUILD, MINA, room.clock)
    room.inbox.people.erased(GUILD, MINA)
    assert room.inbox.people.of(GUILD, MINA) == ALWAYS
    assert room.inbox.people.of(GUILD, NOOR).quiet == NIGHT
    assert await room.holder(item) is None
    assert await room.acts(item) == [("added", None, None), ("claimed", None, None)]
    assert (await room.inbox.claim(GUILD, item, NOOR)).holder == NOOR
    await erase_member(room.db, GUILD, NOOR, room.clock)
    assert (await room.item(QUESTION)).subject is None
    room = await room.restarted()
    assert room.inbox.people.of(GUILD, NOOR) == ALWAYS
