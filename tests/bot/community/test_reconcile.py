"""After an outage nothing is lost that Discord still knows, nothing counts twice, and the result says what is unknown.

Promises 4, 5, 6 and 29a where they concern the kernel, with the real bot in the simulated Discord.
"""

import asyncio
import copy
from datetime import timedelta

import discord
import pytest
from sqlalchemy import select

from bot.community import catch_up
from bot.community.models import ActivityDay, ChannelCursor, Counting, Member, Reconciliation
from bot.community.reconcile import Unknown
from bot.community.settings import ActivitySettings
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened
from tests.conftest import NOW


async def stored(bot, model):
    await bot.community.reconcile.idle()
    await bot.community.flush.flush()
    async with bot.db.read() as session:
        return list(await session.scalars(select(model)))


async def messages(bot) -> dict[int, int]:
    found: dict[int, int] = {}
    for row in await stored(bot, ActivityDay):
        found[row.user_id] = found.get(row.user_id, 0) + row.messages
    return {user: number for user, number in found.items() if number}


def history_calls(env) -> list[str]:
    calls = [r.path for r in env.backend.http_requests if r.method == "GET" and r.path.endswith("/messages")]
    return calls + [r.path for r in env.backend.http_requests if "archived" in r.path]


async def say(person, place, count=1):
    for number in range(count):
        await person.send(place, f"message {number}")


def listen(bot):
    found = []

    async def note(event, tx):
        found.append((type(event).__name__, event.user_id))

    for kind in (MemberJoined, MemberLeft, MemberScreened):
        bot.bus.on(kind, note)
    return found


# Messages


@pytest.mark.parametrize("crash", [False, True])
async def test_messages_written_while_the_bot_was_down_are_counted_once(env, stage, make_bot, crash):
    await say(stage.member, stage.general, 3)
    if not crash:
        await env.stop_bot()
    else:
        await stage.bot.community.flush.flush()
    env.backend.connected = False
    await say(stage.member, stage.general, 4)
    await say(stage.moderator, stage.staff, 2)
    await env.restart(make_bot(), crash=True)
    await say(stage.member, stage.general, 1)
    assert await messages(stage.bot) == {stage.member.id: 8, stage.moderator.id: 2}


async def test_what_was_counted_but_not_stored_before_a_crash_is_counted_from_history(env, stage, make_bot):
    await stage.bot.community.flush.flush()
    await say(stage.member, stage.general, 5)
    await env.restart(make_bot(), crash=True)
    assert await messages(stage.bot) == {stage.member.id: 5}


async def test_a_session_that_resumes_loses_nothing_and_asks_for_nothing(env, stage):
    await say(stage.member, stage.general, 1)
    await env.outage()
    await say(stage.member, stage.general, 2)
    await env.reconnect(resumed=True)
    assert await messages(stage.bot) == {stage.member.id: 3}
    assert history_calls(env) == []


async def test_a_session_that_cannot_resume_is_caught_up_with(env, stage):
    await say(stage.member, stage.general, 1)
    await env.outage()
    await say(stage.member, stage.general, 2)
    await env.reconnect(resumed=False)
    await say(stage.member, stage.general, 1)
    assert await messages(stage.bot) == {stage.member.id: 4}


async def test_quiet_channels_cost_no_call(env, stage, make_bot):
    for number in range(5):
        await say(stage.member, stage.guild.create_text_channel(f"room-{number}"))
    await env.stop_bot()
    await say(stage.member, stage.general)
    await env.restart(make_bot(), crash=True)
    assert await messages(stage.bot) == {stage.member.id: 6}
    assert history_calls(env) == [f"/channels/{stage.general.id}/messages"]


async def test_a_long_absence_is_read_page_by_page_without_losing_the_oldest(env, stage, make_bot, monkeypatch):
    monkeypatch.setattr(catch_up, "PAGE", 10)
    await env.stop_bot()
    env.backend.connected = False
    await say(stage.member, stage.general, 47)
    await env.restart(make_bot(), crash=True)
    assert await messages(stage.bot) == {stage.member.id: 47}
    assert len(history_calls(env)) == 5


