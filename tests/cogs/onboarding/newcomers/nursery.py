"""The welcome's services with the attention budget and the count, as one process has them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.attention import Attention, AttentionKind
from bot.community import storage
from bot.community.batches import Batch
from bot.community.members import Members, Seen
from bot.contracts.attention import ProposalSettled
from bot.contracts.events import ActivityChange, ActivityCounted, MemberJoined, MemberScreened
from bot.events import EventBus
from bot.inbox import Inbox
from bot.timers import Timers
from bot.timers.models import Timer
from cogs.onboarding.events import WelcomeMoved
from cogs.onboarding.newcomers.arrivals import Arrivals
from cogs.onboarding.newcomers.figures import Reader
from cogs.onboarding.newcomers.models import StuckStep
from cogs.onboarding.newcomers.nudging import KIND, REMIND, Nudges
from cogs.onboarding.newcomers.settings import NewcomersSettings
from cogs.onboarding.newcomers.waiting import StuckPeople
from cogs.onboarding.rules import step_named
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from tests.bot.attention.conftest import Carrier
from tests.cogs.onboarding.services import ADA, CHANNEL, GARDEN, GUILD, House

WITHIN = timedelta(hours=5)
"""How long a newcomer waits for a first answer at most."""
PARIS = ZoneInfo("Europe/Paris")


async def _built_by_the_carrier(telling):
    raise AssertionError("the carrier of the tests builds")


class Postman(Carrier):
    """Discord, as far as reminders see it: (when, whom, of what) is in ``sent``."""

    nudges = None

    async def build(self, letter, kind):
        if kind.name != KIND:
            return kind.name
        step = letter.params["step"]
        return step if await self.nudges.is_at(letter.guild_id, letter.user_id, step_named(step)) else None


class Nursery(House):
    """Everything that knows newcomers, wired as the cog does."""

    def __init__(self, db, clock, postman=None):
        super().__init__(db, clock)
        self.settings.sections.register(NewcomersSettings)
        self.timers = Timers(db, clock)
        people = Inbox(db, self.timers, self.zone_of, clock).people
        self.postman = postman or Postman(clock)
        self.attention = Attention(db, self.timers, people, self.zone_of, self.postman, clock)
        self.attention.register(AttentionKind(KIND, 60, _built_by_the_carrier))
        self.attention.register(AttentionKind("test.urgent", 90, _built_by_the_carrier))
        self.members = Members(db, clock)
        self.arrivals = Arrivals(db, self.settings, clock)
        self.nudges = Nudges(db, self.settings, self.journeys, self.attention, self.timers, self.zone_of, clock)
        self.figures = Reader(db, self.journeys, self.zone_of, lambda _guild: True, lambda _guild: WITHIN, clock)
        self.stuck = StuckPeople(db, self.settings, self.journeys, clock)
        self.postman.nudges = self.nudges
        db.bus.on(MemberJoined, self._joined)
        db.bus.on(MemberScreened, self.arrivals.on_screened)
        db.bus.on(ActivityCounted, self.arrivals.on_counted)
        db.bus.on(WelcomeMoved, self.nudges.on_moved)
        db.bus.on(ProposalSettled, self.nudges.on_settled)
        self.timers.handle(REMIND, self.nudges.due)

    async def open(self, **welcome):
        """Turn the welcome on, with every step on offer."""
        await self.change(WelcomeSettings, **{"enabled": True, "introductions_channel": CHANNEL, **welcome})
        await self.change(GroupsSettings, groups=[{"role": GARDEN}])
        return self

    async def restarted(self):
        """Another process on the same database and the same Discord."""
        self.db.bus = EventBus()
        after = type(self)(self.db, self.clock, self.postman)
        await after.settings.load()
        await after.code.load()
        await after.arrivals.load()
        return after

    def zone_of(self, guild_id):
        return PARIS.key

    async def _joined(self, event, tx):
        await self.arrivals.on_joined(event, tx)
        await self.nudges.plan(tx, event.guild_id, event.user_id)

    async def join(self, user_id=ADA, *, pending=False, rejoins=0):
        await self.members.join(GUILD, Seen(user_id, f"Person {user_id}", self.clock(), pending))

    async def leave(self, user_id=ADA):
        await self.members.leave(GUILD, user_id)

    async def screen(self, user_id=ADA):
        await self.members.update(GUILD, Seen(user_id, f"Person {user_id}", self.clock(), False))

    async def be_active(self, user_id=ADA, *, messages=0, reactions=0, voice=0):
        """Counted as the flush does, in one transaction with its event."""
        day = self.clock().astimezone(PARIS).date()
        change = ActivityChange(day, user_id, CHANNEL, messages, reactions, 0, voice, 1)
        batch = Batch(GUILD, 0, {}, PARIS.key, (change,), {}, [])

        async def work(tx):
            await storage.add_activity(tx, batch)
            await tx.emit(ActivityCounted(GUILD, (change,)))

        await self.db.transaction(work)

    async def write(self, user_id=ADA):
        await self.journeys.spoke(GUILD, user_id, self.clock())
        await self.be_active(user_id, messages=1)

    async def pass_time(self, **amount):
        """Let time pass, keeping each promise when it is due."""
        ends = self.clock() + timedelta(**amount)
        while (due := await self._next_due()) is not None and due <= ends:
            self.clock.set(max(due, self.clock()))
            await self.timers.run_due()
        self.clock.set(ends)

    async def _next_due(self):
        async with self.db.read() as session:
            return await session.scalar(select(func.min(Timer.next_at)))

    @property
    def sent(self):
        return [(user_id, step) for _, user_id, step in self.postman.sent]

    async def note(self, step, user_id=ADA):
        async with self.db.read() as session:
            return await session.get(StuckStep, (GUILD, user_id, step))
