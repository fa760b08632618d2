"""**My availability**, and how what one holds goes back to the team."""

import discord
import pytest

from bot.inbox.rules import Presence
from tests.conftest import NOW


def kept(team, person=None):
    return team.inbox.people.of(team.guild_id, (person or team.stage.moderator).id)


def presence(team):
    return team.inbox.people.presence(team.guild_id, team.stage.moderator.id, team.env.now())


async def test_quiet_hours_are_set_seen_and_cleared(team):
    panel = await team.hours()
    assert "no quiet hours" in panel.text
    await panel.fill("inbox:me:quiet", **{"from": ["8"], "to": ["10"]})
    assert "from 08:00 to 10:00, every day" in panel.text
    assert "They are on now." in panel.text
    assert presence(team) is Presence.QUIET
    await panel.click("inbox:me:loud")
    assert "no quiet hours" in panel.text
    assert presence(team) is Presence.FREE


async def test_one_s_own_time_zone_counts_and_a_wrong_one_is_refused(team):
    panel = await team.hours()
    await panel.fill("inbox:me:quiet", **{"from": ["17"], "to": ["19"], "zone": "Asia/Tokyo"})
    assert "Time zone: Asia/Tokyo" in panel.text
    assert presence(team) is Presence.QUIET
    shown = await panel.click("inbox:me:quiet")
    result = await panel.person.submit_modal(shown, {"from": ["17"], "to": ["19"], "zone": "Tokyo"})
    assert "There is no such time zone." in result.response.content
    assert kept(team).zone == "Asia/Tokyo"


async def test_hours_that_end_when_they_begin_are_refused(team):
    panel = await team.hours()
    shown = await panel.click("inbox:me:quiet")
    result = await panel.person.submit_modal(shown, {"from": ["8"], "to": ["8"]})
    assert "need an end that differs" in result.response.content
    assert kept(team).quiet is None


@pytest.mark.parametrize(("first", "last"), [("2026-03-04", "2026-03-09"), ("4/3", "9/3"), ("04.03.2026", "9.3.")])
async def test_a_holiday_is_set_as_people_write_days_and_taken_back(team, first, last):
    panel = await team.hours()
    await panel.fill("inbox:me:holiday", first=first, last=last)
    assert "from March 4, 2026 to March 9, 2026" in panel.text
    await panel.click("inbox:me:home")
    assert kept(team).holiday is None
    assert "no holiday planned" in panel.text


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("tomorrow", "9/3", "Write a day like"),
        ("31/2", "9/3", "Write a day like"),
        ("2026-03-09", "2026-03-04", "The last day comes before the first"),
        ("2026-02-01", "2026-02-02", "is past"),
        ("2026-03-04", "2028-03-04", "more than a year away"),
    ],
)
async def test_an_impossible_holiday_is_refused_with_what_to_do(team, first, last, told):
    panel = await team.hours()
    shown = await panel.click("inbox:me:holiday")
    result = await panel.person.submit_modal(shown, {"first": first, "last": last})
    assert told in result.response.content
    assert kept(team).holiday is None


async def test_a_form_opened_before_a_restart_is_answered_after_it(team, env, make_bot):
    panel = await team.hours()
    shown = await panel.click("inbox:me:holiday")
    await env.restart(make_bot(), crash=True)
    await panel.person.submit_modal(shown, {"first": "2026-03-04", "last": "2026-03-09"})
    assert kept(team).holiday is not None


async def test_the_forms_begin_with_what_is_kept(team):
    panel = await team.hours()
    await panel.fill("inbox:me:quiet", **{"from": ["8"], "to": ["10"], "zone": "Asia/Tokyo"})
    await panel.fill("inbox:me:holiday", first="4/3", last="9/3")
    assert "Asia/Tokyo" in str((await panel.click("inbox:me:quiet")).modal)
    assert "2026-03-09" in str((await panel.click("inbox:me:holiday")).modal)


# What one holds goes back


