"""Settings of servers on a database of the test's own, of both kinds."""

import pytest

from bot.database import Database
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from tests.rich_section import RichSettings

GUILD, ADA, BOB = 10**18, 7, 8


def settings_of(database: Database, **options) -> GuildSettings:
    sections = Sections()
    sections.register(RichSettings)
    return GuildSettings(database, sections, **options)


@pytest.fixture
async def settings(db, clock) -> GuildSettings:
    return settings_of(db, clock=clock)
