"""Items are added once, claimed by one person at a time, handed over, released, settled, and remembered."""

import asyncio
from datetime import timedelta

import pytest

from bot.contracts.events import MemberLeft
from bot.contracts.inbox import (
    InboxItemAdded,
    InboxItemClaimed,
    InboxItemReleased,
    InboxItemSettled,
    InboxItemUrgent,
    InboxKind,
    Link,
)
from bot.inbox import refusals
from bot.inbox.kinds import Kinds
from bot.inbox.refusals import (
    AlreadySettled,
    ConcernsThem,
    ConcernsYou,
    HeldBy,
    InboxRefusal,
    ItemGone,
    NotByHand,
    NotHeldByYou,
)
from tests.bot.inbox.conftest import APPEAL, BOB, GUILD, MINA, NOOR, OLEG, QUESTION, REPORT, Room

HEARD = InboxItemAdded, InboxItemClaimed, InboxItemReleased, InboxItemSettled, InboxItemUrgent


@pytest.fixture
def heard(db):
    events = []

    async def listen(event):
        events.append(event)

    for kind in HEARD:
        db.bus.after(kind, listen)
    return events


async def test_what_a_feature_added_is_there_with_all_it_said(room):
    await room.add(QUESTION, "q7", subject=BOB, link=Link(30, 31), params={"topic": "coffee"})
    item = await room.item(QUESTION, "q7")
    assert (item.subject, item.link, item.params) == (BOB, Link(30, 31), {"topic": "coffee"})
    assert (item.added_at, item.holder, item.settled_at) == (room.clock(), None, None)


async def test_adding_again_doubles_nothing_and_reopens_nothing(room, heard):
    assert await room.add()
    assert not await room.add()
    assert await room.done()
    assert not await room.add()
    assert await room.inbox.open_items(GUILD) == []
    await room.db.bus.drain(1)
    assert [type(event) for event in heard] == [InboxItemAdded, InboxItemSettled]


async def test_twenty_features_adding_the_same_at_once_add_it_once(room):
    added = await asyncio.gather(*(room.add() for _ in range(20)))
    assert sum(added) == 1
    assert len(await room.inbox.open_items(GUILD)) == 1


async def test_an_item_lives_and_dies_with_the_transaction_of_its_feature(room, heard):
    async def work(tx):
        await room.inbox.add(tx, GUILD, REPORT, "1")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await room.db.transaction(work)
    await room.db.bus.drain(1)
    assert await room.inbox.open_items(GUILD) == []
    assert heard == []
    assert (await room.timers.counts()).pending == 0


async def test_a_title_without_its_params_is_refused_where_the_item_is_added(room):
    with pytest.raises(ValueError, match="topic"):
        await room.add(QUESTION, params={})


async def test_items_of_another_server_are_out_of_reach(room):
    item = await room.new()
    assert await room.inbox.open_items(GUILD + 1) == []
    for act in (
        room.inbox.item(GUILD + 1, item),
        room.inbox.claim(GUILD + 1, item, MINA),
        room.inbox.settle(GUILD + 1, item, MINA),
        room.inbox.hand_over(GUILD + 1, item, MINA, NOOR),
    ):
        with pytest.raises(ItemGone):
            await act


async def test_the_urgent_stand_first_and_then_the_oldest(room):
    await room.add(QUESTION, "old")
    await room.pass_time(minutes=1)
    await room.add(REPORT, "report")
    await room.pass_time(minutes=1)
    await room.add(QUESTION, "new")
    assert [item.source for item in await room.inbox.open_items(GUILD)] == ["old", "report", "new"]
    await room.pass_time(hours=2)
    assert [item.source for item in await room.inbox.open_items(GUILD)] == ["report", "old", "new"]


async def test_becoming_urgent_is_announced_once_and_only_while_it_waits(room, heard):
    await room.add(REPORT, "1")
    await room.add(REPORT, "2")
    await room.done(REPORT, "2")
    await room.pass_time(hours=3)
    await room.pass_time(hours=3)
    await room.db.bus.drain(1)
    assert [event.source for event in heard if isinstance(event, InboxItemUrgent)] == ["1"]


# Claims


async def test_of_twenty_who_claim_at_once_exactly_one_wins_and_the_others_are_told_who(room):
    item = await room.new()
    people = range(100, 120)
    results = await asyncio.gather(
        *(room.inbox.claim(GUILD, item, person) for person in people), return_exceptions=True
    )
    winners = [person for person, result in zip(people, results, strict=True) if not isinstance(result, Exception)]
    assert len(winners) == 1
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, HeldBy) for result in refused)
    assert {result.holder for result in refused} == {winners[0]} == {await room.holder(item)}
    assert [act for act, *_ in await room.acts(item)] == ["added", "claimed"]


