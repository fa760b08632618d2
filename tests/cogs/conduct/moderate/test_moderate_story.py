"""From a message to a decision in one panel, through the real bot."""

import discord
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.contracts.cases import CaseKind
from tests.cogs.conduct.conftest import buttons, shown

CANARY = "canary-77aa"


def answered(result):
    """Everything that a click or form was answered with."""
    return "\n".join(shown(one) for one in filter(None, [result.response, *result.followups]))


class Seat:
    """One moderator in front of a panel."""

    def __init__(self, conduct, actor=None):
        self.conduct, self.actor, self.screen = conduct, actor or conduct.stage.moderator, None

    async def open(self, target):
        result = await self.actor.context_menu(self.conduct.stage.general, "Moderate", target)
        self.screen = result.response
        return shown(self.screen)

    async def press(self, label):
        return await self.actor.click(self.screen, custom_id=buttons(self.screen)[label])

    async def choose(self, placeholder, value):
        await self.actor.select(self.screen, [value], custom_id=buttons(self.screen)[placeholder])

    async def fill(self, label, values):
        return await self.actor.submit_modal(await self.press(label), values)

    async def prepare(self, article="1", reason="Insulting **everybody**"):
        await self.choose("Which article was broken?", article)
        await self.fill("Write the reason", {"text": reason})

    @property
    def text(self):
        return shown(self.screen)


async def gone(channel, message):
    return message.id not in {one.id for one in channel.history()}


async def test_a_message_is_acted_on_from_one_panel_that_survives_a_restart(conduct, env, make_bot):
    stage, seat = conduct.stage, Seat(conduct)
    bob = stage.member
    message = await bob.send(stage.general, f"You {CANARY} **all** of you")
    form = await stage.admin.context_menu(stage.general, "Report", message)
    await stage.admin.submit_modal(form, {"details": "", "article": []})
    text = await seat.open(message)
    assert seat.screen.flags.ephemeral
    assert rf"You {CANARY} \*\*all\*\* of you" in text
    assert "**Points:** 0" in text
    assert "Choose the article" in text
    menus = stage.bot.tree.get_commands(type=discord.AppCommandType.message)
    (menu,) = [one for one in menus if one.name == "Moderate"]
    assert menu.default_permissions == discord.Permissions(moderate_members=True), "hidden from members by Discord"
    await seat.choose("Which article was broken?", "1")
    assert "The ladder proposes **Warning**" in seat.text
    assert "Too few similar cases under article 1" in seat.text
    await env.restart(make_bot())
    await seat.fill("Write the reason", {"text": "Insulting **everybody**"})
    await seat.press("Delete the message too")
    assert "deleted from the channel" in seat.text
    second = Seat(conduct, stage.admin)
    await second.open(message)
    await second.prepare(reason="Me too")
    await seat.press("Warning")
    assert "Case 1 · Warning" in seat.text
    assert await gone(stage.general, message)
    refused = await second.press("Warning")
    assert "Case 1 was made about this message already" in answered(refused)
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 1
    told = conduct.dms(stage.admin)[-1]
    assert "It agrees with you, and has acted." in shown(told)
    assert "Warning" not in shown(told), "not how"
    card = (await stage.moderator.slash(stage.staff, "case view", number=1)).response
    evidence = await stage.moderator.click(card, custom_id=buttons(card)["Evidence"])
    assert rf"You {CANARY} \*\*all\*\* of you" in answered(evidence)
    assert f"<@{stage.admin.id}>" not in answered(evidence), "not who reported"
    (notice,) = conduct.dms(bob)
    assert CANARY not in shown(notice)
    env.refusals.clear()


