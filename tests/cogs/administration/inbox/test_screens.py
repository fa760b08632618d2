"""`/inbox` as the team uses it, in the real bot."""

import asyncio
import re

import discord
import pytest

from bot.contracts.inbox import Link
from bot.permissions import NotAllowed
from bot.ui import LayoutView
from cogs.administration.inbox.items import ActButton, GoButton, MyHoursButton
from cogs.administration.inbox.office import Kind, Screen
from cogs.administration.inbox.places import FIRST
from tests.cogs.administration.conftest import Panel, components, texts
from tests.cogs.administration.inbox.conftest import CASEWORK, NOTE, QUESTION, REPORT


async def test_an_empty_inbox_says_so(team):
    panel = await team.open()
    assert "Nothing waits." in panel.text


async def test_the_list_says_what_waits_since_when_and_who_takes_care_of_it(team, stage):
    await team.add("1", REPORT, subject=stage.member.id, link=Link(stage.general.id))
    await team.add("2", subject=stage.member.id)
    await team.inbox.claim(team.guild_id, (await team.item("2")).id, stage.admin.id)
    panel = await team.open()
    assert "**2** things wait · **1** is taken care of" in panel.text
    assert f"**A report of <@{stage.member.id}> in <#{stage.general.id}>**" in panel.text
    assert re.search(r"came <t:\d+:R> · nobody takes care of it yet", panel.text)
    assert f"<@{stage.admin.id}> takes care of it" in panel.text
    assert texts((await stage.moderator.slash(stage.staff, "inbox")).response) == panel.text


async def test_the_list_is_private(team, stage):
    result = await stage.moderator.slash(stage.general, "inbox")
    assert result.response.ephemeral


async def test_an_item_is_claimed_prolonged_given_back_and_done_by_clicking(team, stage):
    await team.add()
    panel = await team.open_item()
    assert "Answer them." in panel.text
    await panel.click("inbox:act:claim")
    assert await team.holder() == stage.moderator.id
    assert "yours; your claim expires" in panel.text
    await team.env.pass_time(hours=11)
    await panel.click("inbox:act:claim")
    await team.env.pass_time(hours=11)
    assert await team.holder() == stage.moderator.id
    await panel.click("inbox:act:release")
    assert await team.holder() is None
    await panel.click("inbox:act:settle")
    assert "Settled <t:" in panel.text
    for act in ("claimed it", "gave it back", "marked it as done"):
        assert act in panel.text
    await panel.click("inbox:go:l")
    assert "Nothing waits." in panel.text


async def test_the_second_who_claims_is_told_who_was_faster(team, stage):
    await team.add()
    late = await team.open_item(person=stage.admin)
    await (await team.open_item()).click("inbox:act:claim")
    await late.click("inbox:act:claim")
    assert await team.holder() == stage.moderator.id
    assert f"<@{stage.moderator.id}> takes care of this; the claim expires" in late.text


async def test_of_five_who_click_claim_at_once_one_has_it(team, stage):
    await team.add()
    people = [stage.moderator, stage.admin, *(stage.person(name, stage.team) for name in ("cleo", "dara", "emil"))]
    item = (await team.item()).id
    await asyncio.gather(
        *(team.inbox.claim(team.guild_id, item, person.id) for person in people), return_exceptions=True
    )
    holder = await team.holder()
    for person in people:
        panel = await team.open_item(person=person)
        assert ("yours; your claim expires" in panel.text) is (person.id == holder)


async def test_what_does_harm_is_asked_before_it_is_done(team, stage):
    await team.add("1", REPORT, subject=stage.member.id)
    panel = await team.open_item()
    await panel.click("inbox:go:c:")
    assert "The report is closed without a sanction." in panel.text
    assert len(await team.inbox.open_items(team.guild_id)) == 1
    await panel.click("inbox:go:i:")
    await panel.click("inbox:go:c:")
    await panel.click("inbox:act:settle")
    assert await team.inbox.open_items(team.guild_id) == []


async def test_what_only_its_feature_settles_has_no_done(team):
    await team.add("1", NOTE, text="x")
    panel = await team.open_item()
    assert "inbox:act:settle" not in " ".join(panel.ids())
    assert "inbox:go:c:" not in " ".join(panel.ids())


async def test_a_feature_s_own_buttons_are_shown_with_its_items_and_where_it_happened_is_a_click_away(
    team, stage, make_bot, env
):
    from cogs.administration.inbox.items import MyHoursButton

    await team.add("1", REPORT, subject=stage.member.id, link=Link(stage.general.id, 77))
    kinds = team.inbox.kinds
    registered = kinds._by_name.pop(REPORT.name)
    team.inbox.register(REPORT, actions=[lambda item, t: MyHoursButton("holiday", f"Of {item.source}")])
    panel = await team.open_item()
    assert "Of 1" in panel.text
    links = [part["url"] for part in components(panel.message) if part.get("url")]
    assert links == [f"https://discord.com/channels/{team.guild_id}/{stage.general.id}/77"]
    kinds._by_name[REPORT.name] = registered