async def test_threads_also_archived_ones_are_caught_up_with(env, stage, make_bot):
    forum = stage.guild.create_forum_channel("questions")
    known, _ = await env.post(stage.member, forum, "Known", "before")
    await env.stop_bot()
    await env.pass_time(hours=1)
    await say(stage.moderator, known, 2)
    await env.post(stage.member, forum, "New", "meanwhile")
    closed, _ = await env.post(stage.member, forum, "Closed", "meanwhile, and closed")
    await say(stage.moderator, closed, 1)
    await env.edit_thread(closed, archived=True)
    await env.restart(make_bot(), crash=True)
    assert await messages(stage.bot) == {stage.member.id: 3, stage.moderator.id: 3}
    assert {row.channel_id for row in await stored(stage.bot, ActivityDay)} == {forum.id}


async def test_messages_from_before_the_bot_came_never_count(env, make_bot):
    guild = env.create_guild("Old", with_bot=False)
    room = guild.create_text_channel("room")
    ana = guild.add_member(env.create_user("ana"))
    await say(ana, room, 3)
    await env.pass_time(minutes=1)
    await env.invite_bot(guild)
    await say(ana, room, 1)
    await env.restart(make_bot())
    assert await messages(env.bot) == {ana.id: 1}


async def test_what_was_written_while_the_bot_was_not_a_member_never_counts(env, stage, make_bot):
    await say(stage.member, stage.general, 2)
    await env.remove_bot(stage.guild)
    await env.pass_time(hours=1)
    await say(stage.member, stage.general, 4)
    await env.pass_time(hours=1)
    await env.invite_bot(stage.guild)
    await say(stage.member, stage.general, 1)
    await env.restart(make_bot())
    assert await messages(stage.bot) == {stage.member.id: 3}


async def test_a_channel_the_bot_may_not_read_is_left_for_later_and_named(env, stage, make_bot):
    vault = stage.guild.create_text_channel("vault")
    await say(stage.member, vault, 1)
    await env.stop_bot()
    await say(stage.member, vault, 2)
    own_role = next(role for role in stage.guild._guild.roles.values() if role.managed)
    allowed, own_role.permissions = own_role.permissions, discord.Permissions(view_channel=True).value
    everyone = stage.guild._guild.roles[stage.guild.id]
    everyone_allowed, everyone.permissions = everyone.permissions, discord.Permissions(view_channel=True).value
    fresh = make_bot()
    await env.restart(fresh, crash=True)
    [result] = await stored(fresh, Reconciliation)
    assert Unknown.UNREADABLE in result.unknown
    assert history_calls(env) == [], "no call that is known to fail"
    own_role.permissions, everyone.permissions = allowed, everyone_allowed
    await env.restart(make_bot())
    assert await messages(stage.bot) == {stage.member.id: 3}


async def test_channels_that_discord_does_not_give_are_asked_for_again(env, stage, make_bot, monkeypatch):
    monkeypatch.setattr(catch_up, "PAUSE_SECONDS", 0.01)
    await say(stage.moderator, stage.staff, 1)
    await env.stop_bot()
    await say(stage.member, stage.general, 2)
    await say(stage.moderator, stage.staff, 1)
    env.inject_error("GET", f"/channels/{stage.general.id}/messages", status=500, times=7)
    fresh = make_bot()
    await env.restart(fresh, crash=True)
    assert await messages(fresh) == {stage.moderator.id: 2}, "the other channels go on"
    [result] = await stored(fresh, Reconciliation)
    assert Unknown.FAILED in result.unknown
    await env.pass_time(minutes=11)
    assert await messages(fresh) == {stage.member.id: 2, stage.moderator.id: 2}


async def test_a_second_crash_in_the_middle_of_catching_up_loses_nothing(
    env, stage, make_bot, monkeypatch, logged_errors
):
    monkeypatch.setattr(catch_up, "PAGE", 5)
    await say(stage.member, stage.general, 3)
    await env.stop_bot()
    await say(stage.member, stage.general, 23)
    halfway = make_bot()
    apply, pages = halfway.community.counting.apply, []

    def two_pages(*args, **kwargs):
        pages.append(args)
        if len(pages) > 2:
            raise RuntimeError("as far as it came")
        return apply(*args, **kwargs)

    halfway.community.counting.apply = two_pages
    await env.restart(halfway, crash=True)
    await say(stage.member, stage.general, 1)
    await halfway.community.flush.flush()
    logged_errors.clear()
    [cursor] = await stored_now(halfway, ChannelCursor, stage.general.id)
    assert len(cursor.gaps) == 1
    await env.restart(make_bot(), crash=True)
    await say(stage.member, stage.general, 1)
    assert await messages(stage.bot) == {stage.member.id: 28}


async def stored_now(bot, model, channel_id):
    async with bot.db.read() as session:
        return [row for row in await session.scalars(select(model)) if row.channel_id == channel_id]


