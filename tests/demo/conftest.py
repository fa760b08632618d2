"""A community on its first evening, which the tests of a module share, and a page of it for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.database import engines
from demo import scenes
from demo.browser import find_chromium
from demo.community import load_community
from demo.languages import localizers
from demo.page.server import DemoServer
from demo.page.visit import Visit
from demo.simulation import Simulation
from demo.stage import living_community
from tests import at_once


@pytest.fixture(autouse=True)
def quick_database(without_threads: None) -> None:
    """Every bot of the demo that runs in this process writes to SQLite without a change of threads."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story() -> AsyncIterator[Simulation]:
    """Everybody is there, nothing has been said yet; what a test of the module does stays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_open_sqlite", at_once.open_sqlite)
        async with living_community(load_community(), seed=1, weeks=0, language="en") as story:
            yield story
            assert story.world.env.errors == []


@pytest_asyncio.fixture(loop_scope="module")
async def server(story: Simulation) -> AsyncIterator[DemoServer]:
    scenes.load()
    server = DemoServer(Visit(story.world, "en"), localizers())
    assert server.neighbours is not None
    server.neighbours.moment = 0.2
    await server.start(0)
    yield server
    await server.stop()


@pytest.fixture
def chromium_path(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Chromium of this machine. Without one: skipped, but in CI the browser is promised, so there it is an error."""
    import os

    path = find_chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium; .ci/run installs it")
        pytest.skip("needs a Chromium (Debian: apt install chromium)")
    return path
