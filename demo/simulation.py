"""Lives a plan on the simulated Discord with the real bot: everybody acts as they would on Discord."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import discord

from demo.acts import Act, Arrive, Depart, EnterVoice, Greet, LeaveVoice, React, Say, TakeStep
from demo.journey import Journey
from demo.world import World

Progress = Callable[[int, int], None]
"""Told how many acts are done, of how many."""
BREATH = 20
"""Seconds: acts closer than this happen at the same instant; to wake the bot between them costs more than it shows."""

Where = tuple[str, str]
"""A person's key and a channel's key."""


@dataclass
class Tally:
    """What was done, to hold against what the bot counted."""

    messages: Counter[Where] = field(default_factory=Counter)
    reactions_given: Counter[Where] = field(default_factory=Counter)
    reactions_received: Counter[Where] = field(default_factory=Counter)
    voice_seconds: Counter[Where] = field(default_factory=Counter)
    introduced: list[str] = field(default_factory=list)
    greeted: dict[str, str] = field(default_factory=dict)
    """Newcomer to who said hello first."""
    greetings: int = 0


class Simulation:
    """Runs a plan in a world; ``tally`` has what was done so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.journey = Journey(world)
        self.tally = Tally()
        self._said: dict[int, discord.Message] = {}
        self._where: dict[int, Where] = {}
        self._reacted: set[tuple[int, str, str]] = set()
        self._in_voice: dict[str, tuple[str, datetime]] = {}

    async def live(self, plan: Sequence[Act], progress: Progress = lambda done, total: None) -> None:
        """Everything in the plan, then the time until the visitor arrives."""
        for done, act in enumerate(plan, start=1):
            await self._wait_for(act.at, BREATH)
            await self._do(act)
            progress(done, len(plan))
        await self._wait_for(self.world.community.arrival, 0)
        self.world.life = {
            "members": len(self.world.members),
            "messages": sum(self.tally.messages.values()),
            "arrivals": sum(isinstance(act, Arrive) for act in plan),
            "greetings": self.tally.greetings,
        }

    async def _wait_for(self, instant: datetime, breath: int) -> None:
        ahead = (instant - self.world.env.now()).total_seconds()
        if ahead > breath:
            await self.world.env.pass_time(seconds=ahead)

    async def _do(self, act: Act) -> None:
        match act:
            case Arrive():
                await self.world.arrive(act.who)
            case Depart():
                await self.world.env.leave(self.world.members.pop(act.who))
            case Say():
                await self._say(act)
            case React():
                await self._react(act)
            case EnterVoice():
                await self._enter(act)
            case LeaveVoice():
                await self._leave(act)
            case TakeStep():
                await self._step(act)
            case Greet():
                await self._greet(act)

    async def _say(self, act: Say) -> None:
        answered = self._said.get(act.answers) if act.answers else None
        channel = self.world.channels[act.channel]
        self._said[act.number] = await self.world.members[act.who].send(channel, act.text, reply_to=answered)
        self._where[act.number] = (act.who, act.channel)
        self.tally.messages[act.who, act.channel] += 1

    async def _react(self, act: React) -> None:
        once = (act.number, act.who, act.emoji)
        if once in self._reacted:
            return
        self._reacted.add(once)
        author, channel = self._where[act.number]
        await self.world.members[act.who].react(self._said[act.number], act.emoji)
        self.tally.reactions_given[act.who, channel] += 1
        self.tally.reactions_received[author, channel] += 1

    async def _enter(self, act: EnterVoice) -> None:
        await self.world.members[act.who].join_voice(self.world.channels[act.channel])
        self._in_voice[act.who] = (act.channel, self.world.env.now())

    async def _leave(self, act: LeaveVoice) -> None:
        channel, since = self._in_voice.pop(act.who)
        await self.world.members[act.who].leave_voice()
        self.tally.voice_seconds[act.who, channel] += round((self.world.env.now() - since).total_seconds())

    async def _step(self, act: TakeStep) -> None:
        await self.journey.take(act.who, act.step)
        if act.step == "introduce":
            self.tally.introduced.append(act.who)

    async def _greet(self, act: Greet) -> None:
        if await self.journey.greet(act.who, act.newcomer):
            self.tally.greeted.setdefault(act.newcomer, act.who)
            self.tally.greetings += 1