# Handing over


def options(panel, start):
    (menu,) = [part for part in components(panel.message) if str(part.get("custom_id", "")).startswith(start)]
    return {option["label"] for option in menu["options"]}


async def test_an_item_is_handed_over_to_somebody_of_the_team_and_nobody_else_is_offered(team, stage):
    cleo = stage.person("cleo", stage.team)
    await team.env.settle()
    await team.add()
    panel = await team.open_item()
    assert options(panel, "inbox:hand:") == {"ada", "cleo", "Agora Owner"}
    await panel.click("inbox:act:claim")
    await panel.select("inbox:hand:", [str(cleo.id)])
    assert await team.holder() == cleo.id
    assert f"handed it over to <@{cleo.id}>" in panel.text
    assert "inbox:act:" not in " ".join(panel.ids())


async def test_whoever_left_the_team_meanwhile_gets_nothing(team, stage, env):
    await team.add()
    cleo = stage.person("cleo", stage.team)
    await env.settle()
    panel = await team.open_item()
    with env.backend.unseen():
        env.backend.remove_member_role(team.guild_id, cleo.id, stage.team.id)
    stage.server.get_member(cleo.id)._roles = discord.utils.SnowflakeList([])
    await panel.select("inbox:hand:", [str(cleo.id)])
    assert "That person is not on the team." in panel.text
    assert await team.holder() is None


async def test_a_team_too_large_for_a_menu_chooses_among_members_and_only_the_team_is_taken(team, stage):
    colleagues = [stage.person(f"person{number}", stage.team) for number in range(26)]
    await team.env.settle()
    await team.add()
    panel = await team.open_item()
    await panel.select("inbox:give:", [stage.member])
    assert "That person is not on the team." in panel.text
    assert await team.holder() is None
    await panel.select("inbox:give:", [colleagues[7]])
    assert await team.holder() == colleagues[7].id


async def test_those_who_manage_the_server_take_over_what_somebody_holds(team, stage):
    await team.add()
    await (await team.open_item()).click("inbox:act:claim")
    cleo = stage.person("cleo", stage.team)
    await team.env.settle()
    panel = await team.open_item(person=cleo)
    assert not [one for one in panel.ids() if one.startswith(("inbox:act", "inbox:hand"))]
    panel = await team.open_item(person=stage.admin)
    await panel.click("inbox:act:release")
    assert await team.holder() is None
    assert f"<@{stage.admin.id}> took it back from <@{stage.moderator.id}>" in panel.text


# The list


async def test_five_items_a_page_and_the_rest_is_turned_to(team, stage):
    for number in range(12):
        await team.add(str(number), NOTE, text=f"n{number}")
    panel = await team.open()
    assert "A note: n4" in panel.text
    assert "A note: n5" not in panel.text
    await panel.click("inbox:go:l:0:a:1")
    await panel.click("inbox:go:l:0:a:2")
    assert "A note: n11" in panel.text
    for number in range(5, 12):
        await team.done(str(number), NOTE)
    refresh = panel.id_of("inbox:go:l:0:a:2")
    await panel.person.click(panel.message, custom_id=refresh)
    assert "A note: n4" in panel.text


async def test_a_kind_one_s_own_or_what_nobody_has_can_be_looked_at_alone(team, stage):
    await team.add("1", QUESTION, subject=stage.member.id)
    await team.add("2", NOTE, text="two")
    await (await team.open_item("2")).click("inbox:act:claim")
    panel = await team.open()
    assert "Questions (1)" in panel.text
    await panel.select("inbox:show", ["k.test.note"])
    assert "two" in panel.text
    assert "waits for an answer" not in panel.text
    await panel.select("inbox:show", ["u"])
    assert "waits for an answer" in panel.text
    assert "A note: two" not in panel.text
    await panel.select("inbox:show", ["m"])
    assert "A note: two" in panel.text
    await team.done("2", NOTE)
    await panel.person.click(panel.message, custom_id=panel.id_of("inbox:go:l:0:m:0"))
    assert "Nothing of this kind waits." in panel.text


