"""The websocket side: sessions that outlive their connection, identify, resume, chunks, cuts and outages."""

import asyncio
import contextlib
import dataclasses
import itertools
import time
import zlib
from collections import deque
from collections.abc import Iterator
from typing import Any

import orjson
import zstandard
from aiohttp import WSCloseCode, WSMsgType, web

from . import intents as rules
from . import payloads
from .world import Event, World

HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 1, 2, 6, 7, 8, 9, 10, 11
CHUNK = 1000
KEPT_EVENTS = 200_000


@dataclasses.dataclass(frozen=True)
class Identify:
    """One IDENTIFY, kept for counting and pacing."""

    at: float  # time.monotonic()
    shard: tuple[int, int]
    intents: int
    accepted: bool


@dataclasses.dataclass
class Session:
    """What a RESUME brings back: everything sent since IDENTIFY."""

    id: str
    intents: int
    shard: tuple[int, int]
    seq: int = 0
    sent: deque[tuple[int, bytes]] = dataclasses.field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    connection: "Connection | None" = None

    def dispatch(self, name: str, data: bytes) -> None:
        """Number an event, keep it, and send it if somebody is connected."""
        self.seq += 1
        raw = b'{"op":0,"t":"%s","s":%d,"d":%s}' % (name.encode(), self.seq, data)
        self.sent.append((self.seq, raw))
        if self.connection is not None:
            self.connection.send(raw)


