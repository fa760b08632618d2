"""What happens on Discord because of a case, told as stories."""

import asyncio
import re
from datetime import timedelta

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.contracts.cases import CaseKind
from bot.posting import post_once
from cogs.conduct.cases.models import Notice
from tests.cogs.onboarding.conftest import buttons, shown

DAY = timedelta(days=1)


def asked(conduct, method, path):
    """Which requests of that method and path (a pattern) the bot has made."""
    return [one for one in conduct.env.http_requests if one.method == method and re.fullmatch(path, one.path)]


async def carry_again(conduct, case):
    from cogs.conduct.carrying.carrying import Carrying

    await conduct.do(conduct.stage.bot.service(Carrying).carry(case.id))


async def may(conduct, **permissions):
    """What the bot's own role allows from now on."""
    role = next(one for one in conduct.stage.server.me.roles if one.managed)
    kept = discord.Permissions(role.permissions.value)
    kept.update(**permissions)
    async with conduct.env._acting("permissions") as world:
        world.edit_role(conduct.stage.guild.id, role.id, {"permissions": kept.value})


async def until_of(conduct, member):
    found = await conduct.stage.server.fetch_member(member.id)
    return found.timed_out_until


async def test_a_warning_is_told_once_in_the_members_language_and_undone_wherever_it_was_told(conduct):
    stage, env = conduct.stage, conduct.env
    fleur = stage.person("fleur", locale="fr")
    await conduct.do(stage.bot.community.members.note_locale(stage.guild.id, fleur.id, "fr"))
    case = await conduct.open(CaseKind.WARN, fleur, reason="Cris *répétés*")
    (notice,) = conduct.dms(fleur)
    assert "Avertissement sur Agora" in shown(notice)
    assert "> Cris \\*répétés\\*" in shown(notice)
    assert f"<t:{int(case.expires_at.timestamp())}:D>" in shown(notice)
    assert case.notice is Notice.DIRECT
    (post,) = conduct.posts()
    assert "told in a private message" in post
    await carry_again(conduct, case)
    assert len(conduct.dms(fleur)) == len(conduct.posts()) == 1
    assert await conduct.cases.read.points(stage.guild.id, fleur.id) == 20

    # The button of the log is the team's, that of the notice the member's own
    log = conduct.log.last_message
    assert "Case 1" in shown((await stage.moderator.click(log, custom_id=buttons(log)["Open the case"])).response)
    said = await fleur.user.click(notice, custom_id=f"conduct:notice:{case.id}")
    assert "avertissement" in said.response.content

    await conduct.do(conduct.cases.ending.void(stage.guild.id, case.number, stage.moderator.id, "a mistake"))
    (notice,) = conduct.dms(fleur)
    assert "n’a plus aucun effet" in shown(notice)
    (post,) = conduct.posts()
    assert "Voided" in post
    assert await conduct.cases.read.points(stage.guild.id, fleur.id) == 0
    assert env.errors == []


async def test_closed_private_messages_lead_to_a_thread_and_else_the_team_sees_that_nobody_was_told(conduct):
    stage, env = conduct.stage, conduct.env
    bob = stage.member
    env.close_dms(bob)
    case = await conduct.open(CaseKind.TIMEOUT, bob, length=timedelta(hours=2))
    (thread,) = conduct.threads()
    assert case.notice is Notice.THREAD
    assert thread.is_private()
    assert case.notice_channel_id == thread.id
    handle = next(one for one in conduct.notices.threads if one.id == thread.id)
    assert "Timeout in Agora" in shown(handle.last_message)
    assert await until_of(conduct, bob) == case.until
    assert await conduct.cases.read.points(stage.guild.id, bob.id) == 20

    # The act stands where nobody can be told, and what was not delivered counts for nothing
    await conduct.change(notice_channel=None)
    untold = await conduct.open(CaseKind.WARN, bob)
    assert untold.notice is Notice.UNDELIVERED
    assert "Not notified" in conduct.posts()[-1]
    await conduct.change(notice_channel=stage.staff.id)  # which the member does not see
    banned = await conduct.open(CaseKind.BAN, bob)
    assert banned.notice is Notice.UNDELIVERED
    assert "Not notified" in conduct.posts()[-1]
    assert bob.id in env.backend.get_guild(stage.guild.id).bans
    assert len(conduct.threads()) == 1
    assert await conduct.cases.read.points(stage.guild.id, bob.id) == 20


