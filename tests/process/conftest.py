"""The fixtures of the loopback Discord, imported here so that tests elsewhere do not wait for them."""

import pytest

from tests.loopback.client import connect, move_both, pointed
from tests.loopback.fixtures import bot_process, loopback
from tests.migrated import migrated

__all__ = ["bot_process", "connect", "loopback", "move_both", "pointed", "schema"]


@pytest.fixture
async def schema(tmp_path) -> None:
    """The bot has run here before: its database has the present schema, which each first start would make anew."""
    await migrated(f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}")