# Replays (promise 4) and sessions (promise 6)


async def test_a_recorded_stream_of_events_counts_the_same_when_it_comes_twice(env, stage):
    recorded = []
    record = env.backend.subscribers[0]
    env.backend.subscribers.insert(0, lambda event, payload: recorded.append((event, copy.deepcopy(dict(payload)))))
    message = await stage.member.send(stage.general, "hello")
    await say(stage.moderator, stage.general, 150)
    await stage.moderator.react(message, "👍")
    await stage.moderator.react(message, "🎉")
    await stage.moderator.unreact(message, "🎉")
    deleted = await stage.member.send(stage.general, "oops")
    await stage.member.delete(deleted)
    dan = await env.join(stage.guild, "dan")
    await say(dan, stage.general, 2)
    first = await everything(stage.bot)
    env.backend.subscribers.pop(0)
    for event, payload in recorded:
        record(event, payload)
    await env.settle()
    assert await everything(stage.bot) == first
    halves = (recorded[::2], recorded[1::2])  # and once more, out of order
    for event, payload in (*halves[0], *halves[1]):
        if event == "MESSAGE_CREATE":
            record(event, payload)
    await env.settle()
    assert await everything(stage.bot) == first


async def everything(bot):
    activity = {
        (r.user_id, r.channel_id): (r.messages, r.reactions_given, r.reactions_received)
        for r in await stored(bot, ActivityDay)
    }
    members = {r.user_id: (r.joined_at, r.left_at, r.rejoins) for r in await stored(bot, Member)}
    return activity, members


async def test_ready_three_times_and_a_resume_catch_up_once_per_lost_session(env, stage):
    called = []

    async def hook(guild, since):
        called.append((guild.id, since))

    stage.bot.community.reconcile.register(hook)
    await say(stage.member, stage.general, 1)
    await env.outage()
    await say(stage.member, stage.general, 2)
    async with env._acting("three at once"):
        env.backend.connected = True
        env.backend.missed.clear()
        for _ in range(3):
            env._identify_again()
    await env.outage()
    await env.reconnect(resumed=True)
    assert await messages(stage.bot) == {stage.member.id: 3}
    assert called == [(stage.guild.id, NOW)]
    assert len(await stored(stage.bot, Reconciliation)) == 1
    assert len(history_calls(env)) == 1


async def test_live_messages_while_history_is_being_read_count_once(env, stage, make_bot, monkeypatch):
    monkeypatch.setattr(catch_up, "PAGE", 3)
    await env.stop_bot()
    await say(stage.member, stage.general, 10)
    fresh = make_bot()
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def slowly():
        waiting.set()
        await env.external_wait(go_on.wait(), reason="the test writes meanwhile")

    pace = fresh.community.catch_up._pace
    monkeypatch.setattr(pace, "wait", slowly)
    await env.restart(fresh, crash=True)
    assert waiting.is_set()
    await say(stage.member, stage.general, 5)
    await fresh.community.flush.flush()
    [cursor] = await stored_now(fresh, ChannelCursor, stage.general.id)
    assert len(cursor.gaps) == 1, "the first flush stores the gap together with the live counts"
    go_on.set()
    await env.settle()
    assert await messages(fresh) == {stage.member.id: 15}


async def test_a_channel_that_becomes_sensitive_while_its_history_is_read_names_nobody_from_then_on(
    env, stage, make_bot, monkeypatch
):
    await env.stop_bot()
    await say(stage.member, stage.general, 4)
    fresh = make_bot()
    go_on = asyncio.Event()

    async def slowly():
        await env.external_wait(go_on.wait(), reason="the test changes the settings meanwhile")

    monkeypatch.setattr(fresh.community.catch_up._pace, "wait", slowly)
    await env.restart(fresh, crash=True)
    await fresh.guild_settings.change(stage.guild.id, ActivitySettings, by=None, sensitive_channels=(stage.general.id,))
    await env.settle()
    go_on.set()
    await env.settle()
    assert await messages(fresh) == {0: 4}


# Members


