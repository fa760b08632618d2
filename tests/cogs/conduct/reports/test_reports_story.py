"""Members report, the team reads and decides, and whoever reported is told: through the real bot."""

import discord

from bot.posting import post_once
from bot.ui import View
from tests.cogs.conduct.conftest import buttons, shown
from tests.cogs.onboarding.conftest import raw, walk

CANARY = "canary-4c1d"


def answered(result):
    """Everything that a click, form or command was answered with."""
    return "\n".join(shown(one) for one in filter(None, [result.response, *result.followups]))


def buttons_of(message):
    return [part["custom_id"] for part in walk(raw(message)) if "custom_id" in part]


async def about(conduct, member):
    from cogs.conduct.reports.service import Reports

    return await conduct.stage.bot.service(Reports).read.about(conduct.stage.guild.id, member.id)


async def in_the_inbox(conduct, person):
    """The newest report in the inbox of somebody of the team; None when it has none."""
    stage = conduct.stage
    screen = (await person.slash(stage.staff, "inbox")).response
    items = await stage.bot.inbox.open_items(stage.guild.id, viewer=person.id)
    if not items:
        return None
    key = f"inbox:go:i:{items[-1].id}:"
    await person.click(screen, custom_id=next(one for one in buttons_of(screen) if one.startswith(key)))
    return screen


async def read(conduct, person):
    """The newest report as somebody of the team reads it."""
    screen = await in_the_inbox(conduct, person)
    return (await person.click(screen, custom_id=buttons(screen)["Read the report"])).response


def clerk_of(stage):
    """Somebody else of the team, who has the inbox too."""
    return stage.person("clerk", stage.guild.create_role("Clerks", permissions=discord.Permissions(administrator=True)))


async def test_a_report_by_command_is_read_by_the_team_closed_once_and_answered_in_confidence(conduct, env, make_bot):
    stage = conduct.stage
    fleur = stage.person("fleur", locale="fr")
    await conduct.do(stage.bot.community.members.note_locale(stage.guild.id, fleur.id, "fr"))
    options = {"member": stage.member, "article": "1", "details": "**He** insults <@&1> everybody"}
    said = (await fleur.slash(stage.general, "report", **options)).response
    assert said.flags.ephemeral
    assert "Ton signalement est chez l’équipe" in shown(said)
    await env.restart(make_bot())
    waiting = await fleur.click(said, custom_id=buttons(said)["Ce que j’ai signalé"])
    assert "pas encore" in answered(waiting)
    page = await read(conduct, stage.admin)
    text = shown(page)
    assert page.flags.ephemeral
    assert f"<@{fleur.id}>" in text
    assert "1. Respect people" in text
    assert r"\*\*He\*\* insults" in text
    assert "<@&1>" not in text
    assert "No case so far." in text
    record = await stage.admin.click(page, custom_id=buttons(page)["Record"])
    assert "Record of" in answered(record)
    clerk = clerk_of(stage)
    other, decide = await read(conduct, clerk), buttons(page)
    await stage.admin.click(page, custom_id=decide["Upheld without a sanction"])
    for screen in (page, other):
        assert "Upheld without a sanction.** By" in shown(screen), "also on the screen of somebody else"
        assert "Moderate" not in buttons(screen)
    (told,) = conduct.dms(fleur)
    assert "Elle est de ton avis, et elle a agi" in shown(told)
    assert f"<@{stage.admin.id}>" not in shown(told)
    mine = await fleur.user.click(told, custom_id=buttons(told)["Ce que j’ai signalé"])
    assert r"\*\*He\*\* insults" in answered(mine)
    assert conduct.dms(stage.member) == [], "whom it is about is told nothing"
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 0
    env.refusals.clear()


async def test_a_page_that_is_older_than_the_decision_says_so_and_loses_its_buttons_when_it_is_clicked(conduct, env):
    stage, clerk = conduct.stage, clerk_of(conduct.stage)
    await stage.moderator.slash(
        stage.general, "report", member=stage.member, article="1", details="They insult me in every channel."
    )
    late = [await read(conduct, clerk) for _ in range(2)]
    await conduct.jump(minutes=16)  # Discord lets nobody change those answers any more, but for whoever clicks
    page = await read(conduct, stage.admin)
    panel = (await stage.admin.click(page, custom_id=buttons(page)["Moderate"])).response
    form = await stage.admin.click(panel, custom_id=buttons(panel)["Write the reason"])
    await stage.admin.submit_modal(form, {"text": "Insults"})
    await stage.admin.click(panel, custom_id=buttons(panel)["Warning"])
    assert "Case 1 · Warning" in shown(page), "the page that the case was made from shows it"
    assert list(buttons(page)) == ["Open the case"]
    for screen, press in zip(late, ("Moderate", "Duplicate"), strict=True):
        assert press in buttons(screen)
        said = await clerk.click(screen, custom_id=buttons(screen)[press])
        assert "closed already" in answered(said)
        assert list(buttons(screen)) == ["Open the case"]
    opened = await clerk.click(late[0], custom_id=buttons(late[0])["Open the case"])
    assert "Insults" in answered(opened)
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 1


