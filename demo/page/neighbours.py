"""The community answers the visitor: somebody says hello to their introduction."""

from demo.page.visit import Visit


class Neighbours:
    """Reacts to what the visitor did, a moment later."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def look_around(self) -> None:
        """See whether there is something to answer."""

    async def stop(self) -> None:
        """Nobody answers any more."""
