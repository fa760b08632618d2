"""A deleted channel or role turns its part off, the team is told once, everything else goes on (promise 23)."""

import discord
import pytest

from bot.guilds.sections import CommunitySettings
from tests.cogs.administration.conftest import texts
from tests.rich_section import RichSettings


@pytest.fixture
async def configured(stage):
    """The staff channel is set; a channel and a role are used by other settings."""
    welcome = stage.guild.create_text_channel("welcome")
    red = stage.guild.create_role("Red", permissions=discord.Permissions.none())
    await stage.env.settle()
    settings = stage.bot.guild_settings
    await settings.change(stage.guild.id, CommunitySettings, by=None, staff_channel=stage.staff.id)
    await settings.change(
        stage.guild.id,
        RichSettings,
        by=None,
        channel=welcome.id,
        watched=[stage.general.id],
        reward=red.id,
        groups=[{"name": "a", "role": red.id}],
        limit=42,
    )
    return welcome, red


def value(stage, section=RichSettings):
    return stage.bot.guild_settings.get(stage.guild.id, section)


async def notices(stage, channel=None):
    found = stage.server.get_channel((channel or stage.staff).id)
    await stage.env.pass_time(minutes=1)
    return [message.content async for message in found.history() if "deleted" in message.content]


async def test_a_deleted_channel_turns_its_part_off_and_the_team_is_told_once(stage, configured):
    welcome, _ = configured
    await stage.server.get_channel(welcome.id).delete()
    await stage.env.settle()
    rich = value(stage)
    assert (rich.channel, rich.watched, rich.limit) == (None, (stage.general.id,), 42)
    (notice,) = await notices(stage)
    assert "**Everything › Channel** (channel #welcome)" in notice
    assert "`/settings`" in notice


async def test_the_notice_opens_the_settings_privately_for_those_who_may(stage, configured, env, make_bot):
    welcome, _ = configured
    await stage.server.get_channel(welcome.id).delete()
    await stage.env.pass_time(minutes=1)
    staff = stage.server.get_channel(stage.staff.id)
    (message,) = [message async for message in staff.history() if message.components]
    await env.restart(make_bot())
    button = message.components[0].children[0]
    result = await stage.admin.click(message, custom_id=button.custom_id)
    assert result.response.ephemeral
    assert "Everything" in texts(result.response)
    result = await stage.moderator.click(message, custom_id=button.custom_id)
    assert "not allowed" in result.response.content


async def test_a_deleted_role_leaves_every_setting_and_row_in_one_notice(stage, configured):
    _, red = configured
    await stage.server.get_role(red.id).delete()
    await stage.env.settle()
    assert (value(stage).reward, value(stage).groups[0].role) == (None, None)
    (notice,) = await notices(stage)
    assert "**Everything › Reward** (role Red)" in notice
    assert "**Everything › Groups › Role** (role Red)" in notice


async def test_what_was_deleted_while_the_bot_was_away_is_noticed_at_its_start_and_never_twice(
    stage, configured, env, make_bot
):
    welcome, red = configured
    await env.stop_bot()
    with env.backend.unseen():
        env.backend.delete_channel(welcome.id)
        env.backend.delete_role(stage.guild.id, red.id)
    for _ in range(3):
        await env.restart(make_bot())
        await env.settle()
    assert (value(stage).channel, value(stage).reward, value(stage).limit) == (None, None, 42)
    assert len(await notices(stage)) == 1


async def test_a_channel_that_is_only_hidden_stays_configured(stage, configured, env, make_bot):
    welcome, _ = configured
    await stage.server.get_channel(welcome.id).set_permissions(stage.server.default_role, view_channel=False)
    await env.restart(make_bot())
    await env.settle()
    assert value(stage).channel == welcome.id


async def test_when_the_staff_channel_itself_is_deleted_the_system_channel_hears_of_it(stage, configured):
    system = stage.guild.create_text_channel("system")
    await stage.env.settle()
    await stage.server.edit(system_channel=stage.server.get_channel(system.id))
    await stage.env.settle()
    await stage.server.get_channel(stage.staff.id).delete()
    await stage.env.settle()
    assert value(stage, CommunitySettings).staff_channel is None
    (notice,) = await notices(stage, system)
    assert "**Community › Staff channel** (channel #staff)" in notice


async def test_with_nowhere_to_write_the_setting_is_off_all_the_same(stage, configured):
    await stage.server.get_channel(stage.staff.id).delete()
    await stage.env.settle()
    await stage.env.pass_time(minutes=1)
    assert value(stage, CommunitySettings).staff_channel is None


async def test_the_notice_survives_a_crash_before_it_was_sent(stage, configured, env, make_bot, logged_errors):
    """The promise to tell is made in the transaction that clears the setting."""
    welcome, _ = configured
    env.inject_error("POST", f"/channels/{stage.staff.id}/messages", status=500, code=0, message="down", times=1)
    await stage.server.get_channel(welcome.id).delete()
    await env.settle()
    assert "failed (1 in a row)" in logged_errors.pop()
    await env.restart(make_bot(), crash=True)
    assert len(await notices(stage)) == 1


async def test_the_deletion_of_anything_else_changes_nothing(stage, configured):
    other = stage.guild.create_text_channel("other")
    await stage.env.settle()
    before = value(stage)
    await stage.server.get_channel(other.id).delete()
    await stage.env.settle()
    assert value(stage) == before
    assert await notices(stage) == []


async def test_the_notice_pings_nobody_whatever_the_name_of_what_was_deleted(stage, configured):
    hook = stage.guild.create_role("@everyone <@&1>", permissions=discord.Permissions.none())
    await stage.env.settle()
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=None, judge=hook.id)
    await stage.server.get_role(hook.id).delete()
    await stage.env.settle()
    (notice,) = await notices(stage)
    assert "@everyone" not in notice


@pytest.mark.parametrize("forbidden", [False, True])
async def test_a_channel_the_bot_merely_does_not_know_is_asked_for_before_it_counts_as_deleted(
    stage, configured, forbidden
):
    """Discord may leave channels that the bot cannot see out of what it sends at the start."""
    welcome, _ = configured
    if forbidden:
        stage.env.inject_error("GET", f"/channels/{welcome.id}", status=403, code=50001, message="Missing Access")
    stage.server._remove_channel(stage.server.get_channel(welcome.id))
    await stage.bot.get_cog("Deletions").on_ready()
    await stage.env.settle()
    assert value(stage).channel == welcome.id
    assert await notices(stage) == []
