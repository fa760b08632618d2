"""The probe sees what holds the loop up, and nothing else."""

import asyncio
import time

import pytest

from tests.loop_lag import loop_lag


async def test_a_hold_up_is_seen():
    with pytest.raises(AssertionError, match="stood still for 1"):
        async with loop_lag():
            await asyncio.sleep(0.02)
            time.sleep(0.15)


async def test_a_hold_up_at_the_very_end_is_seen():
    async with loop_lag(limit=None) as lag:
        time.sleep(0.12)
    assert lag.worst > 0.1


async def test_waiting_holds_nothing_up():
    async with loop_lag():
        await asyncio.sleep(0.2)
