"""A community on its first evening, and its page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo import scenes
from demo.browser import find_chromium
from demo.community import load_community
from demo.languages import localizers
from demo.page.server import DemoServer
from demo.page.visit import Visit
from demo.simulation import Simulation
from demo.stage import living_community


@pytest.fixture(autouse=True)
def quick_database(without_threads: None) -> None:
    """Every bot of the demo that runs in this process writes to SQLite without a change of threads."""


@pytest.fixture
async def story() -> AsyncIterator[Simulation]:
    """Everybody is there, nothing has been said yet."""
    async with living_community(load_community(), seed=1, weeks=0, language="en") as story:
        yield story
        assert story.world.env.errors == []


@pytest.fixture
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
