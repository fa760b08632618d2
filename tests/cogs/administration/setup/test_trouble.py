"""What goes wrong while a set-up is applied: nothing is made twice, nothing is half done without a word."""

import discord
import pytest
from sqlalchemy import update

from bot.timers.models import Timer
from cogs.administration.setup import plan as planning
from cogs.administration.setup.applying import Applying
from cogs.administration.setup.operations import State
from cogs.administration.setup.plan import CHANNELS
from cogs.administration.setup.runs import Runs

DEADLY_TO_UNDO = "welcome.member_role", "welcome.panel_channel"


class Crash(Exception):
    """The process dies here."""


def die_once_for_each(monkeypatch):
    """What was asked of Discord is done, and the process dies before the database has it: once for each operation."""
    record, died = Runs.record, set()

    async def dying(self, run, *operations):
        for one in operations:
            deadly = one.state is State.DONE and (not one.undone or one.key in DEADLY_TO_UNDO)
            if deadly and (one.key, one.undone) not in died:
                died.add((one.key, one.undone))
                raise Crash
        return await record(self, run, *operations)

    monkeypatch.setattr(Runs, "record", dying)


async def reborn(builder, env, make_bot):
    """The next process, which takes the promise up at once."""

    async def hurry(tx):
        await tx.session.execute(update(Timer).values(next_at=env.now()))

    await builder.bot.db.transaction(hurry)
    await env.restart(make_bot(), crash=True)
    await builder.settled()


async def test_a_process_that_dies_after_every_request_makes_nothing_twice(
    builder, second, env, make_bot, monkeypatch, logged_errors
):
    await builder.quick()
    die_once_for_each(monkeypatch)
    deaths = 0
    await builder.apply()
    while builder.run.busy:
        deaths += 1
        assert deaths < 20
        if deaths == 1:
            await second.open()
            assert f"<@{builder.person.id}> pressed the button" in second.text
            assert "setup:apply" not in str(second.ids())
        await reborn(builder, env, make_bot)
    logged_errors.clear()
    assert deaths == len(builder.run.operations)
    assert builder.channels() == ["general", "staff", "team", "moderation-log", "start-here", "introductions"]
    assert builder.roles().count("Member") == 1
    assert len(builder.world.messages[builder.value("welcome").panel_channel]) == 1
    assert [one.state for one in builder.run.operations if one.state is not State.DONE] == []
    changes = await builder.bot.guild_settings.history(builder.stage.guild.id)
    assert len({one.section for one in changes}) == len(changes), "a section was changed twice"
    # The undo survives the same deaths. Another process finds the page where it was.
    await second.open()
    for page in ("review", "run", "undo"):
        if f"setup:go:{page}" in second.ids():
            await second.go(page)
    await second.click("setup:undo:")
    for _ in range(20):
        if not builder.run.busy:
            break
        await reborn(builder, env, make_bot)
    logged_errors.clear()
    assert builder.channels() == ["general", "staff"]
    assert "Member" not in builder.roles()
    assert builder.dangling() == []


@pytest.fixture
def between(monkeypatch):
    """Something that happens once, right after the operation with this key was noted as done."""
    happening = {}
    tell = Applying._tell

    async def telling(self, run):
        for one in run.operations:
            if one.over and one.key in happening:
                await happening.pop(one.key)()
        await tell(self, run)

    monkeypatch.setattr(Applying, "_tell", telling)
    return happening


async def test_a_channel_deleted_while_it_is_applied_is_said_and_everything_else_is_done(builder, between):
    async def delete():
        builder.world.delete_channel(builder.channel_named("introductions").id)

    await builder.quick()
    between["welcome.introductions_channel"] = delete
    await builder.apply()
    assert "introductions was created and has been deleted since" in builder.text
    assert builder.value("welcome").enabled
    assert builder.value("welcome").introductions_channel is None
    assert builder.dangling() == []
    await builder.go("review")
    await builder.apply()
    assert builder.value("welcome").introductions_channel == builder.channel_named("introductions").id
    assert "Your server is set up" in builder.text


async def test_whoever_stops_managing_the_server_midway_stops_the_run_and_somebody_else_takes_it_back(
    builder, second, between
):
    await second.quick()
    between["welcome.panel_channel"] = second.dismiss_now
    await second.apply()
    assert "no longer manages this server" in second.text
    assert not builder.value("welcome").enabled
    assert "start-here" in builder.channels()
    assert "introductions" not in builder.channels()
    await builder.open()
    await builder.go("run")
    await builder.go("undo")
    await builder.click("setup:undo:")
    await builder.settled()
    assert builder.channels() == ["general", "staff"]


