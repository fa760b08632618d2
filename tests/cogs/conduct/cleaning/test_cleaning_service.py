"""What a cleaning keeps, and for how long, on both databases."""

import pytest
from sqlalchemy import select

from bot.timers import Timers
from bot.timers.models import Timer
from cogs.conduct.cleaning.models import CleaningMessage
from cogs.conduct.cleaning.refusals import CleaningGone, NotYourCleaning
from cogs.conduct.cleaning.service import Cleanings

GUILD, CHANNEL, MINA = 100, 200, 300
MESSAGES = [(11, 1), (12, 2), (13, 2)]


@pytest.fixture
def cleanings(db, clock):
    return Cleanings(db, Timers(db, clock), clock)


async def due(db):
    async with db.read() as session:
        return await session.scalar(select(Timer.due_at))


async def test_a_preview_is_confirmed_by_its_moderator_within_an_hour_and_recorded_once(cleanings, db, clock):
    number = await cleanings.keep(GUILD, CHANNEL, MINA, MESSAGES)
    with pytest.raises(NotYourCleaning):
        await cleanings.begin(GUILD, number, MINA + 1)
    with pytest.raises(CleaningGone):
        await cleanings.begin(GUILD + 1, number, MINA)
    clock.advance(minutes=59)
    assert await cleanings.owed(GUILD, number) == []
    assert await cleanings.begin(GUILD, number, MINA) == MESSAGES
    clock.advance(minutes=5)
    assert await due(db) < clock(), "what a crash interrupts is finished"
    assert await cleanings.begin(GUILD, number, MINA) == MESSAGES, "a second click meanwhile"
    assert await cleanings.owed(GUILD, number) == MESSAGES
    await cleanings.forget(GUILD, number)
    assert await cleanings.done(GUILD, number, MESSAGES[1:])
    assert not await cleanings.done(GUILD, number, MESSAGES), "recorded once"
    assert await cleanings.authors(GUILD, number) == {2: 2}
    assert await cleanings.begin(GUILD, number, MINA) == []
    assert (await cleanings.get(GUILD, number)).deleted == 2
    async with db.read() as session:
        assert await session.scalar(select(CleaningMessage.message_id)) is None


async def test_after_an_hour_a_preview_is_gone(cleanings, db, clock):
    number = await cleanings.keep(GUILD, CHANNEL, MINA, MESSAGES)
    clock.advance(hours=1)
    assert await due(db) == clock()
    with pytest.raises(CleaningGone):
        await cleanings.begin(GUILD, number, MINA)
    await cleanings.forget(GUILD, number)
    with pytest.raises(CleaningGone):
        await cleanings.get(GUILD, number)
