"""`/lockdown` as the team and members live it, in the real bot."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.cogs.conduct.conftest import Court, buttons, shown
from tests.cogs.onboarding.conftest import House

CLOSED = discord.Permissions(
    send_messages=True, send_messages_in_threads=True, create_public_threads=True, create_private_threads=True
)


class Siege:
    """A server that can be locked down, seen by somebody who may."""

    def __init__(self, court: Court, lead: Any, make_bot: Any) -> None:
        self.court, self.lead, self.make_bot = court, lead, make_bot
        self.stage, self.env, self.guild = court.stage, court.env, court.stage.guild

    async def change(self, section: str, **fields: Any) -> None:
        bot = self.stage.bot
        work = bot.guild_settings.change(self.guild.id, bot.sections.named(section), by=None, **fields)
        await self.court.do(work)

    async def slash(self, command: str, who: Any = None, **options: Any) -> Any:
        return (await (who or self.lead).slash(self.stage.staff, command, **options)).response

    async def start(self, **options: Any) -> str:
        page = await self.slash("lockdown start", **options)
        self.preview = shown(page)
        await self.lead.click(page, custom_id=buttons(page)[next(n for n in buttons(page) if n != "End now")])
        await self.env.pass_time(seconds=5)
        return shown(page)

    @property
    def posts(self) -> list[Any]:
        return [one for one in self.stage.staff.history() if "lockdown:end" in str(buttons(one))]

    @property
    def post(self) -> str:
        return shown(self.posts[-1])

    async def press_end(self, who: Any = None) -> Any:
        answer = await (who or self.lead).click(self.posts[-1], custom_id=buttons(self.posts[-1])["End now"])
        await self.env.pass_time(seconds=5)
        return answer

    async def restart(self) -> None:
        await self.env.restart(self.make_bot(), crash=True)
        await self.env.pass_time(seconds=5)

    def world(self) -> dict[str, Any]:
        """Everything of the server that a lockdown could change, as Discord has it."""
        guild = self.env.backend.get_guild(self.guild.id)
        channels = {
            self.env.backend.channels[one].name: (
                {o.target_id: (o.allow, o.deny) for o in self.env.backend.channels[one].overwrites},
                self.env.backend.channels[one].rate_limit_per_user,
            )
            for one in guild.channel_ids
        }
        return {"channels": channels, "level": guild.verification_level}

    def writes(self, member: Any, channel: Any) -> bool:
        powers = self.env.backend.compute_permissions(self.guild.id, member.id, channel.id)
        return bool(discord.Permissions(powers).send_messages)

    async def overwrite(self, channel: Any, target: int, allow: int = 0, deny: int = 0) -> None:
        async with self.env._acting("by hand") as world:
            world.set_overwrite(channel.id, Overwrite(target, OverwriteType.ROLE, allow, deny))

    async def bot_powers(self, **powers: bool) -> None:
        me = max(self.env.backend.get_guild(self.guild.id).roles.values(), key=lambda role: role.managed)
        granted = discord.Permissions(me.permissions)
        granted.update(**powers)
        async with self.env._acting("powers") as world:
            world.edit_role(self.guild.id, me.id, {"permissions": granted.value})
        await self.env.settle()

    def asked(self) -> list[Any]:
        return [
            one
            for one in self.env.backend.http_requests
            if one.method in {"PUT", "PATCH", "DELETE"}
            and ("/permissions/" in one.path or "/channels/" in one.path)
            and "/messages" not in one.path
        ]


@pytest.fixture
async def siege(conduct: Court, make_bot):
    stage = conduct.stage
    powers = discord.Permissions(manage_channels=True, manage_guild=True)
    lead = stage.person("lea", stage.guild.create_role("Leads", permissions=powers), stage.team)
    siege = Siege(conduct, lead, make_bot)
    await siege.change("community", staff_channel=stage.staff.id, staff_roles=[stage.team.id])
    await siege.change("lockdown", enabled=True)
    vips = stage.guild.create_role("Regulars")
    seen, hush = discord.PermissionOverwrite(send_messages=True), discord.PermissionOverwrite(send_messages=False)
    siege.vip = stage.person("vic", vips)
    siege.lounge = stage.guild.create_text_channel("lounge", overwrites={stage.guild.default_role: hush, vips: seen})
    siege.news = stage.guild.create_text_channel(
        "news",
        overwrites={stage.guild.default_role: discord.PermissionOverwrite.from_pair(discord.Permissions(), CLOSED)},
    )
    await stage.env.settle()
    return siege


async def test_channels_close_to_members_and_not_to_the_team_and_everything_comes_back_exactly(siege):
    stage, before = siege.stage, siege.world()
    start = siege.env.now()
    assert "lasts until" in await siege.start(minutes=60)
    assert "channels are closed" in siege.preview
    assert "Highest" in siege.preview
    assert f"<#{stage.staff.id}>" not in siege.preview, "members do not see it"
    assert f"<#{siege.news.id}>" not in siege.preview, "nobody writes there anyway"
    for channel in (stage.general, siege.lounge):
        assert not siege.writes(stage.member, channel)
        assert not siege.writes(siege.vip, channel)
        assert siege.writes(stage.moderator, stage.general)
    assert siege.world()["level"] == 4
    assert stage.server.invites_paused_until == start + timedelta(hours=1)
    assert "The server is locked down" in siege.post
    entries = siege.env.backend.get_guild(siege.guild.id).audit_log_entries
    assert {entry.reason for entry in entries if "ockdown" in str(entry.reason)} == {"Lockdown, started by lea"}
    assert "in force until" in shown(await siege.slash("status", stage.admin))
    with House.repeated(siege, 2):
        await siege.start(minutes=120)
    assert len(siege.posts) == 1
    await siege.env.pass_time(minutes=70)
    assert siege.world()["level"] == 4, "it was prolonged"
    assert stage.server.invites_paused_until > siege.env.now()
    new = siege.guild.create_text_channel("new")
    created = siege.world()["channels"]["new"]
    await siege.env.pass_time(minutes=55)
    after = siege.world()
    assert after["channels"].pop("new") == created, new
    assert after == before
    assert stage.server.invites_paused_until <= siege.env.now()
    assert "Its time was up" in siege.post
    assert "channels are as before" in siege.post
    assert "no lockdown" in shown(await siege.slash("lockdown end"))
    siege.env.refusals.clear()


async def test_what_was_changed_by_hand_stays_and_is_listed_and_a_deleted_channel_is_no_matter(siege):
    stage, everyone = siege.stage, siege.guild.id
    before = siege.world()["channels"]
    doomed = siege.guild.create_text_channel("doomed")
    await siege.env.settle()
    await siege.start()
    closed = siege.world()["channels"]["general"][0][everyone]
    await siege.overwrite(stage.general, everyone, allow=discord.Permissions(send_messages=True).value)
    await siege.overwrite(siege.lounge, everyone, 0, closed[1] | discord.Permissions(attach_files=True).value)
    async with siege.env._acting("delete") as world:
        world.delete_channel(doomed.id)
    refused = await siege.press_end(stage.moderator)
    assert "Manage Channels" in shown(refused.response)
    with House.repeated(siege, 2):
        await siege.press_end()
    await siege.env.pass_time(minutes=1)
    after = siege.world()["channels"]
    assert after["general"][0][everyone] == (discord.Permissions(send_messages=True).value, 0)
    allowed, denied = after["lounge"][0][everyone]
    was = before["lounge"][0][everyone]
    assert (allowed, denied) == (was[0], was[1] | discord.Permissions(attach_files=True).value)
    assert f"left as it was changed: <#{stage.general.id}>." in siege.post
    assert "**lea** ended it" in siege.post
    assert "The lockdown is over" in siege.post
    siege.env.refusals.clear()


async def test_killed_at_any_point_it_goes_on_and_still_puts_everything_back(siege, monkeypatch):
    before = siege.world()
    from cogs.conduct.lockdown.service import Lockdowns

    def dies_after(times: int) -> None:
        """The process vanishes between Discord's answer and our note of it."""
        service, left = siege.stage.bot.service(Lockdowns), [times]
        mark = service.mark

        async def marking(*args: Any) -> None:
            if left[0] == 0:
                raise asyncio.CancelledError
            left[0] -= 1
            await mark(*args)

        monkeypatch.setattr(service, "mark", marking)

    dies_after(0)
    await siege.start(minutes=5)
    assert siege.world() != before, "Discord has taken the first step, and we do not know"
    siege.env.backend.advance_clock(3600)
    await siege.restart()
    await siege.env.pass_time(minutes=1)
    assert siege.world() == before, "its time was up while the bot was down"
    dies_after(2)
    await siege.start(minutes=60)
    assert siege.world() != before
    await siege.restart()
    assert siege.world()["level"] == 4
    assert not siege.writes(siege.stage.member, siege.stage.general)
    for deaths in range(3):
        dies_after(deaths)
        if deaths == 0:
            await siege.slash("lockdown end")
            await siege.env.pass_time(seconds=5)
        await siege.restart()
    await siege.env.pass_time(minutes=1)
    assert siege.world() == before
    assert len(siege.posts) == 2
    assert "channels are as before" in siege.post


