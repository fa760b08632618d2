"""Every command and every button answers in time, in both languages, however slow the database and Discord are.

The test is ten times faster than Discord: a database that takes 0.4 s here stands for 4 s, longer than the three
seconds that an interaction lives, which are 0.3 s here. They are measured by a clock that other programs do not delay.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord.components import walk_components
from simcord.http.client import FakeWebhookAdapter

from bot.database import Database
from bot.permissions import access_of
from bot.ui import replies
from tests.fair_clock import FairClock, fair_clock

SCALE = 0.1
SLOW_DATABASE = 4.0 * SCALE
SLOW_DISCORD = 1.0 * SCALE
DEADLINE = 3.0 * SCALE
CLICKS = 40
"""Buttons pressed per command: panels lead to panels for ever."""


def slow(monkeypatch: pytest.MonkeyPatch, clock: FairClock) -> tuple[Callable[[], None], list[tuple[str, float]]]:
    """A slow database and a slow Discord, and the seconds until each first response left the bot.

    They are slow as long as somebody waits for that response; what it sets off afterwards may be quick.
    """
    seconds: list[tuple[str, float]] = []
    began: dict[str, float] = {}
    monkeypatch.setattr(replies, "DEFER_AFTER", replies.DEFER_AFTER * SCALE)
    read, transaction, request = Database.read, Database.transaction, FakeWebhookAdapter.request

    async def wait(length: float) -> None:
        if began:
            await asyncio.sleep(length)

    @asynccontextmanager
    async def slow_read(self):
        await wait(SLOW_DATABASE)
        async with read(self) as session:
            yield session

    async def slow_transaction(self, work):
        await wait(SLOW_DATABASE)
        return await transaction(self, work)

    async def slow_request(self, route, session, **options):
        path = route.url.split("?")[0]
        if path.endswith("/callback"):
            seconds.append((path, clock() - began.pop("now", clock())))
            await asyncio.sleep(SLOW_DISCORD)
        else:
            await wait(SLOW_DISCORD)
        return await request(self, route, session, **options)

    def begin() -> None:
        began["now"] = clock()

    monkeypatch.setattr(Database, "read", slow_read)
    monkeypatch.setattr(Database, "transaction", slow_transaction)
    monkeypatch.setattr(FakeWebhookAdapter, "request", slow_request)
    return begin, seconds


def leaves(tree: app_commands.CommandTree[Any]) -> Iterator[app_commands.Command[Any, Any, Any]]:
    for command in tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def buttons(message: Any) -> list[str]:
    return [
        part["custom_id"]
        for part in walk_components(message.components)
        if part.get("type") == 2 and part.get("custom_id") and not part.get("disabled")
    ]


async def furnish(stage) -> None:
    """Everything on and allowed, so that every command has something to look up."""
    role = stage.guild.create_role("Makers")
    everything = stage.guild.create_role("Everything", permissions=discord.Permissions(administrator=True))
    stage.env.backend.add_member_role(stage.guild.id, stage.admin.id, everything.id)
    settings, sections = stage.bot.guild_settings, stage.bot.sections
    general = stage.general.id
    await stage.env.settle()
    await settings.change(
        stage.guild.id,
        sections.named("welcome"),
        by=None,
        enabled=True,
        panel_channel=general,
        introductions_channel=general,
    )
    await settings.change(stage.guild.id, sections.named("groups"), by=None, groups=[{"role": role.id}])
    for switch in (one.switch for one in stage.bot.capabilities.all()):
        if switch is not None and not getattr(settings.get(stage.guild.id, switch.section), switch.field):
            await settings.change(stage.guild.id, switch.section, by=None, **{switch.field: True})
    assert stage.bot.capabilities.commands_off(stage.guild.id) == frozenset()
    await stage.env.settle()


@pytest.mark.parametrize("locale", ["en-US", "fr"])
async def test_every_command_and_button_is_answered_in_time(stage, monkeypatch, locale):
    await furnish(stage)
    stage.env.set_locale(stage.admin, locale)
    commands = [c for c in leaves(stage.bot.tree) if not any(o.required for o in c.parameters)]
    assert commands
    assert all(access_of(command) is not None for command in commands)
    async with fair_clock() as clock:
        begin, seconds = slow(monkeypatch, clock)
        for command in commands:
            begin()
            result = await stage.admin.slash(stage.general, command.qualified_name)
            await crawl(stage, begin, result)
    late = [(path, round(took, 2)) for path, took in seconds if took >= DEADLINE]
    assert late == []
    assert len(seconds) > len(commands), "no button was pressed"
    stage.env.refusals.clear()


async def crawl(stage, begin, result) -> None:
    """Press every button reachable from the answer, each kind once."""
    pressed: set[str] = set()
    waiting = [result]
    while waiting and len(pressed) < CLICKS:
        shown = waiting.pop()
        for message in filter(None, [shown.response, *shown.followups]):
            for custom_id in buttons(message):
                if custom_id in pressed or len(pressed) >= CLICKS:
                    continue
                pressed.add(custom_id)
                begin()
                waiting.append(await stage.admin.click(message, custom_id=custom_id))
                break
