"""/livez, /readyz and /metrics, on loopback only."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.errors import StartupError
from bot.i18n.marks import N_

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
CHECK_SECONDS = 1.0
"""A check of /readyz that takes longer has failed."""

Check = Callable[[], Awaitable[bool]]


class HealthServer:
    """Answers on loopback, so that nothing of it is public: a proxy or a sidecar decides who may see it."""

    def __init__(self, port: int, exposition: Callable[[], Awaitable[bytes]]) -> None:
        self._wanted = port
        self._exposition = exposition
        self._checks: dict[str, Check] = {}
        self._runner: web.AppRunner | None = None
        self.port = 0
        """The port it answers on, once started."""

    def add_check(self, name: str, check: Check) -> None:
        """/readyz says yes only while every check does; one that raises says no."""
        self._checks[name] = check

    async def start(self) -> None:
        """Raises StartupError when the port is taken."""
        app = web.Application()
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._wanted)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise StartupError(
                N_("Port {port} is taken. Set PARVIS_HEALTH_PORT to another one, to 0 for a free one, or to nothing."),
                port=self._wanted,
            ) from None
        self.port = self._runner.addresses[0][1]
        log.info("health on http://%s:%d (/livez, /readyz, /metrics)", HOST, self.port)

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _live(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        names = list(self._checks)
        results = await asyncio.gather(*(self._passes(name) for name in names))
        lines = [f"{name}: {'ok' if passed else 'no'}" for name, passed in zip(names, results, strict=True)]
        return web.Response(text="\n".join(lines) + "\n", status=200 if all(results) else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        body = await self._exposition()
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _passes(self, name: str) -> bool:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return await self._checks[name]()
        except Exception as error:
            log.warning("not ready: %s: %s", name, type(error).__name__)
            return False