async def test_a_temporary_ban_is_told_first_and_ends_once_on_time(conduct, make_bot):
    stage, env = conduct.stage, conduct.env
    bob, bans = stage.member, env.backend.get_guild(stage.guild.id).bans
    case = await conduct.open(CaseKind.BAN, bob, length=40 * DAY, delete_seconds=3600)
    order = [
        one.method + one.path for one in env.http_requests if "/bans/" in one.path or one.path.endswith("/messages")
    ]
    dm = f"POST/channels/{bob.user.dm_channel.id}/messages"
    put = f"PUT/guilds/{stage.guild.id}/bans/{bob.id}"
    assert order.index(dm) < order.index(put)
    (ban,) = asked(conduct, "PUT", ".*/bans/.*")
    assert ban.params == {"delete_message_seconds": 3600}
    assert "Case 1, mina: Shouting" in bans[bob.id]
    assert f"<t:{int(case.until.timestamp())}:f>" in shown(conduct.dms(bob)[0])

    await env.restart(make_bot(), crash=True)
    await conduct.jump(days=39)
    await carry_again(conduct, case)
    assert bob.id in bans
    await conduct.jump(days=1)
    assert bob.id not in bans
    await env.restart(make_bot())
    await conduct.jump(days=2)
    assert len(asked(conduct, "DELETE", ".*/bans/.*")) == 1
    assert len(asked(conduct, "PUT", ".*/bans/.*")) == 1
    assert len(conduct.dms(bob)) == 1


async def test_a_notice_that_does_not_get_through_holds_up_a_ban_for_less_than_a_minute(conduct, monkeypatch):
    stage, env = conduct.stage, conduct.env
    bans, lou = env.backend.get_guild(stage.guild.id).bans, stage.person("lou")
    env.inject_error("POST", f"/channels/{stage.member.user.dm_channel.id}/messages", status=503, times=None)
    case = await conduct.open(CaseKind.BAN, stage.member)
    assert stage.member.id in bans
    assert case.notice is Notice.UNDELIVERED

    async def no_answer(*_, **__):
        await asyncio.sleep(3600)

    monkeypatch.setattr("cogs.conduct.carrying.notices.post_once", no_answer)
    await conduct.open(CaseKind.BAN, lou)
    await env.pass_time(seconds=40)
    assert lou.id not in bans
    await env.pass_time(seconds=10)
    assert lou.id in bans
    assert (await conduct.case(2)).notice is Notice.UNDELIVERED


async def test_a_notice_of_a_warning_is_tried_until_discord_takes_it_and_the_team_knows_meanwhile(
    conduct, logged_errors
):
    stage, env = conduct.stage, conduct.env
    path = f"/channels/{stage.member.user.dm_channel.id}/messages"
    env.inject_error("POST", path, status=400, times=2)
    case = await conduct.open(CaseKind.WARN, stage.member)
    assert case.notice is Notice.OWED
    assert "on its way" in conduct.posts()[0]
    await env.pass_time(minutes=2)
    assert len(conduct.dms(stage.member)) == len(conduct.posts()) == 1
    assert "told in a private message" in conduct.posts()[0]
    assert len(logged_errors) == 2
    logged_errors.clear()


async def test_a_notice_says_what_became_of_the_case_while_discord_was_told_of_the_timeout(conduct, monkeypatch):
    from cogs.conduct.carrying.carrying import Carrying

    stage, guild_id, mina = conduct.stage, conduct.stage.guild.id, conduct.stage.moderator.id
    bringing, lou, changes = stage.bot.service(Carrying).bringing, stage.person("lou"), []
    real = bringing.bring

    async def slowly(measure_id):
        await real(measure_id)
        if changes:
            await changes.pop()()

    monkeypatch.setattr(bringing, "bring", slowly)
    changes.append(lambda: conduct.cases.edit(guild_id, 1, mina, reason="Shouting in the quiet room"))
    await conduct.open(CaseKind.TIMEOUT, stage.member, length=DAY)
    (notice,) = conduct.dms(stage.member)
    assert "quiet room" in shown(notice)
    changes.append(lambda: conduct.cases.ending.void(guild_id, 2, mina, "a mistake"))
    undone = await conduct.open(CaseKind.TIMEOUT, lou, length=DAY)
    assert conduct.dms(lou) == []
    assert undone.notice is Notice.NONE
    assert await until_of(conduct, lou) is None


async def test_a_kick_that_is_undone_while_its_notice_is_on_its_way_does_not_happen(conduct, monkeypatch):
    stage, bob = conduct.stage, conduct.stage.member

    async def slowly(*args, **content):
        await conduct.cases.ending.void(stage.guild.id, 1, stage.moderator.id, "a mistake")
        return await post_once(*args, **content)

    monkeypatch.setattr("cogs.conduct.carrying.notices.post_once", slowly)
    await conduct.open(CaseKind.KICK, bob)
    assert stage.server.get_member(bob.id) is not None
    (notice,) = conduct.dms(bob)
    assert "withdrawn" in shown(notice)
    assert "Voided" in conduct.posts()[0]


