"""Fixtures of the tests about first answers."""

import pytest

from tests.cogs.onboarding.replies.lodge import Lodge


@pytest.fixture
async def lodge(db, clock):
    return await Lodge(db, clock).open()
