"""What people do with the welcome, and what they do wrong, through the real bot."""

import asyncio
from unittest.mock import AsyncMock

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.events import MemberJoined, MemberLeft
from bot.errors import UserError
from bot.permissions.channels import MissingInChannel
from bot.permissions.configuration import check_for
from cogs.onboarding.effects import publish_panel
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from cogs.onboarding.views import introduction, post
from tests.cogs.onboarding.conftest import buttons, raw, shown, walk


def refusals(house):
    return [type(refusal).__name__ for refusal in house.env.refusals]


async def arrived(house, name="Nora", **options):
    nora = await house.join(name, **options)
    await nora.open()
    return nora


async def introduced(house, *answers):
    nora = await arrived(house)
    await nora.write(*(answers or ("I repair radios.", "")))
    return nora, house.intros.last_message


async def hello(person, message):
    custom_id = next(one for one in buttons(message).values() if one.startswith("onboarding:hello:"))
    return await person.click(message, custom_id=custom_id)


# The panel


async def test_one_panel_is_posted_from_the_settings_kept_up_to_date_posted_anew_and_moved(house, monkeypatch):
    page = await house.stage.admin.slash(house.stage.general, "settings", section="welcome")
    press = buttons(page.response)["Post the panel"]
    with house.repeated(2):
        await house.stage.admin.click(page.response, custom_id=press)
    (panel,) = house.panel.history()
    assert "Neighbours share tools here." in shown(panel)
    result = await house.stage.admin.click(page.response, custom_id=press)
    assert panel.jump_url in result.followups[-1].content
    await house.change("welcome", purpose_en="Neighbours share evenings here.")
    assert "share evenings" in shown(house.panel.last_message), "it follows the settings"
    with monkeypatch.context() as away:
        away.setattr(discord.http.HTTPClient, "edit_message", AsyncMock(side_effect=aiohttp.ServerDisconnectedError))
        await house.change("welcome", purpose_en="Neighbours share bread here.")
    assert "share evenings" in shown(house.panel.last_message)
    await house.env.pass_time(minutes=1)
    assert "share bread" in shown(house.panel.last_message), "a timer brings it up to date after a lost connection"
    await house.publish()
    assert [message.id for message in house.panel.history()] == [panel.id]

    await house.stage.moderator.delete(house.panel.last_message)
    await house.change("welcome", bilingual=True)
    again = await house.publish()
    assert [message.id for message in house.panel.history()] == [again.id]
    assert again.id != panel.id
    assert "Start · Commencer" in buttons(again)
    assert "ouvre la liste" in shown(again)

    other = house.guild.create_text_channel("door")
    await house.env.settle()
    await house.change("welcome", panel_channel=other.id)
    await house.publish()
    assert house.panel.history() == []
    assert len(other.history()) == 1


async def test_a_panel_where_the_bot_cannot_write_is_refused_and_asks_discord_nothing(house):
    await house.deny(house.panel, "send_messages")
    with pytest.raises(MissingInChannel):
        await publish_panel(house.stage.bot, house.stage.server)
    page = await house.stage.admin.slash(house.stage.general, "settings", section="welcome")
    result = await house.stage.admin.click(page.response, custom_id=buttons(page.response)["Post the panel"])
    assert "Send Messages" in result.followups[-1].content
    assert house.panel.history() == []
    assert house.requests("POST", f"/channels/{house.panel.id}/messages") == []


async def test_where_the_welcome_is_off_or_the_bot_has_left_the_doors_say_so(house):
    panel = await house.publish()
    await house.change("welcome", enabled=False)
    nora = await house.join()
    await nora.start(panel)
    assert "not turned on" in nora.text
    assert "/welcome" not in nora.actor.available_commands(house.stage.general)
    assert house.threads() == []
    await house.env.remove_bot(house.guild)
    await nora.start(panel)
    assert "no longer in that server" in nora.text


# The private welcome


async def test_a_dm_is_sent_where_the_server_wants_one_and_its_button_works_there(house):
    await house.change("welcome", delivery="dm")
    nora = await house.join()
    assert house.threads() == []
    dm = nora.actor.user.dm_channel
    assert "Welcome, nora" in shown(dm.last_message)
    start = next(iter(buttons(dm.last_message).values()))
    result = await nora.actor.user.click(dm.last_message, custom_id=start)
    assert "## Welcome to Agora" in shown(result.response)
    await nora.actor.user.click(result.response, custom_id=buttons(result.response)["Read"])
    await nora.actor.user.click(result.response, custom_id=buttons(result.response)["I accept"])
    assert nora.roles == {house.member_role.id}