async def test_a_timeout_of_forty_days_is_renewed_follows_whoever_comes_back_and_ends_early_when_lifted(conduct):
    stage, env = conduct.stage, conduct.env
    bob = stage.member
    case = await conduct.open(CaseKind.TIMEOUT, bob, length=40 * DAY)
    first = await until_of(conduct, bob)
    assert 27 * DAY < first - env.now() <= 28 * DAY
    await conduct.jump(days=27, hours=1)
    assert await until_of(conduct, bob) == case.until
    assert len(asked(conduct, "PATCH", f".*/members/{bob.id}")) == 2

    await env.leave(bob)
    bob = await env.join(stage.guild, bob.user)
    async with env._acting("forgotten") as world:
        world.edit_member(stage.guild.id, bob.id, {"timed_out_until": None})
    await env.leave(bob)
    await env.pass_time(seconds=5)
    bob = await env.join(stage.guild, bob.user)
    assert await until_of(conduct, bob) == case.until

    await conduct.do(conduct.cases.ending.lift(stage.guild.id, case.number, stage.moderator.id))
    assert await until_of(conduct, bob) is None
    assert "ended early" in shown(conduct.dms(bob)[0])
    before = len(env.http_requests)
    await conduct.jump(days=20)
    assert [one for one in env.http_requests[before:] if "/members/" in one.path] == []


async def test_an_unban_also_lifts_a_ban_that_no_case_knows_and_only_that_one(conduct):
    stage, env = conduct.stage, conduct.env
    bans = env.backend.get_guild(stage.guild.id).bans
    env.backend.apply_ban(stage.guild.id, stage.member.id, "long ago")
    case = await conduct.open(CaseKind.UNBAN, stage.member, severity=None)
    assert stage.member.id not in bans
    assert case.done_at is not None
    env.backend.apply_ban(stage.guild.id, stage.member.id, "since")
    await carry_again(conduct, case)
    assert stage.member.id in bans


async def test_a_kick_happens_once_and_not_to_whoever_has_left(conduct):
    stage, env = conduct.stage, conduct.env
    bob = stage.member
    case = await conduct.open(CaseKind.KICK, bob)
    assert len(asked(conduct, "DELETE", f".*/members/{bob.id}")) == 1
    assert "Removed from Agora" in shown(conduct.dms(bob)[0])
    bob = await env.join(stage.guild, bob.user)
    await carry_again(conduct, case)
    left = stage.person("lou")
    await env.leave(left)
    gone = await conduct.open(CaseKind.KICK, left)
    assert gone.done_at is not None
    assert len(asked(conduct, "DELETE", ".*/members/.*")) == 1
    assert bob.id in env.backend.get_guild(stage.guild.id).members


NEEDS = {CaseKind.BAN: "ban_members", CaseKind.TIMEOUT: "moderate_members", CaseKind.KICK: "kick_members"}


async def test_nothing_is_asked_or_told_that_is_known_to_fail_until_a_role_changes(conduct, logged_errors):
    """Promises 10 and 17: a permission, and the rank of the bot itself."""
    stage, env = conduct.stage, conduct.env
    people = {kind: stage.person(f"somebody{place}") for place, kind in enumerate(NEEDS)}
    senior = stage.person("senior", above_the_bot(conduct))
    await may(conduct, administrator=False, **dict.fromkeys(NEEDS.values(), False))
    for kind, member in people.items():
        await conduct.open(kind, member, length=None if kind is CaseKind.KICK else DAY)

    def acts():
        return [one for one in env.http_requests if one.method != "GET" and re.search(r"/(bans|members)/\d", one.path)]

    for minutes in (1, 2, 3, 5, 9):
        await conduct.jump(minutes=minutes)
    assert acts() == []
    assert [conduct.dms(member) for member in people.values()] == [[], [], []]
    assert all("Not carried out yet. I lack the permission" in post for post in conduct.posts())
    assert [one.kind for one in await stage.bot.timers.stuck(stage.guild.id)] == ["conduct:carry"] * 3
    await may(conduct, **dict.fromkeys(NEEDS.values(), True))
    assert len(acts()) == 3
    assert [len(conduct.dms(member)) for member in people.values()] == [1, 1, 1]
    assert not any("Not carried out" in post for post in conduct.posts())
    assert await stage.bot.timers.stuck(stage.guild.id) == []

    await conduct.open(CaseKind.BAN, senior)
    assert "has a role as high as mine" in conduct.posts()[-1]
    assert conduct.dms(senior) == []
    assert len(acts()) == 3
    await env.pass_time(minutes=5)
    async with env._acting("demoted") as world:
        world.remove_member_role(stage.guild.id, senior.id, senior.member.roles[-1].id)
    assert len(acts()) == 4
    assert len(conduct.dms(senior)) == 1
    logged_errors.clear()


