"""A post that must exist once exists once, whatever crashes; a living message is edited, and made anew when deleted."""

import asyncio

import discord
import pytest
from discord import ui
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.permissions.channels import ChannelGone, MissingInChannel
from bot.posts import KeyMissing, Posts
from bot.ui import LayoutView

KEY = "digest:week:2026-10"


@pytest.fixture
def bot_options():
    return {"features": ()}


def panel(text="Week 10", key=KEY):
    def build():
        view = LayoutView()
        row = ui.ActionRow()
        row.add_item(ui.Button(label="More", custom_id=key))
        view.add_item(ui.Container(ui.TextDisplay(text), row))
        return {"view": view}

    return build


@pytest.fixture
def channel(stage):
    return stage.server.get_channel(stage.general.id)


@pytest.fixture
def posts(stage):
    return stage.bot.posts


def messages(stage):
    """The bot's messages in #general, oldest first."""
    kept = stage.env.backend.messages[stage.general.id].values()
    return [message for message in kept if message.author_id == stage.bot.user.id]


def crash(monkeypatch, posts):
    """The process dies after Discord has accepted the message and before that is noted."""

    async def die(*_):
        raise asyncio.CancelledError

    monkeypatch.setattr(posts, "_keep", die)


async def crashed(monkeypatch, posts, channel, build=None):
    with monkeypatch.context() as patch:
        crash(patch, posts)
        with pytest.raises(asyncio.CancelledError):
            await posts.once(channel, KEY, build or panel())


def successor(stage):
    """What the next process has: nothing but the database."""
    return Posts(stage.bot.db, stage.bot)


async def deny(stage, **permissions):
    """Somebody takes these permissions (and no others) from the bot in #general."""
    denied = discord.Permissions(**permissions).value
    async with stage.env._acting("deny") as world:
        world.set_overwrite(stage.general.id, Overwrite(stage.bot.user.id, OverwriteType.MEMBER, 0, denied))


async def test_a_post_is_sent_once(stage, channel, posts):
    first = await posts.once(channel, KEY, panel())
    again = await posts.once(channel, KEY, panel())
    later = await successor(stage).once(channel, KEY, panel())
    assert {first.id, again.id, later.id} == {message.id for message in messages(stage)}


async def test_posts_with_other_keys_are_other_posts(stage, channel, posts):
    await posts.once(channel, KEY, panel())
    await posts.once(channel, "digest:week:2026-11", panel(key="digest:week:2026-11"))
    assert len(messages(stage)) == 2


async def test_two_at_the_same_time_are_one(stage, channel, posts):
    sent = await asyncio.gather(*(posts.once(channel, KEY, panel()) for _ in range(5)))
    assert {message.id for message in sent} == {message.id for message in messages(stage)}


@pytest.mark.parametrize("pause", [{"seconds": 1}, {"seconds": 110}, {"minutes": 4}, {"days": 1}])
async def test_what_a_crash_has_left_is_found_again(env, stage, channel, posts, monkeypatch, pause):
    """At once by its nonce, later by its key in the channel."""
    await crashed(monkeypatch, posts, channel)
    await stage.member.send(stage.general, "hello")
    await env.pass_time(**pause)
    found = await successor(stage).once(channel, KEY, panel())
    assert [message.id for message in messages(stage)] == [found.id]
    assert (await successor(stage).once(channel, KEY, panel())).id == found.id


async def test_a_crash_before_the_request_leaves_nothing_and_the_next_attempt_posts(
    env, stage, channel, posts, monkeypatch
):
    with monkeypatch.context() as patch:

        async def die(*_, **__):
            raise asyncio.CancelledError

        patch.setattr(discord.TextChannel, "send", die)
        with pytest.raises(asyncio.CancelledError):
            await posts.once(channel, KEY, panel())
    await env.pass_time(days=1)
    await successor(stage).once(channel, KEY, panel())
    assert len(messages(stage)) == 1


async def test_crash_after_crash_leaves_one_post(env, stage, channel, posts, monkeypatch):
    for pause in ({"seconds": 30}, {"minutes": 10}, {"seconds": 30}, {"days": 2}):
        await crashed(monkeypatch, posts, channel)
        await env.pass_time(**pause)
    await successor(stage).once(channel, KEY, panel())
    assert len(messages(stage)) == 1


async def test_somebody_elses_message_with_the_key_is_not_ours(env, stage, channel, posts, monkeypatch):
    await crashed(monkeypatch, posts, channel)
    ours = messages(stage)[0]
    env.backend.messages[stage.general.id][ours.id].author_id = stage.member.id
    await env.pass_time(days=1)
    await successor(stage).once(channel, KEY, panel())
    assert len(messages(stage)) == 1


