"""Fixtures around the loopback Discord, for a conftest.py to import."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from .process import BotProcess
from .server import LoopbackDiscord

MakeProcess = Callable[..., BotProcess]


@pytest.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord. The test fails when the bot sent it something that Discord would not understand."""
    async with LoopbackDiscord() as discord:
        yield discord
    discord.check()


@pytest.fixture
async def bot_process(loopback: LoopbackDiscord, tmp_path: Path) -> AsyncIterator[MakeProcess]:
    """`bot_process(**options)`: the bot as a process on the test's own SQLite file; killed when the test ends."""
    made: list[BotProcess] = []

    def make(**options: Any) -> BotProcess:
        made.append(BotProcess(loopback, **{"folder": tmp_path, **options}))
        return made[-1]

    yield make
    for process in made:
        await process.kill9()