async def test_undo_keeps_what_somebody_used_or_changed_and_says_so(builder):
    await builder.quick()
    await builder.apply()
    (talk,) = [one for one in builder.stage.server.channels if one.name == "introductions"]
    role = next(one for one in builder.stage.server.roles if one.name == "Member")
    async with builder.env._acting("talk") as world:
        world.commit_message(world.prepare_message(talk.id, builder.stage.member.id, "hello"))
        world.add_member_role(builder.stage.guild.id, builder.stage.member.id, role.id)
    await builder.bot.guild_settings.change(
        builder.stage.guild.id, type(builder.value()), by=builder.person.id, objective="product"
    )
    await builder.settled()
    await builder.go("undo")
    await builder.click("setup:undo:")
    await builder.settled()
    for says in ("introductions has been used since", "Member has been used since", "Objective was changed since"):
        assert says in builder.text
    assert builder.channels() == ["general", "staff", "introductions"]
    assert builder.value().objective == "product"
    assert not builder.value("welcome").enabled
    assert builder.dangling() == []


async def test_roles_above_ones_own_the_bots_or_with_power_are_refused_in_the_review_and_when_applied(builder, env):
    """Promises 17 and 18, also when the role moves or gains power after the review."""
    guild = builder.stage.guild
    own = [role.id for role in builder.stage.server.get_member(builder.person.id).roles]
    above = builder.stage.team
    harmless = guild.create_role("Harmless")
    mighty = guild.create_role("Mighty", permissions=discord.Permissions(ban_members=True))
    await env.settle()
    assert above.id in own
    await builder.quick()
    for page in ("portrait", "capabilities", "of.welcome"):
        await builder.go(page)
    await builder.select("setup:role:welcome.member_role", [mighty])
    await builder.click("setup:go:capabilities")
    for page in ("portrait", "review"):
        await builder.go(page)
    assert "gives power over others" in builder.text
    for page in ("portrait", "capabilities", "team"):
        await builder.go(page)
    await builder.select("setup:role:community.staff_roles", [above])
    await builder.go("review")
    assert "as high as your own highest role" in builder.text
    for page in ("portrait", "capabilities", "of.welcome"):
        await builder.go(page)
    await builder.select("setup:role:welcome.member_role", [harmless])
    for page in ("capabilities", "portrait", "review"):
        await builder.go(page)
    assert "gives power over others" not in builder.text
    async with env._acting("role") as world:
        world.edit_role(guild.id, harmless.id, {"permissions": discord.Permissions(kick_members=True).value})
    await builder.apply()
    assert "gives power over others" in builder.text
    assert "as high as your own highest role" in builder.text
    assert builder.value("welcome").member_role is None
    assert builder.value().staff_roles == ()
    assert builder.value("welcome").enabled
    async with env._acting("role") as world:
        world.edit_role(guild.id, harmless.id, {"permissions": 0, "position": 50})
    await builder.go("review")
    assert "or I cannot hand them out" in builder.text
    await builder.apply()
    assert builder.value("welcome").member_role is None


async def test_what_discord_or_the_model_refuses_is_said_with_what_to_do_and_the_rest_is_done(
    builder, env, monkeypatch
):
    await builder.quick()
    path = f"/guilds/{builder.stage.guild.id}"
    env.inject_error(
        "POST", f"{path}/roles", status=400, code=30005, message="Maximum number of guild roles reached (250)"
    )
    full = {"status": 400, "code": 30013, "message": "Maximum number of channels reached"}
    env.inject_error("POST", f"{path}/channels", **full, times=2)
    env.inject_error("POST", f"{path}/channels", status=400, code=50035, message="Invalid Form Body")
    await builder.setup.drafts.change(builder.stage.guild.id, 1, lambda answers: {**answers, "time_zone": "Mars/Base"})
    await builder.open()
    assert "There is no such time zone" in builder.text
    await builder.apply()
    for says in ("as many roles as Discord allows", "as many channels as", "Discord refused it", "no such time zone"):
        assert says in builder.text
    assert builder.channels() == ["general", "staff", "introductions"]
    assert (builder.value().objective, builder.value().time_zone) == ("support", "UTC")
    assert builder.dangling() == []
    # A server that is full is not asked: the request could only fail.
    monkeypatch.setattr(planning, "CHANNELS", 3)
    monkeypatch.setattr(planning, "ROLES", 3)
    asked = len(env.backend.http_requests)
    builder.stage.server.mfa_level = discord.MFALevel.require_2fa
    await builder.go("review")
    assert "as many channels as Discord allows" in builder.text
    await builder.apply()
    posts = [one for one in env.backend.http_requests[asked:] if one.method == "POST" and one.path.startswith(path)]
    assert posts == []
    assert CHANNELS == 500


async def test_when_discord_is_down_the_run_waits_and_goes_on(builder, env, logged_errors):
    await builder.quick()
    env.inject_error("POST", "/guilds/*/channels", status=503, times=2)
    await builder.apply()
    assert builder.run.busy
    await env.pass_time(seconds=150)
    await builder.settled()
    logged_errors.clear()
    assert not builder.run.busy
    assert builder.channels() == ["general", "staff", "team", "moderation-log", "start-here", "introductions"]


async def test_a_server_that_demands_two_factor_authentication_is_told_whose(builder):
    async with builder.powers() as give:
        give(manage_channels=False)
    builder.stage.server.mfa_level = discord.MFALevel.require_2fa
    await builder.quick()
    assert "Whoever owns me must have it too" in builder.text
    assert "Manage Channels" in builder.text
