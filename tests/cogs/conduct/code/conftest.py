"""`/rules` as people use it, in the real bot that also welcomes newcomers."""

from dataclasses import dataclass
from typing import Any

import pytest
from simcord import MemberActor

from tests.cogs.onboarding.conftest import House, house, restart, shown, walk
from tests.conftest import Stage

__all__ = ["house", "restart"]

ENGLISH_AND_FRENCH = {
    "title_en": "Tidy up",
    "text_en": "Leave a channel as you found it.",
    "title_fr": "Ranger",
    "text_fr": "Chaque salon reste comme on l’a trouvé.",
    "severity": ["low"],
}


@pytest.fixture
def bot_options() -> dict[str, Any]:
    return {"features": ("administration", "conduct", "onboarding")}


@dataclass
class Reader:
    """Somebody with the private answer to `/rules` in front of them."""

    stage: Stage
    person: MemberActor
    screen: Any = None

    @property
    def text(self) -> str:
        return shown(self.screen)

    @property
    def labels(self) -> list[str]:
        return [part["label"] for part in self._pressable() if not part.get("disabled")]

    def _pressable(self) -> list[dict[str, Any]]:
        return [part for part in walk(self.screen.components) if "label" in part and "custom_id" in part]

    async def open(self, **options: str) -> "Reader":
        result = await self.person.slash(self.stage.general, "rules", **options)
        assert result.response.ephemeral
        self.screen = result.response
        return self

    async def press(self, label: str) -> Any:
        custom_id = next(part["custom_id"] for part in self._pressable() if part["label"] == label)
        return await self.person.click(self.screen, custom_id=custom_id)

    async def choose(self, menu: str, value: object) -> Any:
        return await self.person.select(self.screen, values=[str(value)], custom_id=menu)

    async def fill(self, label: str, **values: Any) -> Any:
        return await self.person.submit_modal(await self.press(label), values)


@pytest.fixture
def reader(stage: Stage) -> Any:
    """`reader(person)`: what they see of `/rules`."""
    return lambda person: Reader(stage, person)


@pytest.fixture
def welcoming(house: House) -> House:
    return house
