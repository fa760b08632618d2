"""`/help` shows each person what they can run here, and nothing else."""

import re

import discord
import pytest

from bot.guilds.sections import CommunitySettings
from cogs.administration.help.guide import UnknownTopic
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from tests.cogs.administration.conftest import Panel


@pytest.fixture
def bot_options():
    return {"features": ("administration", "onboarding")}


class Reader:
    """Somebody with `/help` in front of them."""

    def __init__(self, stage, person):
        self.stage, self.person = stage, person

    async def read(self, **options):
        result = await self.person.slash(self.stage.general, "help", **options)
        assert result.response.ephemeral
        return Panel(self.stage, self.person, result.response)

    async def topics(self, typed=""):
        return [one["name"] for one in await self.person.autocomplete(self.stage.general, "help", "topic", typed)]


async def change(stage, section, **fields):
    async with stage.env._acting("the bot's own"):
        with stage.env._bot_scope():
            await stage.bot.guild_settings.change(stage.guild.id, section, by=None, **fields)


def commands(panel):
    """What is offered, by the name that is shown; each with its clickable id."""
    return dict(re.findall(r"</([^:>]+):(\d+)>", panel.text))


async def test_everyone_sees_what_they_can_run_here_in_their_language(stage, env):
    await change(stage, WelcomeSettings, enabled=True)
    registered = {name: one["id"] for (name, _), one in env.backend.commands[stage.guild.id].items()}

    bob = await Reader(stage, stage.member).read()
    offered = commands(bob)
    assert {"help", "welcome"} <= set(offered)
    assert not {"inbox", "settings", "status", "groups"} & set(offered)
    assert all(registered[name] == number for name, number in offered.items() if name in registered)
    assert "Your first steps here" in bob.text
    assert "For the team" not in bob.text

    env.set_locale(stage.member, "fr")
    french = await Reader(stage, stage.member).read()
    assert {"aide", "bienvenue"} <= set(re.findall(r"\*\*/([a-z-]+)\*\*", french.text)), "as they are typed"
    assert commands(french) == {}, "Discord ignores a click on a localised name"
    assert "Ce que tu peux faire ici" in french.text
    assert "What" not in french.text

    ada = await Reader(stage, stage.admin).read()
    assert {"inbox", "settings", "status", "help", "welcome"} <= set(commands(ada))


async def test_a_topic_is_opened_by_key_title_command_or_menu_and_a_wrong_one_is_refused(stage, env):
    await change(stage, WelcomeSettings, enabled=True)
    bob = Reader(stage, stage.member)

    by_title = await bob.read(topic="/Welcome")
    assert "step by step" in (await bob.read(topic=" WELCOME ")).text
    assert by_title.text == (await bob.read(topic="welcome")).text
    assert "In this server" not in by_title.text

    assert await bob.topics("welc") == ["Welcome"]
    assert "For the team" not in await bob.topics()
    page = await bob.read()
    await page.select("help:topic", ["welcome"])
    assert page.text == by_title.text
    await page.click("help:page:0:b")
    assert "What you can do here" in page.text

    refused = await bob.person.slash(stage.general, "help", topic="x" * 5000)
    assert refused.response.content == "There is no such topic. Choose one from the list of /help."
    assert isinstance(env.refusals[-1], UnknownTopic)
    for topic in ("team", "groups"):
        refused = await bob.person.slash(stage.general, "help", topic=topic)
        assert "no such topic" in refused.response.content


async def test_who_manages_the_server_reads_what_a_capability_needs_and_how_it_is_turned_on(stage, env):
    ada = Reader(stage, stage.admin)

    off = await ada.read(topic="welcome")
    assert "Off in this server. Turn it on in </settings:" in off.text
    assert "on as soon as there is something" in (await ada.read(topic="groups")).text
    assert "✅ **Create Private Threads** to welcome each newcomer apart" in off.text

    await change(stage, WelcomeSettings, enabled=True)
    for role in stage.server.me.roles:
        if not role.is_default():
            async with env._acting("role") as world:
                taken = discord.Permissions(role.permissions.value)
                taken.update(create_private_threads=False)
                world.edit_role(stage.guild.id, role.id, {"permissions": taken.value})
    on = await ada.read(topic="welcome")
    assert "On in this server" in on.text
    assert "I lack **Create Private Threads**. Newcomers get no private thread." in on.text


async def test_a_moderator_learns_why_discord_hides_a_command_from_them(stage, env):
    helpers = stage.guild.create_role("Helpers")
    nour = stage.person("nour", helpers)
    await change(stage, CommunitySettings, staff_roles=(helpers.id,))

    page = await Reader(stage, nour).read()
    assert "inbox" not in commands(page)
    assert "Discord hides /inbox" in page.text
    assert "Integrations" in page.text


async def test_help_answers_after_a_restart_and_for_what_was_turned_off_meanwhile(stage, env, make_bot):
    await change(stage, WelcomeSettings, enabled=True)
    await change(stage, GroupsSettings, groups=[{"role": stage.guild.create_role("Chess").id}])
    page = await Reader(stage, stage.member).read()

    await env.restart(make_bot())
    await page.select("help:topic", ["groups"])
    assert "</groups:" in page.text
    await page.click("help:page:0:b")
    await change(stage, GroupsSettings, groups=[])
    result = await page.select("help:topic", ["groups"])
    assert "no such topic" in result.followups[0].content if result.followups else result.response.content
