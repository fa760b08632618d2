"""A member contests a case, somebody else decides, and whatever followed is undone: told through the real bot."""

import asyncio
from datetime import timedelta

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from cogs.conduct.cases.rules import State
from tests.cogs.onboarding.conftest import buttons, shown

WORDS = {"words": "It was my brother, on my phone. *Really* <@&1>"}


def service(conduct):
    from cogs.conduct.appeals.service import Appeals

    return conduct.stage.bot.service(Appeals)


def answered(result):
    """Everything that a click or form was answered with."""
    return "\n".join(shown(one) for one in filter(None, [result.response, *result.followups]))


async def test_a_banned_members_appeal_is_decided_by_somebody_else_and_undoes_the_ban(conduct, make_bot):
    stage, env = conduct.stage, conduct.env
    fleur = stage.person("fleur", locale="fr")
    await conduct.do(stage.bot.community.members.note_locale(stage.guild.id, fleur.id, "fr"))
    case = await conduct.open(CaseKind.BAN, fleur, severity=Severity.HIGH)
    assert stage.server.get_member(fleur.id) is None
    (notice,) = conduct.dms(fleur)
    form = await fleur.user.click(notice, custom_id=buttons(notice)["Faire appel"])
    assert "recours est chez l’équipe" in answered(await fleur.user.submit_modal(form, WORDS))
    (notice,) = conduct.dms(fleur)
    assert "Voir la décision" in buttons(notice)

    # The team's thread: where members do not look, and not for whoever made the case
    (thread,) = [one for one in conduct.log.threads if "Appeal" in one.name]
    post = thread.last_message
    assert "It was my brother" in shown(post)
    assert "*Really*" not in shown(post)
    refused = await stage.moderator.click(post, custom_id=buttons(post)["Overturn"])
    assert "somebody else decides" in answered(refused)

    await env.restart(make_bot())
    post = thread.last_message
    opened = await stage.admin.click(post, custom_id=buttons(post)["Overturn"])
    await stage.admin.submit_modal(opened, {"answer": "You are right."})
    assert (await conduct.case(case.number)).state is State.OVERTURNED
    assert await conduct.cases.read.points(stage.guild.id, fleur.id) == 0
    assert [one async for one in stage.server.bans()] == []
    assert "Overturned by" in shown(thread.last_message)
    (notice,) = conduct.dms(fleur)
    said = await fleur.user.click(notice, custom_id=buttons(notice)["Voir la décision"])
    assert "You are right." in answered(said)
    assert env.errors == []


async def test_a_warned_member_is_told_in_private_that_the_case_stands(conduct, logged_errors):
    stage, env = conduct.stage, conduct.env
    case = await conduct.open(CaseKind.TIMEOUT, stage.member, length=timedelta(hours=5))
    (notice,) = conduct.dms(stage.member)
    form = await stage.member.user.click(notice, custom_id=buttons(notice)["Appeal"])
    await stage.member.user.submit_modal(form, {"words": "I was only joking."})
    (item,) = await stage.bot.inbox.open_items(stage.guild.id, viewer=stage.admin.id)
    assert item.kind.name == "conduct.appeal"
    made = await service(conduct).read.of_case(case.id)
    assert made.thread_id == item.link.channel_id
    (thread,) = [one for one in conduct.log.threads if "Appeal" in one.name]
    opened = await stage.admin.click(thread.last_message, custom_id=buttons(thread.last_message)["It stands"])
    env.inject_error("POST", f"/channels/{stage.member.user.dm_channel.id}/messages", status=503, times=2)
    await stage.admin.submit_modal(opened, {"answer": "Nobody laughed."})
    await conduct.jump(days=2)  # the computer was suspended: that was the second try
    assert len(conduct.dms(stage.member)) == 1
    await conduct.jump(hours=1)
    assert len(logged_errors) == 2
    logged_errors.clear()
    assert list(await stage.bot.inbox.open_items(stage.guild.id)) == []
    decision = conduct.dms(stage.member)[-1]
    assert "the decision stands" in shown(decision)
    assert "Nobody laughed." in shown(decision)
    said = await stage.member.user.click(decision, custom_id=buttons(decision)["See the decision"])
    assert "Nobody laughed." in answered(said)
    assert (await conduct.case(case.number)).state is State.ACTIVE


async def test_an_appeal_decided_while_its_thread_is_being_opened_shows_the_decision_there(conduct, monkeypatch):
    stage, appeals = conduct.stage, service(conduct)
    real = appeals.opened

    async def slowly(*posted):
        await conduct.cases.ending.void(stage.guild.id, case.number, stage.admin.id, "a mistake")
        while (await appeals.read.of_case(case.id)).told_at is None:
            await asyncio.sleep(0.01)
        await real(*posted)

    monkeypatch.setattr(appeals, "opened", slowly)
    case = await conduct.open(CaseKind.WARN, stage.member)
    (notice,) = conduct.dms(stage.member)
    form = await stage.member.user.click(notice, custom_id=buttons(notice)["Appeal"])
    await stage.member.user.submit_modal(form, {"words": "I was only joking."})
    (thread,) = [one for one in conduct.log.threads if "Appeal" in one.name]
    assert list(buttons(thread.last_message)) == ["Open the case"]
    assert "You were right" in shown(conduct.dms(stage.member)[-1])
    assert len(conduct.dms(stage.member)) == 2


async def test_a_thread_that_cannot_be_opened_again_keeps_no_decision_from_the_member(conduct, logged_errors):
    stage, env = conduct.stage, conduct.env
    case = await conduct.open(CaseKind.WARN, stage.member)
    (notice,) = conduct.dms(stage.member)
    form = await stage.member.user.click(notice, custom_id=buttons(notice)["Appeal"])
    await stage.member.user.submit_modal(form, {"words": "I was only joking."})
    (thread,) = [one for one in conduct.log.threads if "Appeal" in one.name]
    for path, code in ((f"/channels/{thread.id}/messages/*", 50083), (f"/channels/{thread.id}", 160006)):
        env.inject_error("PATCH", path, status=400, code=code, times=None)
    await conduct.do(conduct.cases.ending.void(stage.guild.id, case.number, stage.admin.id, "a mistake"))
    assert "You were right" in shown(conduct.dms(stage.member)[-1])
    assert "160006" in logged_errors[-1]
    logged_errors.clear()
    env.backend.faults.clear()
    await env.pass_time(minutes=1)
    assert list(buttons(thread.last_message)) == ["Open the case"], "it is tried until the team's thread shows it too"
    assert len(conduct.dms(stage.member)) == 2
