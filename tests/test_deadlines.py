"""Every command and every button answers in time, in both languages, however slow the database and Discord are.

The clock of the test is ten times faster than Discord's: a database that takes 0.4 s here stands for 4 s, longer than
the three seconds that an interaction lives, which are 0.3 s here.
"""

import asyncio
import time
from collections.abc import Iterator
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

SCALE = 0.1
SLOW_DATABASE = 4.0 * SCALE
SLOW_DISCORD = 1.0 * SCALE
DEADLINE = 3.0 * SCALE
SETTLED = 30.0
"""Seconds until all that an answer sets off must be over: a lockdown writes dozens of times to the slow database."""
CLICKS = 40
"""Buttons pressed per command: panels lead to panels for ever."""


@pytest.fixture
def slow(monkeypatch):
    """Slow database, slow Discord, and the seconds until each first response left the bot."""
    seconds: list[tuple[str, float]] = []
    began: dict[str, float] = {}
    monkeypatch.setattr(replies, "DEFER_AFTER", replies.DEFER_AFTER * SCALE)
    read, transaction, request = Database.read, Database.transaction, FakeWebhookAdapter.request

    @asynccontextmanager
    async def slow_read(self):
        await asyncio.sleep(SLOW_DATABASE)
        async with read(self) as session:
            yield session

    async def slow_transaction(self, work):
        await asyncio.sleep(SLOW_DATABASE)
        return await transaction(self, work)

    async def slow_request(self, route, session, **options):
        path = route.url.split("?")[0]
        if path.endswith("/callback"):
            seconds.append((path, time.perf_counter() - began.pop("now", time.perf_counter())))
        await asyncio.sleep(SLOW_DISCORD)
        return await request(self, route, session, **options)

    def begin() -> None:
        began["now"] = time.perf_counter()

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
async def test_every_command_and_button_is_answered_in_time(stage, request, locale):
    await furnish(stage)
    begin, seconds = request.getfixturevalue("slow")
    stage.env.settle_timeout = SETTLED
    stage.env.set_locale(stage.admin, locale)
    commands = [c for c in leaves(stage.bot.tree) if not any(o.required for o in c.parameters)]
    assert commands
    for command in commands:
        assert access_of(command) is not None
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
