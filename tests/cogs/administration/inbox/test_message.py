"""The one message in the staff channel is exact, edited rather than posted again, and never asked for in vain."""

import random

import discord
import pytest

from bot.guilds.sections import Language
from bot.i18n.localizer import I18n
from bot.posts import Posts
from cogs.administration.inbox.notice import fingerprint, notice
from tests.cogs.administration.inbox.conftest import NOTE, QUESTION, REPORT
from tests.conftest import NOW


async def exact(team, channel=None):
    """The message says what the database does, but for the number of its button."""
    shown, expected = team.message(channel).components, await team.expected()
    assert plain(shown) == plain(expected.to_components())


def plain(part):
    """Components without ids, defaults and the number of the message."""
    if isinstance(part, list):
        return [plain(one) for one in part]
    if not isinstance(part, dict):
        return "inbox:open" if str(part).startswith("inbox:open:") else part
    return {key: plain(value) for key, value in part.items() if value and key != "id"}


async def stand(team):
    """Have the message stand, with one item; its id."""
    await team.settings(staff_channel=team.stage.staff.id)
    await team.add("first", subject=team.stage.member.id)
    await exact(team)
    return team.message().id


async def test_it_appears_with_the_first_item_and_not_before(team, stage):
    await team.settings(staff_channel=stage.staff.id)
    assert team.messages() == []
    await team.add("1", subject=stage.member.id)
    assert "**1** thing waits" in team.shown()
    assert "Open the inbox" in team.shown()
    await exact(team)


async def test_it_is_edited_with_every_change_and_stays_when_nothing_waits(team, stage):
    posted = await stand(team)
    await team.calm()
    await team.add("2", REPORT, subject=stage.member.id)
    await exact(team)
    await team.calm()
    await (await team.open_item("2")).click("inbox:act:claim")
    assert f"<@{stage.moderator.id}> takes care of it" in team.shown()
    for source, kind in (("2", REPORT), ("first", QUESTION)):
        await team.calm()
        await team.done(source, kind)
    assert "Nothing waits." in team.shown()
    await exact(team)
    assert team.message().id == posted
    assert len(team.requests("POST")) == 1


async def test_a_crowd_of_changes_is_shown_at_once_and_then_once(team, stage):
    await stand(team)
    await team.calm()
    before = len(team.requests("PATCH"))
    for number in range(30):
        await team.add(str(number), NOTE, text=f"n{number}")
    await team.calm()
    assert "**31** things wait" in team.shown()
    assert "and 23 more" in team.shown()
    assert len(team.requests("PATCH")) - before <= 2
    await team.env.pass_time(hours=3)
    assert len(team.requests("PATCH")) - before <= 2
    await exact(team)


async def test_it_pings_nobody(team, stage):
    await stand(team)
    await team.calm()
    await team.add("2", NOTE, text="@everyone")
    for request in team.requests():
        if request.method in ("POST", "PATCH"):
            assert request.json["allowed_mentions"]["parse"] == []
            assert not request.json["allowed_mentions"].get("users")


async def test_the_urgent_come_first_when_they_become_so_though_nothing_else_happens(team, stage):
    await stand(team)
    await team.add("r", REPORT, subject=stage.member.id)
    await team.calm()
    assert "urgent" not in team.shown()
    await team.env.pass_time(hours=2)
    assert "**1** is urgent" in team.shown()
    assert team.shown().index("A report of") < team.shown().index("waits for an answer")
    await exact(team)


async def test_a_claim_that_expires_is_taken_off_it(team, stage):
    await stand(team)
    await team.add("r", REPORT, subject=stage.member.id)
    await team.calm()
    await (await team.open_item("r")).click("inbox:act:claim")
    await team.calm()
    assert "takes care of it" in team.shown()
    await team.env.pass_time(hours=1)
    assert "takes care of it" not in team.shown()
    await exact(team)


async def test_it_does_not_tell_the_team_which_colleague_is_reported(team, stage):
    await stand(team)
    await team.calm()
    await team.add("r", REPORT, subject=stage.moderator.id)
    assert "A report of somebody of the team" in team.shown()
    assert str(stage.moderator.id) not in team.shown()
    await exact(team)


