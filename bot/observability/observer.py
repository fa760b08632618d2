"""What can be seen of the bot from outside: figures and health."""

import asyncio
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy

from bot.observability.health import CHECK_SECONDS, Check, HealthServer
from bot.observability.metrics import Metrics

if TYPE_CHECKING:
    from bot.client import CommunityBot

LAG_EVERY_SECONDS = 1.0


class Observability:
    """Owned by the bot: ``start`` before it connects, ``stop`` when it closes."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self.metrics = Metrics(bot)
        port = bot.settings.health_port
        self.health = HealthServer(port, self._exposition) if port is not None else None
        self._lag: asyncio.TimerHandle | None = None
        bot.messages.observe("resumed", self._reconnected)
        bot.messages.observe("connect", self._connected)
        self._connects = 0
        self.add_check("gateway", self._gateway_ready)
        self.add_check("database", self._database_answers)

    def add_check(self, name: str, check: Check) -> None:
        """What else must hold for /readyz to say yes."""
        if self.health is not None:
            self.health.add_check(name, check)

    async def start(self) -> None:
        """Raises StartupError when the port of the settings is taken."""
        if self.health is not None:
            await self.health.start()

    async def stop(self) -> None:
        """Close the port."""
        if self._lag is not None:
            self._lag.cancel()
        if self.health is not None:
            await self.health.stop()

    def watch_loop(self) -> None:
        """Measure how late the loop is, once a second. Only the real program does: a simulation would never settle."""
        loop, due = asyncio.get_running_loop(), time.monotonic() + LAG_EVERY_SECONDS

        def look() -> None:
            self.metrics.lagged(max(0.0, time.monotonic() - due))
            self.watch_loop()

        self._lag = loop.call_later(LAG_EVERY_SECONDS, look)

    async def _exposition(self) -> bytes:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                self.metrics.timers = await self._bot.timers.counts()
        except Exception:
            self.metrics.timers = None  # a figure that is not known is left out; /readyz says what is wrong
        return self.metrics.exposition()

    async def _gateway_ready(self) -> bool:
        return self._bot.is_ready() and not self._bot.is_closed()

    async def _database_answers(self) -> bool:
        async with self._bot.db.read() as session:
            await session.execute(sqlalchemy.text("SELECT 1"))
        return True

    def _connected(self, *_: Any) -> None:
        self._connects += 1
        if self._connects > 1:
            self._reconnected()

    def _reconnected(self, *_: Any) -> None:
        self.metrics.reconnects += 1
        # A machine that slept has lost its connection, and its alarm's clock stood still.
        self._bot.timers.wake()