def above_the_bot(conduct):
    role = conduct.stage.guild.create_role("Seniors")
    conduct.env.backend.edit_role(conduct.stage.guild.id, role.id, {"position": 50})
    return role


async def test_a_lift_that_discord_refuses_for_two_days_is_tried_hourly_and_then_done(conduct, logged_errors):
    """Promise 3."""
    stage, env = conduct.stage, conduct.env
    bob, bans = stage.member, env.backend.get_guild(stage.guild.id).bans
    await conduct.open(CaseKind.BAN, bob, length=DAY)
    env.inject_error("DELETE", "/guilds/*/bans/*", status=403, code=50013, times=None)
    await conduct.jump(days=1)
    await env.pass_time(minutes=40)
    (stuck,) = await stage.bot.timers.stuck(stage.guild.id)
    assert stuck.kind == "conduct:measure"
    assert stuck.error == "Forbidden, status 403, code 50013"
    assert await kinds_in_inbox(conduct) == ["timers.stuck"]
    for _ in range(47):
        await conduct.jump(hours=1)
    tried = len(asked(conduct, "DELETE", ".*/bans/.*"))
    assert 47 + 5 <= tried <= 60
    assert bob.id in bans
    env.backend.faults.clear()
    await conduct.jump(hours=1)
    assert bob.id not in bans
    assert len(asked(conduct, "DELETE", ".*/bans/.*")) == tried + 1
    assert await stage.bot.timers.stuck(stage.guild.id) == []
    assert len(logged_errors) == tried
    logged_errors.clear()


async def test_a_log_that_was_deleted_or_closed_stops_nothing_else_and_is_made_up_for(conduct):
    """Promise 23."""
    stage, env = conduct.stage, conduct.env
    bob = stage.member
    await may(conduct, administrator=False)
    await overwrite(conduct, view_channel=True, send_messages=False)
    case = await conduct.open(CaseKind.WARN, bob)
    assert case.notice is Notice.DIRECT
    assert conduct.posts() == []
    assert await kinds_in_inbox(conduct) == ["conduct.modlog"]
    await overwrite(conduct, view_channel=True)
    assert len(conduct.posts()) == 1
    assert await kinds_in_inbox(conduct) == []

    async with env._acting("delete") as world:
        world.delete_channel(conduct.log.id)
    await env.pass_time(minutes=10)
    told = await conduct.open(CaseKind.TIMEOUT, bob, length=DAY)
    assert told.notice is Notice.DIRECT
    assert await until_of(conduct, bob) == told.until
    from cogs.conduct.settings import ConductSettings

    assert stage.bot.guild_settings.get(stage.guild.id, ConductSettings).modlog_channel is None


async def test_the_log_shows_how_a_case_stands_though_an_older_look_at_it_took_longer(conduct, monkeypatch):
    from cogs.conduct.carrying.carrying import Carrying

    modlog, looked = conduct.stage.bot.service(Carrying).modlog, asyncio.Event()
    real = modlog._view

    async def slowly(case, problem):
        view = await real(case, problem)
        if not looked.is_set():
            looked.set()
            for _ in range(60):  # meanwhile others have their turn
                await conduct.case(case.number)
        return view

    async def both():
        older = asyncio.create_task(modlog.post(case.id))
        await looked.wait()
        await conduct.cases.ending.void(conduct.stage.guild.id, case.number, conduct.stage.moderator.id, "a mistake")
        await older

    case = await conduct.open(CaseKind.WARN, conduct.stage.member)
    monkeypatch.setattr(modlog, "_view", slowly)
    await conduct.do(both())
    (post,) = conduct.posts()
    assert "Voided" in post


async def overwrite(conduct, **permissions):
    """What the bot may do in the moderation log from now on."""
    allowed, denied = (bits.value for bits in discord.PermissionOverwrite(**permissions).pair())
    async with conduct.env._acting("overwrite") as world:
        mine = Overwrite(conduct.env.bot.user.id, OverwriteType.MEMBER, allowed, denied)
        world.set_overwrite(conduct.log.id, mine)


async def kinds_in_inbox(conduct):
    items = await conduct.stage.bot.inbox.open_items(conduct.stage.guild.id)
    return [item.kind.name for item in items]


async def test_the_ban_of_somebody_who_was_erased_ends_on_time(conduct):
    stage, env = conduct.stage, conduct.env
    bob, bans = stage.member, env.backend.get_guild(stage.guild.id).bans
    await conduct.open(CaseKind.BAN, bob, length=DAY)
    from bot.privacy import erase_member

    await conduct.do(erase_member(stage.bot.db, stage.guild.id, bob.id))
    (row,) = await conduct.cases.read.measures(stage.guild.id)
    assert row.user_id < 0
    await conduct.jump(days=1)
    assert bob.id not in bans
    assert await conduct.cases.read.measures(stage.guild.id) == []
