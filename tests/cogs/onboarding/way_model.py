"""What should be true of one newcomer, said as plainly as possible."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.attention.rules import WEEK
from cogs.onboarding.buddies.rules import DUTY
from cogs.onboarding.raids.rules import QUIET
from cogs.onboarding.replies.rules import DUTY as ON_CALL
from cogs.onboarding.replies.rules import FRESH
from cogs.onboarding.rules.nudges import END
from tests.cogs.onboarding.newcomers.nursery import PARIS
from tests.cogs.onboarding.services import ROLE
from tests.cogs.onboarding.way import NORA
from tests.conftest import NOW

YOUNG, WITHIN, USUAL = timedelta(days=7), timedelta(minutes=5), 3
"""Of the raid brake: more than three accounts of less than a week within five minutes are a raid."""
OWN = ("code", "groups", "introduction", "first_message")
"""Steps a newcomer does, in the server's order."""
ANSWERED_WITHIN = timedelta(hours=1)
WELCOMED_WITHIN = timedelta(days=7)


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
class Wait:
    """For a first answer: one greeter is on call, whom half of the time asks; the team has it after all of it."""

    began: datetime | None = None
    looked_at: datetime | None = None
    """Since when they wait in this stay."""
    asked: bool = False
    with_team: bool = False
    over: str | None = None

    def begin(self, at):
        self.began = self.looked_at = self.began or at

    def leave(self):
        if self.began and self.over is None:
            self.over = "left"

    def back(self, at):
        if self.over == "left" and self.began > at - FRESH:
            self.over, self.with_team, self.looked_at = None, False, at

    def settle(self, at):
        if self.began is None or self.over:
            return
        ends = self.began + ANSWERED_WITHIN
        turn = max(self.began + ANSWERED_WITHIN / 2, self.looked_at)
        if not self.asked and turn <= at and turn < ends:
            self.asked = turn < NOW + ON_CALL
            self.with_team = not self.asked
        self.with_team = self.with_team or at >= ends

    @property
    def calls(self):
        """What the greeters' channel says."""
        return [self.over or ("late" if self.with_team else "asked")] * self.asked

    @property
    def in_inbox(self):
        return self.with_team and not self.over


@dataclass
class Model:
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

    welcomed: bool = False
    """In this stay, or not needed any more."""
    welcomes: int = 0
    thread_open: bool = False
    hellos: int | None = None
    wait: Wait = field(default_factory=Wait)
    wants_buddy: bool = False
    paired_at: datetime | None = None
    pairs: int = 0
    farewells: int = 0

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

    def join(self, at, *, pending):
        self.here = True
        self.screened, self.joined, self.since, self.asked, self.welcomed = not pending, at, at, None, False
        self.wait.back(at)

    def settle(self, at, *, looked_at):
        """What follows from what has happened by now; ``looked_at``: what is owed to Nora was looked at."""
        ready = self.can_press and self.finished >= self.required
        if ready:
            self.facts.add(("onboarded", NORA))
        if self.here and not self.gate.held:
            self.role = self.role or ready
            self.groups = set(self.chosen)
        if self.silent:
            self.waived.add(self.step)
        self._welcome(at, ready=ready, looked_at=looked_at)
        self.wait.settle(at)
        if self.here and "introduction" in self.done:
            self.hellos = sum(kind == "greeted" for kind, _ in self.facts)
        if self.wants_buddy and ("onboarded", NORA) in self.facts:
            self.wants_buddy, self.paired_at, self.pairs = False, at, self.pairs + 1
        if self.paired_at and at >= self.paired_at + DUTY:
            self.paired_at = None

    def _welcome(self, at, *, ready, looked_at):
        if looked_at and self.can_press and not (self.welcomed or ready) and at < self.joined + WELCOMED_WITHIN:
            self.welcomed = self.thread_open = True
            self.welcomes += 1
        if not self.here or (self.screened and self.finished >= {*OWN, "first_reply"}):
            self.thread_open = False

    def leave(self):
        self.here = self.screened = self.role = False
        self.groups = set()
        self.wait.leave()
        self.farewells += self.paired_at is not None
        self.paired_at, self.wants_buddy = None, False

    def did(self, step, at, wanted):
        """Nora did a step, perhaps once more."""
        if step not in self.finished:
            self.since = at
            self.asked = None if self.asked == step else self.asked  # of another step, it is under way
        self.welcomed = self.welcomed or step != "first_message"
        match step:
            case "code":
                self.accepted = self.edition
                return
            case "groups":
                self.chosen = set(wanted)
            case "introduction":
                self.facts.add(("introduced", NORA))
        self.done.add(step)
        if step in ("introduction", "first_message") and "first_reply" not in self.done and not self.wait.began:
            self.wait.begin(at)

    def greeted(self, greeter):
        self.facts.add(("greeted", greeter))
        self.done.add("first_reply")
        if self.wait.began:
            self.wait.over = "answered"

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