async def test_what_the_bot_may_not_do_is_said_before_and_made_up_for_later(siege):
    await siege.change("lockdown", mode="slow", slow_mode=60)
    before = siege.world()
    await siege.bot_powers(manage_channels=False, administrator=False)
    page = shown(await siege.slash("lockdown start"))
    assert "I lack Manage Channels in" in page
    await siege.bot_powers(manage_channels=True)
    async with siege.env._acting("slow") as world:
        world.channels[siege.lounge.id].rate_limit_per_user = 300
    await siege.start()
    assert siege.world()["channels"]["general"][1] == 60
    await siege.bot_powers(manage_channels=False, manage_guild=False)
    asked = len(siege.asked())
    await siege.slash("lockdown end")
    await siege.env.pass_time(minutes=1)
    assert len(siege.asked()) == asked, "no request that is known to fail"
    assert "The lockdown is being undone" in siege.post
    assert "I lack Manage Channels" in siege.post
    await siege.slash("lockdown start")
    assert "not everything is back yet" in str(siege.env.refusals)
    siege.env.refusals.clear()
    await siege.bot_powers(manage_channels=True, manage_guild=True)
    await siege.env.pass_time(minutes=1)
    assert siege.world()["level"] == before["level"]
    assert siege.world()["channels"]["general"] == before["channels"]["general"]
    assert "The lockdown is over" in siege.post


