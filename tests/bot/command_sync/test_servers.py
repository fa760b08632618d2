"""Each server has the commands of what is on there, and Discord is called only when that changed (promise 6)."""

import asyncio

from sqlalchemy import delete

from bot.command_sync import State
from bot.command_sync.models import RegisteredCommands
from bot.guilds.sections import CommunitySettings
from cogs.onboarding.settings import WelcomeSettings

COMMANDS = "/applications/*/guilds/*/commands"


async def test_a_server_has_the_commands_of_what_is_on_there_and_no_other(stage, registered):
    assert "inbox" in registered.here()
    assert not {"welcome", "groups"} & registered.here()

    await registered.welcome(True)
    await registered.groups(stage.guild.create_role("Chess"))
    assert {"welcome", "groups"} <= registered.here()
    assert registered.status.state is State.CURRENT

    await registered.welcome(False)
    await registered.groups()
    assert not {"welcome", "groups"} & registered.here()
    assert not registered.here() & registered.everywhere()


async def test_what_has_not_changed_is_not_registered_again(stage, registered, env, make_bot):
    await registered.welcome(True)
    calls, at = registered.calls(), registered.status.at

    for _ in range(3):
        env._identify_again()
        await env.settle()
    await env.outage()
    await env.reconnect(resumed=True)
    await registered.change(CommunitySettings, time_zone="Europe/Paris")
    await env.restart(make_bot())
    await env.restart(make_bot(), crash=True)

    assert registered.calls() == calls
    assert "welcome" in registered.here()
    assert registered.status.at == at
    assert stage.bot.command_sync.id_of(stage.guild.id, "welcome") == _id(stage, "welcome")


async def test_a_change_that_a_crash_kept_from_discord_arrives_with_the_next_start(stage, registered, env, make_bot):
    await stage.bot.command_sync.stop()
    await registered.welcome(True)
    assert "welcome" not in registered.here()

    await env.restart(make_bot(), crash=True)

    assert "welcome" in registered.here()


async def test_changes_that_come_while_one_is_registered_are_one_registration(stage, registered, monkeypatch):
    write, calls, decided = stage.bot.http.bulk_upsert_guild_commands, 0, asyncio.Event()

    async def slow(application_id, guild_id, payload):
        nonlocal calls
        calls += 1
        await decided.wait()
        return await write(application_id, guild_id, payload=payload)

    async def impatient():
        for on in (True, False, True, False):
            await stage.bot.guild_settings.change(stage.guild.id, WelcomeSettings, by=None, enabled=on)
        decided.set()

    monkeypatch.setattr(stage.bot.http, "bulk_upsert_guild_commands", slow)
    await registered.do(impatient())

    assert "welcome" not in registered.here()
    assert calls == 2, "one under way, one for all that came meanwhile"


async def test_a_server_that_comes_back_gets_its_commands_again(stage, registered, env, make_bot):
    await env.remove_bot(stage.guild)
    assert registered.here() == set()
    await env.pass_time(hours=1)
    await env.invite_bot(stage.guild)
    assert "inbox" in registered.here()

    await env.stop_bot()
    env.backend.remove_guild(stage.guild.id)
    env.backend.advance_clock(60)
    with env.backend.unseen():
        env.backend.add_member(stage.guild.id, env.backend.bot_user.id, roles=[])
    await env.restart_bot(make_bot())
    assert "inbox" in registered.here(), "removed and invited again while the bot was away"


async def test_without_the_scope_discord_is_not_asked_again_and_again(stage, registered, env):
    env.inject_error("PUT", COMMANDS, status=403, code=50001, times=None)
    await registered.welcome(True)
    calls = registered.calls()
    assert registered.status.state is State.REFUSED
    env._identify_again()
    await env.pass_time(hours=3)
    assert registered.calls() == calls

    env.backend.faults.clear()
    await env.pass_time(hours=22)
    assert registered.status.state is State.CURRENT
    assert "welcome" in registered.here()


async def test_what_discord_could_not_take_is_tried_again_with_growing_pauses(stage, registered, env):
    env.inject_error("PUT", COMMANDS, status=500, times=None)
    await registered.welcome(True)
    before = registered.calls()
    assert registered.status.state is State.WAITING
    await env.pass_time(hours=2)
    assert 4 <= registered.calls() - before <= 8

    env.backend.faults.clear()
    await env.pass_time(hours=1)
    assert registered.status.state is State.CURRENT
    assert "welcome" in registered.here()


async def test_a_command_discord_still_shows_says_that_it_is_off(stage, registered, env):
    await registered.welcome(True)
    await stage.bot.command_sync.stop()
    await registered.welcome(False)
    assert "welcome" in registered.here()

    answer = await stage.member.slash(stage.general, "welcome")
    assert answer.response.ephemeral
    assert answer.response.content == "This is off in this server. Those who manage it can turn it on in /settings."
    assert answer.followups == [], "and the command itself does not run"
    env.set_locale(stage.member, "fr")
    answer = await stage.member.slash(stage.general, "welcome")
    assert "n’est pas activé" in answer.response.content


async def test_what_an_earlier_version_registered_for_all_servers_is_taken_away_once(stage, registered, env, make_bot):
    env.backend.register_commands(None, [{"name": "settings", "description": "Left over"}])
    await stage.bot.db.transaction(lambda tx: tx.session.execute(delete(RegisteredCommands)))
    await env.restart(make_bot())

    assert "settings" not in registered.everywhere()
    assert "settings" in registered.here()


def _id(stage, name):
    return stage.env.backend.commands[stage.guild.id][(name, 1)]["id"]