async def hold(team):
    """The moderator takes care of an item."""
    await team.add()
    await (await team.open_item()).click("inbox:act:claim")
    assert await team.holder() == team.stage.moderator.id


async def test_a_holiday_gives_it_back_and_refuses_new_claims_with_the_way_out(team):
    await hold(team)
    panel = await team.hours()
    await panel.fill("inbox:me:holiday", first="2026-03-02", last="2026-03-03")
    assert "You are on holiday now." in panel.text
    assert await team.holder() is None
    item = await team.open_item()
    await item.click("inbox:act:claim")
    assert "Your holiday lasts until" in item.text
    assert await team.holder() is None
    panel = await team.hours()
    await panel.click("inbox:me:home")
    await item.click("inbox:act:claim")
    assert await team.holder() == team.stage.moderator.id


async def test_who_is_away_is_not_offered_an_item_and_quiet_hours_are_said(team, stage):
    await team.add()
    panel = await team.hours(stage.admin)
    await panel.fill("inbox:me:quiet", **{"from": ["8"], "to": ["10"]})
    assert "in quiet hours" in str((await team.open_item()).message.components)
    await panel.fill("inbox:me:holiday", first="2026-03-02", last="2026-03-03")
    assert "'ada'" not in str((await team.open_item()).message.components)


async def test_losing_the_role_gives_it_back(team, stage, env):
    await hold(team)
    await stage.server.get_member(stage.moderator.id).remove_roles(discord.Object(stage.team.id))
    await env.settle()
    assert await team.holder() is None


async def test_leaving_the_server_gives_it_back(team, stage, env):
    await hold(team)
    await env.leave(stage.moderator)
    assert await team.holder() is None


async def test_a_role_that_is_no_longer_the_team_s_gives_it_back(team, stage):
    await hold(team)
    await team.settings(staff_roles=())
    assert await team.holder() is None


async def test_a_deleted_role_gives_it_back(team, stage, env):
    await hold(team)
    await stage.server.get_role(stage.team.id).delete()
    await env.settle()
    assert await team.holder() is None


@pytest.mark.parametrize("how", ["left", "role"])
async def test_what_happened_while_the_bot_was_away_is_noticed_at_its_start(team, stage, env, make_bot, how):
    await hold(team)
    await env.stop_bot()
    with env.backend.unseen():
        if how == "left":
            env.backend.remove_member(team.guild_id, stage.moderator.id)
        else:
            env.backend.remove_member_role(team.guild_id, stage.moderator.id, stage.team.id)
    await env.restart(make_bot())
    await env.settle()
    assert await team.holder() is None


async def test_another_role_s_coming_and_going_changes_nothing(team, stage, env):
    await hold(team)
    role = stage.guild.create_role("Colour", permissions=discord.Permissions.none())
    await env.settle()
    member = stage.server.get_member(stage.moderator.id)
    await member.add_roles(discord.Object(role.id))
    await member.remove_roles(discord.Object(role.id))
    await env.settle()
    assert await team.holder() == stage.moderator.id


# What keeps failing


async def test_a_promise_that_keeps_failing_is_shown_to_the_team_until_it_is_kept(team, stage, env, logged_errors):
    fails = [True]

    async def handler(_timer):
        if fails:
            raise ConnectionError

    timers = stage.bot.timers
    timers.handle("weekly_digest", handler)
    await team.settings(staff_channel=stage.staff.id)
    await stage.bot.db.transaction(
        lambda tx: timers.schedule(tx, kind="weekly_digest", key="d", due_at=NOW, guild_id=team.guild_id, payload={})
    )
    await env.pass_time(hours=1)
    assert "“weekly\\_digest” keeps failing" in team.shown()
    panel = await team.open()
    await panel.click("inbox:go:i:")
    assert "I go on trying by myself" in panel.text
    fails.clear()
    await env.pass_time(hours=2)
    assert "Nothing waits." in team.shown()
    logged_errors.clear()
