"""A moderator decides, in the real bot: fast where nothing is unusual, asked why where something is."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from tests.cogs.conduct.conftest import buttons, shown
from tests.cogs.onboarding.conftest import House

WHY_BAN = "Ban (without an end): say why"


class Seat:
    """What one moderator has in front of them."""

    def __init__(self, court, actor=None):
        self.court, self.actor, self.screen = court, actor or court.stage.moderator, None

    async def run(self, command: str, **options: Any) -> str:
        if "number" not in options and command != "case list":
            options = {"article": "1", "reason": "Loud", "member": self.court.stage.member, **options}
        self.screen = (await self.actor.slash(self.court.stage.general, command, **options)).response
        return shown(self.screen)

    async def press(self, label: str) -> Any:
        return await self.actor.click(self.screen, custom_id=buttons(self.screen)[label])

    @staticmethod
    def answered(result: Any) -> str:
        """Everything that a click or form was answered with."""
        return "\n".join(shown(one) for one in filter(None, [result.response, *result.followups]))

    async def explain(self, label: str, why: str) -> str:
        await self.actor.submit_modal(await self.press(label), {"why": why})
        return self.text

    @property
    def text(self) -> str:
        return shown(self.screen)

    def refused(self) -> str:
        return str(self.court.env.refusals.pop())


@pytest.fixture
def seat(conduct):
    return Seat(conduct)


@pytest.fixture
def restart(env, make_bot):
    async def restart():
        await env.restart(make_bot())
        await env.settle()

    return restart


async def test_a_warning_is_recorded_at_once_and_its_next_step_is_one_click_away_also_after_a_restart(
    seat, conduct, restart
):
    member = conduct.stage.member
    said = await seat.run("warn", reason="**LOUD** <@&123456789012345678> [x](http://x.y)\n# again")
    assert "Case 1 · Warning" in said
    assert "1. Respect people" in said
    assert r"\*\*LOUD\*\*" in said
    assert "<@&1" not in said
    assert "](http" not in said
    assert "\n#" not in said.partition("Case 1")[2], "what was typed is no heading"
    assert "**Points:** 40" in said
    assert "The member was told in a private message." in said, "the answer says so once it is known"
    assert "Next step of the ladder: Timeout (2 hours), from 50 points on." in said
    assert "Too few similar cases" in said
    assert len(conduct.dms(member)) == 1
    said = await seat.run("warn", reason="Still loud")
    assert "The ladder proposes **Timeout (1 day)**." in said
    assert (await conduct.case(2)).proposed == "timeout:86400"
    await restart()
    await seat.press("Timeout (1 day)")
    assert "Case 3 · Timeout (1 day)" in seat.text
    assert "Next step of the ladder: Ban (7 days), from 100 points on." in seat.text
    case = await conduct.case(3)
    assert (case.kind, case.points, case.reason, case.proposed) == (CaseKind.TIMEOUT, 0, "Still loud", None)
    assert (await conduct.case(2)).proposed is None
    assert await conduct.cases.read.points(conduct.stage.guild.id, member.id) == 80, "told once, counted once"
    assert conduct.stage.server.get_member(member.id).is_timed_out()


async def test_who_cannot_be_told_is_shown_as_not_notified_and_has_no_points(seat, conduct):
    conduct.env.close_dms(conduct.stage.member)
    await conduct.change(notice_channel=None)
    said = await seat.run("warn")
    assert "Not notified" in said
    assert "**Points:** 0" in said


async def test_a_departure_is_explained_before_anything_is_recorded_and_kept_with_the_case(seat, conduct):
    said = await seat.run("ban", delete_days=2)
    assert "Ban (without an end): not decided yet" in said
    assert "The ladder proposes **Warning**: with this case it would be 40 points." in said
    assert "those of the last 2 days are deleted" in said
    assert set(buttons(seat.screen)) == {"Warning", WHY_BAN, "Do nothing"}
    form = await seat.press(WHY_BAN)
    assert "Write a reason" in seat.answered(await seat.actor.submit_modal(form, {"why": "   "}))
    assert (await conduct.cases.read.page(conduct.stage.guild.id, 0))[1] == 0
    said = await seat.explain(WHY_BAN, "Threatened *everyone*")
    assert "Case 1 · Ban (without an end)" in said
    case = await conduct.case(1)
    assert (case.proposed, case.departure, case.delete_seconds) == ("warn", "Threatened *everyone*", 172800)
    said = await seat.run("case view", number=1)
    assert r"**Why not what was proposed:** Threatened \*everyone\*" in said
    await seat.run("timeout", duration="2h", member=conduct.stage.person("eve"))
    await seat.press("Warning")
    case = await conduct.case(2)
    assert (case.kind, case.proposed, case.departure) == (CaseKind.WARN, None, None), "the proposal was followed"


async def test_cancelled_and_strange_drafts_decide_nothing_and_two_clicks_decide_once(seat, conduct, stage):
    await seat.run("timeout", duration="1h30")
    await seat.press("Do nothing")
    assert "Nothing was recorded" in seat.text
    await seat.run("timeout", duration="1h30")
    other = Seat(conduct, stage.admin)
    other.screen = seat.screen
    first = seat.screen
    row = conduct.env.backend.messages[first.channel_id][first.id]
    row.flags &= ~discord.MessageFlags(ephemeral=True).value  # as if it were shown to a colleague
    assert "Somebody else began this decision" in seat.answered(await other.press("Warning"))
    with House.repeated(conduct, 3):
        await seat.press("Warning")
    assert "Case 1 · Warning" in seat.text
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 1
    await seat.run("timeout", duration="1h30", member=stage.person("eve"))
    await conduct.env.pass_time(hours=25)
    assert "kept for a day" in seat.answered(await seat.press("Warning"))


async def test_elevated_members_are_asked_about_and_administrators_are_not_timed_out(seat, conduct, stage):
    async def ranked(name, **powers):
        role = stage.guild.create_role(name, permissions=discord.Permissions(**powers))
        async with conduct.env._acting("rank") as world:
            world.edit_role(stage.guild.id, role.id, {"position": 1})
        return stage.person(name, role)

    helper = await ranked("helper", manage_messages=True)
    said = await seat.run("warn", member=helper)
    assert "power over others (Manage Messages)" in said
    assert set(buttons(seat.screen)) == {"Warning", "Do nothing"}
    await seat.press("Warning")
    assert "Case 1 · Warning" in seat.text
    chief = await ranked("chief", administrator=True)
    await seat.run("timeout", member=chief, duration="2h")
    assert "Discord times out no administrators" in seat.refused()


async def test_similar_cases_stand_beside_the_proposal(seat, conduct, stage):
    for number in range(6):
        kind, length = (CaseKind.TIMEOUT, timedelta(hours=2)) if number < 2 else (CaseKind.WARN, None)
        proposed = "warn" if kind is CaseKind.TIMEOUT else None
        await conduct.open(kind, stage.person(f"p{number}"), length=length, proposed=proposed, notify=False)
    said = await seat.run("timeout", duration="1 week")
    assert "The last 6 cases under article 1 at this step: 4 × Warning, 2 × Timeout (2 hours)." in said


async def test_bad_input_is_said_and_nothing_is_recorded(seat, conduct, stage):
    refusals = {
        "Write a length of time": ("timeout", {"duration": "soon"}),
        "longer than nothing": ("timeout", {"duration": "0m"}),
        "no such article": ("warn", {"article": "77"}),
        "Write a reason": ("warn", {"reason": "   "}),
        "no case with that number": ("case view", {"number": 999}),
        "no case with that": ("case void", {"number": 999}),
    }
    for refusal, (command, options) in refusals.items():
        await seat.run(command, **options)
        assert refusal in seat.refused(), command
    for power, command in (("moderate_members", "timeout"), ("kick_members", "kick"), ("ban_members", "ban")):
        async with conduct.env._acting("powers") as world:
            mine = next(role for role in world.get_guild(stage.guild.id).roles.values() if role.managed)
            before = mine.permissions
            powers = discord.Permissions.all()
            powers.update(administrator=False, **{power: False})
            world.edit_role(stage.guild.id, mine.id, {"permissions": powers.value})
        await seat.run(command, **({"duration": "2h"} if command == "timeout" else {}))
        assert "I lack the permission" in seat.refused(), command
        async with conduct.env._acting("powers") as world:
            world.edit_role(stage.guild.id, mine.id, {"permissions": int(before)})
    assert (await conduct.cases.read.page(stage.guild.id, 0))[1] == 0


async def test_durations_are_understood_as_people_write_them_also_longer_than_discord_allows(seat, conduct, stage):
    for number, (typed, length) in enumerate(
        {
            "90m": timedelta(minutes=90),
            "1h30": timedelta(minutes=90),
            "2 jours": timedelta(days=2),
            "1 semaine": timedelta(weeks=1),
            "60 days": timedelta(days=60),
        }.items(),
        1,
    ):
        await seat.run("timeout", duration=typed, member=stage.person(f"p{number}"))
        label = next(one for one in buttons(seat.screen) if "say why" in one)
        await seat.explain(label, "Because")
        case = await conduct.case(number)
        assert case.until - case.created_at == length, typed


async def test_it_speaks_french_to_who_reads_french(seat, conduct, stage):
    conduct.env.set_locale(stage.moderator, "fr")
    choices = await stage.moderator.autocomplete(stage.general, "warn", "article", "respect")
    assert choices[0]["name"] == "1. Respecter les personnes"
    choices = await stage.moderator.autocomplete(stage.general, "timeout", "duration", "8 jours")
    assert [one["name"] for one in choices] == ["28 jours"]
    said = await seat.run("warn")
    assert "Dossier 1 · Avertissement" in said
    assert "**Article\u202f:** 1. Respecter les personnes" in said
    assert "Échelon suivant\u202f: Exclusion temporaire (2\xa0heures)" in said
    await seat.run("ban", member=stage.person("eve"), duration="7 jours")
    assert "Bannissement (7\xa0jours)\u202f: dire pourquoi" in buttons(seat.screen)


async def test_where_there_are_no_articles_none_is_asked_for(seat, conduct, stage, monkeypatch):
    from cogs.conduct.code.service import Codes

    monkeypatch.setattr(Codes, "articles", lambda _self, _guild: ())
    monkeypatch.setattr(Codes, "article", lambda _self, _guild, _number: None)
    choices = await stage.moderator.autocomplete(stage.general, "warn", "article", "x")
    assert [one["value"] for one in choices] == ["0"]
    said = await seat.run("warn", article="0")
    assert "without an article" in said
    case = await conduct.case(1)
    assert (case.article, case.severity) == (None, Severity.MEDIUM)
