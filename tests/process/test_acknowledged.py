"""Promise 13: what a person was told is done is in the database, whenever the process is killed."""

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from tests.loopback import InteractionRecord, MemberHandle
from tests.process.house import House, build
from tests.process.test_kill import damage

pytestmark = pytest.mark.process
PEOPLE = 30


def introduced(database: Path) -> list[int]:
    """Whose introduction is recorded as a fact, once for each record."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        query = "SELECT user_id FROM contribution WHERE kind = 'introduced' AND revoked_at IS NULL"
        return sorted(row[0] for row in connection.execute(query))


async def opened(house: House, who: MemberHandle) -> InteractionRecord:
    """The modal in front of somebody who is about to introduce themselves."""
    listed = await who.slash("welcome", wait=20)
    assert listed.response is not None
    return await who.click(listed.response, "onboarding:write:", wait=20)


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 8))])
async def test_every_acknowledged_introduction_survives_a_kill(seed, loopback, bot_process, tmp_path):
    chance, database = random.Random(seed), tmp_path / "parvis.db"
    loopback.interaction_seconds = 60  # thirty people at once on a busy machine
    house = await build(loopback, f"sqlite+aiosqlite:///{database}")
    process = bot_process()
    await process.start()
    await process.ready()
    await process.said("counting begins")
    people = [house.newcomer(f"newcomer{number}") for number in range(PEOPLE)]
    modals = [await opened(house, who) for who in people]
    acknowledged: set[int] = set()

    async def submit(who: MemberHandle, modal: InteractionRecord) -> None:
        await asyncio.sleep(chance.uniform(0, 0.5))
        record = await who.submit(modal, {"answer0": "The gardens."}, wait=None)
        await record.finished.wait()
        acknowledged.add(who.id)

    submitting = [asyncio.create_task(submit(*pair)) for pair in zip(people, modals, strict=True)]
    async with asyncio.timeout(20):
        while len(acknowledged) < chance.randint(3, PEOPLE - 5):
            await asyncio.sleep(0.01)
    await process.kill9()
    for task in submitting:
        task.cancel()
    await asyncio.gather(*submitting, return_exceptions=True)
    assert acknowledged <= set(introduced(database))
    assert damage(database) == []

    # and the next process does for them what Discord is still owed
    await process.start()
    await process.ready()
    await process.said("caught up")
    recorded = introduced(database)
    assert len(recorded) == len(set(recorded))
    async with asyncio.timeout(20):
        while not all(house.post(who) and who.has(house.member_role) for who in people if who.id in recorded):
            await asyncio.sleep(0.1)
    await loopback.settled()
    assert all(len(house.post(who)) == (who.id in recorded) for who in people)
