"""`/setup` in front of somebody, in the real bot with the welcome."""

import contextlib
from dataclasses import dataclass
from typing import Any

import discord
import pytest

from bot.guilds.references import references
from bot.guilds.sections import CommunitySettings
from cogs.administration.setup.site import Setup
from tests.cogs.administration.conftest import components, texts
from tests.conftest import Stage


@pytest.fixture
def bot_options() -> dict[str, Any]:
    return {"features": ("administration", "onboarding")}


@dataclass
class Builder:
    """Somebody with `/setup` open."""

    stage: Stage
    person: Any
    message: Any = None
    handles: Any = None
    """What a random walk chooses from."""

    @property
    def bot(self):
        return self.stage.bot

    @property
    def env(self):
        return self.stage.env

    @property
    def world(self):
        return self.env.backend

    @property
    def setup(self) -> Setup:
        return self.bot.service(Setup)

    @property
    def run(self):
        return self.setup.runs.latest(self.stage.guild.id)

    @property
    def text(self) -> str:
        return texts(self.message)

    def ids(self) -> list[str]:
        return [part["custom_id"] for part in components(self.message) if "custom_id" in part]

    def enabled(self) -> list[dict[str, Any]]:
        return [part for part in components(self.message) if "custom_id" in part and not part.get("disabled")]

    async def open(self) -> "Builder":
        self.message = (await self.person.slash(self.stage.general, "setup")).response
        return self

    async def click(self, start: str) -> Any:
        (found,) = [one for one in self.ids() if one.startswith(start)]
        return await self.person.click(self.message, custom_id=found)

    async def select(self, start: str, values: list[Any]) -> Any:
        (found,) = [one for one in self.ids() if one.startswith(start)]
        return await self.person.select(self.message, values, custom_id=found)

    async def go(self, page: str) -> None:
        await self.click(f"setup:go:{page}")

    async def apply(self) -> None:
        await self.click("setup:apply:")
        await self.settled()

    async def settled(self) -> None:
        await self.bot.bus.drain(5)
        await self.env.settle()

    async def quick(self) -> "Builder":
        """The shortest way to the review."""
        await self.open()
        await self.select("setup:objective:", ["support"])
        await self.go("review")
        return self

    def value(self, key: str = "community") -> Any:
        return self.bot.guild_settings.get(self.stage.guild.id, self.bot.sections.named(key))

    # The server as Discord has it

    @property
    def guild_state(self):
        return self.world.guilds[self.stage.guild.id]

    def channels(self) -> list[str]:
        return [self.world.channels[one].name for one in self.guild_state.channel_ids]

    def roles(self) -> list[str]:
        return [role.name for role in self.guild_state.roles.values()]

    def channel_named(self, name: str) -> Any:
        (found,) = [one for one in self.guild_state.channel_ids if self.world.channels[one].name == name]
        return self.world.channels[found]

    def dangling(self) -> list[int]:
        """What the settings name and the server has not."""
        every = {*self.guild_state.channel_ids, *self.guild_state.roles}
        sections = (self.value(section.key) for section in self.bot.sections.all())
        return [reference.id for section in sections for reference in references(section) if reference.id not in every]

    @contextlib.asynccontextmanager
    async def powers(self):
        """Change the permissions of the bot's own role."""
        role = next(role for role in self.guild_state.roles.values() if role.managed)
        async with self.env._acting("role") as world:

            def give(**permissions: bool) -> None:
                value = discord.Permissions(role.permissions)
                value.update(**permissions)
                world.edit_role(self.stage.guild.id, role.id, {"permissions": value.value})

            yield give


@dataclass
class Second(Builder):
    """Somebody else who manages the server, by a role that can be taken away."""

    role: Any = None

    async def dismiss(self) -> None:
        async with self.env._acting("role"):
            await self.dismiss_now()

    async def dismiss_now(self) -> None:
        """As above, in the middle of something."""
        self.world.remove_member_role(self.stage.guild.id, self.person.id, self.role.id)


@pytest.fixture
async def second(stage: Stage) -> Second:
    role = stage.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    person = stage.person("cleo", role)
    await stage.env.settle()
    return Second(stage, person, role=role)


@pytest.fixture
async def builder(stage: Stage) -> Builder:
    """The administrator, who does not own the server."""
    return Builder(stage, stage.admin)


__all__ = ["Builder", "CommunitySettings"]