async def test_a_day_later_nobody_is_on_it_who_had_their_data_erased(team, stage):
    await stand(team)
    assert str(stage.member.id) in team.shown()
    await stage.bot.community.erase(team.guild_id, stage.member.id)
    await team.env.pass_time(days=1, minutes=1)
    assert str(stage.member.id) not in team.shown()
    assert "**somebody waits for an answer**" in team.shown()
    await exact(team)


# Deleted, moved, unset


@pytest.mark.parametrize("bulk", [False, True])
async def test_deleted_it_is_posted_again_while_something_waits(team, stage, bulk):
    posted = await stand(team)
    await team.calm()
    channel = stage.server.get_channel(stage.staff.id)
    message = channel.get_partial_message(posted)
    await (channel.delete_messages([message, discord.Object(1)]) if bulk else message.delete())
    await team.env.settle()
    await team.calm()
    assert team.message().id != posted
    await exact(team)


async def test_deleted_with_an_empty_inbox_it_comes_back_with_the_next_item(team, stage):
    posted = await stand(team)
    await team.done("first")
    await team.calm()
    await stage.server.get_channel(stage.staff.id).get_partial_message(posted).delete()
    await team.calm()
    assert team.messages() == []
    await team.add("2", NOTE, text="x")
    await team.calm()
    await exact(team)


async def test_in_another_channel_it_is_posted_anew_and_the_old_one_goes(team, stage):
    await stand(team)
    await team.calm()
    await team.settings(staff_channel=stage.general.id)
    assert team.messages() == []
    await exact(team, stage.general)
    await team.calm()
    await team.settings(staff_channel=stage.staff.id)
    assert team.messages(stage.general) == []
    await exact(team)


async def test_without_a_staff_channel_it_goes_and_with_one_it_comes_back(team, stage):
    await stand(team)
    await team.calm()
    await team.settings(staff_channel=None)
    assert team.messages() == []
    await team.add("2", NOTE, text="x")
    await team.calm()
    await team.settings(staff_channel=stage.staff.id)
    await exact(team)


async def test_with_a_deleted_channel_it_is_forgotten_and_comes_back_elsewhere(team, stage):
    await stand(team)
    await team.calm()
    await stage.server.get_channel(stage.staff.id).delete()
    await team.env.settle()
    await team.add("2", NOTE, text="x")
    await team.calm()
    await team.settings(staff_channel=stage.general.id)
    await exact(team, stage.general)


async def test_in_another_language_it_is_shown_anew(team, stage):
    await stand(team)
    await team.calm()
    await team.settings(language=Language.FRENCH)
    assert "À traiter par l’équipe" in team.shown()
    assert "**1** élément attend" in team.shown()
    await exact(team)


# Permissions


@pytest.mark.parametrize("denied", ["view_channel", "send_messages", "read_message_history"])
async def test_without_a_permission_nothing_is_asked_and_it_appears_once_it_is_given(team, stage, denied):
    await team.allow(**{denied: False})
    await team.settings(staff_channel=stage.staff.id)
    for number in range(3):
        await team.add(str(number), NOTE, text="x")
        await team.calm()
    assert team.requests() == []
    await team.allow()
    await team.calm()
    await exact(team)


@pytest.mark.parametrize("denied", ["view_channel", "send_messages"])
async def test_a_permission_lost_later_does_no_harm_and_given_back_it_is_exact_again(team, stage, denied):
    posted = await stand(team)
    await team.calm()
    await team.allow(**{denied: False})
    before = len(team.requests())
    await team.add("2", NOTE, text="x")
    await team.calm()
    assert len(team.requests()) - before == (0 if denied == "view_channel" else 1)
    await team.allow()
    await team.calm()
    await exact(team)
    assert team.message().id == posted


async def test_moved_to_a_channel_it_cannot_use_the_old_one_goes_and_nothing_is_asked_there(team, stage):
    await team.settings(staff_channel=stage.general.id)
    await team.add("1", NOTE, text="x")
    await team.calm()
    await team.allow(send_messages=False)
    await team.settings(staff_channel=stage.staff.id)
    await team.calm()
    assert team.messages(stage.general) == []
    assert team.requests() == []


async def test_when_discord_is_down_it_is_made_up_for(team, stage, env, logged_errors):
    await stand(team)
    await team.calm()
    env.inject_error("PATCH", f"/channels/{stage.staff.id}/messages/*", status=503, times=3)
    await team.add("2", NOTE, text="x")
    for _ in range(10):
        await team.env.pass_time(minutes=30)
    assert env.backend.faults == []
    await exact(team)
    logged_errors.clear()


