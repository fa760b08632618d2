"""Promises 1 and 24 for moderation: killed at the worst moment, each thing still happens once, and on time."""

from datetime import timedelta

import pytest

from bot.contracts.cases import CaseKind
from tests.process.court import Court, build

pytestmark = pytest.mark.process
LATER = [pytest.param({}, id="at once"), pytest.param({"days": 1}, id="a day later")]


@pytest.fixture
async def court(loopback, tmp_path) -> Court:
    return await build(loopback, f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}")


async def caught_up(process):
    """Start it, and wait until it knows what it missed."""
    said = len(process.output)
    await process.start()
    await process.ready()
    await process.said("caught up|counting begins", after=said)


async def test_a_temporary_ban_ends_once_when_the_bot_was_killed_for_forty_days(loopback, court, bot_process):
    await court.decide(CaseKind.BAN, timedelta(days=7))
    process = bot_process()
    await process.start()
    await loopback.requests.seen("PUT", court.bans, timeout=60)
    await loopback.requests.seen("POST", f"/channels/{court.log.id}/messages", timeout=60, status=200)
    await loopback.settled(timeout=30)
    assert len(court.notices()) == len(court.posts()) == 1
    await process.kill9()
    loopback.move_clock(days=40)
    lost = loopback.faults.swallow_answer("DELETE", court.bans)
    await process.start()
    await lost.happened(timeout=60)
    await process.kill9()  # Discord has lifted the ban, and nobody noted it
    loopback.faults.clear()
    await caught_up(process)
    await loopback.settled(timeout=30)
    assert court.member.id not in court.guild.state.bans
    lifted = [one for one in court.guild.state.audit if one.action == 23]
    assert len(lifted) == 1
    assert loopback.count("PUT", court.bans) == 1
    assert len(court.notices()) == len(court.posts()) == 1


@pytest.mark.parametrize("later", LATER)
async def test_notice_and_log_are_posted_once_when_killed_in_between(loopback, court, bot_process, later):
    await court.decide(CaseKind.WARN)
    dm = loopback.world.dm(court.member.user)
    process = bot_process()
    for place in (dm.id, court.log.id):
        lost = loopback.faults.swallow_answer("POST", f"/channels/{place}/messages")
        await process.start()
        await lost.happened(timeout=60)
        await process.kill9()
        loopback.faults.clear()
        loopback.move_clock(**later)
    await caught_up(process)
    await loopback.settled(timeout=60)
    assert len(court.notices()) == len(court.posts()) == 1
    assert "told in a private message" in str(court.posts()[0].components)
