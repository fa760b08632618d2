"""Leads people through the bot's own welcome by pressing its buttons and filling its forms."""

from demo.world import World


class Journey:
    """What newcomers and greeters do with the bot."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def take(self, key: str, step: str) -> None:
        """One step of the welcome."""

    async def greet(self, key: str, newcomer: str) -> bool:
        """Press "Say hello"; whether there was an introduction to greet."""
        return False
