"""The stage with every feature, and people in front of their own pages."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.cogs.administration.conftest import Panel, texts


@dataclass
class Rooms:
    """Opens the rooms of the members of the stage."""

    stage: Any

    @property
    def bot(self):
        return self.stage.bot

    async def profile(self, person=None, of=None):
        person = person or self.stage.member
        options = {} if of is None else {"member": of}
        return Panel(self.stage, person, (await person.slash(self.stage.general, "profile", **options)).response)

    async def privacy(self, person=None):
        person = person or self.stage.member
        return Panel(self.stage, person, (await person.slash(self.stage.general, "privacy")).response)

    async def privacy_in_messages(self, person=None):
        """In a direct message with the bot."""
        user = (person or self.stage.member).user
        return Panel(self.stage, user, (await user.slash("privacy")).response)


@pytest.fixture
def rooms(stage):
    return Rooms(stage)


__all__ = ["Panel", "Rooms", "texts"]
