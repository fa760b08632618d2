"""The world goes on between what is shown and the click: it is looked at anew, and nothing happens by halves."""

import discord
from sqlalchemy import delete

from bot.contracts.cases import CaseKind
from bot.ui import View
from cogs.conduct.appeals.buttons import AppealButton
from tests.cogs.conduct.conftest import buttons, shown
from tests.cogs.conduct.deciding.test_deciding_story import WHY_BAN, Seat
from tests.cogs.conduct.moderate.test_moderate_story import Seat as Panel
from tests.cogs.conduct.moderate.test_moderate_story import answered


async def without(conduct, power):
    """The bot's own role loses a permission."""
    async with conduct.env._acting("powers") as world:
        mine = next(role for role in world.get_guild(conduct.stage.guild.id).roles.values() if role.managed)
        powers = discord.Permissions.all()
        powers.update(administrator=False, **{power: False})
        world.edit_role(conduct.stage.guild.id, mine.id, {"permissions": powers.value})


async def withdraw(conduct, number):
    from cogs.conduct.code.service import Codes

    codes, guild_id = conduct.stage.bot.service(Codes), conduct.stage.guild.id
    draft = await conduct.do(
        codes.edit(guild_id, lambda document: document.withdrawing(number, withdrawn=True), by=conduct.stage.admin.id)
    )
    await conduct.do(codes.publish(guild_id, revision=draft.revision, major=False, by=conduct.stage.admin.id))


async def test_who_left_what_was_withdrawn_and_what_the_bot_lost_meanwhile_is_said_and_nothing_is_recorded(conduct):
    stage, env = conduct.stage, conduct.env
    leaver, stayer = stage.person("leaver"), stage.person("stayer")
    gone, lost, old, panel = Seat(conduct), Seat(conduct), Seat(conduct), Panel(conduct)
    await gone.run("timeout", duration="2h", member=leaver)
    await lost.run("ban", member=stayer)
    await old.run("timeout", duration="2h", member=stayer, article="4")
    await panel.open(stayer)
    await panel.prepare(article="4")
    assert "The ladder proposes" in panel.text

    await env.leave(leaver)
    assert "is not in this server" in answered(await gone.press("Warning"))
    await without(conduct, "ban_members")
    opened = await lost.press(WHY_BAN)
    said = await lost.actor.submit_modal(opened, {"why": "Threats"})
    assert "I lack the permission Ban Members" in answered(said)
    await withdraw(conduct, 4)
    assert "Article 4 was withdrawn" in answered(await old.press("Warning"))
    assert "Choose the article" in answered(await panel.press("Warning"))
    await panel.fill("Write the reason", {"text": "Loud"})
    assert "Choose the article: then you see what is proposed" in panel.text
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 0

    # A case under an article that was withdrawn since goes on naming it, and is corrected to one in force
    made = await conduct.open(CaseKind.WARN, stayer, article=4)
    card = await Seat(conduct).run("case view", number=made.number)
    assert "4. Leave room for others" in card
    assert "Article 4 was withdrawn" in await Seat(conduct).run("case edit", number=made.number, article="4")
    assert "article (it was: 4)" in await Seat(conduct).run("case edit", number=made.number, article="1")
    env.refusals.clear()


async def test_evidence_and_appeals_that_are_gone_or_sent_already_say_so(conduct):
    stage, env, bob = conduct.stage, conduct.env, conduct.stage.member
    message = await bob.send(stage.general, "You fools")
    panel = Panel(conduct, stage.admin)
    await panel.open(message)
    await panel.prepare()
    await panel.press("Warning")
    case = await conduct.case(1)
    card = (await stage.moderator.slash(stage.staff, "case view", number=1)).response
    await conduct.do(_forget_evidence(stage.bot))
    said = await stage.moderator.click(card, custom_id=buttons(card)["Evidence"])
    assert "No message is kept with this case any more" in answered(said)

    # The owner alone is left to decide: the thread says so, and a button from before the appeal says it was made
    (notice,) = conduct.dms(bob)
    form, twice = [await bob.user.click(notice, custom_id=buttons(notice)["Appeal"]) for _ in range(2)]
    await env.leave(stage.moderator)
    await bob.user.submit_modal(form, {"words": "I was only joking."})
    again = await bob.user.submit_modal(twice, {"words": "I was only joking, again."})
    assert "appealed already" in answered(again)
    (thread,) = [one for one in conduct.log.threads if "Appeal" in one.name]
    assert "Nobody else moderates here, so" in shown(thread.last_message)
    stale = View()
    stale.add_item(AppealButton(case.id, "Appeal"))
    post = await conduct.do(stage.server.get_channel(stage.general.id).send(view=stale))
    assert "appealed already" in answered(await bob.click(post, custom_id=f"conduct:appeal:{case.id}"))
    (notice,) = conduct.dms(bob)
    assert "Your appeal is being looked at." in shown(notice)
    env.refusals.clear()


async def _forget_evidence(bot):
    from cogs.conduct.evidence.models import Evidence

    await bot.db.transaction(lambda tx: tx.session.execute(delete(Evidence)))
