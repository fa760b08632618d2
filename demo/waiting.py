"""Lets time pass in the simulated world until something has happened."""

from collections.abc import Callable
from typing import TypeVar

from demo.world import World

T = TypeVar("T")


STEP = 4
"""Hours between two looks: each costs the computer some time."""


async def until(world: World, look: Callable[[], T | None], *, hours: int) -> T:
    """What ``look`` finds, every few hours. Raises LookupError when it finds nothing for so long."""
    for _ in range(0, hours, STEP):
        found = look()
        if found is not None:
            return found
        await world.env.pass_time(hours=STEP)
    raise LookupError(f"nothing happened within {hours} hours")
