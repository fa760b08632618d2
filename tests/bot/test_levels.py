"""Two features raise the verification level, in any order, through crashes, while people choose one by hand."""

import asyncio
from dataclasses import replace
from itertools import permutations, product
from types import SimpleNamespace

import pytest

from bot.contracts.levels import LevelClaim, explained, needed
from bot.levels import Brought, Levels

GUILD = 7


class User:
    """A feature as its tables have it. ``drops``: what it gives up it forgets; else it keeps that as what it needs."""

    def __init__(self, *, drops):
        self.now, self.drops = None, drops

    async def claim(self, guild_id):
        return self.now

    async def give_up(self, guild_id, level):
        if self.now is not None:
            self.now = None if self.drops else replace(self.now, before=level, wanted=level)


class Server:
    """Discord, the features, and the one place between them."""

    def __init__(self, level):
        self.level, self.asked, self.manages = level, 0, True
        self.id, self.me = GUILD, SimpleNamespace(guild_permissions=SimpleNamespace(manage_guild=True))
        http = SimpleNamespace(get_guild=self.get_guild)
        self.levels = Levels(SimpleNamespace(http=http, add_listener=lambda *_: None))
        self.users = [User(drops=False), User(drops=True)]
        for user in self.users:
            self.levels.register(user)

    async def get_guild(self, guild_id, with_counts):
        level = self.level
        await asyncio.sleep(0)
        return {"verification_level": level}

    async def edit(self, verification_level, reason):
        await asyncio.sleep(0)
        self.level, self.asked = verification_level.value, self.asked + 1

    async def begin(self, user, wanted, *, dies=False):
        before = await self.levels.before(self)
        user.now = LevelClaim(before, max(before, wanted), done=False, over=False)
        await self.bring(user, dies=dies)

    async def end(self, user, *, dies=False):
        if user.now is not None:
            user.now = replace(user.now, over=True)
        await self.bring(user, dies=dies)

    async def bring(self, user, *, dies=False):
        """``dies``: between Discord's answer and our note of it."""
        brought = await self.levels.bring(self, "why")
        if not dies and brought is not Brought.LACKS and user.now is not None:
            user.now = None if user.now.over else replace(user.now, done=True)
        return brought

    async def by_hand(self, level):
        self.level = level
        seen = [SimpleNamespace(id=GUILD, verification_level=one) for one in (None, level)]
        await self.levels._on_guild_update(*seen)


@pytest.mark.parametrize(("before", "first", "second"), list(product(range(5), (3, 4), (3, 4))))
async def test_the_higher_need_stands_and_when_both_are_over_the_level_of_before_in_any_order_and_after_any_death(
    before, first, second
):
    for ends, deaths in product(permutations((0, 1)), product((False, True), repeat=4)):
        server = Server(before)
        one, two = server.users
        wanted = {0: max(before, first), 1: max(before, second)}
        await server.begin(one, first, dies=deaths[0])
        assert server.level == wanted[0]
        await server.begin(two, second, dies=deaths[1])
        assert server.level == max(wanted.values())
        for user, died in zip(server.users, deaths[:2], strict=True):
            if died:
                await server.bring(user)  # a start looks again
        await server.end(server.users[ends[0]], dies=deaths[2])
        assert server.level == wanted[ends[1]]
        if deaths[2]:
            await server.bring(server.users[ends[0]])
        await server.end(server.users[ends[1]], dies=deaths[3])
        if deaths[3]:
            await server.bring(server.users[ends[1]])
        assert server.level == before
        assert server.users[0].now is server.users[1].now is None


@pytest.mark.parametrize(("before", "chosen"), list(product(range(5), range(4))))
async def test_a_level_that_somebody_chose_by_hand_stays_and_is_what_a_later_need_goes_back_to(before, chosen):
    for order in permutations((0, 1)):
        server = Server(before)
        one, two = server.users
        await server.begin(one, 4)
        await server.begin(two, 3)
        await server.by_hand(chosen)
        await server.bring(one)
        assert server.level == chosen, "a look changes nothing"
        for place in order:
            await server.end(server.users[place])
            assert server.level == chosen
        await server.begin(one, 4)
        assert server.level == 4
        await server.by_hand(chosen)
        await server.begin(two, 3)
        assert server.level == max(chosen, 3), "a new decision counts"
        await server.end(two)
        await server.end(one)
        assert server.level == chosen


@pytest.mark.parametrize("wanted", [3, 4])
async def test_one_that_ends_while_the_other_begins_takes_nothing_from_it(wanted):
    for late in range(6):
        server = Server(1)
        one, two = server.users
        await server.begin(one, wanted)

        async def begin(server=server, two=two, late=late):
            for _ in range(late):
                await asyncio.sleep(0)
            await server.begin(two, 4)

        await asyncio.gather(server.end(one), begin())
        assert server.level == 4
        await server.end(two)
        assert server.level == 1


async def test_chosen_while_the_bot_was_away_it_is_noticed_when_something_ends_or_begins():
    for begins in (False, True):
        server = Server(1)
        one, two = server.users
        await server.begin(one, 4)
        server.level = 2
        if begins:
            await server.begin(two, 3)
            assert server.level == 3
            await server.end(two)
        await server.end(one)
        assert server.level == 2


async def test_nothing_is_asked_without_the_permission_and_it_is_made_up_for():
    server = Server(1)
    one, two = server.users
    await server.begin(one, 3)
    server.me.guild_permissions.manage_guild = False
    two.now = LevelClaim(1, 4, done=False, over=False)
    assert await server.bring(two) is Brought.LACKS
    one.now = replace(one.now, over=True)
    assert await server.bring(one) is Brought.LACKS
    assert server.asked == 1
    server.me.guild_permissions.manage_guild = True
    assert await server.bring(one) is Brought.DONE
    assert await server.bring(two) is Brought.DONE
    assert server.level == 4
    await server.end(two)
    assert server.level == 1


@pytest.mark.parametrize("before", range(5))
def test_a_lone_need_never_lowers_the_level_and_explains_no_third_one(before):
    claim = LevelClaim(before, max(before, 3), done=False, over=False)
    assert needed([claim]) == max(before, 3)
    assert explained([claim]) == {before, max(before, 3)}
    assert explained([replace(claim, done=True)]) == {max(before, 3)}
    assert needed([replace(claim, done=True, over=True)]) == before
