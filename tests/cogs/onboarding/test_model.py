"""Whatever a newcomer does in whatever order, and whenever the process dies: facts and role are what a model says."""

import asyncio
import shutil
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.community.models import Contribution
from bot.contracts.events import MemberScreened
from bot.database import Database
from bot.errors import UserError
from bot.events import EventBus
from cogs.onboarding.models import How
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from tests.cogs.onboarding.services import ADA, CHANNEL, CHESS, GARDEN, GUILD, PAIRS, ROLE, House
from tests.conftest import SetClock
from tests.examples import examples

GREETERS = (2, 3, ADA)
STEPS = ("code", "groups", "introduction", "first_message", "first_reply")

acts = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.booleans()),
        st.sampled_from([("screen",), ("accept",), ("introduce",), ("speak",), ("leave",), ("edition",)]),
        st.tuples(st.just("choose"), st.sets(st.sampled_from([GARDEN, CHESS]))),
        st.tuples(st.just("greet"), st.sampled_from(GREETERS)),
        st.sampled_from([("restart",), ("crash",)]),
    ),
    max_size=25,
)
required = st.sets(st.sampled_from(STEPS)).map(sorted)


@dataclass
class Model:
    """What should be true, said as plainly as possible."""

    required: list[str]
    here: bool = False
    screened: bool = False
    edition: int = 1
    accepted: int = 0
    done: set[str] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)
    known: bool = False
    facts: set[tuple[str, int]] = field(default_factory=set)
    role: bool = False

    def settle(self):
        done = self.done | ({"code"} if self.accepted >= self.edition else set())
        if self.here and self.screened and done.issuperset(self.required):
            self.facts.add(("onboarded", ADA))
            self.role = True


class Discord:
    """The roles Discord shows. ``pay`` is what the effects do; it may die between the effect and the note of it."""

    def __init__(self):
        self.roles = set()
        self.grants = 0

    async def pay(self, house, *, dies=False):
        owed = await house.owed()
        if owed.role and ROLE not in self.roles:
            self.roles.add(ROLE)
            self.grants += 1
        for role, wanted in owed.groups:
            (self.roles.add if wanted else self.roles.discard)(role)
        if dies:
            return
        if owed.role:
            await house.debts.role_given(GUILD, ADA)
        for role, wanted in owed.groups:
            await house.debts.group_applied(GUILD, ADA, role, wanted=wanted)


async def perform(act, model, house, discord):
    """One act, where Discord lets it happen."""
    name, *values = act
    can_press = model.here and model.screened
    match name:
        case "join" if not model.here:
            house.clock.advance(minutes=1)
            await house.join(pending=values[0], rejoins=int(model.known))
            model.here, model.known, model.screened = True, True, not values[0]
        case "screen" if model.here and not model.screened:
            await house.emit(MemberScreened(GUILD, ADA))
            model.screened = True
        case "leave" if model.here:
            await house.leave()
            discord.roles.clear()
            model.here = model.screened = model.role = False
        case "edition":
            await house.publish()
            model.edition += 1
        case "accept" if can_press:
            await house.accept()
            model.accepted = model.edition
        case "choose" if can_press:
            chosen = values[0]
            await house.journeys.choose_groups(GUILD, ADA, wanted=chosen, unwanted={GARDEN, CHESS} - chosen)
            model.done.add("groups")
            model.groups = set(chosen)
        case "introduce" if can_press and "introduction" not in model.done:
            await house.journeys.introduce(GUILD, ADA, PAIRS)
            model.done.add("introduction")
            model.facts.add(("introduced", ADA))
        case "speak" if can_press:
            await house.journeys.spoke(GUILD, ADA, house.clock())
            model.done.add("first_message")
        case "greet" if model.known:
            await greet(values[0], model, house)
    model.settle()


async def greet(greeter, model, house):
    refused = greeter == ADA or not model.here
    try:
        await house.journeys.greet(GUILD, ADA, greeter, How.HELLO)
    except UserError:
        assert refused
        return
    assert not refused
    model.facts.add(("greeted", greeter))
    model.done.add("first_reply")


async def check(model, house, discord):
    async with house.db.read() as session:
        rows = (await session.scalars(select(Contribution))).all()
    assert [(row.kind, row.user_id) for row in rows if row.revision != 1 or row.revoked_at] == []
    assert sorted((row.kind, row.user_id) for row in rows) == sorted(model.facts)
    expected = (model.groups if model.here else set()) | ({ROLE} if model.role else set())
    assert discord.roles == expected
    assert list(await house.debts.debtors(GUILD)) in ([], [ADA])


async def new_process(url, clock):
    house = House(Database(url, EventBus()), clock)
    await house.settings.load()
    await house.code.load()
    return house


async def live(url, wanted, history):
    clock, model, discord = SetClock(), Model(wanted), Discord()
    house = await new_process(url, clock)
    try:
        steps = [{"step": step, "required": step in wanted} for step in ("screening", *STEPS)]
        await house.change(WelcomeSettings, enabled=True, member_role=ROLE, introductions_channel=CHANNEL, steps=steps)
        await house.change(GroupsSettings, groups=[{"role": GARDEN}, {"role": CHESS}])
        for act in history:
            if act[0] in {"restart", "crash"}:
                if act[0] == "crash":
                    await discord.pay(house, dies=True)
                await house.db.close()
                house = await new_process(url, clock)
                for user_id in await house.debts.debtors(GUILD):
                    await house.journeys.settle(GUILD, user_id)
            else:
                await perform(act, model, house, discord)
            await discord.pay(house)
            await check(model, house, discord)
    finally:
        await house.db.close()


@settings(
    max_examples=examples(one_in=4),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(required, acts)
def test_facts_and_roles_are_what_the_model_says(tmp_path_factory, sqlite_template, wanted, history):
    path = tmp_path_factory.mktemp("model") / "parvis.db"
    shutil.copyfile(sqlite_template, path)
    asyncio.run(live(f"sqlite+aiosqlite:///{path}", wanted, history))
