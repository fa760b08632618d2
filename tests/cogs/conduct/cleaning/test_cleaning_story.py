"""`/clean` as moderators and members live it, in the real bot."""

import asyncio
import re

import discord
import pytest
from simcord import ChannelHandle
from sqlalchemy import select

from bot.database import Base
from tests.cogs.conduct.conftest import Court, buttons, shown
from tests.cogs.onboarding.conftest import House


@pytest.fixture
async def lea(conduct: Court):
    """Stands above the team."""
    leads = conduct.stage.guild.create_role("Leads", permissions=discord.Permissions(manage_messages=True))
    async with conduct.env._acting("ranks") as world:
        world.edit_role(conduct.stage.guild.id, conduct.stage.team.id, {"position": 5})
        world.edit_role(conduct.stage.guild.id, leads.id, {"position": 8})
    lea = conduct.stage.person("lea", leads)
    lea.leads = leads
    return lea


def texts(court: Court) -> list[str]:
    return [one.content for one in court.stage.general.history() if one.content]


async def clean(court: Court, where=None, who=None, **options):
    answer = await (who or court.stage.moderator).slash(where or court.stage.general, "clean", **options)
    return [*answer.followups, *([answer.response] if answer.response else [])][0]


async def roles(court: Court, person, *given) -> None:
    async with court.env._acting("roles") as world:
        world.edit_member(court.stage.guild.id, person.id, {"role_ids": [role.id for role in given]})


async def press(court: Court, message, label: str, who=None):
    key = next(key for name, key in buttons(message).items() if label in name)
    return await (who or court.stage.moderator).click(message, custom_id=key)


async def test_exactly_what_was_previewed_is_deleted_once_and_written_down_without_its_text(conduct, lea, make_bot):
    stage, general = conduct.stage, conduct.stage.general
    spam, eve = "Buy **gold** @everyone", stage.person("eve")
    pinned = await stage.member.send(general, "Pinned gold")
    async with conduct.env._acting("pin") as world:
        world.get_message(general.id, pinned.id).pinned = True
    for text in (spam, "Hello", "More GOLD"):
        await stage.member.send(general, text)
    await lea.send(general, "Please no gold here")
    gone = await eve.send(general, "gold too")
    preview = await clean(conduct, count=50, contains="gold")
    said = shown(preview)
    assert "Delete 3 messages?" in said
    assert "**bob** (2)" in said
    assert "**eve** (1)" in said
    assert r"\*\*gold\*\*" in said, "as it was typed, and powerless"
    assert "@everyone" not in said
    assert "1 pinned message is spared" in said
    assert "1 message is spared: its author’s rank" in said
    await stage.member.send(general, "gold after the preview")
    async with conduct.env._acting("delete") as world:
        world.delete_message(general.id, gone.id)
    await conduct.env.restart(make_bot(), crash=True)
    await conduct.env.settle()
    with House.repeated(conduct, 2):
        await press(conduct, preview, "Delete 3 messages")
    assert texts(conduct) == ["Pinned gold", "Hello", "Please no gold here", "gold after the preview"]
    await conduct.env.pass_time(minutes=5)
    assert sum("bulk-delete" in one.path for one in conduct.env.backend.http_requests) <= 2
    (post,) = conduct.log.history()
    assert "**mina** deleted 3 messages in" in shown(post)
    answer = await press(conduct, post, "Whose messages")
    assert "**bob** (2)" in shown(answer.response)
    async with stage.bot.db.read() as session:
        for table in Base.metadata.sorted_tables:
            assert "gold" not in str((await session.execute(select(table))).all()).lower(), table.name


async def test_what_cannot_be_cleaned_is_said_and_nothing_is_asked_of_discord(conduct, lea):
    stage, general = conduct.stage, conduct.stage.general
    await lea.send(general, "I stand above you")
    refused = await clean(conduct, count=10, member=lea)
    assert "Every message that fits is spared" in shown(refused)
    assert "no message to delete" in shown(await clean(conduct, count=1, contains="nowhere"))
    in_log = await stage.moderator.slash(conduct.log, "clean", count=5)
    assert "moderation log" in shown(in_log.response)
    await stage.member.send(general, "Old news")
    preview = await clean(conduct, count=1)
    await roles(conduct, stage.member, lea.leads)
    await press(conduct, preview, "Delete 1 message")
    assert "1 was spared" in shown(preview)
    assert "Old news" in texts(conduct)
    await roles(conduct, stage.member)
    late = await clean(conduct, count=1)
    await conduct.jump(days=14)
    assert "older than 14 days" in shown(await clean(conduct, count=5, member=stage.member))
    assert "for an hour" in shown((await press(conduct, late, "Delete 1 message")).response)
    await stage.member.send(general, "New")
    me = max(conduct.env.backend.get_guild(stage.guild.id).roles.values(), key=lambda role: role.managed)
    async with conduct.env._acting("powers") as world:
        world.edit_role(stage.guild.id, me.id, {"permissions": discord.Permissions.text().value & ~(1 << 13)})
    assert "I lack Manage Messages here" in shown(await clean(conduct, count=1))
    assert not any("bulk-delete" in one.path or one.method == "DELETE" for one in conduct.env.backend.http_requests)
    conduct.env.refusals.clear()


async def test_two_moderators_clean_the_same_thread_and_what_they_look_for_is_what_was_typed(conduct):
    """Markdown is compared as it stands in the message; what Discord lets nobody delete is left out."""
    stage, env = conduct.stage, conduct.env
    max_ = stage.person("max", stage.team)
    async with env._acting("thread") as world:
        thread = world.create_thread(stage.general.id, "gold", stage.member.id)
    place = ChannelHandle(env, stage.guild, env.backend.get_channel(thread.id))
    for text in ("**Buy** gold", "Buy gold", "||**buy**|| more", "<@&1> **BUY**"):
        await stage.member.send(place, text)
    previews = [await clean(conduct, place, who, count=9, contains="**buy**") for who in (stage.moderator, max_)]
    assert all("Delete 3 messages?" in shown(one) for one in previews)
    for who, preview in zip((stage.moderator, max_), previews, strict=True):
        await press(conduct, preview, "Delete 3 messages", who)
    assert [one.content for one in place.history() if one.content and not one.is_system()] == ["Buy gold"]
    assert "3 messages were deleted" in shown(previews[0])
    assert "0 messages were deleted" in shown(previews[1]), "none of them was left"
    await env.pass_time(minutes=2)
    assert [post.split("**")[1] for post in conduct.posts()] == ["mina"]
    everything = shown(await clean(conduct, place, count=100))
    assert "Delete 1 message?" in everything, "the thread's own first notice stays"


async def test_a_deletion_that_was_interrupted_is_finished_and_recorded(conduct, make_bot, monkeypatch):
    stage = conduct.stage
    for number in range(3):
        await stage.member.send(stage.general, f"spam {number}")
    preview = await clean(conduct, count=3)

    async def die(*_args, **_values):
        raise asyncio.CancelledError

    monkeypatch.setattr("cogs.conduct.cleaning.doing.sweep", die)
    await press(conduct, preview, "Delete 3 messages")
    assert conduct.posts() == []
    monkeypatch.undo()
    conduct.env.backend.advance_clock(15 * 86400)  # by now Discord deletes them in bulk no more
    await conduct.env.restart(make_bot(), crash=True)
    await conduct.env.pass_time(minutes=5)
    assert texts(conduct) == []
    assert "**mina** deleted 3 messages" in conduct.posts()[0]
    assert re.search(r"bob", shown((await press(conduct, conduct.log.history()[0], "Whose")).response))
