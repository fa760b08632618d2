"""A newcomer's first words, and whoever answers them, in the real bot."""

import discord
import pytest

from tests import mentions
from tests.cogs.onboarding.conftest import buttons, shown


@pytest.fixture
def bot_options():
    return {"features": ("administration", "membership", "onboarding")}


@pytest.fixture
async def lodge(house):
    """First answers are watched over; `bob` and `mina` are on call."""
    guild, stage = house.guild, house.stage
    hidden = discord.PermissionOverwrite(view_channel=False)
    seen = discord.PermissionOverwrite(view_channel=True)
    crew = guild.create_role("Crew")
    house.greeters = guild.create_text_channel(
        "greeters", overwrites={guild.default_role: hidden, crew: seen, stage.team: seen, house.env.bot.user: seen}
    )
    await house.change("welcome", enabled=False)  # they are no newcomers
    house.bob, house.lena = stage.person("Bob", crew), stage.person("Lena", crew)
    house.env.set_locale(house.bob, "fr")
    await house.env.settle()
    await house.change("welcome", enabled=True)
    await house.change("community", staff_roles=[stage.team.id])
    await house.change("replies", enabled=True, channel=house.greeters.id)
    return house


async def page(house, person):
    """The page of the greeters in somebody's own profile."""
    profile = (await person.slash(house.stage.general, "profile")).response
    menu = next(one for one in buttons(profile).values() if one.startswith("profile:page:"))
    return await person.select(profile, values=["greeter"], custom_id=menu)


async def go_on_call(house, *people):
    for person in people:
        turned = await page(house, person)
        await person.click(turned.response, custom_id="replies:duty:on")


def asked(house):
    """(who was pinged, what the message says) of each call."""
    found = []
    for route, body in mentions.messages(house.env.backend.http_requests):
        if route.startswith(f"POST /channels/{house.greeters.id}/"):
            found.append(body["allowed_mentions"])
    return found


async def inbox(house, person):
    return shown((await person.slash(house.stage.staff, "inbox")).response)


async def test_a_first_message_brings_one_greeter_then_the_next_and_the_answer_closes_it(lodge, restart):
    house, general = lodge, lodge.stage.general
    await go_on_call(house, house.bob, house.lena)
    nora = await house.join("Nora")
    await nora.actor.send(general, "hello <@&1> everyone")
    await house.env.pass_time(minutes=29)
    assert house.greeters.history() == []
    await house.env.pass_time(minutes=2)
    (call,) = house.greeters.history()
    first, second = (house.bob, house.lena) if f"<@{house.bob.id}>" in shown(call) else (house.lena, house.bob)
    assert f"<@{first.id}>: <@{nora.id}> wrote here for the first time, in <#{general.id}>" in shown(call)
    assert asked(house) == [{"parse": [], "users": [first.id]}]
    await restart(crash=True)
    (call,) = house.greeters.history()
    refused = await second.click(call, custom_id=buttons(call)["Not now"])
    assert "Somebody else was asked" in shown(refused.response) or "La demande allait" in shown(refused.response)
    await first.click(call, custom_id=buttons(call)["Not now"])
    old, call = house.greeters.history()
    assert "Not now: it was passed on." in shown(old)
    assert buttons(old) == {}
    assert asked(house)[1:] == [{"parse": [], "users": [second.id]}]
    await second.click(call, custom_id=buttons(call)["I take it"])
    _, call = house.greeters.history()
    assert f"<@{second.id}> takes care of it." in shown(call)
    assert "I take it" not in buttons(call)
    assert await nora.actor.send(general, "anybody?")
    assert "first answer" not in await inbox(house, house.stage.moderator)
    await second.send(general, "Welcome! What do you grow?")
    _, call = house.greeters.history()
    assert f"Answered by <@{second.id}>." in shown(call)
    assert buttons(call) == {}
    assert (await house.facts())["greeted", second.id] == 1
    late = await first.click(call, custom_id="replies:take:2") if buttons(call) else None
    assert late is None
    await house.env.pass_time(hours=3)
    assert "waits for a first answer" not in await inbox(house, house.stage.moderator)
    assert len(house.greeters.history()) == 2
