"""Promise 14: SIGTERM ends the bot cleanly within ten seconds, also as PID 1, and nothing is lost."""

import asyncio
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.loopback import InteractionRecord, LoopbackDiscord
from tests.loopback.process import BotProcess, Exit
from tests.process.stream import Stream, difference
from tests.process.test_kill import counted, damage

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("schema")]
COMMANDS = 50
NAMESPACE = ("unshare", "--pid", "--fork", "--mount-proc")
ANSWER = "/interactions/{id}/{token}/callback"


def namespaces_work() -> bool:
    """Whether this user may make a process PID 1 of its own namespace."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


async def busy(loopback: LoopbackDiscord, process: BotProcess) -> tuple[Stream, list[InteractionRecord]]:
    """The bot, just asked 50 things at once by people who also write; none of it is done yet."""
    loopback.interaction_seconds = 60  # fifty people at once on a busy machine
    stream = Stream(loopback, loopback.create_guild("Agora"), seed=7)
    await process.start()
    await process.ready()
    await process.said("counting begins")
    stream.begin()
    people = [stream.guild.add_member(f"newcomer{number}") for number in range(COMMANDS)]
    loopback.faults.slow("POST", ANSWER, 0.7)
    records = [await who.slash("help", wait=None) for who in people]
    await stream.write(300)
    async with asyncio.timeout(20):
        while loopback.count("POST", ANSWER) < COMMANDS // 2:
            await asyncio.sleep(0.01)
    await stream.write(100)
    await loopback.caught_up()  # read, and surely not in the database yet
    assert not all(record.answered.is_set() for record in records)
    return stream, records


async def stop(process: BotProcess, pid: int) -> Exit:
    """SIGTERM, and how long the end took."""
    started = time.monotonic()
    process.signal(signal.SIGTERM, pid)
    end = await process.ended()
    return Exit(end.code, time.monotonic() - started)


def nothing_is_lost(process: BotProcess, records: list[InteractionRecord], stream: Stream, database: Path) -> None:
    """Everybody was answered, every message counted, and the end was quiet."""
    unanswered = [record.data["name"] for record in records if not record.finished.is_set()]
    assert not unanswered, f"{len(unanswered)} of {len(records)} were never answered\n{process.text}"
    assert difference(counted(database), stream.expected()) == {}
    assert damage(database) == []
    assert "SIGTERM: stopping" in process.text  # `unshare` hides the exit code of a process that a signal has killed
    assert process.discord.gateway.sessions == {}, "the gateway was left without a goodbye"
    assert "Traceback" not in process.text, process.text
    assert "never awaited" not in process.text
    assert "was destroyed" not in process.text


async def test_sigterm_during_fifty_running_commands_stops_cleanly(loopback, bot_process, tmp_path):
    process = bot_process()
    stream, records = await busy(loopback, process)
    end = await stop(process, process.pid)
    assert (end.code, end.seconds < 10) == (0, True), f"{end}\n{process.text}"
    nothing_is_lost(process, records, stream, tmp_path / "parvis.db")


@pytest.mark.skipif(not namespaces_work(), reason="a PID namespace needs root (or the right to make one)")
async def test_sigterm_as_pid_1_stops_cleanly(loopback, bot_process, tmp_path):
    process = bot_process(prefix=NAMESPACE)
    stream, records = await busy(loopback, process)
    (inside,) = psutil.Process(process.pid).children()
    end = await stop(process, inside.pid)
    assert (end.code, end.seconds < 10) == (0, True), f"{end}\n{process.text}"
    nothing_is_lost(process, records, stream, tmp_path / "parvis.db")


async def test_sigint_stops_cleanly_too(loopback, bot_process):
    loopback.create_guild()
    process = bot_process()
    await process.start()
    await process.ready()
    process.signal(signal.SIGINT)
    end = await process.ended()
    assert end.code == 0, process.text
    assert loopback.gateway.sessions == {}, "the gateway was left without a goodbye"


async def test_discord_that_answers_nothing_does_not_keep_the_bot_from_stopping(loopback, bot_process):
    guild = loopback.create_guild()
    guild.text_channel("general")
    alice = guild.add_member("alice")
    process = bot_process()
    await process.start()
    await process.ready()
    hung = loopback.faults.swallow_answer("POST", ANSWER, times=None)
    await alice.slash("help", wait=None)
    await hung.happened()
    end = await stop(process, process.pid)
    assert (end.code, end.seconds < 10) == (0, True), f"{end}\n{process.text}"


async def test_sigterm_while_it_starts_stops_it_as_well(loopback, bot_process):
    loopback.faults.swallow_request("GET", "/users/@me", hang=True)
    process = bot_process()
    await process.start()
    async with asyncio.timeout(20):
        while not loopback.requests.requests:
            await asyncio.sleep(0.01)
    end = await stop(process, process.pid)
    assert (end.code, end.seconds < 10) == (0, True), f"{end}\n{process.text}"
