"""Serves the demo on loopback: the page, what it asks for, and simcord's preview behind the same address.

Every request must name this very address as its host (another site cannot, not even with a rebound name), and what
changes or reads the visit must carry the token that only the page itself was given.
"""

import secrets
from pathlib import Path
from typing import Any

import simcord.preview
from aiohttp import web
from babel import negotiate_locale
from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.i18n.localizer import Localizer
from demo.community import LANGUAGES, Language
from demo.page.discord import Discord
from demo.page.doors import doors, headline, lead, life, marked, script_texts
from demo.page.neighbours import Neighbours
from demo.page.visit import Visit
from demo.scenes import DOORS, MESSAGES, tasks

HOST = "127.0.0.1"
FOLDER = Path(__file__).parent
FONTS = Path(simcord.preview.__file__).parent / "static" / "fonts"
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
SAFETY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class DemoServer:
    """``visit`` is what its pages show. ``forced`` is the language of everybody, else each browser's own.

    With ``lively``, the community answers what the visitor does.
    """

    def __init__(
        self,
        visit: Visit,
        languages: dict[Language, Localizer],
        forced: Language | None = None,
        *,
        lively: bool = True,
    ) -> None:
        self.visit = visit
        self.languages = languages
        self.forced = forced
        self.token = secrets.token_urlsafe(24)
        self.port = 0
        self.discord = Discord(visit, languages)
        self.neighbours = Neighbours(visit, languages) if lively else None
        self._runner: web.AppRunner | None = None
        self._pages = Environment(loader=FileSystemLoader(str(FOLDER)), autoescape=select_autoescape())
        self._pages.filters["marked"] = marked

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    async def start(self, port: int) -> None:
        """Listen; ``port`` 0 takes a free one. Raises OSError when the port is taken."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/demo/files/{name}", self._file),
                web.get("/demo/avatars/{key}", self._avatar),
                web.get("/demo/fonts/{name}", self._font),
                web.post("/demo/open", self._open),
                web.get("/demo/state", self._state),
                web.get("/demo/discord", self.discord.index),
                web.post("/api/action", self.discord.act),
                web.route("*", "/{path:.+}", self.discord.forward),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self.neighbours is not None:
            await self.neighbours.stop()
        await self.discord.close()
        await self.visit.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.host not in {f"{HOST}:{self.port}", f"localhost:{self.port}"}:
            raise web.HTTPForbidden(text="This page answers on its own address only.")
        guarded = request.path in {"/demo/open", "/demo/state"}
        if guarded and not secrets.compare_digest(request.headers.get("X-Demo-Token", ""), self.token):
            raise web.HTTPUnauthorized(text="Open the page again.")
        response: web.StreamResponse = await handler(request)
        for name, value in SAFETY.items():
            response.headers.setdefault(name, value)
        return response

    # The page

    def language_for(self, request: web.Request) -> Language:
        """The one asked for, else the one forced, else the browser's first that the demo speaks."""
        asked = request.query.get("lang")
        if asked in LANGUAGES:
            return "fr" if asked == "fr" else "en"
        if self.forced:
            return self.forced
        wanted = [part.split(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
        spoken = negotiate_locale(wanted, LANGUAGES, sep="-")
        return "fr" if spoken == "fr" else "en"

    async def _page(self, request: web.Request) -> web.Response:
        language = self.language_for(request)
        t = self.languages[language]
        html = self._pages.get_template("index.html").render(
            t=t,
            language=language,
            token=self.token,
            community=self.visit.world.community,
            doors=doors(self.visit, t, language),
            headline=headline(self.visit, t),
            lead=lead(self.visit, t),
            life=life(self.visit, t),
            texts=script_texts(t),
        )
        return web.Response(text=html, content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        kind = TYPES.get(name.rpartition(".")[2])
        found = FOLDER / name
        if kind is None or not found.is_file():
            raise web.HTTPNotFound
        return web.Response(text=found.read_text(encoding="utf-8"), content_type=kind)

    async def _font(self, request: web.Request) -> web.Response:
        found = FONTS / request.match_info["name"]
        if found.suffix != ".ttf" or not found.is_file():
            raise web.HTTPNotFound
        return web.Response(
            body=found.read_bytes(), content_type="font/ttf", headers={"Cache-Control": "max-age=86400"}
        )

    async def _avatar(self, request: web.Request) -> web.Response:
        picture = self.visit.world.avatar(request.match_info["key"])
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture, content_type="image/png")

    # What the page asks for

    async def _open(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked.get("door") not in DOORS or asked.get("language") not in LANGUAGES:
            raise web.HTTPBadRequest(text="There is no such door.")
        world = self.visit.world
        channel_id = int(asked["channel"]) if asked.get("channel") else None
        if channel_id is None and (key := asked.get("key")) in world.channels:
            channel_id = world.channels[key].id
        elif channel_id is None and key == MESSAGES:
            channel_id = world.users[world.community.behind(asked["door"], asked["language"])].dm_channel.id
        try:
            await self.visit.open(asked["door"], asked["language"], channel_id)
        except LookupError:
            raise web.HTTPNotFound(text="This person does not see that channel.") from None
        return await self._state(request)

    async def _state(self, request: web.Request) -> web.Response:
        visit = self.visit
        if visit.preview is None:
            raise web.HTTPConflict(text="No door is open.")
        if self.neighbours is not None:
            self.neighbours.look_around()
        return web.json_response(
            {
                "turn": visit.turn,
                "door": visit.door,
                "src": self.discord.address,
                "open": str(visit.channel.id) if visit.channel else None,
                "groups": [
                    {"name": name, "channels": [_wire(channel) for channel in channels]}
                    for name, channels in visit.channels()
                ],
                "done": [one.key for one in tasks(visit.door) if await one.done(visit)],
            }
        )


def _wire(channel: Any) -> dict[str, Any]:
    return {
        "id": str(channel.id),
        "key": channel.key,
        "name": channel.name,
        "unread": channel.unread,
        "threads": [_wire(thread) for thread in channel.threads],
    }
