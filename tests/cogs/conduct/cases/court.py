"""The case files of one process beside a Discord that remembers what it was told, and how often."""

import itertools
from datetime import timedelta

from sqlalchemy import func, select

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from bot.contracts.events import MemberErasing
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from bot.timers import Timers
from bot.timers.models import Timer
from cogs.conduct.cases.book import CARRY
from cogs.conduct.cases.measures import BRING
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.rules import timeout_to_set
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings

GUILD, ADA, MOD, CHIEF = 10001 << 22, 20001, 20002, 20003

causes = itertools.count(1)


class Discord:
    """One member as Discord has them; ``told`` lists every request."""

    def __init__(self):
        self.here, self.banned, self.timed_out_until, self.told = True, False, None, []
        self.open = True

    def ban(self):
        self.told.append("ban")
        self.banned, self.here = True, False

    def unban(self):
        self.told.append("unban")
        self.banned = False

    def time_out(self, until):
        self.told.append("timeout")
        self.timed_out_until = until


class Court:
    """Everything that knows cases; the effects are the carrier's own in a few lines."""

    def __init__(self, db, clock, discord=None, guild=GUILD):
        self.db, self.clock, self.guild = db, clock, guild
        self.discord = discord or Discord()
        self.settings = GuildSettings(db, Sections(), clock)
        self.settings.sections.register(ConductSettings)
        self.timers = Timers(db, clock)
        self.cases = Cases(db, self.settings, self.timers, clock)
        self.read = self.cases.read
        self.timers.handle(CARRY, self._carry)
        self.timers.handle(BRING, self._bring)
        db.bus.on(MemberErasing, self.cases.on_erasing)

    async def open(self, kind=CaseKind.WARN, *, user=ADA, severity=Severity.LOW, by=MOD, source=None, **more):
        source = source or f"test:{next(causes)}"
        new = NewCase(self.guild, user, kind, source, "Because.", by, article=1, severity=severity, **more)
        return await self.cases.open(new)

    async def run(self):
        await self.timers.run_due()

    async def wait(self, length):
        """Let time pass, stopping wherever something was promised."""
        end = self.clock() + length
        while True:
            await self.run()
            async with self.db.read() as session:
                due = await session.scalar(select(func.min(Timer.next_at)).where(Timer.guild_id == self.guild))
            if due is None or due > end:
                break
            self.clock.set(max(due, self.clock()))
        self.clock.set(end)
        await self.run()

    async def within(self, act):
        return await self.db.transaction(act)

    async def _carry(self, timer):
        case = await self.read.by_id(timer.payload["case"])
        if case.notice is Notice.OWED:
            await self.cases.told(case.id, Notice.DIRECT if self.discord.open else Notice.UNDELIVERED)
        for measure in await self.read.measures(case.guild_id, user_id=case.user_id):
            if measure.owed:
                await self._measure(measure)

    async def _bring(self, timer):
        await self.cases.measures.expire(timer.payload["measure"])
        measure = await self.read.measure(timer.payload["measure"])
        await self._measure(measure)

    async def _measure(self, measure):
        again = measure.until if measure.in_force else None
        if measure.kind == "ban":
            if measure.in_force != self.discord.banned:
                self.discord.ban() if measure.in_force else self.discord.unban()
        elif not self.discord.here:
            return
        elif measure.in_force:
            until, renewed = timeout_to_set(measure.until, self.clock())
            self.discord.time_out(until)
            again = renewed or measure.until
        elif self.discord.timed_out_until is not None:
            self.discord.time_out(None)
        await self.cases.measures.brought(measure.id, measure.revision, again)


HOUR = timedelta(hours=1)