async def test_going_back_leads_to_where_one_came_from(team):
    for number in range(7):
        await team.add(str(number), NOTE, text=f"n{number}")
    panel = await team.open()
    await panel.select("inbox:show", ["k.test.note"])
    await panel.click("inbox:go:l:0:k.test.note:1")
    await panel.click(f"inbox:go:i:{(await team.item('6')).id}:")
    await panel.click("inbox:go:l:0:k.test.note:1")
    assert "n6" in panel.text
    assert "n1" not in panel.text


async def test_an_item_that_was_settled_elsewhere_is_shown_as_settled(team, stage):
    await team.add()
    panel = await team.open_item()
    await team.done(by=stage.admin.id)
    await panel.click("inbox:act:claim")
    assert f"<@{stage.admin.id}> settled this" in panel.text
    assert not [one for one in panel.ids() if one.startswith("inbox:act")]


async def test_an_item_that_is_gone_leads_back_to_the_list(team):
    await team.add()
    panel = await team.open_item()
    await team.done()
    await team.env.pass_time(hours=1)
    team.inbox.kinds._by_name.pop(QUESTION.name)
    await panel.click("inbox:act:claim")
    assert "This is no longer in the inbox." in panel.text
    assert "Nothing waits." in panel.text


# Who may


BUTTONS = ("inbox:act:claim", "inbox:act:settle", "inbox:go:l", "inbox:hand:", "inbox:go:m")
REFUSED = "You are not allowed to do that here. Ask the staff of this server."


@pytest.mark.parametrize("start", BUTTONS)
async def test_buttons_are_refused_to_whoever_is_no_longer_on_the_team(team, stage, env, start):
    open_to_all = stage.guild.create_text_channel("open")
    await team.add()
    result = await stage.moderator.slash(open_to_all, "inbox")
    panel = Panel(stage, stage.moderator, result.response)
    if start != "inbox:go:m":
        await panel.click("inbox:go:i:")
    await stage.server.get_member(stage.moderator.id).remove_roles(discord.Object(stage.team.id))
    await env.settle()
    before = panel.text
    values = [str(stage.admin.id)]
    result = await (panel.select(start, values) if start == "inbox:hand:" else panel.click(start))
    assert result.response.content == REFUSED
    assert panel.text == before
    assert await team.holder() is None


async def test_forms_are_refused_to_whoever_is_no_longer_on_the_team(team, stage, env):
    open_to_all = stage.guild.create_text_channel("open")
    result = await stage.moderator.slash(open_to_all, "inbox")
    panel = Panel(stage, stage.moderator, result.response)
    await panel.click("inbox:go:m:")
    form = await panel.click("inbox:me:quiet")
    await stage.server.get_member(stage.moderator.id).remove_roles(discord.Object(stage.team.id))
    await env.settle()
    result = await stage.moderator.submit_modal(form, {"from": ["22"], "to": ["8"]})
    assert result.response.content == REFUSED
    assert team.inbox.people.of(team.guild_id, stage.moderator.id).quiet is None


async def test_a_button_that_was_leaked_into_a_public_channel_opens_nothing_for_members(team, stage):
    await team.settings(staff_channel=stage.general.id)
    await team.add()
    message = stage.general.last_message
    result = await stage.member.click(message, custom_id="inbox:open:1")
    assert result.response.content == REFUSED
    result = await stage.moderator.click(message, custom_id="inbox:open:1")
    assert "**1** thing waits" in texts(result.response)


async def test_the_command_is_refused_to_members_even_where_discord_shows_it(team, stage):
    stage.bot.casework = False
    shown = stage.guild.create_role("Half", permissions=discord.Permissions(manage_messages=True))
    half = stage.person("half", shown)
    await team.env.settle()
    result = await half.slash(stage.general, "inbox")
    assert result.response.content == REFUSED
    assert [type(refusal) for refusal in team.env.refusals] == [NotAllowed]


async def in_public(stage, channel, button):
    view = LayoutView()
    view.add_item(discord.ui.ActionRow(button))
    await stage.server.get_channel(channel.id).send(view=view)
    return channel.last_message


