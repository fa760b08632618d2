"""One newcomer's world without Discord: the services of a process, and what Discord shows."""

import asyncio
from datetime import timedelta

from discord.utils import time_snowflake

from bot.community.members import Seen
from bot.contracts.events import MemberJoined
from bot.events import EventBus
from cogs.onboarding.buddies.pairing import WAITS
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.events import AwaitedMoved, WelcomeMoved
from cogs.onboarding.raids.brake import Brake
from cogs.onboarding.raids.promises import ALERT, LET_IN, LEVEL
from cogs.onboarding.raids.settings import RaidsSettings
from cogs.onboarding.replies.board import Face
from cogs.onboarding.replies.settings import RepliesSettings
from tests.cogs.onboarding.buddies.square import Square as Buddies
from tests.cogs.onboarding.newcomers.nursery import Nursery
from tests.cogs.onboarding.replies.lodge import GREETERS_CHANNEL, Lodge
from tests.cogs.onboarding.services import GUILD, ROLE
from tests.conftest import NOW

NORA = time_snowflake(NOW - timedelta(days=2))
GREETER, BUDDIES = 2, (5, 6)
BEFORE, UNNOTED = "before", "unnoted"
"""How a process dies at an effect on Discord: before it, or once Discord has it and nobody has written that down."""


class Died(asyncio.CancelledError):
    """Nothing of this process goes on."""


class Discord:
    """What the server shows of one newcomer."""

    def __init__(self):
        self.roles, self.welcomes, self.thread_open = set(), 0, False
        self.hellos = None
        """How many hellos the posted introduction shows."""
        self.calls = {}
        """What each message in the greeters' channel says."""
        self.pairs, self.farewells = set(), set()

    def leave(self):
        self.roles.clear()

    def open_thread(self):
        """That of this stay, when an interrupted attempt has left one."""
        self.welcomes += not self.thread_open
        self.thread_open = True

    def say(self, call):
        if call.id in self.calls or call.face is Face.ASKED:
            self.calls[call.id] = str(call.face)


class Square(Lodge, Buddies):
    """The services of one process; each effect is where the process may die, as ``ends`` says."""

    def __init__(self, db, clock, postman=None, discord=None):
        super().__init__(db, clock, postman)
        self.discord, self.ends = discord or Discord(), None
        self.settings.sections.register(RaidsSettings)
        self.inbox.register(WAITS)
        self.brake = Brake(db, self.settings, self.timers, clock)
        self.debts.held = self.brake.held
        db.bus.on(MemberJoined, self.brake.watch.on_joined)
        db.bus.after(WelcomeMoved, self._welcome_moved)
        db.bus.after(AwaitedMoved, self._awaited_moved)
        for kind, handler in ((ALERT, self._shown), (LEVEL, self._shown), (LET_IN, self._let_in)):
            self.timers.handle(kind, handler)

    async def open(self, **welcome):
        await Nursery.open(self, **welcome)
        await self.change(RepliesSettings, enabled=True, channel=GREETERS_CHANNEL)
        await self.change(BuddiesSettings, enabled=True)
        await self.on_call(GREETER)
        await self.greeters.set_hours(GUILD, GREETER, start=NOW.time(), end=NOW.time())
        for buddy in BUDDIES:
            await self.offer(buddy)

    # Effects

    def reach(self):
        """Discord is about to be asked."""
        if self.ends == BEFORE:
            raise Died

    def reached(self):
        """Discord has it, and it is about to be noted."""
        if self.ends == UNNOTED:
            raise Died

    async def bring(self):
        """Whatever was committed has its effects."""
        await self.pass_time()
        await self.db.bus.drain(5)

    async def pay(self):
        """What is owed to Nora, as the welcome pays it."""
        owed, debts, discord, nora = await self.owed(NORA), self.debts, self.discord, (GUILD, NORA)
        if owed != type(owed)(
            owed.present, waits_for_message=owed.waits_for_message, waits_for_answer=owed.waits_for_answer
        ):
            self.reach()
        if owed.role:
            discord.roles.add(ROLE)
            self.reached()
            await debts.role_given(*nora)
        for role, wanted in owed.groups:
            (discord.roles.add if wanted else discord.roles.discard)(role)
            self.reached()
            await debts.group_applied(*nora, role, wanted=wanted)
        if owed.introduction and owed.present:
            discord.hellos = shown = owed.introduction.greetings
            self.reached()
            await debts.shown(*nora, channel_id=1, message_id=2, greetings=shown)
        if owed.welcome:
            discord.open_thread()
            self.reached()
            await debts.welcomed(*nora, 3)
        if owed.thread_to_close:
            discord.thread_open = False
            self.reached()
            await debts.thread_closed(*nora)

    async def _welcome_moved(self, event):
        if event.user_id == NORA:
            await self.pay()

    async def _awaited_moved(self, event):
        await self._say(event.awaited_id)

    async def _say(self, awaited_id):
        """Each call says what it should, as the greeters' channel is brought to it."""
        board = await self.shown.board(awaited_id)
        for call in board.calls:
            if call.shown != call.wanted:
                self.reach()
                self.discord.say(call)
                self.reached()
                await self.shown.found(call.id, shown=call.wanted, channel_id=GREETERS_CHANNEL, message_id=call.id)

    async def _introduce(self, timer):
        """As two are told of each other, who meet at once."""
        pair = await self.buddies.pair(timer.payload["pair"])
        if not (pair.ended_at or pair.introduced_at):
            self.reach()
            self.discord.pairs.add(pair.id)
            self.reached()
            await self.buddies.note(pair.id, introduced_at=self.clock(), thread_id=900, message_id=901)
        await self.buddies.met(pair.id, NORA)

    async def _tell(self, timer):
        self.reach()
        self.discord.farewells.add(timer.key)
        self.reached()

    async def _shown(self, timer):
        """What the team sees has stories of its own."""

    async def _let_in(self, timer):
        self.reach()
        raid_id = timer.payload["raid"]
        people = await self.brake.progress.to_let_in(GUILD, raid_id, 100)
        await self.pay()
        self.reached()
        await self.brake.progress.let_in(GUILD, raid_id, people)

    # Time and processes

    async def raiders(self, came):
        """These accounts join, as far as the raid brake sees it."""
        await self.members.begin(GUILD, [Seen(user_id, "raider", at, False) for user_id, at in came])

        async def work(tx):
            for user_id, at in came:
                await self.brake.watch.on_joined(MemberJoined(GUILD, user_id, at, 0, False), tx)

        await self.db.transaction(work)

    async def next_due(self):
        """When the next promise is to be kept; everything that follows from what was kept has happened."""
        return await self._next_due()

    async def _next_due(self):
        await self.db.bus.drain(5)
        return await super()._next_due()

    async def restarted(self):
        """Another process on the same Discord, which pays what the one before owed."""
        await self.db.bus.drain(0)
        self.db.bus = EventBus()
        after = Square(self.db, self.clock, self.postman, self.discord)
        for part in (after.settings, after.code, after.arrivals, after.inbox.people, after.brake.held):
            await part.load()
        await after.timers._claims.release()
        await after.brake.watch.replay(GUILD, self.clock())
        if NORA in await after.debts.debtors(GUILD):
            await after.journeys.settle(GUILD, NORA)
            await after.pay()
        for awaited_id in await after.shown.unfinished(GUILD):
            await after._say(awaited_id)
        await after.pass_time()
        await after.db.bus.drain(5)
        return after
