"""A process that cannot run says so in one line that helps, with the right exit code and no secret."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.loopback import TOKEN
from tests.loopback.process import BotProcess

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("schema")]
PASSWORD = "canary-password-4711"


@dataclass
class Told:
    """What a process said and how it ended."""

    code: int
    line: str
    seconds: float


async def told(process: BotProcess) -> Told:
    """Run it to its end. It must have said one line, with no traceback and no secret in all of its output."""
    await process.start()
    end = await process.ended(timeout=30)
    text = process.text
    assert "Traceback" not in text, text
    assert TOKEN not in text
    assert PASSWORD not in text
    for part in TOKEN.split(".")[1:]:
        assert part not in text
    said = [line for line in process.output if line.strip() and not re.match(r"(INFO|WARNING|\{|\d{4}-)", line)]
    assert len(said) == 1, text
    return Told(end.code, said[0], end.seconds)


async def test_without_a_token(bot_process):
    result = await told(bot_process(token=""))
    assert result.code == 78
    assert "DISCORD_TOKEN" in result.line


@pytest.mark.parametrize(
    ("token", "hint"),
    [
        ("102024000000000001", "application ID"),
        ("MTA0.Gxxxxx.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "reset"),
    ],
)
async def test_with_a_token_that_discord_refuses(bot_process, loopback, token, hint):
    result = await told(bot_process(token=token))
    assert result.code == 78
    assert hint in result.line
    assert token not in result.line
    assert loopback.gateway.identifies == []


async def test_in_french_the_line_is_french(bot_process):
    result = await told(bot_process(token="", LANG="fr_FR.UTF-8", afresh=True))
    assert result.code == 78
    assert "DISCORD_TOKEN" in result.line
    assert "manque" in result.line or "n’est pas" in result.line or "n’a pas" in result.line


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+asyncpg://parvis:{PASSWORD}@127.0.0.1:1/parvis",
        f"nonsense://parvis:{PASSWORD}@127.0.0.1/parvis",
        "sqlite+aiosqlite:////proc/nowhere/parvis.db",
    ],
)
async def test_with_a_database_that_cannot_be_reached(bot_process, loopback, url):
    result = await told(bot_process(database_url=url))
    assert result.code in (1, 78)
    assert "DATABASE_URL" in result.line or "database" in result.line.lower()
    assert loopback.gateway.identifies == []


async def test_with_a_file_that_is_no_database(bot_process, tmp_path: Path):
    (tmp_path / "parvis.db").write_bytes(os.urandom(8192))
    result = await told(bot_process())
    assert result.code in (1, 78)


@pytest.mark.parametrize(
    ("intent", "switch"), [("members", "Server Members Intent"), ("content", "Message Content Intent")]
)
async def test_with_a_privileged_intent_switched_off(bot_process, loopback, intent, switch):
    setattr(loopback.world.application, f"{intent}_intent", False)
    result = await told(bot_process())
    assert result.code == 78
    assert switch in result.line
    assert str(loopback.world.application.id) in result.line  # a direct link to the switch
    assert loopback.gateway.identifies == []


async def test_with_an_address_for_discord_that_is_not_this_machine(bot_process, loopback):
    result = await told(bot_process(PARVIS_DISCORD_URL="https://discord.example"))
    assert result.code == 78
    assert "PARVIS_DISCORD_URL" in result.line
    assert loopback.requests.requests == []


async def test_with_a_setting_that_cannot_be_used(bot_process):
    result = await told(bot_process(PARVIS_LOG_LEVEL=PASSWORD))
    assert result.code == 78
    assert "PARVIS_LOG_LEVEL" in result.line


async def test_beside_another_process_on_the_same_database(bot_process, loopback):
    loopback.create_guild()
    first = bot_process()
    await first.start()
    await first.ready()
    result = await told(bot_process())
    assert result.code == 1
    assert str(first.pid) in result.line
    assert first.running
    assert len(loopback.gateway.identifies) == 1


async def test_after_a_kill_the_next_process_starts_at_once(bot_process, loopback):
    loopback.create_guild()
    process = bot_process()
    await process.start()
    await process.ready()
    await process.kill9()
    await process.start()
    await process.ready(timeout=15)
    assert len(loopback.gateway.identifies) == 2