async def test_a_claim_expires_by_itself_and_says_so(room, heard):
    item = await room.new()
    await room.inbox.claim(GUILD, item, MINA)
    await room.pass_time(minutes=59)
    assert await room.holder(item) == MINA
    await room.pass_time(minutes=1)
    assert await room.holder(item) is None
    await room.db.bus.drain(1)
    assert isinstance(heard[-1], InboxItemReleased)
    assert heard[-1].holder == MINA
    assert (await room.acts(item))[-1] == ("expired", None, MINA)


async def test_a_claim_expires_across_a_restart(room):
    item = await room.new()
    await room.inbox.claim(GUILD, item, MINA)
    room.clock.advance(hours=5)
    room = await room.restarted()
    await room.timers.run_due()
    assert (await room.acts(item))[-1] == ("expired", None, MINA)
    await room.inbox.claim(GUILD, item, NOOR)
    assert await room.holder(item) == NOOR


async def test_an_expired_claim_is_none_even_before_it_was_cleaned_up(room):
    item = await room.new()
    await room.inbox.claim(GUILD, item, MINA)
    room.clock.advance(hours=2)
    assert await room.holder(item) is None
    await room.inbox.claim(GUILD, item, NOOR)
    await room.timers.run_due()
    assert await room.holder(item) == NOOR
    assert await room.acts(item) == [
        ("added", None, None),
        ("claimed", MINA, MINA),
        ("expired", None, MINA),
        ("claimed", NOOR, NOOR),
    ]


async def test_claiming_again_prolongs_one_s_own_claim(room):
    item = await room.new()
    await room.inbox.claim(GUILD, item, MINA)
    await room.pass_time(minutes=40)
    await room.inbox.claim(GUILD, item, MINA)
    await room.pass_time(minutes=40)
    assert await room.holder(item) == MINA
    await room.pass_time(minutes=20)
    assert await room.holder(item) is None
    assert [act for act, *_ in await room.acts(item)] == ["added", "claimed", "expired"]


async def test_an_item_is_handed_from_one_to_the_next_and_each_time_for_a_whole_claim(room, heard):
    item = await room.new()
    await room.inbox.hand_over(GUILD, item, MINA, NOOR)
    await room.pass_time(minutes=50)
    await room.inbox.hand_over(GUILD, item, NOOR, OLEG)
    await room.pass_time(minutes=50)
    assert await room.holder(item) == OLEG
    with pytest.raises(HeldBy):
        await room.inbox.hand_over(GUILD, item, NOOR, MINA)
    await room.inbox.hand_over(GUILD, item, OLEG, MINA)
    assert await room.acts(item) == [
        ("added", None, None),
        ("handed_over", MINA, NOOR),
        ("handed_over", NOOR, OLEG),
        ("handed_over", OLEG, MINA),
    ]
    await room.db.bus.drain(1)
    assert [(e.by, e.holder) for e in heard if isinstance(e, InboxItemClaimed)] == [
        (MINA, NOOR),
        (NOOR, OLEG),
        (OLEG, MINA),
    ]


async def test_only_the_holder_gives_an_item_back_unless_somebody_manages_the_server(room):
    item = await room.new()
    with pytest.raises(NotHeldByYou):
        await room.inbox.release(GUILD, item, MINA)
    await room.inbox.claim(GUILD, item, MINA)
    with pytest.raises(NotHeldByYou):
        await room.inbox.release(GUILD, item, NOOR)
    await room.inbox.release(GUILD, item, OLEG, manages=True)
    assert (await room.acts(item))[-1] == ("released", OLEG, MINA)
    await room.inbox.claim(GUILD, item, NOOR)
    await room.inbox.hand_over(GUILD, item, OLEG, MINA, manages=True)
    await room.inbox.release(GUILD, item, MINA)
    assert await room.holder(item) is None


async def test_who_leaves_the_server_holds_nothing_any_more(room):
    mine, other = await room.new(), await room.new(source="2")
    await room.inbox.claim(GUILD, mine, MINA)
    await room.inbox.claim(GUILD, other, NOOR)
    await room.db.transaction(lambda tx: tx.emit(MemberLeft(GUILD, MINA, room.clock())))
    assert (await room.holder(mine), await room.holder(other)) == (None, NOOR)
    assert await room.inbox.holders(GUILD) == {NOOR}


# Done


async def test_done_by_hand_settles_for_good(room, heard):
    item = await room.new()
    await room.inbox.claim(GUILD, item, MINA)
    await room.inbox.settle(GUILD, item, MINA)
    for act in (room.inbox.claim, room.inbox.settle, room.inbox.release):
        with pytest.raises(AlreadySettled):
            await act(GUILD, item, NOOR)
    assert not await room.done()
    await room.db.bus.drain(1)
    assert (heard[-1].by, heard[-1].outcome) == (MINA, "done")
    assert (await room.timers.counts()).pending == 0