async def test_who_is_not_on_the_team_finds_what_they_may_act_on_and_nothing_else(team, stage, env, make_bot):
    open_to_all = stage.guild.create_text_channel("open")
    bouncers = stage.guild.create_role(
        "Bouncers", permissions=discord.Permissions(moderate_members=True, manage_messages=True)
    )
    mia = stage.person("mia", bouncers)
    await team.add("q", subject=stage.member.id)
    await team.add("c", CASEWORK, subject=stage.member.id)
    await team.add("own", CASEWORK, subject=mia.id)
    panel = Panel(stage, mia, (await mia.slash(open_to_all, "inbox")).response)
    assert "**1** thing waits" in panel.text
    assert "Casework about" in panel.text
    assert "waits for an answer" not in panel.text
    assert not [one for one in panel.ids() if one.startswith("inbox:go:m:")], "hours are the team's"
    question, casework = (await team.item("q")).id, (await team.item("c")).id
    await panel.click(f"inbox:go:i:{casework}:")
    await panel.click("inbox:act:claim")
    assert await team.holder("c") == mia.id
    await env.restart(make_bot())
    assert await team.holder("c") == mia.id, "a start takes nothing from who may hold it"
    # Buttons of the team's that she gets hold of open what she may act on, and nothing else
    theirs = await team.open_item("q")
    acts = [ActButton(act, question, FIRST) for act in ("claim", "settle", "release")]
    for button in (GoButton(Screen(Kind.ITEM, question)), GoButton(Screen(Kind.CONFIRM, question)), *acts):
        post = await in_public(stage, open_to_all, button)
        await mia.click(post, custom_id=button.item.custom_id)
        said = texts(env.backend.messages[open_to_all.id][post.id])
        assert "This is no longer in the inbox." in said
        assert "waits for an answer" not in said
    for button in (GoButton(Screen(Kind.ME)), MyHoursButton("quiet"), MyHoursButton("holiday")):
        post = await in_public(stage, open_to_all, button)
        assert (await mia.click(post, custom_id=button.item.custom_id)).response.content == REFUSED
    assert await team.holder("q") is None
    assert "waits for an answer" in theirs.text
    # Her claim goes with the permission, and the command where there is nothing she may act on
    await stage.server.get_member(mia.id).remove_roles(discord.Object(bouncers.id))
    await env.settle()
    assert await team.holder("c") is None
    await stage.server.get_member(mia.id).add_roles(discord.Object(bouncers.id))
    await env.settle()
    stage.bot.casework = False
    assert (await mia.slash(open_to_all, "inbox")).response.content == REFUSED
    env.refusals.clear()


async def test_whom_a_report_concerns_sees_nothing_of_it_though_on_the_team(team, stage):
    await team.add("1", REPORT, subject=stage.moderator.id)
    assert "Nothing waits." in (await team.open()).text
    other = await team.open(stage.admin)
    assert f"A report of <@{stage.moderator.id}>" in other.text
    await other.click("inbox:go:i:")
    assert options(other, "inbox:hand:") == {"Agora Owner"}


# What people and features write


async def test_text_in_an_item_s_params_is_shown_as_typed_and_pings_nobody(team, stage):
    await team.settings(staff_channel=stage.staff.id)
    nasty = "@everyone <@&1> **bold** [x](http://e.vil) <#2>"
    await team.add("1", NOTE, text=nasty)
    panel = await team.open_item()
    for text in (panel.text, team.shown()):
        assert "\\*\\*bold\\*\\*" in text
        assert "@everyone" not in text
        assert "<@&1>" not in text
        assert "](http" not in text


async def test_an_item_of_an_older_version_is_shown_by_what_its_kind_is_called(team):
    await team.add("1", NOTE, text="x")
    registered = team.inbox.kinds._by_name
    newer = type(NOTE)(NOTE.name, NOTE.label, "A note of {colour}", NOTE.hint)
    registered[NOTE.name] = type(registered[NOTE.name])(newer, (), lambda _: True)
    assert "**Notes**" in (await team.open()).text


async def test_somebody_who_left_is_called_by_their_name(team, stage, env):
    await team.add("1", subject=stage.member.id)
    await env.leave(stage.member)
    panel = await team.open()
    assert "**bob waits for an answer**" in panel.text


# After a restart, and in French


async def test_every_button_answers_after_a_restart(team, stage, env, make_bot):
    await team.add()
    panel = await team.open()
    await env.restart(make_bot())
    await panel.click("inbox:go:i:")
    await env.restart(make_bot(), crash=True)
    await panel.click("inbox:act:claim")
    assert await team.holder() == stage.moderator.id
    await env.restart(make_bot())
    await panel.select("inbox:hand:", [str(stage.admin.id)])
    assert await team.holder() == stage.admin.id
    await env.restart(make_bot())
    await panel.click("inbox:go:l")
    await env.restart(make_bot())
    await panel.select("inbox:show", ["u"])
    await panel.click("inbox:go:m")
    assert "My availability" in panel.text


async def test_the_inbox_speaks_french(team, stage, env):
    env.set_locale(stage.moderator, "fr")
    await team.add("1", REPORT, subject=stage.member.id)
    await team.env.pass_time(hours=3)
    panel = await team.open()
    assert "**1** élément attend · **1** urgent" in panel.text
    await panel.click("inbox:go:i:")
    await panel.click("inbox:act:claim")
    assert "ta prise en charge expire" in panel.text
    assert "Ce qui a été fait" in panel.text
