"""A server whose filters are on, and somebody who writes them with `/settings`."""

from dataclasses import dataclass, replace
from typing import Any

import discord
import pytest

from tests.cogs.conduct.conftest import Court
from tests.cogs.onboarding.conftest import buttons, shown


@dataclass
class Sieve:
    """`screen` is what the admin has in front of them."""

    court: Court
    screen: Any = None

    @property
    def stage(self) -> Any:
        return self.court.stage

    @property
    def env(self) -> Any:
        return self.court.env

    @property
    def text(self) -> str:
        return shown(self.screen)

    def service(self, kind: type[Any]) -> Any:
        return self.stage.bot.service(kind)

    async def change(self, section: str, **fields: Any) -> None:
        bot = self.stage.bot
        found = bot.sections.named(section)
        await self.court.do(bot.guild_settings.change(self.stage.guild.id, found, by=None, **fields))

    async def open(self, who: Any = None) -> "Sieve":
        """`/settings filters`, then the list."""
        answer = await (who or self.stage.admin).slash(self.stage.general, "settings", section="filters")
        self.screen = answer.response
        await self.press("Show the filters")
        return self

    async def press(self, label: str) -> Any:
        return await self.stage.admin.click(self.screen, custom_id=buttons(self.screen)[label])

    async def choose(self, custom_id: str, *values: Any) -> Any:
        return await self.stage.admin.select(self.screen, values=[str(one) for one in values], custom_id=custom_id)

    async def fill(self, label: str, **values: Any) -> Any:
        return await self.stage.admin.submit_modal(await self.press(label), values)

    async def keep(self, kind: Any, name: str, *entries: str, armed: bool = True, **rest: Any) -> Any:
        """A filter as the panel makes it, armed unless said otherwise."""
        from cogs.conduct.screening.rules import Watch
        from cogs.conduct.screening.screens import Screens
        from cogs.conduct.screening.soundness import of_kind

        screens, guild, by = self.service(Screens), self.stage.guild.id, self.stage.admin.id
        new = replace(of_kind(guild, kind, name, entries), **{"article": 1, **rest})
        made = await self.court.do(screens.add(new, by))
        if not armed:
            return made
        return await self.court.do(screens.change(guild, made.number, lambda one: replace(one, watch=Watch.ARMED), by))

    async def may(self, **permissions: bool) -> None:
        """What the bot's own role allows from now on."""
        role = next(one for one in self.stage.server.me.roles if one.managed)
        kept = discord.Permissions(role.permissions.value)
        kept.update(**permissions)
        async with self.env._acting("permissions") as world:
            world.edit_role(self.stage.guild.id, role.id, {"permissions": kept.value})

    def said(self, channel: Any = None) -> list[str]:
        """What people wrote that still stands in a channel."""
        return [one.content for one in (channel or self.stage.general).history() if not one.author.bot]

    async def cases(self) -> list[Any]:
        found, _ = await self.court.cases.read.page(self.stage.guild.id, 0)
        return list(reversed(found))

    async def hits(self) -> list[Any]:
        """Every hit, oldest first."""
        from sqlalchemy import select

        from cogs.conduct.screening.models import FilterHit

        async with self.stage.bot.db.read() as session:
            return list(await session.scalars(select(FilterHit).order_by(FilterHit.id)))

    async def waiting(self) -> list[tuple[str, int | None]]:
        """What waits in the inbox because of filters, and where it points."""
        items = await self.stage.bot.inbox.open_items(self.stage.guild.id, viewer=self.stage.admin.id)
        return [(one.kind.name, one.link and one.link.message_id) for one in items]


@pytest.fixture
async def sieve(conduct: Court) -> Sieve:
    made = Sieve(conduct)
    await made.change("filters", enabled=True)
    return made