class TestBesideARaid:
    """Onboarding and conduct meet in the alert of a raid."""

    @pytest.fixture
    def bot_options(self) -> dict[str, Any]:
        return {"features": ("administration", "onboarding", "conduct")}

    async def test_its_alert_offers_a_lockdown_and_neither_lowers_the_verification_level_that_the_other_needs(
        self, siege
    ):
        await siege.change("raids", enabled=True, joins=3)
        for number in range(5):
            await siege.env.join(siege.guild, f"raider{number}")
        await siege.env.pass_time(seconds=30)
        (alert,) = [one for one in siege.stage.staff.history() if "raids:who" in str(buttons(one))]
        asked = await siege.lead.click(alert, custom_id=buttons(alert)["Lock down"])
        assert "Lock down?" in shown(asked.response)
        refused = await siege.stage.moderator.click(alert, custom_id=buttons(alert)["Lock down"])
        assert "Manage Channels" in shown(refused.response)
        siege.env.refusals.clear()

        # Both raise the verification level: neither lowers what the other needs, and the level of before comes back
        await siege.change("lockdown", mode="none", pause_invites=False, level="high")
        await self.by_hand(siege, 1)

        async def press(label: str) -> int:
            (alert,) = [one for one in siege.stage.staff.history() if "raids:who" in str(buttons(one))]
            await siege.lead.click(alert, custom_id=buttons(alert)[label])
            await siege.env.pass_time(seconds=30)
            return siege.world()["level"]

        async def lock() -> int:
            assert "raised to **High**" in await self.started(siege)
            return siege.world()["level"]

        async def unlock() -> int:
            await siege.slash("lockdown end")
            await siege.env.pass_time(seconds=5)
            return siege.world()["level"]

        assert [await press("Hold newcomers"), await lock(), await press("End the hold")] == [4, 4, 3]
        await siege.restart()
        assert [siege.world()["level"], await unlock()] == [3, 1]
        assert [await lock(), await press("Hold newcomers"), await unlock()] == [3, 4, 4]
        await siege.restart()
        assert [siege.world()["level"], await press("End the hold")] == [4, 1]
        for chosen in (2, 3):  # the second is what the lockdown would have needed
            assert [await lock(), await press("Hold newcomers")] == [3, 4]
            await self.by_hand(siege, chosen)
            assert "changed by hand meanwhile, and stays so" in siege.post
            assert [await press("End the hold"), await unlock()] == [chosen, chosen]
            await self.by_hand(siege, 1)

    async def started(self, siege) -> str:
        await siege.start(minutes=60)
        return siege.preview

    async def by_hand(self, siege, level: int) -> None:
        async with siege.env._acting("level") as world:
            world.edit_guild(siege.guild.id, {"verification_level": level})
        await siege.env.pass_time(seconds=30)