async def test_of_twenty_who_settle_at_once_one_does(room, heard):
    item = await room.new()
    results = await asyncio.gather(
        *(room.inbox.settle(GUILD, item, person) for person in range(100, 120)), return_exceptions=True
    )
    assert sum(isinstance(result, AlreadySettled) for result in results) == 19
    await room.db.bus.drain(1)
    assert sum(isinstance(event, InboxItemSettled) for event in heard) == 1


async def test_what_somebody_else_holds_is_not_settled_over_their_head(room):
    item = await room.new()
    await room.inbox.claim(GUILD, item, MINA)
    with pytest.raises(HeldBy):
        await room.inbox.settle(GUILD, item, NOOR)


async def test_what_its_feature_settles_is_not_settled_by_hand(room):
    item = await room.new(APPEAL)
    await room.inbox.claim(GUILD, item, MINA)
    with pytest.raises(NotByHand):
        await room.inbox.settle(GUILD, item, MINA)
    assert await room.done(APPEAL, by=MINA, outcome="granted")
    assert (await room.inbox.item(GUILD, item)).outcome == "granted"


async def test_settled_items_and_their_history_go_after_half_a_year(room):
    item = await room.new()
    await room.inbox.settle(GUILD, item, MINA)
    await room.new(source="2")
    room.clock.advance(days=179)
    await room.inbox.prune()
    assert len(await room.acts(item)) == 2
    room.clock.advance(days=2)
    await room.inbox.prune()
    with pytest.raises(ItemGone):
        await room.inbox.item(GUILD, item)
    assert [item.source for item in await room.inbox.open_items(GUILD)] == ["2"]


# Who may not


async def test_whom_an_item_concerns_neither_sees_it_nor_acts_on_it_nor_gets_it(room):
    item = await room.new(REPORT, subject=MINA)
    assert await room.inbox.open_items(GUILD, viewer=MINA) == []
    assert len(await room.inbox.open_items(GUILD, viewer=NOOR)) == 1
    for act in (
        room.inbox.item(GUILD, item, viewer=MINA),
        room.inbox.claim(GUILD, item, MINA),
        room.inbox.settle(GUILD, item, MINA),
        room.inbox.hand_over(GUILD, item, MINA, NOOR),
        room.inbox.release(GUILD, item, MINA, manages=True),
    ):
        with pytest.raises(ConcernsYou):
            await act
    with pytest.raises(ConcernsThem):
        await room.inbox.hand_over(GUILD, item, NOOR, MINA)


async def test_of_what_is_not_personal_the_subject_may_take_care(room):
    item = await room.new(QUESTION, subject=MINA)
    assert (await room.inbox.claim(GUILD, item, MINA)).holder == MINA


# Kinds


async def test_items_of_a_feature_that_is_off_are_kept_and_hidden(room):
    item = await room.new()
    off = Room(room.db, room.clock)
    off.inbox.kinds._by_name.pop(REPORT.name)
    assert await off.inbox.open_items(GUILD) == []
    with pytest.raises(ItemGone):
        await off.inbox.claim(GUILD, item, MINA)
    assert len(await room.inbox.open_items(GUILD)) == 1


async def test_a_kind_can_be_off_in_one_server(db, clock):
    room = Room(db, clock)
    off = set()
    late = InboxKind("test.late", "Late", "Late", "Hurry.")
    room.inbox.register(late, shown=lambda guild_id: guild_id not in off)
    await room.add(late)
    await room.add(late, guild=GUILD + 1)
    off.add(GUILD)
    assert await room.inbox.open_items(GUILD) == []
    assert len(await room.inbox.open_items(GUILD + 1)) == 1
    off.clear()
    assert len(await room.inbox.open_items(GUILD)) == 1


@pytest.mark.parametrize("name", ["test.report", "Report", "", "a" * 41, "a:b"])
def test_a_kind_needs_a_name_of_its_own_that_fits(name):
    kinds = Kinds()
    kinds.register(REPORT, (), lambda _: True)
    with pytest.raises(ValueError, match=r"name|called"):
        kinds.register(InboxKind(name, "x", "x", "x"), (), lambda _: True)


def test_every_refusal_is_one_of_the_inbox():
    found = [value for value in vars(refusals).values() if isinstance(value, type) and issubclass(value, Exception)]
    assert len(found) > 8
    assert all(issubclass(one, InboxRefusal) for one in found if one.__module__ == refusals.__name__)


async def test_a_claim_lasts_as_long_as_its_kind_says(room):
    report, question = await room.new(REPORT), await room.new(QUESTION)
    for item, lasts in ((report, timedelta(hours=1)), (question, timedelta(hours=12))):
        assert (await room.inbox.claim(GUILD, item, MINA)).held_until == room.clock() + lasts
