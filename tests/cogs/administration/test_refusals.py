"""What may not be configured, by whom, and how it is said (promises 17 and 18)."""

import discord
import pytest
from simcord import MemberActor

from bot.guilds.sections import CommunitySettings
from tests.cogs.administration.conftest import Panel, told
from tests.rich_section import RichSettings


def owners(stage):
    """The owner in front of the settings."""
    return Panel(stage, MemberActor(stage.env, stage.guild, stage.guild.owner), None)


async def role(stage, name, *, position=None, **permissions):
    options = {} if position is None else {"position": position}
    made = stage.guild.create_role(name, permissions=discord.Permissions(**permissions), **options)
    await stage.env.settle()
    return made


async def test_a_dangerous_role_is_refused_and_its_powers_are_named(panel, stage):
    power = await role(stage, "Power", manage_messages=True, mention_everyone=True)
    await panel.open(field="reward")
    result = await panel.select("settings:role:rich:reward", [power])
    assert "Manage Messages and Mention @everyone, @here and All Roles" in told(result)
    assert panel.value().reward is None


async def test_a_role_above_the_bot_is_refused_with_the_way_to_mend_it(panel, stage):
    high = await role(stage, "High", position=99)
    owner = owners(stage)
    await owner.open(field="reward")
    result = await owner.select("settings:role:rich:reward", [high])
    assert "stands above mine" in told(result)
    assert panel.value().reward is None


async def test_a_role_of_an_app_is_refused(panel, stage):
    app = await role(stage, "App")
    app._role.managed = True
    await stage.env.settle()
    stage.server.get_role(app.id).managed = True
    owner = owners(stage)
    await owner.open(field="reward")
    result = await owner.select("settings:role:rich:reward", [app])
    assert "belongs to an app" in told(result)
    assert panel.value().reward is None


@pytest.mark.parametrize("field", ["judge", "reward", "gifts"])
async def test_nobody_configures_a_role_at_or_above_their_own(panel, stage, field):
    await panel.open(field=field)
    result = await panel.select(f"settings:role:rich:{field}", [stage.guild.roles["Team"]])
    assert "as high as your own highest role" in told(result)
    assert panel.value() == RichSettings()


async def test_nobody_takes_a_role_above_their_own_out_of_the_settings_by_any_path(panel, stage):
    high = await role(stage, "High", position=90)
    settings = stage.bot.guild_settings
    await settings.change(stage.guild.id, CommunitySettings, by=None, staff_roles=[high.id])
    await panel.open(CommunitySettings)
    result = await panel.select("settings:role:community:staff_roles", [])
    assert "as high as your own highest role" in told(result)
    result = await panel.select("settings:reset:community", ["staff_roles"])
    assert "as high as your own highest role" in told(result)
    await panel.click("settings:open:h:community")
    await panel.click("settings:open:u:community")
    assert "as high as your own highest role" in panel.text
    assert not any(one.startswith("settings:revert:") for one in panel.ids())
    assert panel.value(CommunitySettings).staff_roles == (high.id,)


async def test_the_owner_may_configure_every_role(stage):
    owner = owners(stage)
    await owner.open(CommunitySettings)
    admins = stage.guild.roles["Admins"]
    await owner.select("settings:role:community:staff_roles", [admins])
    assert owner.value(CommunitySettings).staff_roles == (admins.id,)


async def test_everyone_is_no_staff_role(stage):
    owner = owners(stage)
    await owner.open(CommunitySettings)
    result = await owner.select("settings:role:community:staff_roles", [stage.guild.default_role])
    assert "@everyone" in told(result)
    assert owner.value(CommunitySettings).staff_roles == ()


async def test_a_channel_the_bot_cannot_write_in_is_refused_with_what_lacks(panel, stage):
    closed = stage.guild.create_text_channel(
        "closed",
        overwrites={stage.guild.default_role: discord.PermissionOverwrite(send_messages=False, embed_links=False)},
    )
    await stage.env.settle()
    await panel.open()
    result = await panel.select("settings:channel:rich:channel", [closed])
    assert told(result) == (
        "In #closed I lack: Send Messages and Embed Links. Give them to my role there, then choose the channel again."
    )
    assert panel.value().channel is None


async def test_permissions_are_checked_at_the_click_not_only_at_the_command(panel, stage):
    await panel.open()
    admins = stage.guild.roles["Admins"]
    await stage.env.take_role(owners(stage).person, stage.admin, admins)
    result = await panel.click("settings:toggle:1:rich:active")
    assert result.response.content == "You are not allowed to do that here. Ask the staff of this server."
    assert not panel.value().active


async def test_a_form_is_checked_when_it_is_sent_too(panel, stage):
    await panel.open(field="limit")
    shown = await panel.click("settings:edit:rich:limit")
    admins = stage.guild.roles["Admins"]
    await stage.env.take_role(owners(stage).person, stage.admin, admins)
    result = await panel.person.submit_modal(shown, {"value": "20"})
    assert "not allowed" in result.response.content
    assert panel.value().limit == 10


async def test_a_member_who_finds_a_panel_in_a_channel_cannot_use_it(stage):
    """A panel is private; should one ever stand in public, its buttons still refuse."""
    from bot.ui.panels import Desk, render, section_place

    desk = Desk(stage.bot, stage.server, stage.bot.i18n.for_language("en"), None)
    channel = stage.server.get_channel(stage.general.id)
    message = await channel.send(view=await render(desk, section_place("rich")))
    for custom_id in ("settings:toggle:1:rich:active", "settings:open:o:::0"):
        result = await stage.member.click(message, custom_id=custom_id)
        assert "not allowed" in result.response.content
    result = await stage.member.select(message, ["sober"], custom_id="settings:pick:rich:tone")
    assert "not allowed" in result.response.content
    assert stage.bot.guild_settings.get(stage.guild.id, RichSettings) == RichSettings()
