"""A running process can be asked on loopback how it is; its log at DEBUG holds no secret and no member's words."""

import asyncio
import json
import re
import socket

import aiohttp
import pytest

from tests.loopback import TOKEN

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("schema")]


async def asked(port, path):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def port_of(process):
    line = await process.said("health on http")
    return int(re.search(r"127\.0\.0\.1:(\d+)", line)[1])


async def test_a_running_process_says_how_it_is(bot_process, loopback):
    loopback.create_guild("Agora")
    process = bot_process()
    await process.start()
    port = await port_of(process)
    assert await asked(port, "/livez") == (200, "alive\n")
    await process.ready()
    status, text = 0, ""
    async with asyncio.timeout(20):
        while status != 200:
            await asyncio.sleep(0.1)
            status, text = await asked(port, "/readyz")
    assert (status, text) == (200, "gateway: ok\ndatabase: ok\nlease: ok\n")
    status, figures = await asked(port, "/metrics")
    assert status == 200
    assert "parvis_guilds 1.0" in figures
    assert 'parvis_timers{state="stuck"} 0.0' in figures
    assert (await process.sigterm()).code == 0


async def test_a_port_that_is_taken_is_one_line(bot_process):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = bot_process(PARVIS_HEALTH_PORT=str(port), LANG="fr_FR.UTF-8")
        await process.start()
        assert (await process.ended(timeout=30)).code == 78
    said = [line for line in process.output if line.strip() and not line.startswith("{")]
    assert len(said) == 1, process.text
    assert str(port) in said[0]
    assert "PARVIS_HEALTH_PORT" in said[0]
    assert "Traceback" not in process.text


async def test_the_log_at_debug_holds_no_secret_and_no_members_words(bot_process, loopback):
    guild = loopback.create_guild("Agora")
    channel, member = guild.text_channel("general"), guild.add_member("nora")
    process = bot_process(PARVIS_LOG_LEVEL="DEBUG")
    await process.start()
    await process.ready()
    await member.say(channel, "canary: what a member wrote")
    used = await member.slash("help", channel=channel, wait=10)
    assert (await process.sigterm()).code == 0
    assert TOKEN not in process.text
    assert used.token not in process.text
    assert "canary" not in process.text
    lines = [json.loads(line) for line in process.output]
    assert {line["level"] for line in lines} >= {"debug", "info"}