async def test_a_closed_dm_falls_back_to_the_thread(house):
    await house.change("welcome", delivery="dm")
    user = house.env.create_user("nora")
    house.env.close_dms(user)
    await house.env.join(house.guild, user)
    assert [thread.name for thread in house.threads()] == ["Welcome, nora"]
    assert house.told() == []


async def test_a_thread_archives_itself_after_an_hour_and_only_the_newcomer_is_added(house):
    nora = await house.join()
    (created,) = house.requests("POST", "/threads")
    assert created.json["auto_archive_duration"] == 60
    assert created.json["type"] == discord.ChannelType.private_thread.value
    added = house.requests("PUT", "/thread-members/")
    assert [request.path.rpartition("/")[2] for request in added] == [str(nora.id)]


async def test_without_the_permission_the_team_is_told_once_and_the_command_still_works(house):
    await house.deny(house.panel, "create_private_threads")
    nora = await house.join("nora")
    await house.join("bela")
    assert house.requests("POST", "/threads") == []
    (notice,) = house.told()
    assert "Create Private Threads" in notice
    assert "/welcome" in notice
    await nora.open()
    assert "Code of conduct" in nora.text
    await house.allow(house.panel)
    assert [thread.name for thread in house.threads()] == ["Welcome, bela"], "nora has found the way"
    await house.env.pass_time(minutes=1)
    await house.deny(house.panel, "create_private_threads")
    await house.join("carl")
    assert len(house.told()) == 2, "it worked in between"


async def test_a_welcome_interrupted_by_a_crash_is_neither_lost_nor_doubled(house, restart):
    house.env.inject_error("POST", "/channels/*/messages", status=503)
    await house.join()
    (thread,) = house.threads()
    assert house.handle(thread).history() == []
    await restart(crash=True)
    (thread,) = house.threads()
    assert len(house.handle(thread).history()) == 1


async def test_who_leaves_halfway_leaves_no_open_thread_and_goes_on_where_they_were(house):
    nora = await arrived(house)
    await nora.press("Read")
    await nora.press("I accept")
    user = nora.actor.user
    await house.env.leave(nora.actor)
    assert house.threads() == []
    await house.leap(days=1)
    nora.actor = await house.env.join(house.guild, user)
    await nora.open()
    assert "1 of 5 done" in nora.text


async def test_a_bot_that_joins_is_not_welcomed(house):
    user = house.env.create_user("robot", bot=True)
    await house.env.join(house.guild, user)
    assert house.threads() == []


# The checklist


async def test_start_pressed_by_somebody_already_done_shows_what_to_do_next(house):
    await house.change("welcome", steps=[{"step": "code", "required": True}], places=[house.stage.general.id])
    panel = await house.publish()
    nora = await arrived(house)
    await nora.press("Read")
    await nora.press("I accept")
    await nora.start(panel)
    assert "All steps are done." in nora.text
    assert house.stage.general.mention in nora.text

    await house.change("community", language="fr")
    assert "## Bienvenue dans Agora" in (await arrived(house, "jan", locale="de")).text, "neither English nor French"
    assert "## Welcome to Agora" in (await arrived(house, "bela", locale="en-US")).text


async def test_a_code_that_changed_is_shown_again_many_clicks_give_one_role_and_a_new_edition_takes_none(house):
    nora = await arrived(house)
    await nora.press("Read")
    await house.publish_code("Be kind to each other, and to yourself.")
    await nora.press("I accept")
    assert "changed while you were reading" in nora.text
    assert "Be kind to each other" in nora.text
    assert nora.roles == set()
    with house.repeated(5):
        await nora.press("I accept")
    assert nora.roles == {house.member_role.id}
    assert len(house.requests("PUT", f"/members/{nora.id}/roles/")) == 1
    assert await house.facts() == {("onboarded", nora.id): 1}
    await house.publish_code(major=True)
    await nora.open()
    assert "0 of 5 done" in nora.text
    assert nora.roles == {house.member_role.id}


