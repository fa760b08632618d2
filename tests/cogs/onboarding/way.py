"""One newcomer's world without Discord: the services of a process, what Discord shows, and what should be true."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from discord.utils import time_snowflake

from bot.attention.rules import WEEK
from bot.community.members import Seen
from bot.contracts.events import MemberJoined
from cogs.onboarding.raids.brake import Brake
from cogs.onboarding.raids.promises import ALERT, LET_IN, LEVEL
from cogs.onboarding.raids.rules import QUIET
from cogs.onboarding.raids.settings import RaidsSettings
from cogs.onboarding.rules.nudges import END
from tests.cogs.onboarding.newcomers.nursery import PARIS, Nursery
from tests.cogs.onboarding.services import GUILD, ROLE
from tests.conftest import NOW

NORA = time_snowflake(NOW - timedelta(days=2))
YOUNG, WITHIN, USUAL = timedelta(days=7), timedelta(minutes=5), 3
"""Of the raid brake: more than three accounts of less than a week within five minutes are a raid."""
OWN = ("code", "groups", "introduction", "first_message")
"""Steps a newcomer does, in the server's order."""


class Square(Nursery):
    """The services of one process, the raid brake among them."""

    def __init__(self, db, clock, postman=None):
        super().__init__(db, clock, postman)
        self.settings.sections.register(RaidsSettings)
        self.brake = Brake(db, self.settings, self.timers, clock)
        self.debts.held = self.brake.held
        self.paying = self._nothing
        db.bus.on(MemberJoined, self.brake.watch.on_joined)
        for kind, handler in ((ALERT, self._shown), (LEVEL, self._shown), (LET_IN, self._let_in)):
            self.timers.handle(kind, handler)

    async def _nothing(self):
        pass

    async def _shown(self, timer):
        """What the team sees has stories of its own."""

    async def _let_in(self, timer):
        raid_id = timer.payload["raid"]
        people = await self.brake.progress.to_let_in(GUILD, raid_id, 100)
        await self.paying()
        await self.brake.progress.let_in(GUILD, raid_id, people)

    async def raiders(self, came):
        """These accounts join, as far as the raid brake sees it."""
        await self.members.begin(GUILD, [Seen(user_id, "raider", at, False) for user_id, at in came])

        async def work(tx):
            for user_id, at in came:
                await self.brake.watch.on_joined(MemberJoined(GUILD, user_id, at, 0, False), tx)

        await self.db.transaction(work)

    async def restarted(self):
        after = await super().restarted()
        await after.brake.held.load()
        await after.brake.watch.replay(GUILD, self.clock())
        return after


class Discord:
    """The roles one newcomer has. ``pay`` is what the effects do."""

    def __init__(self):
        self.roles = set()

    async def pay(self, square, *, noted=True):
        """``noted`` False: the process dies before it has written down what Discord took."""
        owed = await square.owed(NORA)
        if owed.role:
            self.roles.add(ROLE)
        for role, wanted in owed.groups:
            (self.roles.add if wanted else self.roles.discard)(role)
        if not noted:
            return
        if owed.role:
            await square.debts.role_given(GUILD, NORA)
        for role, wanted in owed.groups:
            await square.debts.group_applied(GUILD, NORA, role, wanted=wanted)


@dataclass
class Gate:
    """The raid brake as it should be: who came lately, since when it is a raid, and whether Nora waits."""

    came: dict[int, datetime] = field(default_factory=dict)
    last_at: datetime | None = None
    holding: bool = False
    known_as_young: bool | None = None
    """Nora in the present raid; None when she is none of those who came."""
    judged: bool = False
    """She was held in this raid already: who was let in stays in."""
    held: bool = False

    def join(self, user_id, at, *, young):
        if young:
            self.came = {who: when for who, when in self.came.items() if at - when < WITHIN} | {user_id: at}
        if self.last_at is not None and (self.holding or at - self.last_at <= QUIET):
            self._note(user_id, at, young)
        elif young and len(self.came) > USUAL:
            self.known_as_young, self.judged = None, False
            for who, when in self.came.items():
                self._note(who, when, True)

    def _note(self, user_id, at, young):
        if young:
            self.last_at = max(at, self.last_at or at)
        if user_id == NORA:
            self.known_as_young = young if self.known_as_young is None else self.known_as_young
            if self.holding and not self.judged:
                self.held = self.judged = True

    def hold(self, *, full_member):
        self.holding = True
        if self.known_as_young and not full_member:
            self.held = self.judged = True

    def release(self, *, ends=False):
        self.held = False
        self.holding = self.holding and not ends


@dataclass
class Model:
    """What should be true of Nora, said as plainly as possible."""

    required: frozenset[str]
    gate: Gate = field(default_factory=Gate)
    here: bool = False
    screened: bool = False
    edition: int = 1
    accepted: int = 0
    done: set[str] = field(default_factory=set)
    chosen: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)
    """Those of the chosen groups that Discord may show by now."""
    facts: set[tuple[str, int]] = field(default_factory=set)
    role: bool = False

    joined: datetime | None = None
    since: datetime | None = None
    silent: bool = False
    asked: str | None = None
    told: list[tuple[datetime, str]] = field(default_factory=list)
    waived: set[str | None] = field(default_factory=set)
    """Steps that the team took care of, or that came up in vain while Nora was silent."""

    @property
    def can_press(self):
        return self.here and self.screened

    @property
    def finished(self):
        return self.done | ({"code"} if self.accepted >= self.edition else set())

    @property
    def step(self):
        return next((step for step in OWN if step not in self.finished), None)

    @property
    def roles(self):
        return self.groups | ({ROLE} if self.role else set())

    def settle(self):
        """What follows from what has just happened."""
        ready = self.can_press and self.finished >= self.required
        if ready:
            self.facts.add(("onboarded", NORA))
        if self.here and not self.gate.held:
            self.role = self.role or ready
            self.groups = set(self.chosen)
        if self.silent:
            self.waived.add(self.step)

    def leave(self):
        self.here = self.screened = self.role = False
        self.groups = set()

    def did(self, step, at, wanted):
        """Nora did a step, perhaps once more."""
        if step not in self.finished:
            self.since = at
            self.asked = None if self.asked == step else self.asked  # of another step, it is under way
        match step:
            case "code":
                self.accepted = self.edition
                return
            case "groups":
                self.chosen = set(wanted)
            case "introduction":
                self.facts.add(("introduced", NORA))
        self.done.add(step)

    def reminded(self, step, at):
        """A reminder has just arrived."""
        assert self.can_press
        assert not self.silent
        assert step == self.step
        assert step not in [earlier for _, earlier in self.told], "twice"
        assert 8 <= at.astimezone(PARIS).hour < 22
        assert at < self.joined + END
        wait = timedelta(hours=24) if step in self.required else timedelta(days=3)
        assert step == self.asked or at >= self.since + wait
        assert not self.told or at >= self.told[-1][0] + WEEK
        self.told.append((at, step))
