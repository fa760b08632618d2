"""Around the start: a network that is down, a lease that is lost, too many starts, a portal that changed."""

import asyncio
import datetime as dt
import json
import signal
import sqlite3

import pytest

from tests.migrated import migrated

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("schema")]


@pytest.fixture
async def running(loopback, bot_process):
    """A bot at work."""
    loopback.create_guild()
    process = bot_process()
    await process.start()
    await process.ready()
    await process.said("counting begins")
    return process


async def ended_with_one_line(process, code, timeout=30):
    """Its last line, after the expected exit code and without a traceback."""
    end = await process.ended(timeout=timeout)
    assert end.code == code, process.text
    assert "Traceback" not in process.text, process.text
    return process.output[-1]


async def test_while_discord_is_down_it_tries_again_and_goes_on_once_discord_is_back(loopback, bot_process):
    loopback.create_guild()
    down = loopback.faults.fail("GET", "/users/@me", 503, times=2)
    process = bot_process()
    await process.start()
    await process.said("cannot be reached; trying again in")
    await process.ready(timeout=40)
    assert len(down.hits) == 2
    assert "Traceback" not in process.text, process.text


async def test_while_it_waits_for_the_network_it_can_be_stopped(bot_process):
    process = bot_process(PARVIS_DISCORD_URL="http://127.0.0.1:9")
    await process.start()
    await process.said("cannot be reached; trying again in")
    process.signal(signal.SIGTERM)
    end = await process.ended()
    assert (end.code, end.seconds < 10) == (0, True), process.text


async def test_from_the_fifth_quick_start_it_waits_before_it_identifies_and_can_be_stopped(
    loopback, bot_process, tmp_path
):
    loopback.create_guild()
    path = tmp_path / "parvis.db"
    await migrated(f"sqlite+aiosqlite:///{path}")
    just_now = (dt.datetime.now(dt.UTC) + loopback.world.clock.offset).isoformat()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO runtime_fact VALUES ('starts 0/1', ?)", (json.dumps([just_now] * 4),))
    connection.close()
    process = bot_process(PARVIS_STARTUP_BACKOFF="true")
    await process.start()
    await process.said("start 5 within ten minutes: waiting 30 s")
    await asyncio.sleep(1)
    assert loopback.gateway.identifies == []
    process.signal(signal.SIGTERM)
    end = await process.ended()
    assert (end.code, end.seconds < 10) == (0, True), process.text


async def test_a_process_whose_lease_was_taken_stops_itself_and_says_so(running, loopback, tmp_path):
    with sqlite3.connect(tmp_path / "parvis.db", timeout=10) as connection:
        connection.execute("UPDATE process_lease SET owner = 'another'")
    connection.close()
    assert "took over" in await ended_with_one_line(running, 1)
    assert loopback.gateway.sessions == {}


async def test_a_token_that_is_reset_while_it_runs_is_one_line(running, loopback):
    loopback.gateway.close(4004)
    assert "DISCORD_TOKEN" in await ended_with_one_line(running, 78)
    assert loopback.token not in running.text


async def test_an_intent_that_is_switched_off_while_it_runs_is_named_at_the_next_identify(running, loopback):
    loopback.world.application.members_intent = False
    loopback.gateway.sessions.clear()
    loopback.gateway.close(4009)
    assert "Server Members Intent" in await ended_with_one_line(running, 78)


async def test_a_port_that_is_taken_is_one_line(bot_process, loopback):
    port = loopback.url.rpartition(":")[2]
    process = bot_process(PARVIS_HEALTH_PORT=port)
    await process.start()
    assert "PARVIS_HEALTH_PORT" in await ended_with_one_line(process, 78)