async def test_something_else_than_the_proposal_is_explained_and_who_left_can_only_be_banned(conduct, env):
    stage, seat = conduct.stage, Seat(conduct)
    await seat.open(stage.member)
    assert "Delete the message too" not in buttons(seat.screen)
    await seat.prepare()
    await seat.choose("What is done?", "timeout:7200")
    await seat.press("Timeout (2 hours)")
    assert "The ladder proposes **Warning**" in seat.text
    await seat.fill("Timeout (2 hours): say why", {"why": "It was the third time this morning"})
    case = await conduct.case(1)
    assert (case.kind, case.proposed, case.departure) == (
        CaseKind.TIMEOUT,
        "warn",
        "It was the third time this morning",
    )
    assert stage.server.get_member(stage.member.id).is_timed_out()
    leaver = stage.person("leaver")
    message = await leaver.send(stage.general, "Bye, you fools")
    await env.leave(leaver)
    text = await seat.open(message)
    assert "only a ban reaches them" in text
    assert "A word in private" not in buttons(seat.screen)
    await seat.prepare()
    await seat.choose("What is done?", "ban")
    await stage.admin.delete(message)
    await seat.press("Delete the message too")
    await seat.press("Ban (without an end)")
    await seat.fill("Ban (without an end): say why", {"why": "A raider"})
    assert leaver.id in env.backend.get_guild(stage.guild.id).bans
    assert env.errors == []


async def test_a_word_in_private_makes_no_case_and_a_closed_door_is_said(conduct, env):
    stage, seat = conduct.stage, Seat(conduct)
    form = await stage.admin.context_menu(stage.general, "Report", stage.member)
    await stage.admin.submit_modal(form, {"details": f"{CANARY} everybody hears him", "article": []})
    from bot.ui import View
    from cogs.conduct.moderate.buttons import ModerateButton
    from cogs.conduct.reports.service import Reports

    (report,) = await stage.bot.service(Reports).read.about(stage.guild.id, stage.member.id)
    view = View().add_item(ModerateButton(report.id, "Moderate"))
    post = await conduct.do(stage.server.get_channel(stage.staff.id).send(view=view))
    seat.screen = (await stage.moderator.click(post, custom_id=f"moderate:report:{report.id}")).response
    env.close_dms(stage.member)
    said = await seat.fill("A word in private", {"text": "Please <@&1> *lower* your voice"})
    assert "nothing was sent" in answered(said)
    env.open_dms(stage.member)
    said = await seat.fill("A word in private", {"text": "Please <@&1> *lower* your voice"})
    assert "There is no case and no point." in answered(said)
    (word,) = conduct.dms(stage.member)
    assert r"\*lower\*" in shown(word)
    assert "counts for nothing" in shown(word)
    assert "mina" not in shown(word)
    assert "lower" not in "\n".join(conduct.posts())
    assert "had a word in private" in "\n".join(m.content for m in conduct.log.history())
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 0
    (closed,) = await stage.bot.service(Reports).read.about(stage.guild.id, stage.member.id)
    assert closed.outcome == "upheld"
    env.refusals.clear()


async def test_one_of_the_team_is_acted_on_only_after_a_question_and_a_message_goes_once_the_bot_may(
    conduct, env, logged_errors
):
    stage = conduct.stage
    helpers = stage.guild.create_role("Helpers", permissions=discord.Permissions(manage_messages=True))
    lea, seat = stage.person("lea", helpers), Seat(conduct)
    message = await lea.send(stage.general, "Fools!")
    await seat.open(message)
    await seat.prepare()
    await seat.press("Delete the message too")
    await seat.press("Warning")
    assert "power over others" in seat.text
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 0
    me = env.bot.user.id
    await overwrite(env, stage.general.id, me, deny=discord.Permissions(manage_messages=True))
    await seat.press("Warning")
    assert "Case 1 · Warning" in seat.text
    assert not await gone(stage.general, message)
    await overwrite(env, stage.general.id, me, deny=discord.Permissions.none())
    await env.pass_time(hours=2)
    assert await gone(stage.general, message)
    assert all("I lack" in error for error in logged_errors)
    logged_errors.clear()


async def overwrite(env, channel_id, user_id, *, deny):
    env.backend.set_overwrite(channel_id, Overwrite(user_id, OverwriteType.MEMBER, 0, deny.value))
    await env.settle()
