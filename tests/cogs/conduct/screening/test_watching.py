"""Messages that come together are looked at together, in their order, and never for long at a time."""

import asyncio
from types import SimpleNamespace

import pytest

from cogs.conduct.filters.quick import Looked
from cogs.conduct.screening import watching
from cogs.conduct.screening.watching import TOGETHER, Watching


class Bench:
    """A watch whose look at messages is told by the test: each takes a millisecond, and odd ones are found."""

    def __init__(self, monkeypatch):
        self.looked, self.started, self.spent = [], [], 0
        clock = SimpleNamespace(perf_counter=lambda: self.spent / 1000)
        monkeypatch.setattr(watching, "time", clock)
        monkeypatch.setattr(watching, "screen_messages", self._look)
        bot = SimpleNamespace(messages=SimpleNamespace(start=lambda work, tap: self.started.append(work)))
        self.watching = Watching(bot, None, None)
        self.watching._found = lambda message, verdict: verdict

    def _look(self, screening, messages, is_staff, *, until):
        assert len(messages) <= TOGETHER
        done = 0
        while done < len(messages) and (done == 0 or self.spent / 1000 <= until):
            self.spent += 1
            done += 1
        self.looked += [one.id for one in messages[:done]]
        return Looked([(one, f"work on {one.id}") for one in messages[:done] if one.id % 2], messages[done:])

    def come(self, *numbers):
        for number in numbers:
            self.watching.message(SimpleNamespace(id=number))


@pytest.fixture
def bench(monkeypatch):
    return Bench(monkeypatch)


async def test_what_comes_together_is_looked_at_in_order_once_the_gateway_is_done(bench):
    bench.come(1, 2, 3)
    assert bench.looked == []
    await asyncio.sleep(0)
    assert bench.looked == [1, 2, 3]
    assert bench.started == ["work on 1", "work on 3"]
    bench.come(4)
    await asyncio.sleep(0)
    assert bench.looked == [1, 2, 3, 4]


async def test_a_storm_lets_others_have_their_turn(bench):
    bench.come(*range(200))
    turns = 0
    while len(bench.looked) < 200 and turns < 200:
        before = len(bench.looked)
        await asyncio.sleep(0)
        assert len(bench.looked) - before <= 3  # a look takes one millisecond here, and two are allowed at a time
        turns += 1
    assert turns > 60
    assert bench.looked == list(range(200))
    assert len(bench.started) == 100