class Connection:
    """One websocket: compresses and writes in order; a number in the queue is a close code."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request, self.socket = request, socket
        self.session: Session | None = None
        self.heartbeats: list[int] = []
        self.heard = asyncio.Event()
        self._queue: asyncio.Queue[bytes | int] = asyncio.Queue()
        self._compress = _compressor(request.query.get("compress"))

    def send(self, raw: bytes | int) -> None:
        """Queue a payload, or a close code after everything queued before it."""
        self._queue.put_nowait(raw)

    def send_op(self, op: int, data: Any = None) -> None:
        """Queue a payload that is not a dispatch."""
        self.send(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))

    def abort(self) -> None:
        """Cut the line: no close frame, what is on its way is lost."""
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
        if self.request.transport is not None:
            self.request.transport.abort()

    async def write(self) -> None:
        """Send what is queued until the line is gone."""
        with contextlib.suppress(ConnectionError):
            while True:
                raw = await self._queue.get()
                if isinstance(raw, int):
                    await self.socket.close(code=raw)
                    return
                if self._compress is None:
                    await self.socket.send_str(raw.decode())
                else:
                    await self.socket.send_bytes(self._compress(raw))


def _compressor(kind: str | None) -> Any:
    if kind == "zlib-stream":
        stream = zlib.compressobj(6)
        return lambda raw: stream.compress(raw) + stream.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        zstd = zstandard.ZstdCompressor(level=3).compressobj()
        return lambda raw: zstd.compress(raw) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return None


class Gateway:
    """All sessions and connections."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies: list[Identify] = []
        self.resumes = 0
        self.chunk_requests: list[tuple[float, dict[str, Any]]] = []
        self._open = asyncio.Event()
        self._open.set()
        self._numbers = itertools.count(1)
        world.listeners.append(self.publish)

    # what the test does

    def cut(self, *, resume: bool = True) -> None:
        """Cut every line. With `resume=False` the sessions are forgotten too: the client must identify again."""
        if not resume:
            self.sessions.clear()
        for connection in list(self.connections):
            connection.abort()

    @contextlib.contextmanager
    def outage(self, *, resume: bool = True) -> Iterator[None]:
        """Cut every line and let nobody in again until the block ends."""
        self._open.clear()
        self.cut(resume=resume)
        try:
            yield
        finally:
            self._open.set()

    def ask_to_reconnect(self) -> None:
        """Op 7: please connect and resume."""
        for connection in self.connections:
            connection.send_op(RECONNECT)

    def close(self, code: int) -> None:
        """Close every connection properly with a code (4000 lets the client resume)."""
        for connection in self.connections:
            connection.send(code)

    def shut(self) -> None:
        """The end: let waiting clients in and drop every line."""
        self._open.set()
        self.cut(resume=False)

    async def caught_up(self, timeout: float = 10) -> None:
        """Wait until every connected client has read all that was sent (it answers op 1 with the last number)."""
        await asyncio.gather(*(self._read(c, timeout) for c in list(self.connections) if c.session))

    async def _read(self, connection: Connection, timeout: float) -> None:
        assert connection.session is not None
        target = connection.session.seq
        async with asyncio.timeout(timeout):
            while connection in self.connections and max(connection.heartbeats, default=0) < target:
                connection.heard.clear()
                connection.send_op(HEARTBEAT)
                await connection.heard.wait()

    # events of the world

    def publish(self, event: Event) -> None:
        """Send an event to every session that may have it."""
        variants: dict[bool, bytes] = {}
        for session in self.sessions.values():
            if not rules.wanted(event, self.world, session.intents, session.shard):
                continue
            guild_id = event.guild.id if event.guild else None
            bare = rules.hides_content(event.message, self.world, session.intents, guild_id)
            if bare not in variants:
                variants[bare] = orjson.dumps(rules.without_content(event.data) if bare else event.data)
            session.dispatch(event.name, variants[bare])

    # the protocol

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from HELLO to its end."""
        await self._open.wait()
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self.connections.add(connection)
        connection.send_op(HELLO, {"heartbeat_interval": 41_250, "_trace": []})
        writer = asyncio.create_task(connection.write())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, orjson.loads(message.data))
        finally:
            self.connections.discard(connection)
            connection.heard.set()
            self._detach(connection)
            writer.cancel()
        return socket

    def _detach(self, connection: Connection) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        if connection.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
            self.sessions.pop(session.id, None)

    def _receive(self, connection: Connection, payload: dict[str, Any]) -> None:
        op, data = payload["op"], payload.get("d")
        if op == HEARTBEAT:
            connection.heartbeats.append(data or 0)
            connection.heard.set()
            connection.send_op(ACK)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op == REQUEST_MEMBERS and connection.session is not None:
            self._chunk(connection.session, data)

    def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        application = self.world.application
        shard = tuple(data.get("shard", (0, 1)))
        code = None
        if data["token"] != application.token:
            code = 4004
        elif rules.refused(data["intents"], application):
            code = 4014
        self.identifies.append(Identify(time.monotonic(), shard, data["intents"], code is None))
        application.identifies_left -= 1
        if code is not None:
            connection.send(code)
            return
        # a simplification: a shard's older session that nobody is connected to can no longer be resumed
        self.sessions = {k: s for k, s in self.sessions.items() if s.shard != shard or s.connection is not None}
        session = Session(f"session-{next(self._numbers)}", data["intents"], shard, connection=connection)
        connection.session = self.sessions[session.id] = session
        self._ready(session)

    def _ready(self, session: Session) -> None:
        application, world = self.world.application, self.world
        number, count = session.shard
        mine = [g for g in world.guilds.values() if world.bot.id in g.members and (g.id >> 22) % count == number]
        ready = {
            "v": 10,
            "user": payloads.user(application.bot)
            | {"email": None, "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": str(g.id), "unavailable": True} for g in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(application.id), "flags": application.flags},
            "private_channels": [],
        }
        session.dispatch("READY", orjson.dumps(ready))
        for guild in mine:
            if guild.available:
                everybody = bool(session.intents & rules.PRESENCES)
                session.dispatch("GUILD_CREATE", orjson.dumps(world.guild_create(guild, all_members=everybody)))

    def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.world.application.token:
            connection.send(4004)
        elif session is None or (session.sent and session.sent[0][0] > data["seq"] + 1):
            connection.send_op(INVALID_SESSION, False)
        else:
            self.resumes += 1
            connection.session, session.connection = session, connection
            for seq, raw in session.sent:
                if seq > data["seq"]:
                    connection.send(raw)
            session.dispatch("RESUMED", b'{"_trace":[]}')

    def _chunk(self, session: Session, asked: dict[str, Any]) -> None:
        self.chunk_requests.append((time.monotonic(), asked))
        guild = self.world.guilds[int(asked["guild_id"])]
        everybody = asked.get("query") == "" and not asked.get("limit")
        if everybody and not session.intents & rules.MEMBERS:
            return  # Discord does not answer either
        wanted = [int(who) for who in asked.get("user_ids") or ()]
        if wanted:
            found = [guild.members[who] for who in wanted if who in guild.members]
        else:
            start = str(asked.get("query") or "").lower()
            found = [m for m in guild.members.values() if (m.nick or m.user.name).lower().startswith(start)]
            found = found[: asked.get("limit") or None]
        parts = [found[i : i + CHUNK] for i in range(0, len(found), CHUNK)] or [[]]
        for index, part in enumerate(parts):
            answer = {
                "guild_id": str(guild.id),
                "members": [payloads.member(m) for m in part],
                "chunk_index": index,
                "chunk_count": len(parts),
                "not_found": [str(who) for who in wanted if who not in guild.members],
                "nonce": asked.get("nonce"),
            }
            session.dispatch("GUILD_MEMBERS_CHUNK", orjson.dumps(answer))