# Restarts


async def test_ready_again_and_again_posts_nothing_again(team, stage, env):
    posted = await stand(team)
    for resumed in (True, False, False):
        await env.outage()
        await env.reconnect(resumed=resumed)
        await team.calm()
    assert team.message().id == posted
    assert len(team.requests("POST")) == 1
    await exact(team)


@pytest.mark.parametrize("crash", [False, True])
async def test_after_a_restart_the_same_message_goes_on(team, stage, env, make_bot, crash):
    posted = await stand(team)
    await team.add("2", REPORT, subject=stage.member.id)
    await env.restart(make_bot(), crash=crash)
    await team.calm()
    await exact(team)
    await team.add("3", NOTE, text="x")
    await team.calm()
    await exact(team)
    assert team.message().id == posted


async def test_deleted_while_the_bot_was_away_it_is_posted_again(team, stage, env, make_bot):
    posted = await stand(team)
    await team.calm()
    await env.stop_bot()
    with env.backend.unseen():
        env.backend.delete_message(stage.staff.id, posted)
    await env.restart(make_bot())
    await team.calm()
    assert team.message().id != posted
    await exact(team)


async def test_posted_and_never_known_it_is_found_and_not_posted_twice(team, stage, env, make_bot, monkeypatch):
    """The process dies between Discord's acceptance and the commit; the next one comes a day later."""
    await team.settings(staff_channel=stage.staff.id)

    with monkeypatch.context() as patched:
        patched.setattr("bot.inbox.message.Messages.shows", lambda *_: _nothing())
        patched.setattr(Posts, "_keep", lambda *_: _nothing())
        await team.add("1", NOTE, text="x")
        assert len(team.messages()) == 1
    await env.restart(make_bot(), crash=True)
    await team.env.pass_time(days=1)
    await team.add("2", NOTE, text="y")
    await team.calm()
    assert len(team.messages()) == 1
    await exact(team)


async def _nothing():
    return None


def test_the_fingerprint_is_the_same_for_the_same_and_differs_for_another():
    t = I18n().for_language("en")
    one, two = (notice(t, [], {}, (), at=NOW, number=1) for _ in range(2))
    assert fingerprint(one) == fingerprint(two)
    assert fingerprint(one) != fingerprint(notice(t, [], {}, (), at=NOW, number=2))


@pytest.mark.parametrize("seed", range(3))
async def test_after_whatever_sequence_and_however_many_restarts_there_is_one_exact_message(
    team, stage, env, make_bot, seed
):
    chance = random.Random(seed)
    people = [stage.moderator.id, stage.admin.id]
    await team.settings(staff_channel=stage.staff.id)
    await team.add("first", subject=stage.member.id)

    async def add():
        kind = chance.choice([QUESTION, REPORT, NOTE])
        text = {"text": "x"} if kind is NOTE else {}
        await team.add(str(chance.randrange(1000)), kind, subject=stage.member.id, **text)

    async def one():
        items = await team.inbox.open_items(team.guild_id)
        return chance.choice(items) if items else None

    async def claim():
        if (item := await one()) and item.holder is None:
            await team.inbox.claim(team.guild_id, item.id, chance.choice(people))

    async def hand_over():
        if item := await one():
            to = chance.choice(people)
            await team.inbox.hand_over(team.guild_id, item.id, to, to, manages=True)

    async def release():
        if (item := await one()) and item.holder is not None:
            await team.inbox.release(team.guild_id, item.id, item.holder)

    async def settle():
        if item := await one():
            await team.done(item.source, item.kind)

    async def delete():
        for message in team.messages():
            await stage.server.get_channel(stage.staff.id).get_partial_message(message.id).delete()
        await env.settle()

    async def wait():
        await env.pass_time(minutes=chance.choice([1, 30, 90]))

    async def restart():
        await env.restart(make_bot(), crash=chance.random() < 0.5)

    steps = [add, add, add, claim, claim, hand_over, release, settle, delete, wait, restart]
    for _ in range(25):
        await chance.choice(steps)()
        await env.settle()
        assert len(team.messages()) <= 1
    await team.add("last", NOTE, text="x")
    await team.calm()
    await exact(team)
