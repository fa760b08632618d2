"""What the simulated Discord knows of the bot's commands."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from cogs.onboarding.settings import GroupsSettings, WelcomeSettings


class Registered:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.backend = stage.env.backend

    def here(self) -> set[str]:
        return {name for name, _ in self.backend.commands.get(self.stage.guild.id, {})}

    def everywhere(self) -> set[str]:
        return {name for name, _ in self.backend.commands.get(None, {})}

    def calls(self) -> int:
        """How often the bot wrote commands, wherever."""
        asked = self.backend.http_requests
        return sum(one.method == "PUT" and one.path.endswith("/commands") for one in asked)

    async def welcome(self, on: bool) -> None:
        await self.change(WelcomeSettings, enabled=on)

    async def groups(self, *roles: Any) -> None:
        await self.change(GroupsSettings, groups=[{"role": role.id} for role in roles])

    async def change(self, section: Any, **fields: Any) -> None:
        await self.do(self.stage.bot.guild_settings.change(self.stage.guild.id, section, by=None, **fields))

    async def do(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something of the bot's own, and let it react to what follows."""
        async with self.stage.env._acting("the bot's own"):
            with self.stage.env._bot_scope():
                task = asyncio.get_running_loop().create_task(work)
        await task

    @property
    def status(self) -> Any:
        return self.stage.bot.command_sync.status(self.stage.guild.id)


@pytest.fixture
def registered(stage):
    return Registered(stage)
