"""Whatever moderators, members and Discord's own menus do, in whatever order, and whenever the process dies:
what stands on Discord, the points and the states are what a plain model says."""

import asyncio
import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from bot.database import Database
from bot.errors import UserError
from bot.events import EventBus
from bot.timers.models import Timer
from cogs.conduct.cases.rules import ENDED, LONGEST_TIMEOUT, State
from tests.cogs.conduct.cases.court import ADA, CHIEF, MOD, Court, Discord
from tests.conftest import SetClock
from tests.examples import examples

HOUR = timedelta(hours=1)
POINTS_LAST = timedelta(days=90)
servers = itertools.count(1)
hours = st.integers(1, 2000)
severities = st.sampled_from(Severity)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("warn"), severities),
        st.tuples(st.just("timeout"), severities, hours),
        st.tuples(st.just("ban"), severities, st.none() | hours),
        st.sampled_from([("lift",), ("void",), ("appeal",), ("overturn",), ("uphold",)]),
        st.sampled_from([("leave",), ("rejoin",), ("hand ban",), ("hand unban",), ("hand untimeout",)]),
        st.sampled_from([("restart",), ("crash",), ("close",), ("open",)]),
        st.tuples(st.just("wait"), hours),
        st.tuples(st.just("step"), hours),
    ),
    max_size=20,
)


@dataclass
class Filed:
    """A case, said as plainly as possible."""

    number: int
    id: int
    kind: CaseKind
    points: int
    made: datetime
    until: datetime | None
    told: bool
    lifted: bool = False
    state: State = State.ACTIVE
    appealed: bool = False
    follows: int | None = None


class Model:
    def __init__(self, clock):
        self.clock, self.cases = clock, []

    def newest(self, *kinds, standing=False):
        found = [case for case in self.cases if case.kind in kinds and not (standing and case.state in ENDED)]
        return found[-1] if found else None

    def stands(self, kind):
        """The newest case that was not undone decides, whatever came before it."""
        case = self.newest(kind, standing=True)
        if case is None or case.lifted or (case.until is not None and case.until <= self.clock()):
            return None
        return case

    def end(self, case, state):
        """With a warning goes the step that was taken after it."""
        for one in (case, *(one for one in self.cases if one.follows == case.id)):
            one.state = one.state if one.state in ENDED else state

    @property
    def points(self):
        alive = [case for case in self.cases if case.told and case.state not in ENDED]
        return sum(case.points for case in alive if case.made + POINTS_LAST > self.clock())