async def test_who_came_left_and_passed_the_screening_during_an_outage_is_announced_once(env, stage, make_bot):
    newcomer = await env.join(stage.guild, "newcomer", pending=True)
    leaver = await env.join(stage.guild, "leaver")
    await env.stop_bot()
    late = await env.join(stage.guild, "late")
    await env.leave(leaver)
    await env.set_pending(newcomer, False)
    fresh = make_bot()
    announced = listen(fresh)
    await env.restart(fresh, crash=True)
    await fresh.community.reconcile.idle()
    expected = [("MemberJoined", late.id), ("MemberLeft", leaver.id), ("MemberScreened", newcomer.id)]
    assert sorted(announced) == expected
    announced.clear()
    another = make_bot()
    again = listen(another)
    await env.restart(another)
    await another.community.reconcile.idle()
    assert announced == again == []


async def test_members_of_a_server_the_bot_just_joined_are_no_newcomers(env, stage):
    announced = listen(stage.bot)
    guild = env.create_guild("Other", with_bot=False)
    for name in ("ana", "ben"):
        guild.add_member(env.create_user(name))
    await env.pass_time(minutes=1)
    await env.invite_bot(guild)
    await stage.bot.community.reconcile.idle()
    assert announced == []
    await env.pass_time(minutes=1)
    cleo = await env.join(guild, "cleo")
    assert announced == [("MemberJoined", cleo.id)]


async def test_live_joins_leaves_and_names_are_kept(env, stage):
    announced = listen(stage.bot)
    dan = await env.join(stage.guild, "dan", pending=True)
    await env.set_pending(dan, False)
    await env.leave(dan)
    await env.pass_time(minutes=1)
    assert announced == [("MemberJoined", dan.id), ("MemberScreened", dan.id), ("MemberLeft", dan.id)]
    record = await stage.bot.community.members.get(stage.guild.id, dan.id)
    assert (record.display_name, record.left_at) == ("dan", NOW)


async def test_bots_are_no_members(env, stage):
    await env.join(stage.guild, env.create_user("helper", bot=True))
    assert "helper" not in {row.display_name for row in await stored(stage.bot, Member)}


# The result


async def test_the_result_of_an_outage_is_kept_with_what_nobody_can_know(env, stage, make_bot, caplog):
    await say(stage.member, stage.general, 1)
    await env.stop_bot()
    env.backend.connected = False
    await env.pass_time(hours=2)
    await say(stage.member, stage.general, 2)
    await env.join(stage.guild, "late")
    with caplog.at_level("INFO", "bot.community.reconcile"):
        await env.restart(make_bot(), crash=True)
        [result] = await stored(stage.bot, Reconciliation)
    assert (result.since, result.until) == (NOW, NOW + timedelta(hours=2))
    assert (result.messages, result.joined, result.left, result.calls) == (2, 1, 0, 1)
    assert set(result.unknown) == {Unknown.REACTIONS, Unknown.VOICE, Unknown.DELETIONS}
    assert "caught up since 2026-03-02T09:00:00+00:00: 2 messages" in caplog.text


async def test_an_outage_that_was_not_caught_up_with_still_lasts_at_the_next_start(env, stage, make_bot, logged_errors):
    await say(stage.member, stage.general, 1)
    await env.stop_bot()
    await env.pass_time(hours=1)
    broken = make_bot()

    async def fail(*args, **kwargs):
        raise RuntimeError("no luck")

    broken.community.reconcile._reconcile = fail
    await env.restart(broken, crash=True)
    await say(stage.member, stage.general, 1)
    await broken.community.flush.flush()
    await env.pass_time(hours=1)
    logged_errors.clear()
    await env.restart(make_bot())
    [result] = await stored(stage.bot, Reconciliation)
    assert result.since == NOW


async def test_features_catch_up_too_and_one_that_fails_stops_nobody(env, stage, make_bot, logged_errors):
    called = []

    async def broken(guild, since):
        raise LookupError("a bug in a feature")

    async def sound(guild, since):
        called.append((guild.id, since))

    await say(stage.member, stage.general, 1)
    await env.stop_bot()
    await env.pass_time(hours=1)
    fresh = make_bot()
    fresh.community.reconcile.register(broken)
    fresh.community.reconcile.register(sound)
    await env.restart(fresh, crash=True)
    [result] = await stored(fresh, Reconciliation)
    assert called == [(stage.guild.id, NOW)]
    assert Unknown.FEATURES in result.unknown
    assert len(logged_errors) == 1
    logged_errors.clear()


async def test_until_when_events_were_received_is_known_after_a_kill(env, stage):
    await env.pass_time(minutes=10)
    await say(stage.member, stage.general, 1)
    await env.pass_time(seconds=6)
    [standing] = await stored(stage.bot, Counting)
    assert standing.seen_at == NOW + timedelta(minutes=10, seconds=5)
