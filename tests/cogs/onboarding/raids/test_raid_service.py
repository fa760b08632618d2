"""The raid brake's tables on both databases: who is first, what a crash leaves, what an outage adds."""

import asyncio
from datetime import timedelta

import pytest
from discord.utils import time_snowflake

from bot.community.members import Members, Seen
from bot.contracts.events import MemberErasing, MemberJoined
from bot.timers import Timers
from cogs.onboarding.raids.brake import Brake
from cogs.onboarding.raids.refusals import AlreadyHeld, AlreadyPaused, BrakeOn, NothingToUndo, RaidGone, RaidReplaced
from cogs.onboarding.raids.rules import QUIET
from cogs.onboarding.raids.settings import RaidsSettings
from cogs.onboarding.settings import WelcomeSettings
from tests.cogs.onboarding.services import GUILD, ROLE, House

LEA, MINA = 21, 22


class Gate(House):
    """The welcome and the raid brake of one process."""

    def __init__(self, db, clock):
        super().__init__(db, clock)
        self.settings.sections.register(RaidsSettings)
        self.members = Members(db, clock)
        self.brake = Brake(db, self.settings, Timers(db, clock), clock)
        self.debts.held = self.brake.held
        db.bus.on(MemberJoined, self.brake.watch.on_joined)
        db.bus.on(MemberErasing, self.brake.held.on_erasing)

    async def come(self, count, *, age=timedelta(hours=1), unseen=False):
        """So many accounts of that age, one a second; ``unseen``: while the brake was off."""
        people = []
        for _ in range(count):
            self.clock.advance(seconds=1)
            user_id = time_snowflake(self.clock() - age) + len(people)
            people.append(user_id)
            seen = Seen(user_id, f"raider {user_id}", self.clock(), False)
            if unseen:
                await self.members.begin(GUILD, [seen])
            else:
                await self.members.join(GUILD, seen)
        return people

    async def raid(self):
        return await self.brake.reader.newest(GUILD)

    async def young(self):
        raid = await self.raid()
        return None if raid is None else (await self.brake.reader.counts(GUILD, raid.id)).young


@pytest.fixture
async def gate(db, clock):
    gate = Gate(db, clock)
    steps = [{"step": "code", "required": True}]
    await gate.change(WelcomeSettings, enabled=True, member_role=ROLE, steps=steps)
    await gate.change(RaidsSettings, enabled=True, joins=4)
    return gate


async def outcome(work):
    try:
        return await work
    except Exception as error:
        return type(error)


async def test_only_young_accounts_make_a_raid_and_after_a_quiet_half_hour_the_next_is_another(gate):
    await gate.come(20, age=timedelta(days=8))
    await gate.come(4)
    assert await gate.raid() is None
    await gate.come(2)
    await gate.come(1, age=timedelta(days=8))
    first = await gate.raid()
    assert await gate.young() == 6
    assert [one.young for one in await gate.brake.reader.joiners(GUILD, first.id)] == [True] * 6 + [False]
    gate.clock.advance(seconds=QUIET.total_seconds())
    await gate.come(5)
    assert (await gate.raid()).id != first.id
    assert await gate.young() == 5
    assert await outcome(gate.brake.decisions.pause(GUILD, first.id, LEA)) is RaidReplaced
    assert await outcome(gate.brake.decisions.pause(GUILD + 1, first.id, LEA)) is RaidGone


async def test_of_two_moderators_at_once_one_decides_and_what_is_in_force_is_ended_before_a_dismissal(gate):
    people = await gate.come(5)
    raid, decide = await gate.raid(), gate.brake.decisions
    pauses = [outcome(decide.pause(GUILD, raid.id, who)) for who in (LEA, MINA)]
    assert sorted(map(str, await asyncio.gather(*pauses))) == sorted(map(str, (None, AlreadyPaused)))
    holds = [outcome(decide.hold(GUILD, raid.id, who, 1)) for who in (LEA, MINA)]
    assert sorted(map(str, await asyncio.gather(*holds))) == sorted(map(str, (None, AlreadyHeld)))
    assert await outcome(decide.dismiss(GUILD, raid.id, LEA)) is BrakeOn
    bans = [decide.ban(GUILD, raid.id, who, people[:3]) for who in (LEA, MINA)]
    assert sorted(await asyncio.gather(*bans)) == [0, 3]
    ends = [outcome(decide.end_hold(GUILD, raid.id, who)) for who in (LEA, MINA)]
    assert set(await asyncio.gather(*ends)) == {5, NothingToUndo}
    await gate.brake.progress.banned(GUILD, raid.id, people[:3], [])
    counts = await gate.brake.reader.counts(GUILD, raid.id)
    assert (counts.banned, counts.released) == (3, 2), "who was banned was not let in"
    await decide.end_pause(GUILD, raid.id, LEA)
    await decide.dismiss(GUILD, raid.id, LEA)


async def test_held_newcomers_are_owed_no_role_until_released_also_in_another_process(gate, db, clock):
    people = await gate.come(5)
    for user_id in people:
        await gate.accept(user_id)
    await gate.debts.role_given(GUILD, people[0])
    raid = await gate.raid()
    await gate.brake.decisions.hold(GUILD, raid.id, LEA, 2)
    (old,) = await gate.come(1, age=timedelta(days=900))
    await gate.accept(old)
    db.bus = type(db.bus)()
    after = Gate(db, clock)
    await after.settings.load()
    await after.brake.held.load()
    assert not after.brake.held(GUILD, people[0]), "who has the role already keeps it"
    assert [(await after.owed(user_id)).role for user_id in (*people[1:], old)] == [False] * 5
    await after.brake.watch.replay(GUILD, clock() - timedelta(hours=1))
    assert await after.brake.decisions.release(GUILD, raid.id, MINA, [people[1], people[1], 999]) == 1
    assert await after.brake.decisions.release(GUILD, raid.id, LEA, [people[1]]) == 0
    await after.brake.watch.replay(GUILD, clock() - timedelta(hours=1))
    assert (await after.owed(people[1])).role
    assert await after.brake.progress.to_let_in(GUILD, raid.id, 25) == [people[1]]
    state = await after.brake.reader.state(GUILD, raid.id)
    assert (state.level_before, state.level_raised) == (2, 4)
    await after.brake.progress.level(raid.id, raised=True)
    await after.brake.decisions.end_hold(GUILD, raid.id, LEA)
    await after.brake.decisions.hold(GUILD, raid.id, LEA, 4)
    state = await after.brake.reader.state(GUILD, raid.id)
    assert state.level_before == 2, "a level that is not restored yet is not taken for the server's own"
    await after.emit(MemberErasing(GUILD, people[2]))
    assert not after.brake.held(GUILD, people[2])


async def test_joins_of_an_outage_and_joins_told_again_are_counted_once_in_the_order_they_came(gate):
    since = gate.clock()
    await gate.come(3)
    people = await gate.come(3, unseen=True)
    assert await gate.raid() is None
    await gate.brake.watch.replay(GUILD, since)
    assert await gate.young() == 6
    raid = await gate.raid()
    await gate.brake.watch.replay(GUILD, since)
    for user_id in people:
        await gate.emit(MemberJoined(GUILD, user_id, gate.clock(), 0, False))
    assert await gate.young() == 6
    assert (await gate.raid()).id == raid.id
    await gate.brake.decisions.dismiss(GUILD, raid.id, LEA)
    await gate.brake.watch.replay(GUILD, since)
    assert (await gate.raid()).id == raid.id, "what was dismissed is not told again after a restart"