async def test_a_report_about_one_of_the_team_is_for_the_others_and_some_reports_are_none(conduct, env):
    stage = conduct.stage
    robot = stage.guild.add_member(env.create_user("robot", bot=True))
    admins = stage.guild.create_role("Bosses", permissions=discord.Permissions(manage_guild=True))
    boss = stage.person("boss", stage.team, admins)
    details = "They wrote to me in private and insulted me."
    for whom, why in ((stage.member, "cannot report yourself"), (robot, "Bots cannot be reported")):
        said = await stage.member.slash(stage.general, "report", member=whom, article="0", details=details)
        assert why in answered(said)
        said = await stage.member.context_menu(stage.general, "Report", whom)
        assert why in answered(said)
    for article in ("99", "nothing of the kind"):
        said = await stage.member.slash(stage.general, "report", member=boss, article=article, details=details)
        assert "no such article here, so nothing was sent" in answered(said)
    gone = stage.person("gone")
    await env.leave(gone)
    choices = await stage.member.autocomplete(stage.general, "report", "article", "zzz")
    assert [one["name"] for one in choices] == ["None of these, or I do not know"]
    await stage.member.slash(stage.general, "report", member=gone.user, article=choices[0]["value"], details=details)
    (of_gone,) = await about(conduct, gone)
    assert of_gone.article is None, "somebody who left can be reported, by whoever does not know the article too"
    form = await stage.member.context_menu(stage.general, "Report", boss)
    said = await stage.member.submit_modal(form, {"details": details, "article": ["2"]})
    assert "with the team" in answered(said)
    (made,) = await about(conduct, boss)
    assert made.article == 2
    items = await stage.bot.inbox.open_items(stage.guild.id, viewer=boss.id)
    assert [item.subject for item in items] == [gone.id], "whom it is about does not see it"
    from cogs.conduct.moderate.buttons import ModerateButton
    from cogs.conduct.reports.buttons import CloseButton, ReadButton

    view = View()
    for button in (ReadButton(made.id, "1"), CloseButton("upheld", made.id, "2"), ModerateButton(made.id, "3")):
        view.add_item(button)
    post = await conduct.do(stage.server.get_channel(stage.general.id).send(view=view))
    for key in buttons_of(post):
        assert "This report is about you" in answered(await boss.click(post, custom_id=key))
        assert "not allowed" in answered(await stage.member.click(post, custom_id=key))
    assert "Report about" in answered(await stage.moderator.click(post, custom_id=buttons_of(post)[0]))
    assert (await about(conduct, boss))[0].outcome is None
    env.refusals.clear()


async def test_a_reported_message_is_kept_as_it_was_though_it_is_deleted_before_the_form_is_sent(conduct, env):
    stage = conduct.stage
    message = await stage.member.send(stage.general, f"You are a {CANARY}, **all** of you")
    form = await stage.moderator.context_menu(stage.general, "Report", message)
    other = await stage.admin.context_menu(stage.general, "Report", message)
    await stage.member.delete(message)
    await stage.moderator.submit_modal(form, {"details": "", "article": []})
    await stage.admin.submit_modal(other, {"details": "", "article": ["1"]})
    assert len(await about(conduct, stage.member)) == 2
    page = await read(conduct, stage.admin)
    assert rf"You are a {CANARY}, \*\*all\*\* of you" in shown(page)
    forwarded = await stage.member.forward(await stage.admin.send(stage.general, "Come to my shop"), stage.general)
    form = await stage.moderator.context_menu(stage.general, "Report", forwarded)
    await stage.moderator.submit_modal(form, {"details": "", "article": []})
    assert "Come to my shop" in shown(await read(conduct, stage.admin)), "what somebody forwards is what they say"


async def warned_about(conduct, reporter):
    """A report that somebody of the team has opened the panel of: all but the click on **Warning**."""
    stage = conduct.stage
    details = "They insult me in every channel."
    await reporter.slash(stage.general, "report", member=stage.member, article="1", details=details)
    page = await read(conduct, stage.admin)
    panel = (await stage.admin.click(page, custom_id=buttons(page)["Moderate"])).response
    form = await stage.admin.click(panel, custom_id=buttons(panel)["Write the reason"])
    await stage.admin.submit_modal(form, {"text": "Insults"})
    return panel


async def test_a_case_undone_days_later_is_corrected_though_discord_fails_at_first(conduct, logged_errors):
    stage, env, fleur = conduct.stage, conduct.env, conduct.stage.person("fleur")
    panel = await warned_about(conduct, fleur)
    await stage.admin.click(panel, custom_id=buttons(panel)["Warning"])
    assert "agrees with you" in shown(conduct.dms(fleur)[0])
    await conduct.jump(days=2)
    env.inject_error("PATCH", f"/channels/{fleur.user.dm_channel.id}/messages/*", status=503, times=None)
    await conduct.do(conduct.cases.ending.void(stage.guild.id, 1, stage.admin.id, "mistake"))
    assert "agrees with you" in shown(conduct.dms(fleur)[0])
    env.backend.faults.clear()
    await conduct.jump(hours=1)
    (told,) = conduct.dms(fleur)
    assert "no longer stands" in shown(told)
    assert logged_errors
    logged_errors.clear()


async def test_a_case_undone_while_the_letter_is_on_its_way_is_corrected(conduct, monkeypatch):
    from cogs.conduct.reports import letters

    stage, fleur, sent = conduct.stage, conduct.stage.person("fleur"), []

    async def slowly(*args, **content):
        """The case is voided between the letter's words and Discord's answer."""
        if not sent:
            await conduct.cases.ending.void(stage.guild.id, 1, stage.admin.id, "mistake")
        sent.append(await post_once(*args, **content))
        return sent[-1]

    panel = await warned_about(conduct, fleur)
    monkeypatch.setattr(letters, "post_once", slowly)
    await stage.admin.click(panel, custom_id=buttons(panel)["Warning"])
    assert len(sent) == 2
    (told,) = conduct.dms(fleur)
    assert "no longer stands" in shown(told)
