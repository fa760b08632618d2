"""`/case`: what was decided is looked at, corrected and undone, and nothing of it is lost."""

from datetime import timedelta

import discord
import pytest

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from cogs.conduct.cases.rules import State
from tests.cogs.conduct.conftest import buttons, shown
from tests.cogs.conduct.deciding.test_deciding_story import Seat

DAY = timedelta(days=1)


@pytest.fixture
def seat(conduct):
    return Seat(conduct)


async def test_an_edited_case_says_what_it_was_and_a_new_duration_reaches_discord(seat, conduct, stage):
    member = stage.member
    await conduct.open(CaseKind.TIMEOUT, member, length=2 * DAY, reason="Lowd")
    said = await seat.run("case edit", number=1, reason="Loud *again*", article="3", duration="1 day")
    assert "The case was changed." in said
    assert "Case 1 · Timeout (1 day)" in said
    assert r"**Reason:** Loud \*again\*" in said
    assert f"<@{stage.moderator.id}> changed the reason (it was: Lowd), the article (it was: 1)" in said
    case = await conduct.case(1)
    assert (case.article, case.severity, case.points) == (3, Severity.MEDIUM, 40)
    end = stage.server.get_member(member.id).timed_out_until
    assert end == case.created_at + DAY
    for options, refusal in (
        ({"reason": "Loud *again*"}, "Nothing would change"),
        ({}, "Nothing would change"),
        ({"duration": "1s"}, "over already"),
        ({"article": "77"}, "no such article"),
    ):
        if options.get("duration"):
            await conduct.env.pass_time(minutes=1)
        await seat.run("case edit", number=1, **options)
        assert refusal in seat.refused(), options
    await conduct.open(CaseKind.WARN, member)
    await seat.run("case edit", number=2, duration="2h")
    assert "Only timeouts and bans have a duration" in seat.refused()


async def test_a_lifted_timeout_ends_at_once_and_keeps_its_points(seat, conduct, stage):
    member = stage.member
    await conduct.open(CaseKind.TIMEOUT, member, length=DAY)
    assert stage.server.get_member(member.id).is_timed_out()
    said = await seat.run("case lift", number=1, reason="They apologised")
    assert "It ends now" in said
    assert "Lifted early by" in said
    assert "They apologised" in said
    assert not stage.server.get_member(member.id).is_timed_out()
    assert await conduct.cases.read.points(stage.guild.id, member.id) == 20
    await seat.run("case lift", number=1)
    assert "no timeout or ban in force" in seat.refused()


async def test_a_voided_ban_is_asked_about_then_reversed_with_its_points_and_a_restart_in_between(
    seat, conduct, stage, env, make_bot
):
    member = stage.member
    await conduct.open(CaseKind.BAN, member)
    bans = env.backend.get_guild(stage.guild.id).bans
    assert member.id in bans
    said = await seat.run("case void", number=1, reason="Wrong person")
    assert "Voiding undoes a mistake: its points go" in said
    assert member.id in bans, "asked first"
    await env.restart(make_bot())
    await env.settle()
    await seat.press("Void case 1")
    assert "The case is void." in seat.text
    assert "Wrong person" in seat.text
    assert member.id not in bans
    assert (await conduct.case(1)).state is State.VOID
    assert await conduct.cases.read.points(stage.guild.id, member.id) == 0
    for command in ("case void", "case edit", "case lift"):
        await seat.run(command, number=1, reason="Again")
        assert "undone already" in seat.refused(), command


async def test_the_card_lifts_and_voids_after_asking(seat, conduct, stage):
    await conduct.open(CaseKind.TIMEOUT, stage.member, length=DAY)
    await seat.run("case view", number=1)
    card = seat.screen
    seat.screen = (await seat.press("Lift")).response
    assert "The timeout or ban ends now." in seat.text
    await seat.press("Do nothing")
    assert (await conduct.case(1)).lifted_at is None
    seat.screen = card
    seat.screen = (await seat.press("Lift")).response
    await seat.press("Lift case 1")
    assert "Lifted early" in seat.text
    assert set(buttons(seat.screen)) == {"Void"}


async def test_who_may_not_ban_neither_lifts_nor_edits_bans_and_sees_no_button_for_it(seat, conduct, stage):
    powers = discord.Permissions(moderate_members=True)
    role = stage.guild.create_role("Juniors", permissions=powers)
    async with conduct.env._acting("rank") as world:
        world.edit_role(stage.guild.id, role.id, {"position": 3})
    junior = Seat(conduct, stage.person("jo", role))
    await conduct.open(CaseKind.BAN, stage.member, length=DAY)
    await junior.run("case view", number=1)
    assert buttons(junior.screen) == {}
    for command, options in (("case lift", {}), ("case void", {}), ("case edit", {"reason": "Mine"})):
        await junior.run(command, number=1, **options)
        assert "You lack the permission" in junior.refused(), command
    eve = stage.person("eve")
    await conduct.open(CaseKind.WARN, eve, severity=Severity.HIGH)
    said = await junior.run("warn", member=eve)
    assert "The ladder proposes **Ban (7 days)**." in said
    assert "For that one needs the permission Ban Members." in said
    assert list(buttons(junior.screen)) == ["Open the case"]
    kim = stage.person("kim")
    warned = await conduct.open(CaseKind.WARN, kim)
    await conduct.open(CaseKind.BAN, kim, severity=None, length=DAY, follows=warned.id)
    await junior.run("case void", number=warned.number)
    assert "You lack the permission" in junior.refused(), "the ban that followed would go too"
    assert "The step that was taken after it goes with it." in await seat.run("case void", number=warned.number)


async def test_the_list_is_filtered_turned_and_opened_also_after_a_restart(seat, conduct, stage, env, make_bot):
    eve = stage.person("eve|*|")
    for number in range(11):
        await conduct.open(CaseKind.WARN, stage.member, notify=False, source=f"test:{number}")
    await conduct.open(CaseKind.TIMEOUT, eve, length=DAY, article=3, by=stage.admin)
    said = await seat.run("case list")
    assert "12 cases" in said
    assert "**12** · Timeout (1 day)" in said
    assert "**2**" not in said
    await env.restart(make_bot())
    await env.settle()
    await seat.press("Next")
    assert "**2** · Warning" in seat.text
    assert "**1** · Warning" in seat.text
    await seat.press("Previous")
    assert "**12**" in seat.text
    for options, count in (
        ({"member": eve}, 1),
        ({"moderator": stage.moderator}, 11),
        ({"article": "3"}, 1),
        ({"kind": "warn"}, 11),
        ({"member": eve, "kind": "warn"}, 0),
    ):
        said = await seat.run("case list", **options)
        assert (f"{count} case" if count else "No case fits") in said, options
    await env.leave(eve)
    said = await seat.run("case list", member=eve.user)
    assert r"**eve\|\*\|**" in said, "who has left is named, harmlessly"
    key = buttons(seat.screen)["Open a case"]
    opened = await seat.actor.select(seat.screen, values=["12"], custom_id=key)
    assert "Case 12 · Timeout (1 day)" in shown(opened.response)


async def test_a_case_of_another_server_is_not_found(seat, conduct, stage, env):
    other = env.create_guild("Elsewhere")
    await env.settle()
    from cogs.conduct.cases.opening import NewCase

    await conduct.do(conduct.cases.open(NewCase(other.id, stage.member.id, CaseKind.NOTE, "test:elsewhere")))
    for command in ("case view", "case edit", "case void", "case lift"):
        await seat.run(command, number=1)
        assert "no case with that number" in seat.refused(), command