# The member role


@pytest.mark.parametrize("trouble", ["dangerous", "above", "permission"])
async def test_a_role_that_cannot_be_given_waits_and_is_given_once_that_is_mended(house, trouble):
    nora = await arrived(house)
    await nora.press("Read")
    bot_role = next(role for role in house.stage.server.roles if role.managed)
    powers = {name: value for name, value in bot_role.permissions if value}
    if trouble == "dangerous":
        await house.empower(house.member_role, manage_messages=True)
    elif trouble == "above":
        await house.move(house.member_role, 99)
    else:
        await house.empower(bot_role, **{**powers, "manage_roles": False})
    await nora.press("I accept")
    assert nora.roles == set()
    assert house.requests("PUT", f"/members/{nora.id}/roles/") == [], "what is known to fail is not asked"
    (notice,) = house.told()
    assert "wait for their role" in notice
    if trouble == "dangerous":
        await house.empower(house.member_role)
    elif trouble == "above":
        await house.move(house.member_role, 1)
    else:
        await house.empower(bot_role, **powers)
    assert nora.roles == {house.member_role.id}
    assert len(house.told()) == 1


async def test_a_role_lost_between_commit_and_discord_is_given_by_the_next_process(house, restart):
    nora = await arrived(house)
    await nora.press("Read")
    house.env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=503)
    await nora.press("I accept")
    assert nora.roles == set()
    await restart(crash=True)
    assert nora.roles == {house.member_role.id}


async def test_repairs_of_one_member_that_overlap_ask_a_slow_discord_once(house, monkeypatch):
    nora = await arrived(house)
    await nora.press("Read")
    house.env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=503)
    await nora.press("I accept")
    bringing = house.stage.bot.get_cog("Onboarding").bringing
    before = len(house.requests("PUT", f"/members/{nora.id}/roles/"))
    add_role = house.stage.bot.http.add_role

    async def slowly(*args, **options):
        for _ in range(50):
            await asyncio.sleep(0)
        return await add_role(*args, **options)

    monkeypatch.setattr(house.stage.bot.http, "add_role", slowly)

    async def several():
        await asyncio.gather(*(bringing.member(house.guild.id, nora.id) for _ in range(5)))

    await house.do(several())
    assert nora.roles == {house.member_role.id}
    assert len(house.requests("PUT", f"/members/{nora.id}/roles/")) == before + 1


async def test_a_role_the_team_took_away_is_not_given_back(house, restart):
    nora = await arrived(house)
    await nora.press("Read")
    await nora.press("I accept")
    await house.env.take_role(house.stage.admin, nora.actor, house.member_role)
    await restart()
    await nora.open()
    assert nora.roles == set()


async def test_a_deleted_member_role_turns_that_part_off_and_the_rest_goes_on(house):
    await house.delete(house.member_role)
    nora = await arrived(house)
    await nora.press("Read")
    await nora.press("I accept")
    assert "1 of 5 done" in nora.text
    assert len(house.told()) == 1
    assert await house.facts() == {("onboarded", nora.id): 1}


@pytest.mark.parametrize("which", ["panel", "intros"])
async def test_a_deleted_channel_turns_its_part_off_and_the_rest_goes_on(house, which):
    await house.delete(getattr(house, which))
    nora = await house.join()
    await nora.open()
    await nora.press("Read")
    await nora.press("I accept")
    assert nora.roles == {house.member_role.id}
    assert ("Introduction" in nora.text) is (which == "panel")
    assert house.told()


# Groups


async def test_groups_are_chosen_several_at_once_and_left_the_same_way(house):
    nora = await house.join()
    await nora.open("groups")
    assert "Seeds and balconies" in nora.text
    await nora.choose(house.gardening, house.chess)
    assert nora.roles == {house.gardening.id, house.chess.id}
    await nora.choose(house.chess)
    assert nora.roles == {house.chess.id}
    await nora.choose()
    assert nora.roles == set()
    assert "no group now" in nora.text


async def test_groups_that_were_added_after_the_menu_was_shown_are_not_taken_away(house):
    nora = await house.join()
    await nora.open("groups")
    extra = house.guild.create_role("Choir")
    await house.env.settle()
    groups = [{"role": role.id} for role in (house.gardening, house.chess, extra)]
    await house.change("groups", groups=groups)
    await house.env.give_role(house.stage.admin, nora.actor, extra)
    await nora.choose(house.gardening)
    assert nora.roles == {house.gardening.id, extra.id}


