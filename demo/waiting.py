"""Lets time pass in the simulated world until something has happened."""

from collections.abc import Callable
from typing import TypeVar

from demo.world import World

T = TypeVar("T")


async def until(world: World, look: Callable[[], T | None], *, hours: int) -> T:
    """What ``look`` finds, hour by hour. Raises LookupError when it finds nothing for so long."""
    for _ in range(hours):
        found = look()
        if found is not None:
            return found
        await world.env.pass_time(hours=1)
    raise LookupError(f"nothing happened within {hours} hours")
