"""Whoever presses anything in any order, with restarts in between, ends in a consistent server."""

import random
from collections import Counter

import pytest

from cogs.administration.setup.operations import State

CLICKS = 200
QUICK, RESTARTS = 60, 3
"""Clicks and restarts of the quick profile; the long one walks further, over many seeds."""
WORDS = ("", "Montréal", "xyzzy", "For people who grow things.", "# **bold** <@1> @everyone")


class Walk:
    """One seeded walk of two people over one server."""

    def __init__(self, seed, people, make_bot):
        self.random = random.Random(seed)
        self.people = people
        self.make_bot = make_bot
        self.pressed = Counter()

    async def step(self):
        who = self.random.choice(self.people)
        choices = who.enabled() if who.message is not None else []
        if not choices or self.random.random() < 0.02:
            await who.open()
            return
        part = self.random.choice(choices)
        custom_id = part["custom_id"]
        self.pressed[":".join(custom_id.split(":")[:2])] += 1
        result = await self._press(who, part, custom_id)
        if result.modal is not None:
            fields = [one["custom_id"] for one in fields_of(result.modal)]
            given = {one: self.random.choice(WORDS) for one in fields}
            if "query" in given:
                given["query"] = given["query"][:60] or "Lyon"
            await who.person.submit_modal(result, given)
        await who.settled()

    async def _press(self, who, part, custom_id):
        if part["type"] == 3:
            chosen = self.random.choice(part["options"])["value"]
            return await who.person.select(who.message, [chosen], custom_id=custom_id)
        if part["type"] in (6, 8):
            pool = who.handles["role" if part["type"] == 6 else "channel"]
            chosen = [self.random.choice(pool)] if self.random.random() < 0.8 else []
            return await who.person.select(who.message, chosen, custom_id=custom_id)
        return await who.person.click(who.message, custom_id=custom_id)


def fields_of(modal):
    found = []

    def walk(part):
        if isinstance(part, dict):
            if part.get("type") == 4:
                found.append(part)
            for one in part.values():
                walk(one)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(modal.components if hasattr(modal, "components") else modal)
    return found


async def walked(seed, builder, second, env, make_bot, clicks, restarts):
    plaza = builder.stage.guild.create_text_channel("plaza")
    handles = {"role": [builder.stage.team, second.role], "channel": [builder.stage.general, plaza]}
    builder.handles = second.handles = handles
    walk = Walk(seed, [builder, second], make_bot)
    reborn = set(walk.random.sample(range(clicks), restarts))
    for number in range(clicks):
        await walk.step()
        if number in reborn:
            await env.restart(make_bot(), crash=walk.random.random() < 0.5)
            await builder.settled()
    await builder.settled()
    return walk


async def consistent(builder):
    """Nothing dangles, nothing exists twice, nothing is under way; and undo removes what the last run made."""
    assert builder.dangling() == []
    assert [name for name, count in Counter(builder.channels()).items() if count > 1] == []
    assert builder.run is None or not builder.run.busy
    if builder.run is None or builder.run.state != "applied":
        return
    made = {one.id for one in builder.run.operations if one.id and one.where is None and one.state is State.DONE}
    before = {*builder.guild_state.channel_ids, *builder.guild_state.roles}
    await builder.setup.runs.begin_undo(builder.stage.guild.id, builder.run.id, builder.person.id)
    await builder.settled()
    after = {*builder.guild_state.channel_ids, *builder.guild_state.roles}
    kept = {one.id for one in builder.run.operations if one.id in made and one.undone == "kept"}
    assert before - after == made & before - kept
    assert after - before == set()
    assert builder.dangling() == []


async def test_clicks_in_any_order_with_restarts_between_end_in_a_consistent_server(builder, second, env, make_bot):
    walk = await walked(1, builder, second, env, make_bot, QUICK, RESTARTS)
    assert walk.pressed["setup:apply"], walk.pressed
    await consistent(builder)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 22))
async def test_two_hundred_clicks_with_a_restart_between_any_two_end_in_a_consistent_server(
    seed, builder, second, env, make_bot
):
    walk = await walked(seed, builder, second, env, make_bot, CLICKS, CLICKS // 3)
    assert walk.pressed["setup:apply"], walk.pressed
    await consistent(builder)
