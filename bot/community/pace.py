"""Spreads calls to Discord, well below its limit of 50 a second."""

import asyncio

BURST = 20
PER_SECOND = 5.0


class Pace:
    """A few calls at once, then a steady trickle: what a person asks of the bot meanwhile goes first."""

    def __init__(self) -> None:
        self._free_at = float("-inf")

    async def wait(self) -> None:
        """Return when the next call may be made."""
        present = asyncio.get_running_loop().time()
        earliest = present - BURST / PER_SECOND
        self._free_at = max(self._free_at, earliest) + 1 / PER_SECOND
        if self._free_at > present:
            await asyncio.sleep(self._free_at - present)
