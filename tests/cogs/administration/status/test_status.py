"""`/status`: how the bot does here, what stops, and what to do."""

import asyncio
from datetime import timedelta

import discord
import pytest
from sqlalchemy import update

from bot.clock import now
from bot.guilds.sections import CommunitySettings
from bot.invitation import PERMISSIONS
from bot.timers.models import Timer
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from tests.cogs.administration.conftest import Panel, components


@pytest.fixture
def bot_options():
    return {"features": ("administration", "onboarding")}


class Desk:
    def __init__(self, stage):
        self.stage, self.env = stage, stage.env

    async def look(self, person=None):
        person = person or self.stage.admin
        result = await person.slash(self.stage.general, "status")
        assert result.response.ephemeral
        return Panel(self.stage, person, result.response)

    async def change(self, section, **fields):
        await self.do(self.stage.bot.guild_settings.change(self.stage.guild.id, section, by=None, **fields))

    async def do(self, work):
        """Run something of the bot's own, and let it react to what follows."""
        async with self.env._acting("the bot's own"):
            with self.env._bot_scope():
                task = asyncio.get_running_loop().create_task(work)
        await task

    async def power(self, **permissions):
        """Give the bot permissions, or take them."""
        for role in self.stage.server.me.roles:
            value = discord.Permissions(role.permissions.value)
            value.update(**permissions)
            async with self.env._acting("role") as world:
                world.edit_role(self.stage.guild.id, role.id, {"permissions": value.value})

    def links(self, panel):
        return [part["url"] for part in components(panel.message) if part.get("url")]


@pytest.fixture
def desk(stage):
    return Desk(stage)


async def test_a_server_where_all_is_well_is_told_so_with_its_figures(desk, stage, env):
    page = await desk.look()

    assert "All is well." in page.text
    assert "**Database** · SQLite, 0." in page.text
    assert "**Promised for later** · nothing" in page.text
    assert "**Commands** · as they should be since <t:" in page.text
    assert "**Last outage** · none on record" in page.text
    assert "digest" not in page.text.casefold()
    assert desk.links(page) == []
    assert str(stage.guild.id) not in page.text
    env.set_locale(stage.admin, "fr")
    assert "Tout va bien." in (await desk.look()).text


async def test_each_capability_that_is_on_says_what_it_lacks_what_stops_and_how_to_mend_it(desk, stage):
    await desk.power(create_private_threads=False, send_messages_in_threads=False, attach_files=False)
    before = await desk.look()
    assert "**1** thing needs you." in before.text
    assert "I lack **Attach Files**. Charts and files cannot be sent" in before.text
    assert "Create Private Threads" not in before.text, "the welcome is off"

    await desk.change(WelcomeSettings, enabled=True, panel_channel=stage.general.id)
    after = await desk.look()
    assert "**Welcome**\nI lack **Create Private Threads and Send Messages in Threads**. Newcomers get no" in after.text
    [link] = desk.links(after)
    wanted = discord.Permissions(int(link.partition("permissions=")[2].partition("&")[0]))
    assert wanted.create_private_threads
    assert wanted.attach_files
    assert wanted >= stage.server.me.guild_permissions, "the link takes nothing away"

    await desk.power(manage_roles=False)
    await desk.change(GroupsSettings, groups=[{"role": stage.guild.create_role(name).id} for name in ("Chess", "Go")])
    await after.click("status:refresh")
    assert after.text.count("I lack the permission Manage Roles.") == 1, "said once, however many groups there are"
    await desk.power(manage_roles=True, create_private_threads=True, send_messages_in_threads=True, attach_files=True)
    await after.click("status:refresh")
    assert "All is well." in after.text


async def test_roles_too_high_and_channels_that_are_gone_are_named_with_the_setting(desk, stage, env):
    chess = stage.guild.create_role("Chess")
    await desk.change(GroupsSettings, groups=[{"role": chess.id}])
    await desk.change(CommunitySettings, staff_channel=stage.staff.id)
    async with env._acting("role") as world:
        world.edit_role(stage.guild.id, chess.id, {"position": len(stage.server.roles)})
    page = await desk.look()

    assert "**Groups**\nThe role Chess stands above mine" in page.text
    assert "**My role** · TestBot, below" in page.text


