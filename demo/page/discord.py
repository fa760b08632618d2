"""Puts simcord's preview under the demo's own address, with the demo's looks and the visitor's language."""

import json
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.i18n.localizer import Localizer
from demo.community import Language
from demo.page.doors import CHROME
from demo.page.visit import Visit

PASSED_ON = ("Content-Type", "X-Simcord-Capability", "X-Simcord-Context")
HANDED_BACK = ("Content-Type", "Content-Disposition", "Cache-Control")
FOR_A_DAY = "max-age=86400"
"""simcord's own files, 15 MB of fonts among them, do not change while the demo runs."""
SPARED = ("noto-sans-arabic", "noto-sans-devanagari", "noto-sans-sc")
"""Fonts of 19 MB that every page would load and check; the demo speaks French and English, so a small one stands in."""
SMALL = "/fonts/noto-sans-hebrew-v3.001.ttf"
INDEX = files("simcord.preview") / "static" / "index.html"
LOOKS = (
    '<link rel="stylesheet" href="/demo/files/discord.css"><script type="module" src="/demo/files/discord.js"></script>'
)


class Discord:
    """The preview that is open in the visit. Its capability stays what lets a page in."""

    def __init__(self, visit: Visit, languages: dict[Language, Localizer]) -> None:
        self.visit = visit
        self.languages = languages
        self._session: aiohttp.ClientSession | None = None

    @property
    def address(self) -> str | None:
        """Where the page finds the open preview; changes with every turn."""
        preview = self.visit.preview
        if preview is None:
            return None
        return f"/demo/discord?turn={self.visit.turn}&lang={self.visit.language}#{urlsplit(preview.url).fragment}"

    async def index(self, request: web.Request) -> web.Response:
        """simcord's own page, dressed; ``plain`` leaves out everything but the conversation, for pictures."""
        language: Language = "fr" if request.query.get("lang") == "fr" else "en"
        html = INDEX.read_text(encoding="utf-8").replace("</head>", f"{LOOKS}</head>")
        html = html.replace('<html lang="en">', f'<html lang="{language}">')
        t = self.languages[language]
        commands = self._commands().values() if language == "fr" else ()
        names = {f"/{one['name']}": f"/{_localised(one, 'name', one['name'])}" for one in commands}
        said = json.dumps(names | {text: t(text) for text in CHROME}).replace("<", "\\u003c")
        html = html.replace("</body>", f'<script type="application/json" id="said">{said}</script></body>')
        return web.Response(text=html, content_type="text/html")

    async def act(self, request: web.Request) -> web.Response:
        """What the visitor does, once whoever is acting at this moment has finished.

        What they press may have changed meanwhile without their page knowing. simcord would refuse that, Discord does
        not: it is pressed as it is now.
        """
        async with self.visit.alone:
            body = await request.read()
            response = await self._passed_on(request, body)
            newest = _newer_revision(response)
            if newest is None or request.content_type != "application/json":
                return response
            again = {**json.loads(body), "published_revision": newest}
            return await self._passed_on(request, json.dumps(again).encode())

    async def forward(self, request: web.Request) -> web.Response:
        """Everything else is simcord's."""
        response = await self._passed_on(request, await request.read())
        if request.method == "GET" and not request.path.startswith("/api/"):
            response.headers["Cache-Control"] = FOR_A_DAY
        if request.path == "/api/commands" and response.status == 200 and self.visit.language == "fr":
            assert isinstance(response.body, bytes)
            response.body = self._in_french(response.body)
        return response

    async def _passed_on(self, request: web.Request, body: bytes) -> web.Response:
        preview = self.visit.preview
        if preview is None:
            raise web.HTTPServiceUnavailable(text="No channel is open.")
        origin = f"http://{urlsplit(preview.url).netloc}"
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        session = self._session = self._session or aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True), auto_decompress=False
        )
        wanted = SMALL if request.path.startswith(tuple(f"/fonts/{name}" for name in SPARED)) else request.path_qs
        try:
            async with session.request(
                request.method, f"{origin}{wanted}", headers=headers, data=body or None
            ) as answer:
                content = await answer.read()
                kept = {name: answer.headers[name] for name in HANDED_BACK if name in answer.headers}
                kept |= {name: value for name, value in answer.headers.items() if name.startswith("X-")}
                return web.Response(status=answer.status, body=content, headers=kept)
        except aiohttp.ClientError:
            raise web.HTTPServiceUnavailable(text="This channel was closed.") from None

    def _in_french(self, content: bytes) -> bytes:
        """simcord lists commands by their English names; Discord shows a French reader the French ones."""
        catalogue = json.loads(content)
        commands = self._commands()
        for entry in catalogue["entries"]:
            _translate(entry, commands.get(entry["commandId"]))
        return json.dumps(catalogue).encode()

    def _commands(self) -> dict[str, dict[str, Any]]:
        scopes = self.visit.world.env.backend.commands.values()
        return {str(one["id"]): one for scope in scopes for one in scope.values()}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _newer_revision(response: web.Response) -> int | None:
    """The present revision of the page, where an act was refused because it named an older one."""
    assert isinstance(response.body, bytes)
    receipt = json.loads(response.body) if response.content_type == "application/json" else {}
    refused = any(one.get("code") == "stale-revision" for one in receipt.get("diagnostics", ()))
    return int(receipt["revision"]) if refused else None


def _translate(entry: dict[str, Any], command: dict[str, Any] | None) -> None:
    names: list[str] = []
    node = command
    for part in entry["path"]:
        if names and node is not None:
            node = next((option for option in node.get("options") or () if option["name"] == part), None)
        names.append(_localised(node, "name", part))
    entry["invocation"] = " ".join(names)
    entry["description"] = _localised(node, "description", entry["description"])
    for option in entry["options"]:
        source = next((one for one in (node or {}).get("options") or () if one["name"] == option["name"]), None)
        option["description"] = _localised(source, "description", option["description"])


def _localised(node: dict[str, Any] | None, field: str, otherwise: str) -> str:
    texts = (node or {}).get(f"{field}_localizations") or {}
    return str(texts.get("fr", otherwise))
