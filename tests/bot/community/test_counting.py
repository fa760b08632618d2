"""What people do in the simulated Discord, and what the real bot has counted of it."""

from datetime import date, timedelta

import pytest
from simcord.enums import MessageType
from sqlalchemy import select

from bot.community.models import ActivityDay, Member
from bot.community.settings import ActivitySettings
from bot.guilds.sections import CommunitySettings
from tests.conftest import NOW

TODAY = NOW.date()


async def rows(bot) -> list[ActivityDay]:
    await bot.community.flush.flush()
    async with bot.db.read() as session:
        return list(await session.scalars(select(ActivityDay).order_by(ActivityDay.day, ActivityDay.user_id)))


async def messages(bot) -> dict[int, int]:
    """Member → messages."""
    found: dict[int, int] = {}
    for row in await rows(bot):
        found[row.user_id] = found.get(row.user_id, 0) + row.messages
    return {user: number for user, number in found.items() if number}


async def test_a_message_is_counted_for_its_author_day_channel_and_hour(env, stage):
    await stage.member.send(stage.general, "hello")
    await stage.member.send(stage.general, "again")
    [row] = await rows(stage.bot)
    assert (row.guild_id, row.day, row.user_id, row.channel_id) == (
        stage.guild.id,
        TODAY,
        stage.member.id,
        stage.general.id,
    )
    assert (row.messages, row.hours) == (2, 1 << 9)


async def test_counts_are_stored_by_themselves_within_seconds(env, stage):
    await stage.member.send(stage.general, "hello")
    await env.pass_time(seconds=6)
    assert (await stage.bot.community.activity.totals(stage.guild.id, stage.member.id)).messages == 1
    assert (await stage.bot.community.members.get(stage.guild.id, stage.member.id)).last_active_at == NOW


async def test_an_idle_bot_wakes_for_nothing(env, stage):
    await stage.member.send(stage.general, "hello")
    await env.pass_time(seconds=15)
    assert not stage.bot.community.flush._pulse._loop.is_running()


async def test_bots_webhooks_and_system_messages_never_count(env, stage):
    other_bot = stage.guild.add_member(env.create_user("helper", bot=True))
    webhook = stage.guild.create_webhook(stage.general, "news")
    await other_bot.send(stage.general, "beep")
    await env.settle()
    await webhook.send("from a webhook")
    stage.guild.create_system_message(stage.general, MessageType.NEW_MEMBER, author=stage.member)
    await env.settle()
    assert await messages(stage.bot) == {}


async def test_excluded_channels_categories_and_roles_never_count_and_others_go_on(env, stage):
    games = stage.guild.create_category("games")
    chess = stage.guild.create_text_channel("chess", category=games)
    spam = stage.guild.create_text_channel("spam")
    muted = stage.guild.create_role("uncounted")
    quiet = stage.person("quiet", muted)
    await stage.bot.guild_settings.change(
        stage.guild.id,
        ActivitySettings,
        by=None,
        excluded_channels=(games.id, spam.id),
        excluded_roles=(muted.id,),
    )
    await env.settle()
    for person, place in ((stage.member, chess), (stage.member, spam), (quiet, stage.general)):
        await person.send(place, "hello")
    await stage.member.send(stage.general, "hello")
    assert await messages(stage.bot) == {stage.member.id: 1}


async def test_a_change_of_the_settings_counts_from_then_on_only(env, stage):
    async def exclude(*channels):
        await stage.bot.guild_settings.change(stage.guild.id, ActivitySettings, by=None, excluded_channels=channels)
        await env.settle()

    await stage.member.send(stage.general, "counted")
    await exclude(stage.general.id)
    await stage.member.send(stage.general, "not counted")
    await exclude()
    await stage.member.send(stage.general, "counted")
    assert await messages(stage.bot) == {stage.member.id: 2}


