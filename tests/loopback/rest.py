"""The REST side: reads a request, applies faults, checks the token and the body, calls the route, records it all."""

import asyncio
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web

from . import bodies
from .errors import Refusal
from .faults import Fault
from .record import Request, shape
from .routing import Call, find

if TYPE_CHECKING:
    from .server import LoopbackDiscord

PREFIX = "/api/v10"


class Unanswered(Exception):
    """The line breaks instead of an answer."""


def answer(status: int, body: Any = None, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer; discord.py insists on the bare content type."""
    content = b"" if body is None else orjson.dumps(body)
    kind = {"Content-Type": "application/json"} if body is not None else {}
    return web.Response(status=status, body=content, headers=kind | (headers or {}))


class Rest:
    """Handles every request below /api/v10."""

    def __init__(self, discord: "LoopbackDiscord") -> None:
        self.discord = discord

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """One request."""
        body, files = await _read(http)
        path = http.path.removeprefix(PREFIX)
        found = find(http.method, path)
        route = shape(found[0].template) if found else path
        reason = unquote(http.headers.get("X-Audit-Log-Reason", "")) or None
        request = Request(http.method, path, route, dict(http.query), body, reason, time.monotonic())
        self.discord.requests.requests.append(request)
        call = Call(self.discord, found[1] if found else {}, request.query, body, files, reason)
        try:
            response = await self._respond(http, request, call)
        except Unanswered:
            if http.transport is not None:
                http.transport.abort()
            return web.Response(status=500)
        request.status, request.seconds = response.status, time.monotonic() - request.at
        return response

    async def _respond(self, http: web.Request, request: Request, call: Call) -> web.Response:
        fault = self.discord.faults.first(request)
        if fault is not None and not fault.after:
            await asyncio.sleep(fault.delay)
            if fault.silent or fault.status:
                return await self._strike(fault, request)
        headers, wait = self.discord.buckets.take(request)
        if wait:
            headers |= {"Via": "1.1 google", "Retry-After": f"{wait:.3f}"}
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
            return answer(429, body, headers)
        try:
            result = self._handle(http, request, call)
        except Refusal as refusal:
            request.code = refusal.code
            return answer(refusal.status, refusal.body(), headers)
        request.accepted = True
        if fault is not None and fault.after:
            return await self._strike(fault, request)
        return answer(204 if result is None else 200, result, headers)

    def _handle(self, http: web.Request, request: Request, call: Call) -> Any:
        found = find(request.method, request.path)
        if found is None:
            self.discord.unserved.append(f"{request.method} {request.path}")
            raise Refusal(404, 0, "404: Not Found")
        route, _ = found
        if route.needs_token and http.headers.get("Authorization") != f"Bot {self.discord.world.application.token}":
            raise Refusal(401, 0, "401: Unauthorized")
        complaint = bodies.complaint(request.method, route.template, request.body)
        if complaint is not None:
            self.discord.invalid_bodies.append(complaint)
        return route.handler(call)

    async def _strike(self, fault: Fault, request: Request) -> web.Response:
        if fault.silent == "hang":
            await self.discord.faults.hang()
        if fault.silent:
            raise Unanswered
        if fault.html:
            page = f"<html><body>{fault.message}</body></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html", headers=fault.headers)
        request.code = fault.code
        body = {"message": fault.message, "code": fault.code, **fault.extra}
        return answer(fault.status, body, fault.headers)


async def _read(http: web.Request) -> tuple[Any, dict[int, tuple[str, bytes]]]:
    """The JSON body and the files beside it."""
    if not http.content_type.startswith("multipart/"):
        raw = await http.read()
        return (orjson.loads(raw) if raw else None), {}
    body: Any = None
    files: dict[int, tuple[str, bytes]] = {}
    async for part in await http.multipart():
        assert isinstance(part, BodyPartReader)
        raw = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = orjson.loads(raw)
        else:
            files[int((part.name or "files[0]")[6:-1])] = (part.filename or "file", raw)
    return body, files
