"""Promise 24, the mechanism: what Discord accepted and we never learnt of is not posted again."""

import asyncio

import discord
import pytest
from discord import ui

from bot.clock import now
from bot.posting import nonce_of, post_once
from bot.ui import LayoutView
from tests.loopback import GuildHandle

pytestmark = pytest.mark.process
POST = "/channels/{id}/messages"
KEY = "onboarding:hello:42"


def content() -> LayoutView:
    view = LayoutView()
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    row.add_item(ui.Button(label="Say hello", custom_id=KEY))
    view.add_item(ui.Container(ui.TextDisplay("Hello"), row))
    return view


@pytest.fixture
def guild(loopback) -> GuildHandle:
    return loopback.create_guild()


@pytest.fixture
def place(guild):
    return guild.text_channel("introductions")


@pytest.fixture
async def channel(loopback, place, connect) -> discord.TextChannel:
    found = (await connect()).get_channel(place.id)
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.fixture
async def lost(loopback, channel):
    """A first attempt that Discord accepted and did not answer; returns when it began."""
    began = now()
    fault = loopback.faults.swallow_answer("POST", POST)
    attempt = asyncio.create_task(post_once(channel, KEY, began, view=content()))
    await fault.happened()
    attempt.cancel()
    return began


async def test_tried_again_at_once_the_nonce_finds_it(channel, place, lost):
    message = await post_once(channel, KEY, lost, view=content())
    assert [message.id] == list(place.messages)


@pytest.mark.parametrize("later", [{"minutes": 3}, {"minutes": 7}, {"days": 1}])
async def test_tried_again_later_the_channel_is_searched(loopback, channel, place, guild, lost, later, move_both):
    alice = guild.add_member("alice")
    for number in range(150):
        await alice.say(place, f"message {number}")
    move_both(**later)
    message = await post_once(channel, KEY, lost, view=content())
    assert message.id == next(iter(place.messages))
    assert len(place.messages) == 151


async def test_what_never_arrived_is_posted_later(loopback, channel, place, move_both):
    began = now()
    loopback.faults.fail("POST", POST, 400, times=1)
    with pytest.raises(discord.HTTPException):
        await post_once(channel, KEY, began, view=content())
    move_both(days=1)
    await post_once(channel, KEY, began, view=content())
    again = await post_once(channel, KEY, began, view=content())
    assert [again.id] == list(place.messages)


async def test_another_key_or_somebody_elses_post_is_not_mistaken_for_it(loopback, channel, place, lost, move_both):
    move_both(days=1)
    place.messages[next(iter(place.messages))].author = loopback.world.create_user("otherbot", bot=True)
    await post_once(channel, KEY, lost, view=content())
    await post_once(channel, "onboarding:hello:43", lost, content="x")
    assert len(place.messages) == 3


def test_nonces_fit_and_differ():
    nonces = {nonce_of(f"key {number}") for number in range(1000)}
    assert len(nonces) == 1000
    assert {len(nonce) for nonce in nonces} == {24}
