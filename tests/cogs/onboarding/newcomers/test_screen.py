"""`/newcomers` as the team uses it, in the real bot."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cogs.onboarding.conftest import buttons, raw, shown, walk


@dataclass
class Team:
    """Somebody of the team in front of the list."""

    house: Any
    person: Any
    screen: Any = None

    @property
    def text(self):
        return shown(self.screen)

    async def open(self):
        result = await self.person.slash(self.house.stage.staff, "newcomers")
        assert result.response.ephemeral
        self.screen = result.response
        return self

    def key(self, start, user_id=""):
        return next(one for one in buttons_of(self.screen) if one.startswith(start) and f":{user_id}" in one)

    async def press(self, start, user_id=""):
        return await self.person.click(self.screen, custom_id=self.key(start, user_id))


def buttons_of(message):
    return [part["custom_id"] for part in walk(raw(message)) if "custom_id" in part]


@pytest.fixture
async def house(house):
    await house.change("community", staff_roles=[house.stage.team.id])
    return house


async def reminders(newcomer):
    """Unasked messages the newcomer got."""
    return [one for one in newcomer.actor.user.dm_channel.history() if "attention:silence" in str(raw(one))]


async def test_a_stuck_newcomer_is_reminded_in_their_language_with_a_button_and_one_silenced_is_not(house, restart):
    await house.change("welcome", delivery="dm")
    nora = await house.join("Nora", locale="fr")
    quiet = await house.join("Quiet")
    for person in (nora, quiet):
        await person.open()
    await house.do(house.stage.bot.attention.silence(house.guild.id, quiet.id, True))
    await house.env.pass_time(hours=20)
    await restart(crash=True)
    await house.env.pass_time(hours=5)
    (letter,) = await reminders(nora)
    assert "### Ta prochaine étape dans Agora\u202f: Code de conduite" in shown(letter)
    assert await reminders(quiet) == []
    opened = await nora.actor.user.click(letter, custom_id=buttons(letter)["Mes étapes"])
    assert "Bienvenue dans Agora" in shown(opened.response)
    team = await Team(house, house.stage.moderator).open()
    assert re.search(r"\*\*Nora\*\* · Code of conduct\n-# last step <t:\d+:R> · reminded <t:\d+:R>", team.text)
    assert re.search(r"Joined +2\n", team.text)
    assert re.search(r"Code accepted +0 +0%\n", team.text)
    assert "newcomers:remind" not in str(buttons_of(team.screen)), "there is one reminder per step"
    await restart()
    await team.press("newcomers:handled", nora.id)
    assert "**Nora** is off the list for this step." in team.text
    assert "**Nora** ·" not in team.text


async def test_the_list_is_walked_by_step_and_page_and_its_buttons_hold_after_clicks_leaving_and_loss_of_rank(house):
    await house.change("newcomers", reminders=False)
    people = [await house.join(name) for name in ("Ana", "Bo", "<@17777777777777777> [x](http:/)", "Dee", "Eve")]
    nora = await house.join("Nora")
    await nora.open()
    await nora.press("Read")
    await nora.press("I accept")
    await house.leap(days=4)
    team, other = await Team(house, house.stage.moderator).open(), await Team(house, house.stage.admin).open()
    assert "6 people may need a hand." in team.text
    assert "<@1" not in team.text
    assert "](http" not in team.text, "names are shown as they are written"
    assert "**Nora**" not in team.text
    await team.press("newcomers:go:all:1")
    assert "**Nora** · Groups" in team.text
    await team.person.select(team.screen, values=["code"], custom_id="newcomers:step")
    assert "**Nora**" not in team.text
    ana, bo = people[:2]
    await team.press("newcomers:remind", ana.id)
    assert "**Ana** is reminded" in team.text
    assert "a reminder is on its way" in team.text
    await other.press("newcomers:remind", ana.id)
    assert "A reminder of **Ana** is on its way already." in other.text
    await house.env.pass_time(hours=1)
    assert len(await reminders(ana)) == 1
    stale = other.key("newcomers:handled", bo.id)
    await house.env.leave(bo.actor)
    await other.person.click(other.screen, custom_id=stale)
    assert "**Bo** is not on the list any more." in other.text
    assert "**Bo** ·" not in other.text
    before = team.text
    await house.change("community", staff_roles=[])
    refused = await team.press("newcomers:handled", ana.id)
    assert "You are not allowed to do that here." in shown(refused.response)
    assert team.text == before
    await other.press("newcomers:go:all:0")
    assert "**Ana** · Code of conduct" in other.text, "a refused click does nothing"


async def test_where_nobody_joined_or_nothing_is_on_it_says_so_and_members_do_not_see_it(house):
    team = await Team(house, house.stage.moderator).open()
    assert "Nobody joined in these 30 days" in team.text
    assert "Nobody is stuck." in team.text
    assert "newcomers" not in str(house.stage.member.available_commands(house.stage.general))
