"""What is done on Discord itself becomes cases, also what was done while the bot was away."""

from datetime import timedelta

import discord

from bot.contracts.cases import CaseKind
from cogs.conduct.cases.rules import State

DAY = timedelta(days=1)
BLOCK = {"type": 1, "metadata": {}}
TIMEOUT = {"type": 3, "metadata": {"duration_seconds": 600}}


async def recorded(conduct):
    """(kind, member, moderator, by hand, in force) of every case, in order."""
    cases, _ = await conduct.cases.read.page(conduct.stage.guild.id, 0)
    at = conduct.env.now()
    return [
        (one.kind, one.user_id, one.moderator_id, one.by_hand, one.in_force(at))
        for one in sorted(cases, key=lambda case: case.number)
    ]


async def timeouts(conduct, member):
    """The cases of this member's timeouts, in the order in which they were set."""
    cases, _ = await conduct.cases.read.page(conduct.stage.guild.id, 0)
    mine = [one for one in cases if one.kind is CaseKind.TIMEOUT and one.user_id == member.id]
    return sorted(mine, key=lambda case: case.created_at)


def hit(stage, member, action, **more):
    """Discord announces what its AutoMod found."""
    found = {"rule_id": "77", "rule_trigger_type": 1, "content": "a CANARY word", "matched_keyword": "CANARY"}
    found |= {"guild_id": str(stage.guild.id), "channel_id": str(stage.general.id), "user_id": str(member.id)}
    return {**found, "matched_content": "CANARY", "action": action, **more}


def log_timeout(world, stage, member, rule="Slurs"):
    """AutoMod's own entry in the audit log."""
    extra = {"auto_moderation_rule_name": rule, "auto_moderation_rule_trigger_type": "1"}
    extra["channel_id"] = str(stage.general.id)
    world.record_audit_log(stage.guild.id, 145, user_id=member.id, target_id=member.id, options=extra)


def time_out(world, stage, member, **length):
    until = world.iso_after(timedelta(**length).total_seconds())
    world.edit_member(stage.guild.id, member.id, {"timed_out_until": until})


async def rule(stage, name="Slurs"):
    """A rule that times out for ten minutes."""
    async with stage.env._acting("rule") as world:
        wanted = {"name": name, "event_type": 1, "trigger_type": 1, "actions": [TIMEOUT], "enabled": True}
        world.create_auto_mod_rule(stage.guild.id, stage.admin.id, {**wanted, "trigger_metadata": {}})


def replay(env, since):
    """Whatever Discord announced since then arrives once more, as after a lost connection."""
    for kind, event, payload in list(env.backend.transcript)[since:]:
        if kind == "GATEWAY" and event == "GUILD_AUDIT_LOG_ENTRY_CREATE":
            env.backend.emit(event, payload)


async def test_what_moderators_do_in_discords_menus_becomes_cases_with_their_name_once(conduct):
    stage, env = conduct.stage, conduct.env
    bob, mina = stage.member, stage.moderator
    since = len(env.backend.transcript)
    await env.time_out(mina, bob, timedelta(hours=1), reason="Calm *down*")
    await env.time_out(mina, bob, None)
    await env.kick(mina, stage.person("lou"))
    await env.ban(mina, bob, reason="Enough")
    await env.unban(stage.admin, bob)
    expected = [
        (CaseKind.TIMEOUT, bob.id, mina.id, True, False),
        (CaseKind.KICK, (await conduct.case(2)).user_id, mina.id, True, False),
        (CaseKind.BAN, bob.id, mina.id, True, False),
        (CaseKind.UNBAN, bob.id, stage.admin.id, True, False),
    ]
    assert await recorded(conduct) == expected
    assert (await conduct.case(1)).lifted_by == mina.id
    assert (await conduct.case(3)).lifted_by == stage.admin.id
    assert len(conduct.posts()) == 4
    assert "in Discord’s own menus" in conduct.posts()[0]
    assert "Calm \\*down\\*" in conduct.posts()[0]
    # Told of nothing: the bot did not do it. And what is heard twice is one case.
    assert conduct.dms(bob) == []
    async with env._acting("replay"):
        replay(env, since)
    assert await recorded(conduct) == expected
    assert len(conduct.posts()) == 4