async def test_sensitive_channels_and_members_who_opted_out_are_counted_without_a_name(env, stage):
    await stage.bot.guild_settings.change(
        stage.guild.id, ActivitySettings, by=None, sensitive_channels=(stage.staff.id,)
    )
    await env.settle()
    await stage.moderator.send(stage.staff, "about a case")
    await stage.bot.community.count_anonymously(stage.guild.id, stage.member.id, True)
    await stage.member.send(stage.general, "hello")
    assert await messages(stage.bot) == {0: 2}
    assert (await stage.bot.community.members.get(stage.guild.id, stage.member.id)).last_active_at is None
    assert await stage.bot.community.facts.of(stage.guild.id, stage.member.id, "active_day") == []


async def test_the_choice_to_be_counted_without_a_name_survives_a_restart_and_can_be_taken_back(env, stage, make_bot):
    await stage.bot.community.count_anonymously(stage.guild.id, stage.member.id, True)
    await env.restart(make_bot())
    await stage.member.send(stage.general, "hello")
    await stage.bot.community.count_anonymously(stage.guild.id, stage.member.id, False)
    await stage.member.send(stage.general, "hello")
    assert await messages(stage.bot) == {0: 1, stage.member.id: 1}


async def test_a_thread_counts_for_its_channel(env, stage):
    forum = stage.guild.create_forum_channel("questions")
    thread, _ = await env.post(stage.member, forum, "How?", "I wonder.")
    await stage.moderator.send(thread, "Like this.")
    found = await rows(stage.bot)
    assert {(row.user_id, row.channel_id, row.messages) for row in found} == {
        (stage.member.id, forum.id, 1),
        (stage.moderator.id, forum.id, 1),
    }
    history = [r for r in env.backend.http_requests if r.method == "GET" and r.path.endswith("/messages")]
    assert history == [], "a new thread has no history to catch up with"


@pytest.mark.parametrize(("after", "left"), [(timedelta(minutes=9), {}), (timedelta(minutes=11), 1)])
async def test_a_message_deleted_within_ten_minutes_is_uncounted(env, stage, after, left):
    message = await stage.member.send(stage.general, "oops")
    await env.pass_time(seconds=after.total_seconds())
    await stage.member.delete(message)
    assert await messages(stage.bot) == ({stage.member.id: left} if left else {})


async def test_the_local_day_and_hour_follow_the_time_zone_of_the_server(env, stage):
    await stage.bot.guild_settings.change(stage.guild.id, CommunitySettings, by=None, time_zone="Asia/Tokyo")
    await env.pass_time(hours=15, minutes=30)
    await stage.member.send(stage.general, "half past nine on the next morning in Tokyo")
    [row] = await rows(stage.bot)
    assert (row.day, row.hours) == (TODAY + timedelta(days=1), 1 << 9)


async def test_a_change_of_time_zone_waits_for_midnight_also_across_a_restart(env, stage, make_bot):
    await stage.bot.guild_settings.change(stage.guild.id, CommunitySettings, by=None, time_zone="Asia/Tokyo")
    await env.restart(make_bot())
    await env.pass_time(hours=14)
    await stage.member.send(stage.general, "23:00 in UTC, which is still in force")
    assert [(row.day, row.hours) for row in await rows(stage.bot)] == [(date(2026, 3, 2), 1 << 23)]


# Reactions


async def test_a_reaction_is_counted_for_both_sides(env, stage):
    message = await stage.member.send(stage.general, "hello")
    await stage.moderator.react(message, "👍")
    found = {row.user_id: row for row in await rows(stage.bot)}
    assert (found[stage.moderator.id].reactions_given, found[stage.moderator.id].reactions_received) == (1, 0)
    assert (found[stage.member.id].reactions_given, found[stage.member.id].reactions_received) == (0, 1)


async def test_a_reaction_taken_back_or_given_to_oneself_does_not_count(env, stage):
    message = await stage.member.send(stage.general, "hello")
    await stage.member.react(message, "👍")
    for _ in range(3):
        await stage.moderator.react(message, "👍")
        await stage.moderator.unreact(message, "👍")
    totals = await totals_of_all(stage)
    assert (totals.reactions_given, totals.reactions_received) == (0, 0)


