"""A raid as the team lives it, in the real bot."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import select

from bot.timers.models import Timer
from tests.cogs.onboarding.conftest import buttons, raw, shown, walk

DAY = timedelta(days=1)


@dataclass
class Gate:
    """The raid brake of a server, seen by its team."""

    house: Any
    lead: Any
    """Manages the server, and may ban."""
    restart: Any
    screen: Any = None

    @property
    def env(self):
        return self.house.env

    @property
    def server(self):
        return self.house.stage.server

    @property
    def brake(self):
        from cogs.onboarding.raids.brake import Brake

        return self.house.stage.bot.service(Brake)

    @property
    def alerts(self):
        found = [one for one in self.house.stage.staff.history() if "raids:who" in str(raw(one))]
        return sorted(found, key=lambda one: one.id)

    @property
    def alert(self):
        return self.alerts[-1]

    @property
    def text(self):
        return shown(self.alert)

    async def come(self, count, name="raider"):
        """So many new accounts, one each second."""
        from tests.cogs.onboarding.conftest import Newcomer

        people: list[Newcomer] = []
        while len(people) < count:
            async with self.env.together() as world:
                for number in range(len(people), min(count, len(people) + 6)):
                    user = self.env.create_user(f"{name}{number:02}")
                    people.append(Newcomer(self.house, self.house.guild.add_member(user)))
                    world.advance_clock(1)
        await self.env.pass_time(seconds=30)
        return people

    async def press(self, label, person=None):
        return await (person or self.lead).click(self.alert, custom_id=buttons(self.alert)[label])

    async def open(self, label, person=None):
        self.screen = (await self.press(label, person)).response
        return shown(self.screen)

    async def go_on(self, label, person=None):
        await (person or self.lead).click(self.screen, custom_id=buttons(self.screen)[label])
        return shown(self.screen)

    def disabled(self):
        return {part["label"] for part in walk(raw(self.alert)) if part.get("disabled")}

    def requests(self, method, part):
        return len(self.house.requests(method, part))


@pytest.fixture
async def gate(house, restart):
    stage = house.stage
    await house.change("community", staff_channel=stage.staff.id, staff_roles=[stage.team.id])
    await house.require("code")
    powers = stage.guild.create_role(
        "Leads", permissions=discord.Permissions(manage_guild=True, ban_members=True, manage_roles=True)
    )
    lead = stage.person("lea", powers, stage.team)
    await stage.env.pass_time(minutes=30)
    await house.change("raids", enabled=True, joins=4)
    return Gate(house, lead, restart)


async def die(*_args, **_values):
    """What happens next does not: the process is killed."""
    raise asyncio.CancelledError


async def accept(newcomer):
    await newcomer.open()
    await newcomer.press("Read")
    await newcomer.press("I accept")


async def test_thirty_joins_are_one_alert_that_follows_and_fewer_are_none(gate):
    await gate.house.change("raids", joins=10)
    await gate.come(1, "<@17777777777777777> [x](http:/)")
    await gate.come(9, "guest")
    assert gate.alerts == []
    posted = gate.requests("POST", f"channels/{gate.house.stage.staff.id}/messages")
    await gate.come(20)
    assert len(gate.alerts) == 1
    assert "30 accounts younger than 7 days joined" in gate.text
    assert "**guest00**" in gate.text
    assert "and 20 others" in gate.text
    assert "<@1" not in gate.text
    assert "](http" not in gate.text, "names are shown as they are written"
    assert gate.requests("POST", f"channels/{gate.house.stage.staff.id}/messages") == posted + 1
    assert gate.requests("PATCH", f"channels/{gate.house.stage.staff.id}/messages") < 12, "not one edit for each join"


async def test_a_pause_is_renewed_each_day_also_after_a_crash_and_ended_by_a_press_or_in_discords_menu(gate):
    await gate.come(5)
    refused = await gate.press("Pause invites", gate.house.stage.moderator)
    assert "not allowed" in shown(refused.response), "the moderator does not manage the server"
    with gate.house.repeated(2):
        await gate.press("Pause invites")
    await gate.env.pass_time(seconds=30)
    assert gate.requests("PUT", "incident-actions") == 1, "two clicks, one effect"
    assert "Invites are paused by **lea**" in gate.text
    start = gate.env.now()
    assert start + timedelta(hours=23) < gate.server.invites_paused_until <= start + DAY
    await gate.restart(crash=True)
    for _ in range(2):
        await gate.house.leap(hours=22)
        await gate.env.pass_time(hours=1.5)
    assert gate.requests("PUT", "incident-actions") == 3
    assert gate.server.invites_paused_until > start + 2 * DAY
    assert len(gate.alerts) == 1
    await gate.press("End the pause")
    await gate.env.pass_time(minutes=1)
    assert gate.server.invites_paused_until is None
    assert "**lea** ended the pause" in gate.text
    await gate.press("Pause invites")
    await gate.env.pass_time(minutes=1)
    asked = gate.requests("PUT", "incident-actions")
    async with gate.env._acting("Discord's own menu") as world:
        world.incidents[gate.house.guild.id]["invites_disabled_until"] = None
        world.edit_guild(gate.house.guild.id, {})
    await gate.house.leap(hours=22)
    await gate.env.pass_time(hours=2)
    assert "ended in Discord’s own menu" in gate.text
    assert gate.requests("PUT", "incident-actions") == asked, "what staff end stays ended"


async def test_held_newcomers_are_welcomed_but_get_no_role_before_they_are_let_in_and_the_level_goes_back(gate):
    async with gate.env._acting("level") as world:
        world.edit_guild(gate.house.guild.id, {"verification_level": 1})
    early, *raiders = await gate.come(6)
    await accept(early)
    assert gate.house.member_role.id in early.roles, "before the hold"
    with gate.house.repeated(2):
        await gate.press("Hold newcomers")
    await gate.env.pass_time(seconds=30)
    assert "Newcomers are held by **lea**" in gate.text
    assert "verification level Highest instead of Low" in gate.text
    assert "5 wait" in gate.text
    assert gate.server.verification_level is discord.VerificationLevel.highest
    (late,) = await gate.come(1, "late")
    for one in (*raiders[:2], late):
        await accept(one)
        assert one.roles == set()
    await late.open()
    assert "the team lets newcomers in one by one" in late.text
    assert "full member" not in late.text
    await late.press("Choose")
    await late.choose(gate.house.chess)
    assert "Chosen: Chess. You get them when the team lets you in." in late.text
    assert late.roles == set()
    assert gate.house.member_role.id in early.roles, "nothing is taken away"
    await gate.restart(crash=True)
    await gate.env.pass_time(minutes=1)
    assert late.roles == set(), "a restart lets nobody in"
    text = await gate.open("Who came")
    assert "**late00** · held" in text
    menu = next(one for one in buttons(gate.screen).values() if one.startswith("raids:choose:"))
    await gate.lead.select(gate.screen, values=[str(late.id)], custom_id=menu)
    await gate.env.pass_time(seconds=30)
    assert "1 person is let in." in shown(gate.screen)
    assert late.roles == {gate.house.member_role.id, gate.house.chess.id}
    await late.open()
    assert "You are a full member" in late.text
    assert raiders[0].roles == set()
    assert "5 wait, 1 was let in" in gate.text
    gate.server.unavailable = True  # as Discord says of a server that it cannot show at present
    await gate.press("End the hold")
    assert gate.server.verification_level is discord.VerificationLevel.highest
    assert raiders[0].roles == set()
    await gate.restart(crash=True)
    await gate.env.pass_time(minutes=1)
    assert gate.server.verification_level is discord.VerificationLevel.low
    assert raiders[0].roles == {gate.house.member_role.id}
    assert raiders[4].roles == set(), "who did no step is owed nothing"
    assert "**lea** ended the hold" in gate.text
    (next_one,) = await gate.come(1, "next")
    await accept(next_one)
    assert next_one.roles == {gate.house.member_role.id}


async def test_a_ban_asks_twice_spares_the_answered_and_those_too_high_and_survives_a_crash(gate, monkeypatch):
    stage = gate.house.stage
    answered, colleague, high, *raiders = await gate.come(7)
    top = stage.guild.create_role("Very high")
    await gate.house.move(top, 99)
    async with gate.env._acting("role") as world:
        world.add_member_role(stage.guild.id, colleague.id, stage.team.id)
        world.add_member_role(stage.guild.id, high.id, top.id)
    await answered.actor.send(stage.general, "hello")
    await stage.member.send(stage.general, f"welcome <@{answered.id}>")
    question = await gate.open("Ban these joiners")
    assert "Ban 4 people?" in question
    assert "**raider06**" in question
    assert re.search(r"\*\*raider00\*\*: was answered", question)
    assert re.search(r"\*\*raider01\*\*: on the team", question)
    assert re.search(r"\*\*raider02\*\*: has a role as high as yours", question)
    await gate.env.leave(raiders[0].actor)
    await gate.come(1, "another")
    assert "The list has changed meanwhile" in await gate.go_on("Go on")
    assert "Really ban 5 people?" in await gate.go_on("Go on")
    assert gate.requests("POST", "bulk-ban") == 0
    with monkeypatch.context() as patch:
        patch.setattr(gate.brake.progress, "banned", die)
        with gate.house.repeated(2):
            await gate.go_on("Ban 5 people")
        await gate.env.pass_time(seconds=30)
    assert gate.requests("POST", "bulk-ban") == 1
    banned = gate.env.backend.get_guild(stage.guild.id).bans
    assert {one.id for one in raiders} <= set(banned), "also who has left meanwhile"
    assert not {answered.id, colleague.id, high.id} & set(banned)
    assert set(banned.values()) == {"Raid brake, decided by lea"}
    assert "5 bans are under way" in gate.text, "nobody has noted yet that Discord did it"
    async with gate.env._acting("a ban is lifted") as world:
        world.remove_ban(stage.guild.id, raiders[2].id)
    gate.env.inject_error("POST", "/guilds/*/bulk-ban", status=400, code=500000)
    await gate.restart(crash=True)
    await gate.env.pass_time(minutes=10)
    assert gate.requests("POST", "bulk-ban") == 2, "Discord says that none of them could be banned"
    assert gate.requests("GET", "/bans/") == 5, "so each is asked for"
    assert "4 were banned, decided by **lea**" in gate.text
    assert "1 could not be banned" in gate.text, "that somebody lifted meanwhile stays lifted"
    again = await gate.press("Ban these joiners")
    assert "Ban 1 person?" in shown(again.response), "decided anew"


async def test_an_alert_is_one_post_after_a_crash_at_once_or_a_day_later_and_over_many_sessions(gate, monkeypatch):
    await gate.house.change("welcome", enabled=False)
    for number, hours in enumerate((0, 24), 1):
        with monkeypatch.context() as patch:
            patch.setattr(gate.house.stage.bot.posts, "_keep", die)
            await gate.come(5, f"wave{number}")
            assert len(gate.alerts) == number
            async with gate.env.together() as world:
                world.advance_clock(hours * 3600)
        await gate.restart(crash=True)
        await gate.env.pass_time(minutes=31)
        assert len(gate.alerts) == number, "its nonce, or its key in the channel, finds it"
    await gate.press("Pause invites")
    await gate.env.pass_time(seconds=30)
    for resumed in (False, False, False, True):
        await gate.env.outage()
        await gate.env.reconnect(resumed=resumed)
    await gate.env.pass_time(minutes=1)
    assert len(gate.alerts) == 2
    assert gate.requests("PUT", "incident-actions") == 1
    async with gate.house.stage.bot.db.read() as session:
        timers = Counter(await session.scalars(select(Timer.kind).where(Timer.kind.startswith("raids:"))))
    assert timers == {"raids:pause": 1}


async def test_what_the_bot_lacks_is_said_before_a_press_and_no_request_is_sent_that_must_fail(gate):
    mine = next(role for role in gate.server.me.roles if role.managed)
    weak = discord.Permissions(view_channel=True, send_messages=True, embed_links=True, read_message_history=True)
    async with gate.env._acting("role") as world:
        world.edit_role(gate.house.guild.id, mine.id, {"permissions": weak.value})
    gate.env.set_locale(gate.lead, "fr")
    await gate.house.change("welcome", enabled=False)
    await gate.come(5)
    assert gate.disabled() == {"Pause invites", "Ban these joiners"}
    assert "I lack: Ban Members and Manage Server." in gate.text
    await gate.press("Hold newcomers")
    await gate.env.pass_time(hours=1)
    assert "verification level unchanged" in gate.text
    assert gate.requests("PATCH", f"/guilds/{gate.house.guild.id}") == 0
    refused = await gate.press("Dismiss") if "Dismiss" in buttons(gate.alert) else None
    assert refused is None, "what is in force is ended first"
    await gate.press("End the hold")
    strong = weak.value | discord.Permissions(manage_guild=True, ban_members=True).value
    async with gate.env._acting("role") as world:
        world.edit_role(gate.house.guild.id, mine.id, {"permissions": strong})
    await gate.env.pass_time(minutes=1)
    assert gate.disabled() == set(), "what was in the way is looked at again"
    await gate.press("Dismiss", gate.house.stage.moderator)
    await gate.env.pass_time(minutes=1)
    assert "Dismissed by **mina**" in gate.text
    await gate.come(5, "class")
    assert len(gate.alerts) == 1, "no new alert for an hour"
    await gate.env.pass_time(hours=1)
    await gate.come(5, "wave")
    assert len(gate.alerts) == 2


async def test_a_raid_during_an_outage_is_told_once_the_bot_is_back_and_a_lost_staff_channel_stops_nothing(gate):
    await gate.house.change("raids", joins=8)
    await gate.come(4, "first")
    await gate.restart(crash=True)
    await gate.come(4, "second")
    assert gate.alerts == []
    await gate.env.outage()
    await gate.come(1, "third")
    await gate.env.reconnect(resumed=False)
    await gate.env.pass_time(minutes=1)
    assert len(gate.alerts) == 1
    assert "9 accounts" in gate.text
    await gate.house.delete(gate.house.stage.staff)
    (late,) = await gate.come(1, "late")
    await accept(late)
    assert gate.house.member_role.id in late.roles
    await gate.env.pass_time(seconds=30)
    stage = gate.house.stage
    gate.screen = (await gate.lead.slash(stage.general, "inbox")).response
    assert "Many new accounts at once" in shown(gate.screen)
    await gate.go_on("Open", gate.lead)
    opened = await gate.lead.click(gate.screen, custom_id=buttons(gate.screen)["Open the alert"])
    gate.screen = opened.response
    assert "10 accounts" in shown(gate.screen)
    assert "Newcomers are held by **lea**" in await gate.go_on("Hold newcomers")
    elsewhere = stage.guild.create_text_channel("team")
    await gate.env.settle()
    await gate.house.change("community", staff_channel=elsewhere.id)
    await gate.env.pass_time(minutes=1)
    (alert,) = [one for one in elsewhere.history() if "raids:who" in str(raw(one))]
    assert "10 accounts" in shown(alert)
    assert await stage.bot.inbox.open_items(stage.guild.id) == []
    await gate.env.remove_bot(gate.house.guild)
    await gate.env.pass_time(hours=1)
    await gate.env.invite_bot(gate.house.guild)
    await gate.env.pass_time(minutes=1)
    assert len([one for one in elsewhere.history() if "raids:who" in str(raw(one))]) == 1