@pytest.mark.parametrize("how", ["role deleted", "group removed"])
async def test_a_group_removed_between_showing_and_choosing_is_said_and_nothing_is_half_done(house, how):
    nora = await house.join()
    await nora.open("groups")
    if how == "role deleted":
        await house.delete(house.chess)
    else:
        await house.change("groups", groups=[{"role": house.gardening.id}])
    menu = next(iter(one for one in buttons(nora.screen).values() if one.startswith("onboarding:groups")))
    values = [str(house.gardening.id), str(house.chess.id)]
    result = await nora.actor.select(nora.screen, values=values, custom_id=menu)
    assert "Nothing was changed" in (result.followups or [result.response])[-1].content
    assert nora.roles == set()


async def test_a_group_whose_role_became_dangerous_is_refused_and_nothing_is_half_done(house):
    nora = await house.join()
    await nora.open("groups")
    await house.empower(house.chess, kick_members=True)
    result = await nora.choose(house.gardening, house.chess)
    assert "Chess" in result.response.content
    assert nora.roles == set()


async def test_a_server_without_groups_says_so_and_who_manages_it_still_may_add_some(house):
    await house.change("groups", groups=[{"role": house.gardening.id, "emoji": "abc"}])
    nora, admin, general = await house.join(), house.stage.admin, house.stage.general
    await nora.open("groups")
    (option,) = [part for part in walk(raw(nora.screen)) if part.get("value") == str(house.gardening.id)]
    assert option.get("emoji") is None, "Discord would refuse it, and the whole menu with it"
    assert "abc" in nora.text
    assert "Manage" not in buttons(nora.screen)

    async with house.env._acting("role") as world:
        with world.unseen():
            world.delete_role(house.guild.id, house.gardening.id)
    house.stage.server._remove_role(house.gardening.id)
    await nora.open("groups")
    assert "no groups here yet" in nora.text
    manager = await admin.slash(general, "groups")
    manage = buttons(manager.response)["Manage"]
    await admin.click(manager.response, custom_id=manage)
    assert any(one.startswith("settings:add:groups") for one in buttons(manager.response).values())
    manager = await admin.slash(general, "groups")
    await house.empower(next(role for role in house.stage.server.roles if role.name == "Admins"))
    result = await admin.click(manager.response, custom_id=manage)
    assert "not allowed to do that" in result.response.content, "the click is checked again"


# Introductions


async def test_an_introduction_is_refused_empty_or_too_long_and_sent_twice_posted_once_pinging_nobody(
    house, monkeypatch
):
    nora = await arrived(house)
    for nothing in ("   \n  ", "\u200b\u2800"):
        result = await nora.write(nothing, "")
        assert "nothing to read" in result.response.content
    with monkeypatch.context() as longer:
        longer.setattr(introduction, "answer_limit", lambda _prompts: 4000)
        result = await nora.write("é" * 4000, "")
    assert "4000 characters; 800 fit" in result.response.content
    (file,) = result.response.attachments
    assert file["size"] == 8000 if isinstance(file, dict) else file.size == 8000
    assert house.intros.history() == []
    assert await house.facts() == {}
    await nora.open()
    with house.repeated(2):
        await nora.write("I repair **radios** @everyone <@&1> [x](http://evil.example)", "")
    (message,) = house.intros.history()
    assert "Say hello" in buttons(message)
    assert "\\*\\*radios\\*\\*" in shown(message)
    assert "@everyone" not in shown(message)
    assert "](http" not in shown(message)
    (sent,) = house.requests("POST", f"/channels/{house.intros.id}/messages")
    assert sent.json["allowed_mentions"] == {"parse": []}
    assert nora.actor.mention in shown(message)
    assert await house.facts() == {("introduced", nora.id): 1}


