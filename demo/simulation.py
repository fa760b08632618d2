"""Lives a plan on the simulated Discord with the real bot: everybody acts as they would on Discord."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo.acts import (
    Act,
    AnswerCall,
    Arrive,
    Contest,
    Decide,
    Depart,
    EnterVoice,
    Greet,
    LeaveVoice,
    React,
    Report,
    Say,
    SeekBuddy,
    TakeStep,
)
from demo.casework import Casework
from demo.furnishing import tidy
from demo.journey import Journey
from demo.simdiscord import World as Discord
from demo.world import World

Progress = Callable[[int, int], None]
"""Told how many acts are done, of how many."""
TOGETHER = timedelta(hours=3)
"""What is written and reacted to within this time reaches the bot in one go; waking it for each would take an hour."""

A_MOMENT = 2.0
"""Seconds in which the bot does what fell due while people talked."""

Where = tuple[str, str]
"""A person's key and a channel's key."""


@dataclass
class Tally:
    """What was done, to hold against what the bot counted."""

    messages: Counter[Where] = field(default_factory=Counter)
    reactions_given: Counter[Where] = field(default_factory=Counter)
    reactions_received: Counter[Where] = field(default_factory=Counter)
    voice_minutes: Counter[Where] = field(default_factory=Counter)
    """Whole minutes of each stay."""
    introduced: list[str] = field(default_factory=list)
    greeted: dict[str, str] = field(default_factory=dict)
    """Newcomer to who said hello first."""
    greetings: int = 0
    answered_calls: dict[str, str] = field(default_factory=dict)
    """Newcomer to the greeter who was asked and answered."""
    decided: list[tuple[str, str, str]] = field(default_factory=list)
    """Moderator, command and member of each case."""
    contested: list[str] = field(default_factory=list)


class Simulation:
    """Runs a plan in a world; ``tally`` has what was done so far."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.journey = Journey(world)
        self.casework = Casework(world)
        self.tally = Tally()
        self._said: dict[int, int] = {}
        """Messages by their number in the plan."""
        self._where: dict[int, Where] = {}
        self._reacted: set[tuple[int, str, str]] = set()
        self._in_voice: dict[str, tuple[str, datetime]] = {}

    async def live(self, plan: Sequence[Act], progress: Progress = lambda done, total: None) -> None:
        """Everything in the plan, then the time until the visitor arrives."""
        done = 0
        for acts in _bursts(plan):
            await self._wait_for(acts[0].at)
            if isinstance(acts[0], Say | React):
                await self._chat(acts)
            else:
                await self._do(acts[0])
            done += len(acts)
            progress(done, len(plan))
        await self._wait_for(self.world.community.arrival)
        self.world.life = {
            "members": len(self.world.members),
            "messages": sum(self.tally.messages.values()),
            "arrivals": sum(isinstance(act, Arrive) for act in plan),
            "greetings": self.tally.greetings,
        }

    async def _wait_for(self, instant: datetime) -> None:
        ahead = (instant - self.world.env.now()).total_seconds()
        if ahead > 0:
            await self.world.env.pass_time(seconds=ahead)

    async def _chat(self, acts: Sequence[Act]) -> None:
        async with self.world.env.together() as discord:
            for act in acts:
                discord.advance_clock(max(0.0, (act.at - self.world.env.now()).total_seconds()))
                if isinstance(act, Say):
                    self._say(discord, act)
                elif isinstance(act, React):
                    self._react(discord, act)

    def _say(self, discord: Discord, act: Say) -> None:
        channel, author = self.world.channels[act.channel], self.world.members[act.who]
        answered = self._said.get(act.answers) if act.answers else None
        discord.require_permissions(self.world.guild.id, author.id, channel.id, "send_messages")
        reference = {"channel_id": str(channel.id), "message_id": str(answered)} if answered else None
        if reference is not None:
            reference = discord.normalize_message_reference(channel.id, reference)
        message = discord.create_message(channel.id, author.id, act.text, reference=reference)
        self._said[act.number] = message.id
        self._where[act.number] = (act.who, act.channel)
        self.tally.messages[act.who, act.channel] += 1

    def _react(self, discord: Discord, act: React) -> None:
        once = (act.number, act.who, act.emoji)
        if once in self._reacted:
            return
        self._reacted.add(once)
        author, channel = self._where[act.number]
        reader = self.world.members[act.who]
        discord.set_reaction(self.world.channels[channel].id, self._said[act.number], act.emoji, reader.id, True)
        self.tally.reactions_given[act.who, channel] += 1
        self.tally.reactions_received[author, channel] += 1

    async def _do(self, act: Act) -> None:
        match act:
            case Arrive():
                await self.world.arrive(act.who)
            case Depart():
                await self.world.env.leave(self.world.members.pop(act.who))
            case EnterVoice():
                await self._enter(act)
            case LeaveVoice():
                await self._leave(act)
            case TakeStep():
                await self._step(act)
            case SeekBuddy():
                await self.journey.seek_buddy(act.who)
            case AnswerCall():
                await self._answer_call(act)
            case Greet():
                await self._greet(act)
            case Report():
                await self._report(act)
            case Decide():
                await self._decide(act)
            case Contest():
                await self.casework.contest(act.who, await self.casework.open_appeal(act.who), act.words)
                self.tally.contested.append(act.who)

    async def _enter(self, act: EnterVoice) -> None:
        await self.world.members[act.who].join_voice(self.world.channels[act.channel])
        self._in_voice[act.who] = (act.channel, self.world.env.now())

    async def _leave(self, act: LeaveVoice) -> None:
        channel, since = self._in_voice.pop(act.who)
        await self.world.members[act.who].leave_voice()
        self.tally.voice_minutes[act.who, channel] += int((self.world.env.now() - since).total_seconds() // 60)

    async def _step(self, act: TakeStep) -> None:
        await self.journey.take(act.who, act.step)
        if act.step == "introduce":
            self.tally.introduced.append(act.who)

    async def _answer_call(self, act: AnswerCall) -> None:
        await self.world.env.pass_time(seconds=A_MOMENT)
        greeter = await self.journey.answer_call(act.who)
        tidy(self.world, "greeters")
        if greeter is not None:
            self.tally.answered_calls[act.who] = greeter
            self.tally.greeted.setdefault(act.who, greeter)
            self.tally.greetings += 1

    async def _greet(self, act: Greet) -> None:
        if act.newcomer in self.world.members and await self.journey.greet(act.who, act.newcomer):
            self.tally.greeted.setdefault(act.newcomer, act.who)
            self.tally.greetings += 1

    async def _report(self, act: Report) -> None:
        about = {"member": self.world.members[act.member], "article": str(act.article), "details": act.details}
        await self.world.members[act.who].slash(self.world.channels["square"], "report", **about)
        tidy(self.world, "square")

    async def _decide(self, act: Decide) -> None:
        asked = await self.casework.run(act.who, act.command, act.member, act.article, act.reason, act.duration)
        if act.why is not None:
            await self.casework.explain(act.who, asked, act.why)
        await self.casework.moment()
        tidy(self.world, "staff")
        self.tally.decided.append((act.who, act.command, act.member))


def _bursts(plan: Sequence[Act]) -> Iterator[list[Act]]:
    """What is said and reacted to within ``TOGETHER``, with nothing else in between; anything else alone."""
    burst: list[Act] = []
    for act in plan:
        talk = isinstance(act, Say | React)
        if burst and not (talk and act.at - burst[0].at < TOGETHER):
            yield burst
            burst = []
        if talk:
            burst.append(act)
        else:
            yield [act]
    if burst:
        yield burst
