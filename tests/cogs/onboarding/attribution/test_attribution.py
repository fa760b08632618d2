"""Invites in the simulated Discord: uses are exact, nobody is given a wrong code, and an outage is repaired."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import discord
import pytest
from simcord.backend import serializers
from sqlalchemy import select

from bot.contracts.invites import InviteFigures
from cogs.onboarding.attribution.models import Arrival, Invite

RATES = [(0.1, 0.1), (1, 1.0), (10, 1.0)]
"""Joins a second, and the largest share of them that may stay ambiguous."""
SETTLED = 5
"""Seconds after which everybody who came is looked at."""


@dataclass
class Door:
    """A server that follows its invites, and by which of them everybody truly came."""

    house: object
    codes: list[str]
    truth: dict[int, str | None] = field(default_factory=dict)

    @property
    def env(self):
        return self.house.env

    @property
    def reader(self) -> InviteFigures:
        return self.house.stage.bot.service(InviteFigures)

    async def join(self, code: str | None, *, wait: float = SETTLED) -> int:
        actor = await self.env.join(self.house.guild, f"guest{len(self.truth)}", invite=code)
        self.truth[actor.id] = code
        await self.env.pass_time(seconds=wait)
        return actor.id

    async def origin(self, user_id: int):
        return await self.reader.origin(self.house.guild.id, user_id)

    async def arrivals(self) -> list[Arrival]:
        async with self.house.stage.bot.db.read() as session:
            return list(await session.scalars(select(Arrival)))

    async def uses(self) -> dict[str, int]:
        async with self.house.stage.bot.db.read() as session:
            return {row.code: row.uses for row in await session.scalars(select(Invite))}

    def asked(self) -> int:
        return len([r for r in self.house.requests("GET", "/invites") if r.path.endswith("/invites")])

    async def check(self) -> Counter[str]:
        """Nobody has a wrong code; how many are certain, ambiguous and unknown."""
        found: Counter[str] = Counter()
        for row in await self.arrivals():
            assert row.settled_at is not None
            true = self.truth[row.user_id]
            assert row.code in (None, true)
            found["certain" if row.code else "ambiguous" if row.candidates else "unknown"] += 1
            assert row.code or not row.candidates or true is None or true in row.candidates
        assert sum(found.values()) == len(self.truth)
        return found


@pytest.fixture
async def door(house) -> Door:
    inviters = [house.stage.admin, house.stage.moderator, house.stage.member]
    codes = [house.env.create_invite(one, house.stage.general) for one in inviters]
    await house.change("welcome", enabled=False)
    await house.change("invites", enabled=True)
    await house.env.pass_time(seconds=SETTLED)
    return Door(house, codes)


@pytest.mark.soak
@pytest.mark.parametrize(("rate", "most"), RATES)
async def test_two_hundred_joins_through_three_invites(door, rate, most, record_property):
    """Counts are exact at any rate; at one every ten seconds almost everybody is told apart."""
    chance, house = random.Random(rate), door.house
    people = [house.env.create_user(f"guest{number}") for number in range(200)]
    at_once = max(1, round(rate))
    for start in range(0, len(people), at_once):
        async with house.env.together() as world:
            for person in people[start : start + at_once]:
                code = door.truth[person.id] = chance.choice(door.codes)
                world.invites[code].uses += 1
                house.guild.add_member(person)
        await house.env.advance_time(chance.uniform(0.5, 1.5) * at_once / rate)
    await house.env.pass_time(minutes=3)

    assert await door.uses() == Counter(door.truth.values())
    found = await door.check()
    record_property("ambiguous", found["ambiguous"] / 200)
    assert found["unknown"] == 0
    assert found["ambiguous"] / 200 <= most


async def test_people_who_come_one_by_one_are_told_apart_and_nobody_is_guessed_at(door):
    house, env, (a, b, _) = door.house, door.env, door.codes
    looks = door.asked()
    first = await door.join(a)
    assert (await door.origin(first)).inviter_id == house.stage.admin.id
    assert door.asked() == looks + 1

    async with env.together() as world:  # two at once, by two invites
        for code in (a, b):
            person = env.create_user(f"pair {code}")
            door.truth[person.id] = code
            world.invites[code].uses += 1
            house.guild.add_member(person)
    await env.pass_time(seconds=SETTLED)
    assert door.asked() == looks + 2, "one look for both"

    await door.join(None)  # by none: a page that lists servers, for example
    once = env.create_invite(house.stage.member, house.stage.general, uses=1)
    by_last_use = await door.join(once)
    assert (await door.origin(by_last_use)).code == once

    taken = env.create_invite(house.stage.member, house.stage.general, uses=1)
    await env.remove_invite(house.stage.admin, taken)
    await door.join(None)

    short = env.create_invite(house.stage.member, house.stage.general, age=timedelta(minutes=30))
    await env.pass_time(hours=1)
    async with env._acting("expiry") as world:
        del world.invites[short]
    assert (await door.origin(await door.join(b))).code == b

    before = door.asked()
    async with env._acting("a bot is added"):
        house.guild.add_member(env.create_user("robot", bot=True))
    await env.pass_time(seconds=SETTLED)
    assert door.asked() == before, "a bot comes by no invite"
    assert await door.check() == {"certain": 3, "ambiguous": 2, "unknown": 2}
    assert await door.uses() == {a: 2, b: 2, door.codes[2]: 0, once: 1, taken: 0, short: 0}


async def test_people_on_their_way_during_a_look_make_nobody_else_certain(door):
    """Discord has counted two whose arrival it tells only after the look; the one who is here came by no invite."""
    house, env, a = door.house, door.env, door.codes[0]
    people = [env.create_user(name) for name in ("nobody's guest", "first", "second")]
    door.truth = dict(zip((person.id for person in people), (None, a, a), strict=True))
    for person, seconds in zip(people, (0.5, 1.0, SETTLED), strict=True):
        async with env.together() as world:
            house.guild.add_member(person)
            world.invites[a].uses = 2
        await env.advance_time(seconds)
        if person is people[0]:
            await env.advance_time(1.0)  # the look is at one second
    assert await door.check() == {"ambiguous": 3}


async def test_a_vanity_address_counts_as_an_invite_of_nobody(door):
    house, env = door.house, door.env
    house.guild.set_vanity_url("agora")
    await env.set_features(house.guild, "VANITY_URL")
    async with env._acting("uses of earlier times") as world:
        world.invites["agora"].uses = 40
    assert (await door.origin(await door.join(door.codes[0]))).code is None, "its uses may be old or new"
    found = await door.origin(await door.join("agora"))
    assert (found.code, found.inviter_id) == ("agora", None)
    await door.check()


async def test_what_happened_while_the_bot_was_away_is_attributed_only_where_no_doubt_is_left(door, restart):
    house, env, (a, b, _) = door.house, door.env, door.codes

    async def come(*codes, **options):
        people = [await env.join(house.guild, f"guest{len(door.truth)}{code}", invite=code) for code in codes]
        door.truth |= {person.id: code for person, code in zip(people, codes, strict=True)}
        return people

    lone = await door.join(a, wait=0)
    await restart(crash=True)  # before anybody looked
    await env.pass_time(seconds=SETTLED)
    assert (await door.origin(lone)).code == a

    await env.outage()
    await come(a, a)
    await env.reconnect(resumed=False)
    await env.pass_time(seconds=SETTLED)
    assert await door.check() == {"certain": 3}

    await env.outage()
    await come(a, b)
    await env.reconnect(resumed=False)
    await env.pass_time(seconds=SETTLED)
    assert await door.check() == {"certain": 3, "ambiguous": 2}

    await env.outage()  # one comes by an invite that is gone again, another comes by A and leaves
    gone = env.create_invite(house.stage.admin, house.stage.general)
    await come(gone)
    await env.remove_invite(house.stage.admin, gone)
    (guest,) = await come(b)
    await env.leave(guest)
    door.truth.pop(guest.id)
    await env.reconnect(resumed=False)
    await env.pass_time(seconds=SETTLED)
    rows = {row.user_id: row for row in await door.arrivals()}
    assert rows[next(who for who, code in door.truth.items() if code == gone)].code is None

    await env.outage()
    await come(b)
    await env.pass_time(seconds=SETTLED)
    await env.reconnect(resumed=True)  # what was missed is told now
    await env.pass_time(seconds=SETTLED)
    assert (await door.origin(list(door.truth)[-1])).code == b
    assert (await door.uses()).items() >= {a: 4, b: 3}.items()

    before = [(row.user_id, row.code, row.candidates) for row in await door.arrivals()]
    async with env._acting("the same join is told again") as world:
        guild = world.get_guild(house.guild.id)
        told = serializers.member_payload(world, guild, guild.members[lone])
        world.emit("GUILD_MEMBER_ADD", {**told, "guild_id": str(guild.id)})
    await env.pass_time(seconds=SETTLED)
    assert [(row.user_id, row.code, row.candidates) for row in await door.arrivals()] == before


async def test_without_manage_server_nothing_is_asked_and_nothing_is_claimed(door):
    house, env = door.house, door.env

    async def allow(**powers):
        async with env._acting("powers") as world:
            role = next(one for one in house.guild._guild.roles.values() if one.managed)
            value = discord.Permissions(role.permissions)
            value.update(**powers)
            world.edit_role(house.guild.id, role.id, {"permissions": value.value})
        await env.pass_time(seconds=SETTLED)

    await allow(manage_guild=False)
    asked = door.asked()
    unknown = await door.join(door.codes[0])
    assert door.asked() == asked
    assert (await door.origin(unknown)).code is None
    await allow(manage_guild=True)
    assert (await door.origin(await door.join(door.codes[0]))).code == door.codes[0]
    await allow(view_audit_log=False)
    once = env.create_invite(house.stage.member, house.stage.general, uses=1)
    found = await door.origin(await door.join(once))
    assert (found.code, found.candidates) == (None, (once,)), "it may have been removed"

    await house.change("invites", enabled=False)
    await env.pass_time(seconds=SETTLED)
    asked = door.asked()
    off = await env.join(house.guild, "somebody", invite=door.codes[0])
    await env.pass_time(seconds=SETTLED)
    assert door.asked() == asked
    assert await door.origin(off.id) is None
