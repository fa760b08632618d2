"""Messages that come together are looked at together, in their order, and never for long at a time."""

import asyncio
from types import SimpleNamespace

from cogs.conduct.screening import watching
from cogs.conduct.screening.watching import Watching


class Bench:
    """A watch whose look at a message is told by the test."""

    def __init__(self, look):
        self.looked, self.started = [], []
        bot = SimpleNamespace(messages=SimpleNamespace(start=lambda work, tap: self.started.append(work)))
        self.watching = Watching(bot, None, None)
        self.watching._look = lambda message, edited: self._note(message, look(message))

    def _note(self, message, found):
        self.looked.append(message.id)
        return found

    def come(self, *numbers):
        for number in numbers:
            self.watching.message(SimpleNamespace(id=number))


async def test_what_comes_together_is_looked_at_in_order_once_the_gateway_is_done():
    bench = Bench(lambda message: f"work on {message.id}" if message.id % 2 else None)
    bench.come(1, 2, 3)
    assert bench.looked == []
    await asyncio.sleep(0)
    assert bench.looked == [1, 2, 3]
    assert bench.started == ["work on 1", "work on 3"]
    bench.come(4)
    await asyncio.sleep(0)
    assert bench.looked == [1, 2, 3, 4]


async def test_a_storm_lets_others_have_their_turn(monkeypatch):
    spent = iter(range(1000))
    monkeypatch.setattr(watching, "time", SimpleNamespace(perf_counter=lambda: next(spent) / 1000))
    bench = Bench(lambda message: None)
    bench.come(*range(20))
    turns = 0
    while len(bench.looked) < 20:
        before = len(bench.looked)
        await asyncio.sleep(0)
        assert len(bench.looked) - before <= 3  # a look takes one millisecond here, and two are allowed at a time
        turns += 1
    assert turns > 5
    assert bench.looked == list(range(20))


async def test_a_message_that_cannot_be_looked_at_stops_no_other(caplog):
    def look(message):
        if message.id == 2:
            raise ValueError("broken")

    bench = Bench(look)
    bench.come(1, 2, 3)
    await asyncio.sleep(0)
    assert bench.looked == [1, 3]
    assert "message 2 could not be looked at" in caplog.text
    bench.come(4)
    await asyncio.sleep(0)
    assert bench.looked == [1, 3, 4]