async def test_the_newest_act_decides_whoever_did_it(conduct):
    """Promise 2: a lift by hand clears the timer, a ban by hand supersedes it, an old entry undoes nothing newer."""
    stage, env = conduct.stage, conduct.env
    bob, mina, bans = stage.member, stage.moderator, env.backend.get_guild(stage.guild.id).bans
    await conduct.open(CaseKind.BAN, bob, length=DAY)
    await env.unban(mina, bob)
    assert not (await conduct.case(1)).in_force(env.now())
    since = len(env.backend.transcript)
    await env.ban(mina, bob)
    await conduct.jump(days=2)
    assert bob.id in bans
    assert [one.method for one in env.http_requests if "/bans/" in one.path] == ["GET", "PUT"]

    bob = stage.person("bert")
    await conduct.open(CaseKind.BAN, bob, length=DAY)
    await env.unban(mina, bob)
    await env.pass_time(seconds=10)
    await conduct.open(CaseKind.BAN, bob, length=2 * DAY, source="again")
    async with env._acting("replay"):
        replay(env, since)
    assert bob.id in bans
    await conduct.jump(days=2)
    assert bob.id not in bans


async def test_what_was_done_during_an_outage_is_found_and_what_nobody_can_know_is_said(conduct):
    stage, env = conduct.stage, conduct.env
    bob, mina, bans = stage.member, stage.moderator, env.backend.get_guild(stage.guild.id).bans
    lou, tess = stage.person("lou"), stage.person("tess")
    await env.settle()
    await conduct.open(CaseKind.BAN, bob, length=40 * DAY)
    await conduct.open(CaseKind.TIMEOUT, lou, length=2 * DAY)
    await env.outage()
    await env.unban(mina, bob)
    await env.ban(mina, tess, reason="Raid")
    await env.time_out(mina, lou, None)
    await env.pass_time(minutes=30)
    await env.reconnect(resumed=False)
    found = await recorded(conduct)
    assert found[2:] == [
        (CaseKind.UNBAN, bob.id, mina.id, True, False),
        (CaseKind.BAN, tess.id, mina.id, True, True),
    ]
    assert (await conduct.case(1)).lifted_by == (await conduct.case(2)).lifted_by == mina.id

    # Without the audit log it is still seen that a ban and a timeout are gone, though not who ended them
    await conduct.open(CaseKind.TIMEOUT, lou, length=40 * DAY, source="again")
    role = next(one for one in stage.server.me.roles if one.managed)
    weak = discord.Permissions(role.permissions.value)
    weak.update(administrator=False, view_audit_log=False)
    await env.outage()
    async with env._acting("weak") as world:
        world.edit_role(stage.guild.id, role.id, {"permissions": weak.value})
        world.remove_ban(stage.guild.id, tess.id)
        world.edit_member(stage.guild.id, lou.id, {"timed_out_until": None})
    await env.reconnect(resumed=False)
    tess_case = next(one for one in await recorded(conduct) if one[1] == tess.id)
    assert tess_case[-1] is False
    assert (await conduct.case(5)).lifted_at is not None
    assert (await conduct.case(5)).lifted_by is None
    assert bans == {}
    assert await conduct.cases.read.measures(stage.guild.id) == []
    assert [one for one in env.http_requests if one.path.endswith("audit-logs")]


