"""The community answers the visitor: people say hello to their introduction and reply to their first message."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from demo.community import Language
from demo.journey import Journey
from demo.page.visit import Visit

MOMENT = 4.0
"""Seconds before somebody answers: long enough to be seen happening, short enough not to be missed."""
GREETERS = ("sacha", "colette")
HOST = "aicha"
REPLY = N_("Welcome! Take the stool by the radiator, I am at table one tonight. What did you bring?")


class Neighbours:
    """Answers each newcomer once, a moment after they spoke."""

    def __init__(self, visit: Visit, languages: dict[Language, Localizer], moment: float = MOMENT) -> None:
        self.visit = visit
        self.languages = languages
        self.moment = moment
        self._journey = Journey(visit.world)
        self._answered: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def answering(self) -> bool:
        """Whether somebody is about to answer."""
        return bool(self._tasks)

    def look_around(self) -> None:
        """See whether there is something to answer."""
        visit = self.visit
        if visit.door != "newcomer" or visit.key not in visit.world.members:
            return
        key = visit.key
        if self._journey.introduction_of(visit.actor) is not None:
            for greeter in GREETERS:
                self._once(f"{greeter} greets {key}", partial(self._journey.greet, greeter, key))
        if visit.wrote(visit.world.channels["square"].id):
            self._once(f"{HOST} replies to {key}", partial(self._reply, key))

    async def stop(self) -> None:
        """Nobody answers any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _once(self, what: str, act: Callable[[], Awaitable[bool]]) -> None:
        if what not in self._answered:
            self._answered.add(what)
            task = asyncio.create_task(self._after_a_moment(what, act))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _after_a_moment(self, what: str, act: Callable[[], Awaitable[bool]]) -> None:
        await asyncio.sleep(self.moment)
        async with self.visit.alone:
            if not await act():
                self._answered.discard(what)  # what was said is gone; what is said next is answered
        await self.visit.refresh()

    async def _reply(self, key: str) -> bool:
        world = self.visit.world
        square, newcomer = world.channels["square"], world.members[key]
        message = next((one for one in reversed(square.history()) if one.author.id == newcomer.id), None)
        if message is None:
            return False
        text = self.languages[world.community.people[key].language](REPLY)
        await world.members[HOST].send(square, text, reply_to=message)
        return True
