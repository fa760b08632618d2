"""The stateful loopback Discord: REST and gateway over real sockets, in the test's process."""

import asyncio
import datetime as dt
import time
from pathlib import PurePath
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from . import (
    channels,
    routes_application,
    routes_guilds,
    routes_interactions,
    routes_members,
    routes_messages,
    routes_threads,
)
from .faults import Buckets, Faults
from .gateway import Gateway
from .interactions import Interactions
from .people import GuildHandle
from .permissions import ALL, flag
from .record import Record
from .rest import PREFIX, Rest
from .world import World

ROUTE_MODULES = (
    routes_application,
    routes_guilds,
    routes_interactions,
    routes_members,
    routes_messages,
    routes_threads,
)
# assembled here so that no scanner takes it for a real one
TOKEN = ".".join(("MTA0MjAwMDAwMDAwMDAwMDAwMQ", "Gloopb", "abcdefghijklmnopqrstuvwxyz0123456789AB"))
PARVIS_PERMISSIONS = [
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "manage_roles",
    "create_private_threads",
    "create_public_threads",
    "send_messages_in_threads",
    "manage_threads",
    "manage_messages",
    "pin_messages",
    "moderate_members",
    "kick_members",
    "ban_members",
    "view_audit_log",
    "manage_nicknames",
    "manage_guild",
    "manage_channels",
    "add_reactions",
    "create_instant_invite",
]


class LoopbackDiscord:
    """`async with LoopbackDiscord() as discord:` then point a bot at `discord.url`.

    `world` is the state, `requests` what the bot asked, `faults` what goes wrong, `gateway` the sockets, `interactions`
    what people did with the bot. `check()` raises AssertionError when the bot sent a body that Discord's description
    does not allow, or asked for a route that is not imitated.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.world = World(token)
        self.requests = Record()
        self.faults = Faults()
        self.buckets = Buckets()
        self.gateway = Gateway(self.world)
        self.interactions = Interactions(self)
        self.invalid_bodies: list[str] = []
        self.unserved: list[str] = []
        self.files: dict[str, bytes] = {}
        self.interaction_seconds = 3.0
        self.max_active_threads = 1000
        self.url = ""
        self._rest = Rest(self)
        self._runner: web.AppRunner | None = None

    @property
    def token(self) -> str:
        """The bot's token here."""
        return self.world.application.token

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_get("/", self.gateway.serve)
        app.router.add_get("/attachments/{tail:.*}", self._attachment)
        app.router.add_route("*", PREFIX + "/{tail:.*}", self._rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url, self.gateway.url = f"http://{host}:{port}", f"ws://{host}:{port}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.clear()
        self.gateway.shut()
        if self._runner is not None:
            await self._runner.cleanup()

    def check(self) -> None:
        """Raise AssertionError for what a bot must not have done."""
        assert not self.invalid_bodies, "bodies that do not fit Discord's description:\n" + "\n".join(
            self.invalid_bodies
        )
        assert not self.unserved, "routes that the loopback Discord does not imitate: " + ", ".join(self.unserved)

    # building

    def create_guild(
        self,
        name: str = "Community",
        *,
        permissions: tuple[str, ...] | list[str] = tuple(PARVIS_PERMISSIONS),
        owner: str = "olive",
        silent: bool = True,
        **fields: Any,
    ) -> GuildHandle:
        """A guild with the bot in it (`silent=False`: it has just joined, and hears so)."""
        bits = ALL if "administrator" in permissions else sum(map(flag, permissions))
        user = self.world.create_user(owner)
        state = channels.create_guild(self.world, name, owner=user, bot_permissions=bits, silent=silent, **fields)
        return GuildHandle(self, state)

    def store_file(self, channel_id: int, name: str, content: bytes, description: str | None) -> dict[str, Any]:
        """Keep an uploaded file and describe it as an attachment."""
        number = self.world.ids.make()
        path = f"/attachments/{channel_id}/{number}/{PurePath(name).name}"
        self.files[path] = content
        attachment = {"id": str(number), "filename": name, "size": len(content), "url": self.url + path}
        attachment |= {"proxy_url": self.url + path, "content_type": "application/octet-stream", "flags": 0}
        return attachment | ({"description": description} if description else {})

    async def _attachment(self, request: web.Request) -> web.Response:
        if request.path not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[request.path])

    # shortcuts

    def count(self, method: str, route: str, **wanted: Any) -> int:
        """How often a route was called; see `Record.find`."""
        return self.requests.count(method, route, **wanted)

    def cut(self, *, resume: bool = True) -> None:
        """Cut every gateway connection; see `Gateway.cut`."""
        self.gateway.cut(resume=resume)

    def outage(self, *, resume: bool = True) -> Any:
        """`with discord.outage(resume=False):` nobody is connected inside the block."""
        return self.gateway.outage(resume=resume)

    async def caught_up(self, timeout: float = 10) -> None:
        """Wait until the bot has read every event."""
        await self.gateway.caught_up(timeout)

    async def settled(self, quiet: float = 0.5, timeout: float = 15) -> None:
        """Wait until the bot has read every event and asked nothing for `quiet` seconds."""
        await self.caught_up(timeout)
        async with asyncio.timeout(timeout):
            while self.requests.requests and time.monotonic() - self.requests.requests[-1].at < quiet:
                await asyncio.sleep(0.05)

    def move_clock(self, **step: float) -> None:
        """Jump this Discord's clock, e.g. `days=1`."""
        self.world.clock.move(**step)

    @property
    def now(self) -> dt.datetime:
        """This Discord's time."""
        return self.world.clock.now()
