"""The attention budget: one unasked message a week, the most useful one, never after Silence, told once."""

import asyncio
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from bot.attention.models import AttentionAccount, AttentionProposal
from bot.contracts.events import MemberLeft
from bot.inbox.rules import Holiday, QuietHours
from bot.privacy import erase_member, export_member
from bot.timers.models import Timer
from tests.bot.attention.conftest import BOB, GUILD, HELP, NICE, NOOR, URGENT
from tests.conftest import NOW


async def test_the_most_useful_of_what_waits_goes_and_the_rest_waits_its_week(post):
    assert await post.propose(NICE)
    await post.pass_time(minutes=15)
    assert await post.propose(URGENT)
    assert await post.propose(HELP)
    await post.pass_time(minutes=14)
    assert post.sent == []
    await post.pass_time(minutes=1)
    assert post.sent == ["test.urgent"]
    await post.pass_time(days=6, hours=23)
    assert post.sent == ["test.urgent"]
    await post.pass_time(hours=2)
    assert post.sent == ["test.urgent", "test.help"]
    await post.pass_time(days=8)
    assert post.sent == ["test.urgent", "test.help", "test.nice"]
    assert [outcome for _, _, outcome in post.settled] == ["sent"] * 3


async def test_what_cannot_be_said_in_time_is_dropped_at_once_and_its_feature_told(post):
    await post.propose(URGENT, lasts=timedelta(hours=2))
    await post.propose(NICE, lasts=timedelta(days=3))
    await post.pass_time(hours=1)
    assert post.settled == [("test.urgent", "1", "sent"), ("test.nice", "1", "expired")]
    assert not await post.propose(HELP, lasts=timedelta(days=3)), "the week is used up before it expires"
    assert await post.propose(HELP, "2", lasts=timedelta(days=9))


async def test_the_same_source_is_told_once_and_not_again_after_it_was_told(post):
    assert await post.propose()
    assert await post.propose()
    await post.pass_time(hours=1)
    assert not await post.propose()
    await post.pass_time(days=20)
    assert post.sent == ["test.help"]


async def test_what_is_withdrawn_or_has_nothing_to_say_makes_room_for_the_next(post):
    for kind in (NICE, HELP, URGENT):
        await post.propose(kind)
    assert await post.withdraw(URGENT)
    assert not await post.withdraw(URGENT)
    post.carrier.empty = {"test.help"}
    await post.pass_time(hours=1)
    assert post.sent == ["test.nice"]
    outcomes = [("test.urgent", "1", "withdrawn"), ("test.help", "1", "empty"), ("test.nice", "1", "sent")]
    assert post.settled == outcomes


async def test_silence_stops_what_waits_what_comes_and_pings_until_it_is_taken_back(post):
    await post.propose()
    await post.attention.silence(GUILD, BOB, True)
    await post.attention.silence(GUILD, BOB, True)
    assert await post.attention.silenced(GUILD, BOB)
    assert not await post.propose(URGENT)
    assert not await post.attention.may_ping(GUILD, BOB)
    assert await post.attention.may_ping(GUILD, BOB, asked=True), "a duty they took on"
    await post.pass_time(days=9)
    assert (post.sent, post.settled) == ([], [("test.help", "1", "silenced")])
    await post.attention.silence(GUILD, BOB, False)
    assert await post.propose(URGENT)
    await post.pass_time(hours=1)
    assert post.sent == ["test.urgent"]


async def test_closed_messages_drop_the_proposal_and_rest_for_a_week(post):
    post.carrier.closed = {BOB}
    await post.propose()
    await post.propose(NICE)
    await post.pass_time(hours=1)
    assert post.settled == [("test.help", "1", "closed")]
    assert await post.attention.closed_since(GUILD, BOB) is not None
    post.carrier.closed = set()
    await post.pass_time(days=6)
    assert post.sent == []
    await post.pass_time(days=2)
    assert post.sent == ["test.nice"]
    assert await post.attention.closed_since(GUILD, BOB) is None


async def test_two_decisions_at_once_never_send_two(post):
    """Whatever runs at the same time: both are decided on by two processes, from the same moment on."""
    await asyncio.gather(*(post.propose(kind, str(n)) for kind in (NICE, HELP, URGENT) for n in range(4)))
    post.clock.advance(minutes=31)
    async with post.db.read() as session:
        [row] = (await session.scalars(select(Timer).where(Timer.kind == "attention:decide"))).all()
    await asyncio.gather(*(post.attention._decide(row) for _ in range(6)))
    assert len(post.sent) == 1
    assert post.sent == ["test.urgent"]


async def test_two_that_chose_different_messages_at_the_same_time_send_one(post):
    """A more useful one is proposed while the first is being written: whoever claims the week sends."""
    writing, gate = [], asyncio.Event()

    async def slow(letter, kind):
        writing.append(kind.name)
        await gate.wait()
        return kind.name

    post.carrier.build = slow
    await post.propose(HELP)
    post.clock.advance(minutes=31)
    async with post.db.read() as session:
        [row] = (await session.scalars(select(Timer).where(Timer.kind == "attention:decide"))).all()
    decisions = [asyncio.create_task(post.attention._decide(row))]
    while writing != ["test.help"]:
        await asyncio.sleep(0.01)
    await post.propose(URGENT)
    decisions.append(asyncio.create_task(post.attention._decide(row)))
    while len(writing) < 2:
        await asyncio.sleep(0.01)
    gate.set()
    await asyncio.gather(*decisions)
    assert len(post.sent) == 1


