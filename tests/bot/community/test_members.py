"""Joins, leaves and screenings are announced once, and a comparison with Discord leaves no difference (promise 5)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.community.members import Members, Seen
from bot.community.models import Member
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened
from bot.privacy import erase_member
from tests.bot.community.conftest import GUILD
from tests.conftest import NOW

ANA = Seen(11, "ana", NOW, pending=False)
BEN = Seen(12, "ben", NOW, pending=True)


@pytest.fixture
def members(db, clock):
    return Members(db, clock)


@pytest.fixture
def announced(db):
    found = []

    async def note(event, tx):
        found.append((type(event).__name__, event.user_id))

    for kind in (MemberJoined, MemberLeft, MemberScreened):
        db.bus.on(kind, note)
    return found


def back(seen: Seen, **later: float) -> Seen:
    return replace(seen, joined_at=seen.joined_at + timedelta(**later))


async def test_a_join_is_announced_once_however_often_it_is_told(members, announced):
    assert await members.join(GUILD, ANA)
    assert not await members.join(GUILD, ANA)
    assert announced == [("MemberJoined", 11)]
    found = await members.get(GUILD, 11)
    assert (found.display_name, found.joined_at, found.left_at, found.rejoins) == ("ana", NOW, None, 0)


async def test_a_join_told_many_times_at_once_is_announced_once(members, announced):
    await asyncio.gather(*(members.join(GUILD, ANA) for _ in range(10)))
    assert announced == [("MemberJoined", 11)]


async def test_somebody_who_comes_back_has_one_more_stay(members, announced, clock):
    await members.join(GUILD, ANA)
    clock.advance(days=1)
    assert await members.leave(GUILD, 11)
    assert not await members.leave(GUILD, 11)
    assert (await members.get(GUILD, 11)).left_at == NOW + timedelta(days=1)
    await members.join(GUILD, back(ANA, days=2))
    found = await members.get(GUILD, 11)
    assert (found.left_at, found.rejoins, found.joined_at) == (None, 1, NOW + timedelta(days=2))
    assert announced == [("MemberJoined", 11), ("MemberLeft", 11), ("MemberJoined", 11)]


async def test_an_old_join_that_comes_again_counts_no_stay(members, announced):
    await members.join(GUILD, ANA)
    await members.leave(GUILD, 11)
    await members.join(GUILD, back(ANA, days=2))
    announced.clear()
    await members.join(GUILD, ANA)
    assert announced == []
    assert (await members.get(GUILD, 11)).rejoins == 1


async def test_the_end_of_the_screening_is_announced_once(members, announced):
    await members.join(GUILD, BEN)
    done = replace(BEN, pending=False)
    assert await members.update(GUILD, done)
    assert not await members.update(GUILD, done)
    assert announced == [("MemberJoined", 12), ("MemberScreened", 12)]


async def test_a_name_is_kept_as_it_was_last_seen(members):
    await members.join(GUILD, ANA)
    await members.update(GUILD, replace(ANA, name="Ana B."))
    await members.leave(GUILD, 11)
    assert (await members.get(GUILD, 11)).display_name == "Ana B."


async def test_those_who_were_here_before_the_bot_are_no_newcomers(members, announced):
    await members.begin(GUILD, [ANA, BEN])
    await members.compare(GUILD, {11: ANA, 12: BEN}, complete=True)
    assert announced == []
    assert await members.get(GUILD, 12) is not None


async def test_a_comparison_finds_who_came_left_came_back_and_passed_the_screening_meanwhile(members, announced):
    cleo, dan, eve = (Seen(n, name, NOW, pending=False) for n, name in ((13, "cleo"), (14, "dan"), (15, "eve")))
    await members.begin(GUILD, [ANA, BEN, cleo, dan])
    present = {
        11: replace(ANA, name="Ana B."),
        12: replace(BEN, pending=False),
        14: back(dan, hours=1),  # left and came back, which nobody told us
        15: eve,
    }
    found = await members.compare(GUILD, present, complete=True)
    assert (found.joined, found.left, found.screened) == (2, 1, 1)
    assert sorted(announced) == [
        ("MemberJoined", 14),
        ("MemberJoined", 15),
        ("MemberLeft", 13),
        ("MemberLeft", 14),
        ("MemberScreened", 12),
    ]
    assert (await members.get(GUILD, 11)).display_name == "Ana B."
    announced.clear()
    again = await members.compare(GUILD, present, complete=True)
    assert (again.joined, again.left, again.screened) == (0, 0, 0)
    assert announced == [], "a second comparison must find no difference"


async def test_an_incomplete_member_list_lets_nobody_leave(members, announced):
    await members.begin(GUILD, [ANA, BEN])
    await members.compare(GUILD, {11: ANA}, complete=False)
    assert announced == []
    assert (await members.get(GUILD, 12)).left_at is None


async def test_a_large_raid_during_an_outage_is_caught_up_with(members, announced):
    crowd = {n: Seen(n, f"raider{n}", NOW, pending=False) for n in range(1, 501)}
    found = await members.compare(GUILD, crowd, complete=True)
    assert found.joined == len(announced) == 500


async def test_somebody_who_was_erased_while_here_is_no_newcomer_afterwards(members, db, announced, clock):
    await members.join(GUILD, ANA)
    clock.advance(hours=1)
    await erase_member(db, GUILD, 11, clock)
    announced.clear()
    await members.compare(GUILD, {11: ANA}, complete=True)
    assert announced == []
    assert await members.get(GUILD, 11) is not None
    await members.leave(GUILD, 11)
    await erase_member(db, GUILD, 11, clock)
    await members.join(GUILD, back(ANA, days=1))
    assert ("MemberJoined", 11) in announced


async def test_choices_are_kept_and_taken_back(members, db):
    await members.join(GUILD, ANA)
    assert await db.transaction(lambda tx: members.set_option(tx, GUILD, 11, "anonymous", True))
    assert dict((await members.get(GUILD, 11)).options) == {"anonymous": True}
    await db.transaction(lambda tx: members.set_option(tx, GUILD, 11, "anonymous", None))
    assert dict((await members.get(GUILD, 11)).options) == {}
    assert not await db.transaction(lambda tx: members.set_option(tx, GUILD, 99, "anonymous", True))


async def test_servers_do_not_mix(members, db):
    await members.join(GUILD, ANA)
    await members.compare(GUILD + 1, {}, complete=True)
    async with db.read() as session:
        assert (await session.get(Member, (GUILD, 11))).left_at is None
