"""The real bot with the administration feature and one section that has every kind of field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from simcord.results import ResponseMessage

from bot.client import CommunityBot
from bot.guilds.sections import CommunitySettings, Section
from bot.guilds.service import S
from tests.conftest import Stage
from tests.rich_section import RichSettings


@pytest.fixture
def bot_options() -> dict[str, Any]:
    return {"features": ("administration",)}


@pytest.fixture
def make_bot(make_bot: Callable[..., CommunityBot]) -> Callable[..., CommunityBot]:
    def make(**options: Any) -> CommunityBot:
        bot = make_bot(**options)
        bot.sections.register(RichSettings)
        return bot

    return make


def texts(message: ResponseMessage) -> str:
    """Everything a Components V2 message says, labels and menus included."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(str(part[key]) for key in ("content", "label", "placeholder") if part.get(key))
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(message.components)
    return "\n".join(found)


def components(message: ResponseMessage) -> list[dict[str, Any]]:
    """Every component of the message, nested ones included."""
    found: list[dict[str, Any]] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if "type" in part and not isinstance(part["type"], str):
                found.append(part)
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(message.components)
    return found


@dataclass
class Panel:
    """A person in front of an open panel."""

    stage: Stage
    person: Any
    message: ResponseMessage

    def value(self, section: type[S] = RichSettings) -> S:  # type: ignore[assignment]
        return self.stage.bot.guild_settings.get(self.stage.guild.id, section)

    @property
    def text(self) -> str:
        return texts(self.message)

    def ids(self) -> list[str]:
        return [part["custom_id"] for part in components(self.message) if "custom_id" in part]

    def id_of(self, start: str, end: str = "") -> str:
        """The one custom_id on the panel that starts and ends like this."""
        found = [one for one in self.ids() if one.startswith(start) and one.endswith(end)]
        assert len(found) == 1, f"{start}…{end}: {found} of {self.ids()}"
        return found[0]

    async def click(self, start: str, end: str = "") -> Any:
        return await self.person.click(self.message, custom_id=self.id_of(start, end))

    async def select(self, start: str, values: list[Any], end: str = "") -> Any:
        return await self.person.select(self.message, values, custom_id=self.id_of(start, end))

    async def fill(self, start: str, end: str = "", **values: Any) -> Any:
        shown = await self.click(start, end)
        return await self.person.submit_modal(shown, values)

    async def open(self, section: type[Section] = RichSettings, field: str | None = None) -> "Panel":
        """Turn to the page of the section on which the field stands."""
        result = await self.person.slash(self.stage.general, "settings", section=section.key)
        self.message = result.response
        while field is not None and not any(
            one.endswith((f":{section.key}:{field}", f":{section.key}:{field}:0")) for one in self.ids()
        ):
            following = [part for part in components(self.message) if part.get("label") in ("Next", "Suivant")]
            assert following, f"{field} stands on no page"
            await self.person.click(self.message, custom_id=following[0]["custom_id"])
        return self


@pytest.fixture
async def panel(stage: Stage) -> Panel:
    """The administrator's panel, at the overview."""
    result = await stage.admin.slash(stage.general, "settings")
    return Panel(stage, stage.admin, result.response)


def told(result: Any) -> str:
    """What a click was answered with besides the panel."""
    return "\n".join(message.content for message in result.followups) if result.followups else ""


__all__ = ["CommunitySettings", "Panel", "RichSettings", "components", "discord", "texts", "told"]