async def test_a_kill_between_the_decision_and_its_note_tells_it_once(post):
    await post.propose(URGENT)
    await post.propose(NICE)
    post.carrier.dies = ConnectionError()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.timers.service.log.exception", lambda *_: None)
        await post.pass_time(minutes=45)
    post.carrier.dies = None
    after = post.restarted()
    await after.pass_time(days=6)
    assert after.sent == ["test.urgent"]
    assert after.settled == [("test.urgent", "1", "sent")]


async def test_a_failing_discord_is_tried_again_until_it_is_not_worth_it_any_more(post):
    await post.propose(URGENT, lasts=timedelta(hours=4))
    post.carrier.fails = ConnectionError()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.timers.service.log.exception", lambda *_: None)
        await post.pass_time(hours=2)
        assert (post.sent, post.settled) == ([], [])
        await post.pass_time(hours=3)
    assert (post.sent, post.settled) == ([], [("test.urgent", "1", "expired")])


async def test_a_server_out_of_sight_is_waited_for(post):
    post.carrier.away = True
    await post.propose()
    await post.pass_time(hours=1)
    post.carrier.away = False
    await post.pass_time(minutes=15)
    assert post.sent == ["test.help"]


async def test_nobody_is_written_to_at_night_in_quiet_hours_or_on_holiday(post):
    await post.people.set_quiet(GUILD, NOOR, QuietHours(time(0), time(20)), "Europe/Paris")
    await post.people.set_holiday(GUILD, NOOR, Holiday(NOW.date(), NOW.date()))
    post.clock.set(NOW.replace(hour=20, minute=45))  # 21:45 in Paris
    await post.propose(user=BOB)
    await post.propose(user=NOOR)
    await post.pass_time(hours=24)
    [(bob_at, bob, _), (noor_at, noor, _)] = post.carrier.sent
    assert (bob, noor) == (BOB, NOOR)
    assert bob_at == NOW.replace(day=3, hour=7), "the night ends at eight in Paris"
    assert noor_at == NOW.replace(day=3, hour=19), "then the holiday is over, and the quiet hours are"


async def test_a_proposal_of_a_feature_that_is_off_waits_and_expires_quietly(post):
    await post.propose(URGENT, lasts=timedelta(days=2))
    post.listening = False
    del post.attention.kinds._by_name["test.urgent"]
    await post.pass_time(days=1)
    assert post.sent == []
    await post.pass_time(days=2)
    async with post.db.read() as session:
        assert (await session.scalars(select(AttentionProposal.outcome))).one().value == "expired"
        assert await session.scalar(select(func.count()).select_from(Timer).where(Timer.kind.like("att%"))) == 0


async def test_a_ping_an_hour_and_one_of_many_at_once(post):
    granted = await asyncio.gather(*(post.attention.may_ping(GUILD, BOB) for _ in range(8)))
    assert sum(granted) == 1
    assert await post.attention.may_ping(GUILD, NOOR)
    post.clock.advance(minutes=59)
    assert not await post.attention.may_ping(GUILD, BOB)
    assert await post.attention.may_ping(GUILD, BOB, asked=True)
    post.clock.advance(minutes=59)
    assert not await post.attention.may_ping(GUILD, BOB), "the one they asked for counts too"
    post.clock.advance(minutes=1)
    assert await post.attention.may_ping(GUILD, BOB)


async def test_leaving_drops_what_waits_and_keeps_silence(post):
    await post.propose(user=BOB)
    await post.db.transaction(lambda tx: tx.emit(MemberLeft(GUILD, BOB, NOW)))
    assert post.settled == [("test.help", "1", "left")]
    await post.attention.silence(GUILD, BOB, True)
    await post.db.transaction(lambda tx: tx.emit(MemberLeft(GUILD, BOB, NOW)))
    assert await post.attention.silenced(GUILD, BOB)


async def test_an_erased_member_is_told_nothing_that_was_proposed_before_and_another_never_inherits(post):
    await post.propose(URGENT)
    exported = await export_member(post.db, GUILD, BOB)
    assert set(exported["about_you"]) == {"attention_account", "attention_proposal"}
    await erase_member(post.db, GUILD, BOB)
    await post.propose(NICE, user=NOOR)
    await post.pass_time(hours=2)
    assert [(user, kind) for _, user, kind in post.carrier.sent] == [(NOOR, "test.nice")]
    async with post.db.read() as session:
        assert (await session.scalars(select(AttentionAccount.user_id))).all() == [NOOR]


async def test_what_was_settled_is_forgotten_after_two_months(post):
    await post.propose()
    await post.pass_time(hours=1)
    post.clock.advance(days=59)
    await post.attention.prune()
    assert not await post.propose()
    post.clock.advance(days=2)
    await post.attention.prune()
    async with post.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(AttentionProposal)) == 0
