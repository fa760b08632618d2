"""An overturned case leaves no trace but the record, and is corrected wherever it was announced."""

from datetime import timedelta

from bot.contracts.cases import CaseKind, SanctionOverturned
from bot.contracts.conduct import Severity
from bot.ui import View
from cogs.conduct.reports.buttons import ReadButton
from cogs.conduct.reports.service import Reports
from tests.cogs.conduct.conftest import buttons, shown
from tests.cogs.conduct.moderate.test_moderate_story import Seat, answered

ARCHIVED = {"status": 400, "code": 50083}


async def test_an_overturned_warning_takes_its_next_step_with_it_and_is_corrected_wherever_it_was_announced(conduct):
    stage, env, bob = conduct.stage, conduct.env, conduct.stage.member
    guild_id, overturned = stage.guild.id, []

    async def noted(event, tx):
        overturned.append(event.case_id)

    stage.bot.bus.on(SanctionOverturned, noted)
    reporter = stage.person("rita")
    await conduct.open(CaseKind.WARN, bob, severity=Severity.LOW)
    message = await bob.send(stage.general, "You fools, all of you")
    form = await reporter.context_menu(stage.general, "Report", message)
    await reporter.submit_modal(form, {"details": "", "article": ["1"]})

    # From the report to a warning and, one click on, to the timeout that the ladder proposes
    seat = Seat(conduct)
    await seat.open(message)
    await seat.choose("Which article was broken?", "1")
    await seat.choose("What is done?", "warn")
    await seat.fill("Write the reason", {"text": "Insulting everybody"})
    await seat.press("Warning")
    await seat.press("Timeout (2 hours)")
    assert bob.member.timed_out_until is not None
    assert await conduct.cases.read.points(guild_id, bob.id) == 60
    warned, timed_out = await conduct.case(2), await conduct.case(3)
    assert timed_out.follows == warned.id
    assert "It agrees with you, and has acted." in shown(conduct.dms(reporter)[-1])

    # The member contests the warning; another moderator finds for them
    notice = conduct.dms(bob)[1]
    form = await bob.user.click(notice, custom_id=buttons(notice)["Appeal"])
    await bob.user.submit_modal(form, {"words": "I was quoting the book we read."})
    thread = next(one for one in conduct.log.threads if "Appeal" in one.name)
    post = thread.last_message
    assert "**Next step:** Case 3 · Timeout" in shown(post)
    await conduct.jump(minutes=10)
    opened = await stage.admin.click(post, custom_id=buttons(post)["Overturn"])
    said = await stage.admin.submit_modal(opened, {"answer": "You were quoting."})
    assert "everything that followed from the case is undone" in answered(said)

    # Nothing of it is left: neither points, nor the ladder, nor the timeout, nor what similar cases are compared with
    assert bob.member.timed_out_until is None
    assert await conduct.cases.read.points(guild_id, bob.id) == 20
    step = await conduct.cases.read.proposal(guild_id, bob.id, Severity.LOW)
    assert (step.kind, step.points) == (CaseKind.WARN, 40)
    assert [one.number for one in await conduct.cases.read.similar(guild_id, 1)] == [1]
    assert sorted(overturned) == [warned.id, timed_out.id], "what pauses on a sanction goes on"

    # And it is corrected wherever it was announced
    for number in (2, 3):
        (logged,) = [one for one in conduct.posts() if f"### Case {number} ·" in one]
        assert "Overturned on appeal by" in logged
    for letter in conduct.dms(bob)[1:3]:
        assert "overturned on appeal" in shown(letter)
        assert "Appeal" not in buttons(letter)
    assert "You were right" in shown(conduct.dms(bob)[-1])
    (told,) = conduct.dms(reporter)
    assert "What it decided then no longer stands." in shown(told), "the letter of before, where it stands"
    mine = await reporter.user.click(told, custom_id=buttons(told)["What I reported"])
    assert "no longer stands" in answered(mine)
    record = (await stage.admin.slash(stage.staff, "record", member=bob)).response
    assert shown(record).count("overturned on appeal") == 2

    # Somebody else looks at the message once more: what came of the report is the new case from now on
    seat = Seat(conduct, stage.admin)
    await seat.open(message)
    await seat.choose("Which article was broken?", "1")
    await seat.choose("What is done?", "warn")
    await seat.fill("Write the reason", {"text": "Nobody was quoted"})
    await seat.press("Warning")
    assert len(conduct.dms(reporter)) == 1
    assert "It agrees with you, and has acted." in shown(conduct.dms(reporter)[0])
    mine = await reporter.user.click(told, custom_id=buttons(told)["What I reported"])
    assert "It agrees with you" in answered(mine)
    (report,) = await stage.bot.service(Reports).read.about(guild_id, bob.id)
    view = View()
    view.add_item(ReadButton(report.id, "Read"))
    post = await conduct.do(stage.server.get_channel(stage.staff.id).send(view=view))
    page = answered(await stage.moderator.click(post, custom_id=f"conduct:reported:{report.id}"))
    assert f"and a case was made.** By <@{stage.admin.id}>" in page
    assert "Case 4 · Warning" in page
    assert env.errors == []


async def test_what_was_told_in_a_thread_that_is_archived_by_now_is_corrected_there_too(conduct):
    stage, env, bob = conduct.stage, conduct.env, conduct.stage.member
    env.close_dms(bob)
    case = await conduct.open(CaseKind.TIMEOUT, bob, length=timedelta(days=20))
    (thread,) = conduct.threads()
    await conduct.do(thread.edit(archived=True))
    path = f"/channels/{thread.id}/messages/*"
    env.inject_error("PATCH", path, times=1, **ARCHIVED)
    await conduct.do(conduct.cases.ending.void(stage.guild.id, case.number, stage.admin.id, "a mistake"))
    handle = next(one for one in conduct.notices.threads if one.id == thread.id)
    assert "withdrawn" in shown(handle.last_message)
    assert [error for error in env.errors if "50083" not in str(error)] == []
    env.errors.clear()
    assert not (await conduct.do(stage.bot.fetch_channel(thread.id))).archived