async def test_native_automod_hits_become_one_case_each_without_what_was_written(conduct):
    stage, env = conduct.stage, conduct.env
    hit = {
        "guild_id": str(stage.guild.id),
        "rule_id": "77",
        "rule_trigger_type": 1,
        "user_id": str(stage.member.id),
        "channel_id": str(stage.general.id),
        "content": "a CANARY word",
        "matched_keyword": "CANARY",
        "matched_content": "CANARY",
    }
    block, alert = {"type": 1, "metadata": {}}, {"type": 2, "metadata": {"channel_id": str(stage.staff.id)}}
    async with env._acting("automod") as world:
        world.emit("AUTO_MODERATION_ACTION_EXECUTION", {**hit, "action": block})
        world.emit("AUTO_MODERATION_ACTION_EXECUTION", {**hit, "action": alert, "alert_system_message_id": "99"})
    (case,), total = await conduct.cases.read.page(stage.guild.id, 0)
    assert (case.kind, case.automatic, case.state, total) == (CaseKind.NATIVE, True, State.ACTIVE, 1)
    assert "CANARY" not in repr(case)
    assert not any("CANARY" in post for post in conduct.posts())
    for number in range(3):
        async with env._acting("automod") as world:
            world.emit("AUTO_MODERATION_ACTION_EXECUTION", {**hit, "action": block, "content": f"CANARY {number}"})
        await env.pass_time(seconds=30)
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 1, "a burst is one case"
    await env.pass_time(minutes=2)
    async with env._acting("automod") as world:
        world.emit("AUTO_MODERATION_ACTION_EXECUTION", {**hit, "action": block})
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 2
    assert conduct.dms(stage.member) == []


async def test_a_timeout_that_automod_sets_is_a_timeout_in_the_record_and_ends_like_any_other(conduct, make_bot):
    stage, env, bob = conduct.stage, conduct.env, conduct.stage.member
    lou, kim, ned = stage.person("lou"), stage.person("kim"), stage.person("ned")
    async with env._acting("automod") as world:
        time_out(world, stage, bob, minutes=10)
        for action in (TIMEOUT, BLOCK):
            world.emit("AUTO_MODERATION_ACTION_EXECUTION", hit(stage, bob, action))
        log_timeout(world, stage, bob)
    found = await recorded(conduct)
    assert sorted(found) == sorted(
        [(CaseKind.NATIVE, bob.id, None, False, False), (CaseKind.TIMEOUT, bob.id, None, True, True)]
    )
    case = next(one for one in (await conduct.cases.read.page(stage.guild.id, 0))[0] if one.kind is CaseKind.TIMEOUT)
    assert (case.automatic, case.until - case.created_at, case.points) == (True, timedelta(minutes=10), 0)
    assert any("Discord’s AutoMod" in post and "Timeout (10 minutes)" in post for post in conduct.posts())
    assert conduct.dms(bob) == []
    await env.time_out(stage.moderator, bob, None)
    ended = await conduct.case(case.number)
    assert (ended.lifted_by, ended.in_force(env.now())) == (stage.moderator.id, False)
    asked = [one for one in env.http_requests if one.method == "PATCH" and f"/members/{bob.id}" in one.path]
    assert asked == [], "Discord did it"

    # During an outage: in force still; over, with a rule that says how long; over, and nothing says it
    await rule(stage)
    await env.stop_bot()
    async with env._acting("automod") as world:
        time_out(world, stage, lou, hours=5)
        for member, name in ((lou, "gone"), (kim, "Slurs"), (ned, "gone")):
            log_timeout(world, stage, member, name)
    env.backend.advance_clock(3600)
    await env.restart(make_bot())
    new = (await recorded(conduct))[2:]
    assert new == [(CaseKind.TIMEOUT, lou.id, None, True, True), (CaseKind.TIMEOUT, kim.id, None, True, False)]
    await env.restart(make_bot(), crash=True)
    assert len(await recorded(conduct)) == 4


async def test_a_timeout_of_automod_that_waits_for_its_turn_or_is_heard_again_is_one_case(conduct, monkeypatch):
    """Promise 4. The turn is held while the log of an outage is read, or the rules of a raid's hits are asked for."""
    stage, env, bob = conduct.stage, conduct.env, conduct.stage.member
    handmade, held = stage.bot.get_cog("Carrying").handmade, []
    found = hit(stage, bob, TIMEOUT, message_id="123456")

    def later(what):
        async def keep(*args):
            held.append(lambda: what(*args))

        return keep

    with monkeypatch.context() as patch:
        patch.setattr(handmade.automod, "heard", later(handmade.automod.heard))
        patch.setattr(handmade, "record", later(handmade.record))
        async with env._acting("automod") as world:
            time_out(world, stage, bob, minutes=10)
            world.emit("AUTO_MODERATION_ACTION_EXECUTION", found)
            log_timeout(world, stage, bob)
    began = env.now()
    env.backend.advance_clock(90)
    assert len(held) == 2
    for one in held:
        await conduct.do(one())
    [case] = await timeouts(conduct, bob)
    assert abs(case.created_at - began) < timedelta(seconds=1)
    assert case.until - case.created_at == timedelta(minutes=10)

    await env.pass_time(minutes=2)
    async with env._acting("replay") as world:
        world.emit("AUTO_MODERATION_ACTION_EXECUTION", found)
    assert [one.number for one in await timeouts(conduct, bob)] == [case.number]


