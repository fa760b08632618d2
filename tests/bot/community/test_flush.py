"""Counts and cursors reach the database together, once, whatever fails."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.community import batches, storage
from bot.community.batches import GIVEN, MESSAGES, RECEIVED
from bot.community.channel_state import ChannelState
from bot.community.models import ActivityDay, ChannelCursor, Contribution, Counting, Member, ParkedActivity
from bot.contracts.events import ActivityCounted, ActivityParked, FactRecorded
from tests.bot.community.conftest import GUILD, Kernel, ms
from tests.conftest import NOW

ANA, BEN, ROOM = 11, 12, 21


def channel(channel_id: int = ROOM) -> ChannelState:
    return ChannelState(GUILD, channel_id, None, high=0, since=1)


def write(kernel: Kernel, state: ChannelState, author: int, message_id: int) -> None:
    counts = kernel.ledger.guilds[GUILD]
    if state.take(message_id):
        counts.touch(state)
        counts.add(author, state.counts_as, ms(kernel.clock()), MESSAGES)
        counts.seal_if_full()


async def test_counts_and_cursors_are_stored_and_added_up(kernel):
    kernel.server()
    room = channel()
    for message_id in (1, 2, 3):
        write(kernel, room, ANA, message_id)
    await kernel.flush.flush()
    write(kernel, room, BEN, 4)
    write(kernel, room, ANA, 5)
    await kernel.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 4, (BEN, ROOM): 1}
    [cursor] = await kernel.rows(ChannelCursor)
    assert cursor.last_message_id == 5
    assert [row.hours for row in await kernel.rows(ActivityDay)] == [1 << 9, 1 << 9]


async def test_a_flush_with_nothing_new_writes_nothing(kernel):
    kernel.server()
    await kernel.flush.flush()
    written = []
    event.listen(kernel.db.writer.sync_engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    await kernel.flush.flush()
    assert written == []


async def test_a_flush_is_one_transaction_of_few_statements_however_many_members_wrote(kernel):
    kernel.server()
    room = channel()
    for author in range(1, 400):
        write(kernel, room, author, author)
    statements = []
    event.listen(kernel.db.writer.sync_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    await kernel.flush.flush()
    assert len(statements) <= 12
    assert len(await kernel.messages()) == 399


async def test_no_transaction_has_more_than_two_thousand_rows_and_no_cursor_is_ahead_of_its_counts(kernel):
    kernel.server()
    room = channel()
    for author in range(1, 3001):
        write(kernel, room, author, author)
    sealed = list(kernel.ledger.guilds[GUILD].sealed)
    assert len(sealed) >= 5
    for batch in sealed:
        # a count, a member's last activity and an active day each, and the cursors
        assert 3 * len(batch.changes) + len(batch.cursors) <= 2000
    total = 0
    for batch in sealed:
        total += sum(change.messages for change in batch.changes)
        assert batch.cursors[0]["last_message_id"] == total
    await kernel.flush.flush()
    assert sum((await kernel.messages()).values()) == 3000


async def test_a_restart_knows_every_cursor_and_goes_on_with_the_next_batch(kernel):
    kernel.server()
    room = channel()
    write(kernel, room, ANA, 1)
    await kernel.flush.flush()
    kernel = await kernel.restarted()
    write(kernel, kernel.ledger.channels[ROOM], ANA, 1)
    write(kernel, kernel.ledger.channels[ROOM], ANA, 2)
    await kernel.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 2}
    assert [row.batch for row in await kernel.rows(Counting)] == [2]


async def test_a_batch_whose_commit_was_in_doubt_is_never_added_twice(kernel, monkeypatch):
    """The connection breaks after the commit reached the database and before its answer."""
    kernel.server()
    write(kernel, channel(), ANA, 1)
    transaction, calls = kernel.db.transaction, 0

    async def doubtful(work):
        nonlocal calls
        result = await transaction(work)
        calls += 1
        if calls == 1:
            raise OperationalError("COMMIT", {}, ConnectionError("connection lost"))
        return result

    monkeypatch.setattr(kernel.db, "transaction", doubtful)
    with pytest.raises(OperationalError):
        await kernel.flush.flush()
    await kernel.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 1}
    assert await kernel.rows(ParkedActivity) == []


async def test_another_process_that_counts_the_same_server_is_noticed_and_nothing_is_added(kernel):
    kernel.server()
    await kernel.flush.flush()
    other = await kernel.restarted()
    write(kernel, channel(), ANA, 1)
    await kernel.flush.flush()
    write(kernel, channel(), ANA, 2)
    await kernel.flush.flush()
    write(other, channel(), BEN, 1)
    with pytest.raises(storage.OutOfOrder):
        await other.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 2}


async def test_what_a_failing_database_did_not_take_is_kept_in_order(kernel, monkeypatch):
    kernel.server()
    room = channel()
    write(kernel, room, ANA, 1)
    fail = True

    async def failing(*args):
        if fail:
            raise OSError("the disk is full")

    monkeypatch.setattr(storage, "move_cursors", failing)
    with pytest.raises(OSError, match="full"):
        await kernel.flush.flush()
    assert await kernel.messages() == {}, "counts without their cursor must not stay"
    write(kernel, room, ANA, 2)
    with pytest.raises(OSError, match="full"):
        await kernel.flush.flush()
    monkeypatch.undo()
    await kernel.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 2}
    [cursor] = await kernel.rows(ChannelCursor)
    assert cursor.last_message_id == 2


async def test_flushes_that_overlap_count_once(kernel):
    kernel.server()
    room = channel()
    for message_id in range(1, 50):
        write(kernel, room, ANA + message_id % 3, message_id)
    await asyncio.gather(*(kernel.flush.flush() for _ in range(5)))
    assert sum((await kernel.messages()).values()) == 49


async def test_a_flush_that_was_cancelled_in_the_middle_is_finished_by_the_next(kernel):
    kernel.server()
    write(kernel, channel(), ANA, 1)
    for pause in (0, 0.001, 0.003, 0.01):
        task = asyncio.create_task(kernel.flush.flush())
        await asyncio.sleep(pause)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await kernel.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 1}


async def test_a_message_uncounted_after_it_was_stored_is_taken_away(kernel):
    counts = kernel.server()
    key = counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    await kernel.flush.flush()
    counts.take_back(key, MESSAGES)
    await kernel.flush.flush()
    assert await kernel.messages() == {(ANA, ROOM): 1}


async def test_uncounting_never_goes_below_zero_nor_brings_back_an_erased_row(kernel):
    counts = kernel.server()
    key = counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    gone = counts.add(BEN, ROOM, ms(NOW), GIVEN)
    await kernel.flush.flush()
    await kernel.db.transaction(
        lambda tx: tx.session.execute(ActivityDay.__table__.delete().where(ActivityDay.user_id == BEN))
    )
    counts.take_back(key, MESSAGES)
    counts.take_back(key, MESSAGES)
    counts.take_back(gone, GIVEN)
    await kernel.flush.flush()
    [row] = await kernel.rows(ActivityDay)
    assert (row.user_id, row.messages) == (ANA, 0)


async def test_hours_and_kinds_of_activity_are_kept_apart(kernel):
    counts = kernel.server()
    counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    counts.add(ANA, ROOM, ms(NOW + timedelta(hours=3)), GIVEN)
    counts.receive(BEN, ROOM, ms(NOW))
    await kernel.flush.flush()
    rows = {row.user_id: row for row in await kernel.rows(ActivityDay)}
    assert (rows[ANA].messages, rows[ANA].reactions_given, rows[ANA].hours) == (1, 1, 1 << 9 | 1 << 12)
    assert (rows[BEN].reactions_received, rows[BEN].hours) == (1, 0), "who gets a reaction did nothing"


async def test_members_know_when_they_were_last_active_and_history_never_sets_it_back(kernel):
    counts = kernel.server()
    row = {"guild_id": GUILD, "display_name": "ana", "joined_at": NOW, "rejoins": 0, "pending": False, "options": {}}
    await kernel.db.transaction(lambda tx: tx.ensure(Member, user_id=ANA, **row))
    for hours in (2, 5, 1):
        counts.add(ANA, ROOM, ms(NOW + timedelta(hours=hours)), MESSAGES)
        await kernel.flush.flush()
    [member] = await kernel.rows(Member)
    assert member.last_active_at == NOW + timedelta(hours=5)


async def test_a_day_with_messages_or_voice_is_a_fact_once(kernel):
    counts = kernel.server()
    recorded = []

    async def record(fact, tx):
        recorded.append((fact.user_id, fact.source))

    kernel.db.bus.on(FactRecorded, record)
    for day in (0, 0, 1, 0):
        counts.add(ANA, ROOM, ms(NOW + timedelta(days=day)), MESSAGES)
        counts.add(BEN, ROOM, ms(NOW), RECEIVED)
        await kernel.flush.flush()
    assert recorded == [(ANA, "day:2026-03-02"), (ANA, "day:2026-03-03")]
    kernel = await kernel.restarted()
    kernel.ledger.guilds[GUILD].add(ANA, ROOM, ms(NOW), MESSAGES)
    await kernel.flush.flush()
    assert len(recorded) == len(await kernel.rows(Contribution)) == 2


async def test_a_feature_that_fails_on_a_batch_does_not_hold_the_counts_up_and_staff_hear_of_it(kernel, logged_errors):
    counts = kernel.server()
    told, seen, broken = [], [], True

    async def note(counted, tx):
        if broken:
            raise KeyError("a bug in a feature")
        seen.extend(counted.changes)

    async def tell(parked):
        told.append((parked.guild_id, parked.error))

    kernel.db.bus.on(ActivityCounted, note)
    kernel.db.bus.after(ActivityParked, tell)
    counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    await kernel.flush.flush()
    await kernel.db.bus.drain(5)
    assert await kernel.messages() == {(ANA, ROOM): 1}
    assert told == [(GUILD, "KeyError")]
    assert await kernel.rows(Contribution) == [], "what the handlers did is rolled back with them"
    assert await kernel.flush.retry_parked() == 0
    assert len(logged_errors) == 2
    logged_errors.clear()

    broken = False
    counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    await kernel.flush.flush()
    assert await kernel.flush.retry_parked() == 1
    assert await kernel.rows(ParkedActivity) == []
    assert sum(change.messages for change in seen) == 2
    assert len(await kernel.rows(Contribution)) == 1
    assert await kernel.messages() == {(ANA, ROOM): 2}, "offering a parked batch again counts nothing"


async def test_a_stop_notes_until_when_events_were_received(kernel):
    kernel.server()
    kernel.server(GUILD + 1).lost_at = NOW
    await kernel.flush.flush()
    kernel.clock.advance(hours=3)
    await kernel.flush.stop()
    seen = {row.guild_id: row.seen_at for row in await kernel.rows(Counting)}
    assert seen == {GUILD: NOW + timedelta(hours=3), GUILD + 1: NOW}, "an outage not caught up with still lasts"


async def test_the_batch_size_is_what_the_design_allows():
    assert 4 * batches.SEAL_AT <= 2000


async def test_what_is_parked_is_offered_again_though_a_look_failed_or_came_a_moment_early(
    kernel, logged_errors, monkeypatch
):
    counts, broken, early = kernel.server(), True, []

    async def note(counted, tx):
        if broken:
            raise KeyError("a bug in a feature")

    async def look(parked, tx):
        early.append(await kernel.flush.retry_parked())

    kernel.db.bus.on(ActivityCounted, note)
    kernel.db.bus.on(ActivityParked, look)
    counts.add(ANA, ROOM, ms(NOW), MESSAGES)
    await kernel.flush.flush()
    assert early == [0], "it is not committed yet"
    broken = False
    with monkeypatch.context() as away:
        away.setattr(kernel.db, "read", lambda: (_ for _ in ()).throw(OSError("the database is away")))
        with pytest.raises(OSError, match="away"):
            await kernel.flush.retry_parked()
    logged_errors.clear()
    assert await kernel.flush.retry_parked() == 1
    assert await kernel.flush.retry_parked() == 0
    monkeypatch.setattr(kernel.db, "read", lambda: pytest.fail("nothing is parked, so nothing is asked"))
    assert await kernel.flush.retry_parked() == 0