async def test_a_reaction_to_a_bot_is_given_but_received_by_nobody(env, stage):
    bot_member = stage.guild.add_member(env.create_user("helper", bot=True))
    message = await bot_member.send(stage.general, "beep")
    await stage.member.react(message, "👍")
    totals = await totals_of_all(stage)
    assert (totals.reactions_given, totals.reactions_received) == (1, 0)


async def totals_of_all(stage):
    await stage.bot.community.flush.flush()
    return await stage.bot.community.activity.totals(stage.guild.id)


# Voice


async def voice_minutes(bot) -> dict[tuple[int, date], int]:
    return {(row.user_id, row.day): row.voice_minutes for row in await rows(bot) if row.voice_minutes}


async def test_minutes_in_voice_are_counted_when_they_end_and_now_and_then(env, stage):
    lounge = stage.guild.create_voice_channel("lounge")
    await stage.member.join_voice(lounge)
    await env.pass_time(minutes=11)
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 10}
    await stage.member.leave_voice()
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 11}
    await env.pass_time(minutes=30)
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 11}
    [fact] = await stage.bot.community.facts.of(stage.guild.id, stage.member.id, "active_day")
    assert fact.source == "day:2026-03-02"


async def test_deafened_members_and_bots_do_not_count_and_a_mute_changes_nothing(env, stage):
    lounge = stage.guild.create_voice_channel("lounge")
    other_bot = stage.guild.add_member(env.create_user("music", bot=True))
    await other_bot.join_voice(lounge)
    await stage.member.join_voice(lounge, self_deaf=True)
    await stage.moderator.join_voice(lounge)
    await env.pass_time(minutes=5)
    await stage.moderator.set_voice(self_mute=True)
    await env.pass_time(minutes=5)
    await stage.member.set_voice(self_deaf=False)
    await env.pass_time(minutes=4)
    for person in (stage.member, stage.moderator):
        await person.leave_voice()
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 4, (stage.moderator.id, TODAY): 14}


async def test_a_night_in_voice_is_split_over_its_days(env, stage):
    lounge = stage.guild.create_voice_channel("lounge")
    await env.pass_time(hours=14, minutes=30)
    await stage.member.join_voice(lounge)
    await env.pass_time(hours=1)
    await stage.member.leave_voice()
    assert await voice_minutes(stage.bot) == {
        (stage.member.id, TODAY): 30,
        (stage.member.id, TODAY + timedelta(days=1)): 30,
    }


async def test_those_in_voice_when_the_bot_starts_count_from_then_on(env, stage, make_bot):
    lounge = stage.guild.create_voice_channel("lounge")
    await stage.member.join_voice(lounge)
    await env.pass_time(minutes=7)
    await env.restart(make_bot())
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 7}
    await env.pass_time(minutes=3)
    await stage.member.leave_voice()
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 10}


async def test_a_voice_channel_that_is_excluded_stops_counting_at_once(env, stage):
    lounge = stage.guild.create_voice_channel("lounge")
    await stage.member.join_voice(lounge)
    await env.pass_time(minutes=3)
    await stage.bot.guild_settings.change(stage.guild.id, ActivitySettings, by=None, excluded_channels=(lounge.id,))
    await env.pass_time(minutes=30)
    await stage.member.leave_voice()
    assert await voice_minutes(stage.bot) == {(stage.member.id, TODAY): 3}


async def test_a_language_is_remembered_from_a_members_commands_in_private_messages_too(env, stage):
    env.set_locale(stage.admin, "fr")
    await stage.admin.slash(stage.general, "settings")
    async with stage.bot.db.read() as session:
        member = await session.get(Member, (stage.guild.id, stage.admin.id))
    assert member.locale == "fr"
    env.set_locale(stage.admin, "en-GB")
    await stage.admin.user.slash("privacy")
    async with stage.bot.db.read() as session:
        member = await session.get(Member, (stage.guild.id, stage.admin.id))
    assert member.locale == "en-GB"