async def perform(act, model, court):
    name, *values = act
    discord, cases, guild = court.discord, court.cases, court.guild
    sanctions = (CaseKind.WARN, CaseKind.TIMEOUT, CaseKind.BAN)
    match name:
        case "warn" | "timeout" | "ban":
            length = values[1] * HOUR if values[1:] and values[1] else None
            filed = await court.open(CaseKind(name), severity=values[0], length=length)
            until = None if length is None else court.clock() + length
            points = values[0].points
            model.cases.append(Filed(filed.number, filed.id, filed.kind, points, court.clock(), until, discord.open))
        case "step":
            target = model.newest(CaseKind.WARN, standing=True)
            if target is not None:
                length, until = values[0] * HOUR, court.clock() + values[0] * HOUR
                filed = await court.open(CaseKind.TIMEOUT, severity=None, length=length, follows=target.id)
                made = Filed(filed.number, filed.id, filed.kind, 0, court.clock(), until, discord.open)
                made.follows = target.id
                model.cases.append(made)
        case "lift":
            target = model.newest(CaseKind.TIMEOUT, CaseKind.BAN)
            if target is not None:
                over = target.until is not None and target.until <= court.clock()
                refused = over or target.lifted or target.state in ENDED
                await tried(cases.ending.lift(guild, target.number, MOD), refused)
                target.lifted = target.lifted or not refused
        case "void":
            target = model.newest(*sanctions)
            if target is not None:
                await tried(cases.ending.void(guild, target.number, MOD), target.state in ENDED)
                model.end(target, State.VOID)
        case "appeal":
            target = model.newest(*sanctions)
            if target is not None:
                refused = target.appealed or target.state in ENDED
                await tried(court.within(lambda tx: cases.ending.appeal(tx, target.id, ADA)), refused)
                target.appealed, target.state = True, target.state if refused else State.APPEALED
                if target.state in ENDED:
                    target.appealed = True
        case "overturn" | "uphold":
            target = next((one for one in reversed(model.cases) if one.state is State.APPEALED), None)
            if target is not None:
                await court.within(lambda tx: getattr(cases.ending, name)(tx, target.id, CHIEF))
                if name == "overturn":
                    model.end(target, State.OVERTURNED)
                else:
                    target.state = State.ACTIVE
        case "leave" if discord.here:
            discord.here = False
        case "rejoin" if not discord.here and not discord.banned:
            discord.here, discord.timed_out_until = True, None
            await court.within(lambda tx: cases.measures.owe(tx, guild, ADA, CaseKind.TIMEOUT))
        case "hand ban" if not discord.banned:
            discord.banned, discord.here = True, False
            filed = await court.open(CaseKind.BAN, severity=None, by_hand=True)
            model.cases.append(Filed(filed.number, filed.id, filed.kind, 0, court.clock(), None, False))
        case "hand unban" if discord.banned:
            discord.banned = False
            await court.open(CaseKind.UNBAN, by_hand=True)
            if stood := model.stands(CaseKind.BAN):
                for one in model.cases:
                    over = one.until is not None and one.until <= court.clock()
                    one.lifted = one.lifted or (one.kind is CaseKind.BAN and one.state not in ENDED and not over)
                assert stood.lifted
        case "hand untimeout" if discord.here and model.stands(CaseKind.TIMEOUT):
            discord.timed_out_until = None
            target = model.stands(CaseKind.TIMEOUT)

            async def lift(tx):
                await cases.ending.lift_in(tx, await cases.book.locked(tx, target.id), None, done=True)

            await court.within(lift)
            target.lifted = True
        case "close" | "open":
            discord.open = name == "open"
        case "wait":
            await court.wait(values[0] * HOUR)


async def tried(work, refused):
    try:
        await work
    except UserError:
        assert refused
    else:
        assert not refused


async def check(model, court):
    discord, at = court.discord, court.clock()
    assert discord.banned == (model.stands(CaseKind.BAN) is not None)
    stood = model.stands(CaseKind.TIMEOUT)
    effective = discord.timed_out_until if discord.timed_out_until and discord.timed_out_until > at else None
    if discord.here and stood is None:
        assert effective is None
    elif discord.here:
        assert effective is not None, "a timeout in force is on Discord"
        assert effective <= min(stood.until, at + LONGEST_TIMEOUT)
    assert await court.read.points(court.guild, ADA) == model.points
    for case in model.cases:
        seen = await court.read.case(court.guild, case.number)
        expired = case.state is State.ACTIVE and case.made + POINTS_LAST <= at
        assert seen.state is (State.EXPIRED if expired else case.state)


async def forget_what_was_noted(court):
    """The process died between Discord's answer and the note of it."""

    async def owe(tx):
        for kind in (CaseKind.TIMEOUT, CaseKind.BAN):
            await court.cases.measures.owe(tx, court.guild, ADA, kind)

    await court.within(owe)


async def live(url, history):
    clock, discord, guild = SetClock(), Discord(), next(servers) << 22
    court, model = Court(Database(url, EventBus()), clock, discord, guild), Model(clock)
    try:
        for act in history:
            if act[0] in {"restart", "crash"}:
                if act[0] == "crash":
                    await forget_what_was_noted(court)
                await court.db.close()
                court = Court(Database(url, EventBus()), clock, discord, guild)
            else:
                await perform(act, model, court)
            await court.run()
            await check(model, court)
    finally:
        await court.db.transaction(lambda tx: tx.session.execute(delete(Timer)))
        await court.db.close()


@example([("warn", Severity.HIGH), ("appeal",), ("step", 9), ("restart",), ("overturn",), ("uphold",)])
@example(
    [("ban", Severity.LOW, None), ("appeal",), ("uphold",), ("timeout", Severity.LOW, 9), ("appeal",), ("overturn",)]
)
@settings(
    max_examples=examples(one_in=4),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts)
def test_what_stands_on_discord_is_what_the_newest_decision_that_was_not_undone_says(database_url, history):
    asyncio.run(live(database_url, history))