async def test_what_an_attempt_left_in_another_channel_is_adopted(env, stage, channel, posts, monkeypatch):
    await crashed(monkeypatch, posts, channel)
    other = stage.server.get_channel(stage.staff.id)
    found = await successor(stage).once(other, KEY, panel())
    assert [message.id for message in messages(stage)] == [found.id]


async def test_a_post_that_staff_deleted_is_not_sent_again(stage, channel, posts):
    await (await posts.once(channel, KEY, panel())).delete()
    await posts.once(channel, KEY, panel())
    assert messages(stage) == []


async def test_a_living_message_is_edited(stage, channel, posts):
    first = await posts.replace(channel, KEY, panel("one"))
    second = await posts.replace(channel, KEY, panel("two"))
    third = await successor(stage).replace(channel, KEY, panel("three"))
    assert first.id == second.id == third.id
    (message,) = messages(stage)
    assert "three" in str(message.components)


async def test_a_living_message_that_was_deleted_is_made_anew_at_once(stage, channel, posts):
    first = await posts.replace(channel, KEY, panel("one"))
    await first.delete()
    second = await posts.replace(channel, KEY, panel("two"))
    assert second.id != first.id
    assert [message.id for message in messages(stage)] == [second.id]


async def test_a_living_message_moves_with_its_channel(stage, channel, posts):
    await posts.replace(channel, KEY, panel("one"))
    staff = stage.server.get_channel(stage.staff.id)
    moved = await posts.replace(staff, KEY, panel("two"))
    assert messages(stage) == []
    assert list(stage.env.backend.messages[stage.staff.id]) == [moved.id]


@pytest.mark.parametrize("pause", [{"seconds": 1}, {"days": 1}])
async def test_a_living_message_that_a_crash_has_left_is_found_and_brought_up_to_date(
    env, stage, channel, posts, monkeypatch, pause
):
    await crashed(monkeypatch, posts, channel, panel("one"))
    await env.pass_time(**pause)
    await successor(stage).replace(channel, KEY, panel("two"))
    (message,) = messages(stage)
    assert "two" in str(message.components)


async def test_a_forgotten_post_is_made_anew(env, stage, channel, posts):
    await posts.once(channel, KEY, panel())
    await stage.bot.db.transaction(lambda tx: posts.forget(tx, stage.guild.id, KEY))
    await env.pass_time(minutes=10)
    await posts.once(channel, KEY, panel())
    assert len(messages(stage)) == 2


async def test_content_without_the_key_is_refused_before_it_is_sent(stage, channel, posts):
    with pytest.raises(KeyMissing):
        await posts.once(channel, KEY, panel(key="digest:other"))
    with pytest.raises(KeyMissing):
        await posts.once(channel, KEY, lambda: {"content": "no components"})
    assert messages(stage) == []


@pytest.mark.parametrize("lacking", ["view_channel", "send_messages", "read_message_history", "attach_files"])
@pytest.mark.parametrize("way", ["once", "replace"])
async def test_without_a_permission_nothing_is_asked_of_discord(env, stage, channel, posts, lacking, way):
    await deny(stage, **{lacking: True})
    asked = len(env.backend.transcript)
    with pytest.raises(MissingInChannel):
        await getattr(posts, way)(channel, KEY, panel(), ("attach_files",))
    assert env.backend.transcript[asked:] == []
    await deny(stage)
    await getattr(posts, way)(channel, KEY, panel(), ("attach_files",))
    assert len(messages(stage)) == 1


@pytest.mark.parametrize("way", ["once", "replace"])
async def test_of_a_deleted_channel_nothing_is_asked(env, stage, posts, way):
    place = stage.guild.create_text_channel("soon gone")
    await env.settle()
    channel = stage.server.get_channel(place.id)
    await channel.delete()
    await env.settle()
    asked = len(env.backend.transcript)
    with pytest.raises(ChannelGone):
        await getattr(posts, way)(channel, KEY, panel())
    assert env.backend.transcript[asked:] == []


async def test_a_post_in_a_thread_needs_the_permission_for_threads(env, stage, channel, posts):
    thread = await channel.create_thread(name="t", type=discord.ChannelType.public_thread)
    await deny(stage, send_messages_in_threads=True)
    with pytest.raises(MissingInChannel):
        await posts.once(thread, KEY, panel())
    await deny(stage)
    await posts.once(thread, KEY, panel())
