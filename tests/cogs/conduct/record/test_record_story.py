"""The team reads and annotates a record, and a member reads their own, in the real bot and across a restart."""

from datetime import timedelta

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from tests.cogs.conduct.conftest import buttons, shown
from tests.cogs.onboarding.conftest import raw

LONG = "**Loud** <@&123456789012345678> [x](http://x.y)\n# again"


def answered(result):
    """Everything that a click or form was answered with."""
    return "\n".join(shown(one) for one in filter(None, [result.response, *result.followups]))


class Reader:
    """What one person has in front of them."""

    def __init__(self, court, actor):
        self.court, self.actor, self.screen = court, actor, None

    async def run(self, command, **options):
        self.screen = (await self.actor.slash(self.court.stage.general, command, **options)).response
        return shown(self.screen)

    async def press(self, label):
        return await self.actor.click(self.screen, custom_id=buttons(self.screen)[label])

    async def choose(self, menu, value):
        return answered(await self.actor.select(self.screen, [value], custom_id=buttons(self.screen)[menu]))

    @property
    def text(self):
        return shown(self.screen)


async def test_a_moderator_reads_a_record_notes_something_and_opens_what_it_names_also_after_a_restart(
    conduct, env, make_bot
):
    stage = conduct.stage
    member, other = stage.member, stage.person("Oda", stage.team)
    await conduct.open(CaseKind.WARN, member, severity=Severity.MEDIUM, reason=LONG)
    await conduct.open(CaseKind.TIMEOUT, member, severity=Severity.LOW, length=timedelta(hours=2))
    await Reader(conduct, other).run("report", member=member, details="They insulted me in voice.", article="1")
    reader = Reader(conduct, stage.moderator)
    said = await reader.run("record", member=member)
    assert "**Points:** 60" in said
    assert "**In force:** Timeout" in said
    assert "(case 2)" in said
    for entry in ("Case 1 · Warning", "Case 2 · Timeout (2 hours)", "Report · article 1", "not decided yet"):
        assert entry in said
    assert "told in a private message" in said
    assert "insulted me" in said
    assert "Oda" not in said, "who reported is not in the timeline"
    assert f"<@{other.id}>" not in said
    assert r"\*\*Loud\*\*" in said
    assert "<@&1" not in said
    await env.restart(make_bot())
    form = await reader.press("Add a note")
    await stage.moderator.submit_modal(form, {"note": "  Apologised **in person**. "})
    assert "The note is case 3. The member is not told." in reader.text
    assert r"Apologised \*\*in person\*\*." in reader.text
    assert len(conduct.dms(member)) == 2, "a note is not told"
    assert "Reason:** " in await reader.choose("Open an entry", "case:1")
    assert "They insulted me in voice." in await reader.choose("Open an entry", "report:1")
    empty = await stage.moderator.submit_modal(await reader.press("Add a note"), {"note": " \n "})
    assert "an empty note says nothing" in answered(empty)
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 3


async def test_who_a_report_is_about_does_not_see_it_and_a_note_is_about_who_is_below_or_has_left(conduct):
    stage = conduct.stage
    mod, colleague = stage.moderator, stage.person("Oda", stage.team)
    await Reader(conduct, stage.member).run(
        "report", member=mod, details="They banned a friend for nothing.", article="0"
    )
    assert "for nothing" in await Reader(conduct, colleague).run("record", member=mod)
    own = Reader(conduct, mod)
    said = await own.run("record", member=mod)
    assert "for nothing" not in said
    assert "Nothing is recorded." in said
    assert "reports about yourself are not shown to you" in said
    assert "Add a note" not in said
    reader = Reader(conduct, colleague)
    await reader.run("record", member=mod)
    assert "as high as yours" in answered(await reader.press("Add a note"))
    await conduct.env.leave(stage.member)
    assert "not in this server at present" in await reader.run("record", member=stage.member.user)
    form = await reader.press("Add a note")
    await colleague.submit_modal(form, {"note": "Left after a quarrel."})
    assert "Left after a quarrel." in reader.text


async def test_members_read_their_own_sanctions_without_a_name_or_a_note_and_contest_them_after_a_restart(
    conduct, env, make_bot
):
    stage = conduct.stage
    member = stage.member
    reader = Reader(conduct, member)
    await reader.run("profile")
    assert "Decisions about me" not in repr(raw(reader.screen))
    await conduct.open(CaseKind.NOTE, member, severity=None, reason="A secret remark")
    for number in range(1, 6):
        await conduct.open(CaseKind.WARN, member, reason=f"Shouting, time {number}")
        await conduct.jump(minutes=1)
    await conduct.do(conduct.cases.ending.void(stage.guild.id, 5, stage.moderator.id, "Mistaken"))
    await Reader(conduct, stage.moderator).run("report", member=member, details="Something in confidence", article="0")
    await reader.run("profile")
    await member.select(reader.screen, ["record"], custom_id=buttons(reader.screen)["Turn to another page"])
    said = reader.text
    assert "**Points:** 80" in said
    assert "Case 6 · Warning" in said
    assert "1. Respect people" in said
    assert "Shouting, time 5" in said
    assert "20 points until" in said
    assert "The team withdrew it" in said
    for hidden in ("secret", "confidence", "Note", "Mistaken", f"<@{stage.moderator.id}>", "Shouting, time 1"):
        assert hidden not in said
    await env.restart(make_bot())
    assert "Shouting, time 1" in answered(await reader.press("Older"))
    form = await member.click(reader.screen, custom_id="conduct:appeal:6")
    await member.submit_modal(form, {"words": "I was not even there that evening."})
    await reader.run("profile")
    await member.select(reader.screen, ["record"], custom_id=buttons(reader.screen)["Turn to another page"])
    assert "Under appeal." in reader.text
    assert "See the decision" in reader.text