async def test_what_automod_set_in_an_outage_never_ends_when_a_later_timeout_by_hand_does(conduct, make_bot):
    stage, env, bob = conduct.stage, conduct.env, conduct.stage.member
    lou = stage.person("lou")
    await rule(stage)
    await env.stop_bot()
    async with env._acting("automod") as world:
        for member, name in ((bob, "Slurs"), (lou, "gone")):
            time_out(world, stage, member, minutes=10)
            log_timeout(world, stage, member, name)
    env.backend.advance_clock(3600)
    for member in (bob, lou):
        await env.time_out(stage.moderator, member, 7 * DAY, reason="by hand")
    env.backend.advance_clock(600)
    await env.restart(make_bot())
    for member in (bob, lou):
        automatic, by_hand = await timeouts(conduct, member)
        assert (automatic.automatic, by_hand.moderator_id) == (True, stage.moderator.id)
        assert abs(automatic.until - automatic.created_at - timedelta(minutes=10)) < timedelta(seconds=1)
        await conduct.do(conduct.cases.ending.void(stage.guild.id, by_hand.number, stage.admin.id, "a mistake"))
    await env.pass_time(minutes=2)
    for member in (bob, lou):
        assert not (await stage.server.fetch_member(member.id)).is_timed_out()


async def test_what_discord_does_not_say_holds_nothing_else_up_and_is_asked_again(conduct, make_bot, logged_errors):
    stage, env = conduct.stage, conduct.env
    lou, kim, tess = stage.person("lou"), stage.person("kim"), stage.person("tess")
    await rule(stage)
    await env.stop_bot()
    async with env._acting("automod") as world:
        log_timeout(world, stage, lou)
        log_timeout(world, stage, kim, "gone")
    env.backend.advance_clock(3600)
    await env.ban(stage.moderator, tess, reason="Raid")
    here = f"/guilds/{stage.guild.id}"
    env.inject_error("GET", f"{here}/audit-logs", status=503)
    env.inject_error("GET", f"{here}/auto-moderation/rules", status=503)
    env.inject_error("GET", f"{here}/members/{kim.id}", status=503)
    await env.restart(make_bot())
    assert await recorded(conduct) == []
    ban = (CaseKind.BAN, tess.id, stage.moderator.id, True, True)
    await env.pass_time(seconds=40)  # the log is there, the rules are not
    assert await recorded(conduct) == [ban]
    await env.pass_time(minutes=5)  # the rules are there; then the member who may still be timed out is asked for too
    found = await recorded(conduct)
    assert found == [ban, (CaseKind.TIMEOUT, lou.id, None, True, False)]
    assert not env.backend.faults, "each was asked"
    assert await stage.bot.timers.stuck(None) == await stage.bot.timers.stuck(stage.guild.id) == []
    assert all(said.startswith("timer conduct:outage:") for said in logged_errors)
    logged_errors.clear()

    # Live, too: the end that Discord did not say at once
    async with env._acting("automod") as world:
        env.inject_error("GET", f"{here}/members/{kim.id}", status=503)
        member = world.get_member(stage.guild.id, kim.id)
        member.timed_out_until = world.iso_after(3600)  # its GUILD_MEMBER_UPDATE is late
        log_timeout(world, stage, kim, "gone")
    assert await timeouts(conduct, kim) == []
    await env.pass_time(seconds=40)
    [case] = await timeouts(conduct, kim)
    assert case.in_force(env.now())
    assert logged_errors == []


async def test_nothing_is_recorded_where_moderation_is_off(conduct):
    stage, env = conduct.stage, conduct.env
    await conduct.change(enabled=False)
    await env.ban(stage.moderator, stage.member)
    assert await recorded(conduct) == []
