"""Asking again after a new edition: bounded work, once for each member, on both databases; and as a member sees it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.attention.models import AttentionProposal
from bot.community.models import Member
from bot.contracts.events import CodePublished
from bot.timers.models import Timer
from cogs.onboarding.asking_again.asking import ASK, AT_ONCE, BETWEEN, KIND, Asking
from cogs.onboarding.models import CodeAcceptance
from cogs.onboarding.settings import CodeSettings
from tests.cogs.onboarding.conftest import buttons, raw, shown
from tests.cogs.onboarding.newcomers.nursery import Nursery
from tests.cogs.onboarding.services import GUILD
from tests.loop_lag import loop_lag

MEMBERS = 1000


@pytest.fixture
async def nursery(db, clock):
    nursery = await Nursery(db, clock).open()
    from bot.attention import AttentionKind

    async def nothing(telling):
        raise AssertionError("nothing is sent in these tests")

    nursery.attention.register(AttentionKind(KIND, 40, nothing))
    nursery.asking = Asking(
        db, nursery.settings, nursery.code, nursery.journeys, nursery.attention, nursery.timers, clock
    )
    db.bus.on(CodePublished, nursery.asking.on_published)
    nursery.timers.handle(ASK, nursery.asking.due)
    return nursery


async def accepted(nursery, count, major=1):
    """So many members accepted this edition long ago; every tenth has left."""
    at = nursery.clock() - timedelta(days=90)
    people = [
        {
            "guild_id": GUILD,
            "user_id": number,
            "display_name": "x",
            "joined_at": at,
            "rejoins": 0,
            "pending": False,
            "options": {},
            "left_at": at if number % 10 == 0 else None,
        }
        for number in range(1, count + 1)
    ]
    rows = [
        {"guild_id": GUILD, "user_id": one["user_id"], "version": major, "major": major, "accepted_at": at}
        for one in people
    ]

    async def work(tx):
        await tx.session.execute(insert(Member), people)
        await tx.session.execute(insert(CodeAcceptance), rows)

    await nursery.db.transaction(work)


async def accepted_too(nursery, above):
    """Everybody above that id accepted the new edition meanwhile."""
    row = {"guild_id": GUILD, "version": 2, "major": 2, "accepted_at": nursery.clock()}
    rows = [{**row, "user_id": number} for number in range(above, MEMBERS + 1)]
    await nursery.db.transaction(lambda tx: tx.session.execute(insert(CodeAcceptance), rows))


async def proposed(nursery):
    async with nursery.db.read() as session:
        return list(
            await session.scalars(select(AttentionProposal.user_id).filter_by(kind=KIND).order_by(AttentionProposal.id))
        )


async def ask_timer(nursery):
    async with nursery.db.read() as session:
        return await session.scalar(select(Timer).where(Timer.kind == ASK))


async def test_a_thousand_members_are_asked_in_bounded_parts_once_each_and_the_loop_never_stands_still(nursery):
    await accepted(nursery, MEMBERS)
    nursery.clock.advance(hours=1)
    await nursery.publish()
    await nursery.attention.silence(GUILD, 7, True)
    timer = await ask_timer(nursery)
    async with loop_lag():
        for part in range(1, 4):
            await nursery.asking.due(timer)
            found = await proposed(nursery)
            assert len(found) == len(set(found)) == part * AT_ONCE
            timer = await ask_timer(nursery)
            assert timer.due_at == nursery.clock() + BETWEEN
            nursery.clock.set(timer.due_at)
    assert 7 not in found, "who chose Silence is passed over"
    assert max(found) < 180, "in the order of their ids, those who left apart"
    assert set(timer.payload) == {"major"}, "a promise names nobody"
    await accepted_too(nursery, found[-1] + 10)
    await nursery.asking.due(timer)
    assert len(await proposed(nursery)) < 4 * AT_ONCE
    assert (await ask_timer(nursery)).due_at <= nursery.clock(), "nobody is left, so nothing is promised"


async def test_a_crash_in_a_part_a_text_corrected_and_a_server_that_asks_nobody_tell_nobody_twice(nursery):
    await accepted(nursery, 30)
    await nursery.publish(major=False)
    assert await ask_timer(nursery) is None, "a corrected text is no new edition"
    await nursery.publish()
    timer = await ask_timer(nursery)
    propose, calls = nursery.attention.propose, 0

    async def dies(tx, proposal):
        nonlocal calls
        calls += 1
        if calls == 15:
            raise ConnectionError
        return await propose(tx, proposal)

    nursery.attention.propose = dies
    with pytest.raises(ConnectionError):
        await nursery.asking.due(timer)
    assert len(await proposed(nursery)) == 10, "a part of a part is done or not"
    nursery.attention.propose = propose
    await nursery.asking.due(timer)
    await nursery.asking.due(timer)
    assert sorted(await proposed(nursery)) == [number for number in range(1, 31) if number % 10]
    await nursery.change(CodeSettings, ask_again=False)
    await nursery.publish()
    await nursery.asking.due(await ask_timer(nursery))
    async with nursery.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(AttentionProposal)) == 27


async def test_a_member_is_asked_in_private_keeps_the_role_and_finds_the_step_open_again(house, restart):
    await house.require("code")
    await house.change("newcomers", reminders=False)
    await house.publish()
    nora = await house.join("Nora")
    await nora.open()
    await nora.press("Read")
    await nora.press("I accept")
    assert house.member_role.id in nora.roles
    await house.leap(days=1)
    await house.publish_code(major=True)
    assert "new edition, version 2" in shown(house.panel.last_message)
    await restart(crash=True)
    await house.env.pass_time(hours=2)
    letters = [one for one in nora.actor.user.dm_channel.history() if "new code of conduct" in shown(one)]
    assert len(letters) == 1
    assert house.member_role.id in nora.roles
    await nora.open()
    assert "Required." in nora.text
    opened = await nora.actor.user.click(letters[0], custom_id=buttons(letters[0])["Read"])
    screen = opened.response
    await nora.actor.user.click(screen, custom_id=buttons(screen)["I accept"])
    assert "Code of conduct accepted." in shown(screen)
    again = [one for one in nora.actor.user.dm_channel.history() if "new code of conduct" in str(raw(one))]
    assert len(again) == 1