async def test_an_outage_that_was_caught_up_with_is_told_with_what_nobody_can_know(desk, stage, env):
    await stage.member.send(stage.general, "before")
    await env.pass_time(minutes=2)
    await env.outage()
    await stage.member.send(stage.general, "meanwhile")
    await env.pass_time(minutes=30)
    await env.reconnect(resumed=False)
    await env.pass_time(minutes=1)

    page = await desk.look()
    assert "Caught up: 1 message, 0 people joined, 0 people left." in page.text
    assert "Nobody can know: which messages were deleted, who reacted" in page.text


async def test_promises_are_counted_and_those_that_keep_failing_are_pointed_at(desk, stage):
    here = {"guild_id": stage.guild.id, "kind": "test.promise", "payload": {}}

    async def promise(tx):
        await stage.bot.timers.schedule(tx, key="a", due_at=now() + timedelta(days=3), **here)
        await stage.bot.timers.schedule(tx, key="b", due_at=now() + timedelta(days=4), **here)

    await desk.do(stage.bot.db.transaction(promise))
    page = await desk.look()
    assert "**Promised for later** · 2, the next <t:" in page.text

    failed = update(Timer).where(Timer.key == "b").values(attempts=5, last_error="ConnectionError")
    await desk.do(stage.bot.db.transaction(lambda tx: tx.session.execute(failed)))
    await page.click("status:refresh")
    assert "**1** keeps failing" in page.text
    assert "it stands in the inbox" in page.text
    assert "ConnectionError" not in page.text


async def test_a_database_that_is_silent_does_not_silence_the_page(desk, stage, monkeypatch, caplog):
    from cogs.administration.status import figures

    async def silent(bot, guild_id):
        raise ConnectionError("no answer")

    monkeypatch.setattr(figures, "_gather", silent)
    page = await desk.look()

    assert "The database does not answer." in page.text
    assert "**My role**" in page.text
    assert "no answer" not in page.text


async def test_only_the_team_reads_it_and_the_click_is_checked_again(desk, stage, env):
    await desk.change(CommunitySettings, staff_roles=(stage.team.id,))
    page = await desk.look(stage.moderator)
    assert "All is well." in page.text

    await desk.change(CommunitySettings, staff_roles=())
    result = await page.click("status:refresh")
    assert "You are not allowed to do that here." in (result.response or result.followups[0]).content


async def test_features_add_lines_of_their_own(desk, stage):
    async def digest(guild_id, t):
        return t("**Digest** · none yet") if guild_id == stage.guild.id else None

    stage.bot.capabilities.reports.append(digest)
    assert "**Digest** · none yet" in (await desk.look()).text


async def test_a_server_the_bot_was_invited_to_without_commands_is_told_how_to_mend_it(desk, stage, env):
    env.inject_error("PUT", "/applications/*/guilds/*/commands", status=403, code=50001, times=None)
    await desk.change(WelcomeSettings, enabled=True, panel_channel=stage.general.id)
    page = await desk.look()

    assert "Discord does not let me register commands here. Invite me again" in page.text
    assert "applications.commands" in desk.links(page)[0]


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_server_with_everything_wrong_fits_on_the_page(desk, stage, env, language):
    env.set_locale(stage.admin, language)
    roles = [stage.guild.create_role(f"{'Group with a long name '}{number}") for number in range(25)]
    await desk.change(GroupsSettings, groups=[{"role": role.id} for role in roles])
    await desk.change(WelcomeSettings, enabled=True, panel_channel=stage.general.id)
    await desk.power(**dict.fromkeys(set(PERMISSIONS) - {"view_channel", "send_messages", "manage_roles"}, False))
    async with env._acting("role") as world:
        for role in roles:
            world.edit_role(stage.guild.id, role.id, {"position": len(stage.server.roles)})

    page = await desk.look()
    assert len(page.text) < 4000
    assert ("and 22 more" if language == "en" else "et 22 de plus") in page.text