async def test_a_form_opened_before_a_restart_and_a_change_of_questions_still_counts(house, restart):
    nora = await arrived(house)
    form = await nora.press("Write")
    await house.change("welcome", prompts=[{"en": "Who are you?"}, {"en": "Why?", "required": False}, {"en": "What?"}])
    await restart()
    result = await nora.actor.submit_modal(form, {"answer0": "I repair radios.", "answer1": ""})
    assert "“What?” is missing" in result.response.content
    assert result.response.attachments, "what was written comes back"
    await house.change("welcome", prompts=[{"en": "Who are you?"}])
    await restart()
    await nora.open()
    await nora.write("I repair radios.")
    assert "Who are you?" in shown(house.intros.last_message)


async def test_an_introduction_whose_channel_is_closed_is_given_back_and_the_form_opens_no_more(house):
    nora = await arrived(house)
    form = await nora.press("Write")
    await house.deny(house.intros, "send_messages")
    result = await nora.actor.submit_modal(form, {"answer0": "I repair radios.", "answer1": ""})
    assert result.response.attachments
    assert await house.facts() == {}
    result = await nora.press("Write")
    assert "cannot post introductions" in (result.followups or [result.response])[-1].content
    assert house.requests("POST", f"/channels/{house.intros.id}/messages") == []


@pytest.mark.parametrize("minutes", [0, 60 * 24])
async def test_a_crash_after_discord_took_the_introduction_gives_no_second_one(
    house, restart, monkeypatch, logged_errors, minutes
):
    nora = await arrived(house)

    async def vanish(*_args, **_kwargs):
        raise SystemError("the process is gone")

    debts = house.stage.bot.get_cog("Onboarding").debts
    monkeypatch.setattr(debts, "shown", vanish)
    await nora.write("I repair radios.", "")
    assert "the process is gone" in logged_errors.pop()
    assert len(house.intros.history()) == 1
    await house.leap(minutes=minutes)
    await restart(crash=True)
    assert len(house.intros.history()) == 1
    await hello(house.stage.member, house.intros.last_message)
    assert "Hello from" in shown(house.intros.last_message)


def test_what_is_sent_is_never_longer_than_discord_takes():
    class Member:
        id = 10**18
        mention = "<@1000000000000000000>"

        class display_avatar:  # noqa: N801 - stands for discord.py's attribute
            url = "https://cdn.example/a.png"

    from bot.i18n.localizer import I18n

    texts = st.text("a*_@<>#&[]()`~|\\é👩\n ", max_size=1500)

    @given(st.lists(st.tuples(st.text(min_size=1, max_size=45), texts), min_size=1, max_size=3))
    def fits(pairs):
        view = post.introduction_view(I18n().for_language("fr"), Member, pairs, greeters=[10**18] * 5, greetings=10**6)
        total = sum(len(part["content"]) for part in walk(view.to_components()) if isinstance(part.get("content"), str))
        assert total <= 4000

    fits()


# Say hello


async def test_who_says_hello_is_shown_and_counted_once_but_not_oneself_nor_to_somebody_who_left(house):
    nora, message = await introduced(house)
    admin, bob, mina = house.stage.admin, house.stage.member, house.stage.moderator
    own = await hello(nora.actor, message)
    assert "your own introduction" in own.response.content
    assert await house.facts() == {("introduced", nora.id): 1}
    first = await hello(bob, message)
    assert "first to greet" in first.response.content
    again = await hello(bob, message)
    assert "already" in again.response.content
    with house.repeated(4):
        await hello(mina, message)
    assert f"<@{bob.id}> and <@{mina.id}>" in shown(house.intros.last_message)
    counted = {("introduced", nora.id): 1, ("greeted", bob.id): 1, ("greeted", mina.id): 1}
    assert await house.facts() == counted

    # The team removes the post at that moment; then Nora leaves.
    house.env.inject_error("PATCH", f"/channels/{house.intros.id}/messages/*", status=404, code=10008, message="gone")
    await hello(admin, message)
    counted[("greeted", admin.id)] = 1
    assert await house.facts() == counted
    await house.env.leave(nora.actor)
    late = await hello(house.stage.person("lena"), message)
    assert "left this server" in late.response.content
    assert await house.facts() == counted


