"""Promises 27 and 28 with the real bot: what is in memory is erased too, and no table ever holds what people write."""

import pytest
from simcord.enums import MessageType

from bot.contracts.events import ActivityCounted, MemberJoined
from tests.bot.privacy.rows import everything

CANARY = "xylophone-4711"


async def cells_with(db, text) -> list[tuple[str, str]]:
    return [(table, column) for table, column, value in await everything(db) if str(text) in value]


async def be_active(env, stage):
    """Everything the kernel takes note of."""
    lounge = stage.guild.create_voice_channel("lounge")
    message = await stage.member.send(stage.general, "hello")
    await stage.moderator.react(message, "👍")
    await stage.member.join_voice(lounge)
    await env.pass_time(minutes=3)


async def test_what_was_just_counted_is_part_of_the_export(env, stage):
    await be_active(env, stage)
    await stage.member.send(stage.general, "a second ago")
    export = await stage.bot.community.export(stage.guild.id, stage.member.id)
    [day] = export["about_you"]["activity_day"]
    assert (day["messages"], day["reactions_received"]) == (2, 1)
    assert set(export["about_you"]) == {"member", "activity_day", "contribution"}


async def test_nothing_of_an_erased_member_comes_back_from_memory(env, stage):
    await be_active(env, stage)
    reacted = await stage.moderator.send(stage.general, "hello")
    await stage.member.react(reacted, "👍")
    last = await stage.member.send(stage.general, "a second ago")
    await stage.member.leave_voice()
    erased = await stage.bot.community.erase(stage.guild.id, stage.member.id)
    assert erased.deleted["activity_day"] >= 1
    assert await cells_with(stage.bot.db, stage.member.id) == []
    await stage.member.delete(last)
    await stage.member.unreact(reacted, "👍")
    await env.pass_time(minutes=2)
    await stage.bot.community.flush.flush()
    assert await cells_with(stage.bot.db, stage.member.id) == []


async def test_an_erased_member_who_stays_counts_again_and_is_welcomed_by_nobody(env, stage, make_bot):
    await be_active(env, stage)
    await stage.bot.community.erase(stage.guild.id, stage.member.id)
    joined = []
    fresh = make_bot()

    async def note(event, tx):
        joined.append(event.user_id)

    fresh.bus.on(MemberJoined, note)
    await env.restart(fresh)
    await stage.member.send(stage.general, "still here")
    await fresh.community.flush.flush()
    assert joined == []
    assert (await fresh.community.activity.totals(stage.guild.id, stage.member.id)).messages == 1
    [fact] = await fresh.community.facts.of(stage.guild.id, stage.member.id, "active_day")
    assert fact.source == "day:2026-03-02"


@pytest.fixture
def broken_feature(stage, logged_errors):
    """A feature whose error message quotes what somebody wrote."""

    async def fail(counted, tx):
        raise LookupError(CANARY)

    stage.bot.bus.on(ActivityCounted, fail)
    yield
    logged_errors.clear()


async def test_what_people_write_is_in_no_column_whatever_happens_to_it(env, stage, make_bot):
    forum = stage.guild.create_forum_channel("questions")
    webhook = stage.guild.create_webhook(stage.general, "news")
    message = await stage.member.send(stage.general, CANARY, attachments=[(f"{CANARY}.txt", b"file")])
    await stage.member.send(stage.general, f"answer {CANARY}", reply_to=message)
    await stage.member.edit(message, f"edited {CANARY}")
    await stage.moderator.react(message, "👍")
    await stage.member.delete(message)
    await webhook.send(CANARY)
    stage.guild.create_system_message(stage.general, MessageType.NEW_MEMBER, author=stage.member)
    thread, _ = await env.post(stage.member, forum, CANARY, CANARY)
    await stage.moderator.send(thread, CANARY)
    await env.edit_thread(thread, name=f"renamed {CANARY}")
    await stage.member.send_dm(CANARY)
    await env.outage()
    await stage.member.send(stage.general, f"unheard {CANARY}")
    await env.reconnect(resumed=False)
    await env.stop_bot()
    await stage.member.send(stage.general, f"missed {CANARY}")
    await env.restart(make_bot(), crash=True)
    await env.leave(stage.moderator)
    await stage.bot.community.reconcile.idle()
    await stage.bot.community.flush.flush()
    assert (await stage.bot.community.activity.totals(stage.guild.id)).messages >= 5, "all of it was counted"
    assert await cells_with(stage.bot.db, CANARY) == []


async def test_an_error_of_a_feature_stores_no_words_either(env, stage, broken_feature):
    await stage.member.send(stage.general, CANARY)
    await stage.bot.community.flush.flush()
    assert ("parked_activity", "error") in await cells_with(stage.bot.db, "LookupError")
    assert await cells_with(stage.bot.db, CANARY) == []
