"""Fixtures of the tests about newcomers."""

import pytest

from tests.cogs.onboarding.newcomers.nursery import Nursery


@pytest.fixture
async def nursery(db, clock):
    return await Nursery(db, clock).open()