async def test_a_humans_reply_or_mention_is_the_first_answer_and_ones_own_or_a_bots_is_none(house):
    general, bob, mina = house.stage.general, house.stage.member, house.stage.moderator
    nora = await house.join()
    (thread,) = house.threads()
    await nora.actor.send(house.handle(thread), "is anybody here?")
    await nora.open()
    assert "0 of 5 done" in nora.text, "what is written in the private thread is no first message"
    await nora.actor.send(general, "Hello there")
    question = general.last_message
    await nora.actor.send(general, "Anybody?", reply_to=question)
    robot = house.guild.add_member(house.env.create_user("robot", bot=True))
    await robot.send(general, f"Beep {nora.actor.mention}", reply_to=question)
    assert await house.facts() == {}
    await nora.open()
    assert "1 of 5 done" in nora.text

    await bob.send(general, "Hello yourself", reply_to=question)
    assert await house.facts() == {("greeted", bob.id): 1}
    await nora.open()
    assert "2 of 5 done" in nora.text

    omar = await arrived(house, "Omar")
    await omar.actor.send(house.panel, "Hello too")
    await mina.send(general, f"Hello {omar.actor.mention}")
    assert await house.facts() == {("greeted", bob.id): 1, ("greeted", mina.id): 1}
    await omar.open()
    assert "2 of 5 done" in omar.text


async def test_a_first_message_of_an_outage_is_found_in_the_history(house, restart):
    nora = await arrived(house)
    await house.env.outage()
    await nora.actor.send(house.stage.general, "Hello there")
    await restart(crash=True)
    await nora.open()
    assert "1 of 5 done" in nora.text


# Sessions, and who may configure what


async def test_many_new_sessions_repeat_nothing(house):
    nora, _ = await introduced(house)
    await house.publish()
    for resumed in (False, False, True, False):
        await house.env.outage()
        await house.env.reconnect(resumed=resumed)
    assert len(house.requests("POST", "/threads")) == 1
    assert len(house.intros.history()) == 1
    assert len(house.panel.history()) == 1
    assert await house.facts() == {("introduced", nora.id): 1}


async def test_a_role_that_must_not_be_handed_out_cannot_be_configured(house):
    server, chess = house.stage.server, house.chess
    admin = server.get_member(house.stage.admin.id)
    settings, check = house.stage.bot.guild_settings, check_for(server, admin)
    await house.change("groups", groups=[])
    usual = server.get_role(chess.id).position

    async def is_taken(role, section, fields):
        before = settings.get(house.guild.id, section)
        try:
            await settings.edit(house.guild.id, section, lambda _: fields, by=admin.id, check=check)
        except UserError:
            assert settings.get(house.guild.id, section) == before
            return False
        return True

    async def taken(role):
        """As a group's, and as the member role."""
        return [
            await is_taken(role, GroupsSettings, {"groups": [{"role": role}]}),
            await is_taken(role, WelcomeSettings, {"member_role": role}),
        ]

    await house.empower(chess, manage_webhooks=True)
    assert await taken(chess.id) == [False, False], "dangerous"
    await house.empower(chess)
    for position, above in ((99, "the bot"), (admin.top_role.position + 1, "the person")):
        await house.move(chess, position)
        assert await taken(chess.id) == [False, False], f"above {above}"
    managed = next(role.id for role in server.roles if role.managed)
    assert await taken(managed) == [False, False], "managed"
    await house.move(chess, usual)
    assert await taken(chess.id) == [True, True], "and nothing else is in the way"


async def test_a_group_role_that_became_dangerous_after_the_choice_is_not_given_by_a_repair(house, restart):
    nora = await house.join()
    await nora.open("groups")
    house.env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=503)
    await nora.choose(house.chess)
    await house.empower(house.chess, ban_members=True)
    await restart(crash=True)
    assert nora.roles == set()
    (notice,) = house.told()
    assert "Chess" in notice
    await house.empower(house.chess)
    assert nora.roles == {house.chess.id}


# Events that come again


async def test_a_join_that_is_announced_twice_has_one_effect(house):
    nora = await house.join("nora")
    bot = house.stage.bot
    joined = MemberJoined(house.guild.id, nora.id, house.env.now(), 0, False)
    left = MemberLeft(house.guild.id, nora.id, house.env.now())
    for event in (joined, joined):
        await house.do(bot.db.transaction(lambda tx, event=event: tx.emit(event)))
    assert len(house.threads()) == 1, "the thread that is there is found again"
    for event in (left, left):
        await house.do(bot.db.transaction(lambda tx, event=event: tx.emit(event)))
    assert house.threads() == []
    assert len(house.requests("PATCH", "/channels/")) == 1
