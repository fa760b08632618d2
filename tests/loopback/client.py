"""A bare discord.py client on the loopback Discord, for tests of the loopback and of small parts of the runtime."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest
from discord import app_commands

from bot import discord_endpoint

from .server import LoopbackDiscord


class Client(discord.Client):
    """A client that identifies again without discord.py's pause of five seconds, and notes what it hears."""

    def __init__(self, **options) -> None:
        options.setdefault("intents", discord.Intents.default() | discord.Intents(members=True, message_content=True))
        super().__init__(**options)
        self.heard: list[str] = []
        self.resumed = asyncio.Event()
        self.connections = 0
        self.tree = app_commands.CommandTree(self)
        self._connection.guild_ready_timeout = 0.05  # two seconds of patience for more guilds are of no use here

    async def before_identify_hook(self, shard_id, *, initial=False) -> None:
        self.connections += 1

    async def on_message(self, message) -> None:
        self.heard.append(message.content)

    async def on_resumed(self) -> None:
        self.resumed.set()


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
def pointed(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py in this process talks to the loopback Discord until the test ends."""
    gateway = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(gateway, "DEFAULT_GATEWAY", gateway.DEFAULT_GATEWAY)
    discord_endpoint.use(loopback.url)


@pytest.fixture
async def connect(loopback: LoopbackDiscord, pointed: None) -> AsyncIterator[Connect]:
    """`await connect(client)`: logged in and ready; closed at the end."""
    running: list[tuple[discord.Client, asyncio.Task[None]]] = []

    async def connect_(client: Client | None = None) -> Client:
        client = client or Client()
        await client.login(loopback.token)
        running.append((client, asyncio.create_task(client.connect())))
        await asyncio.wait_for(client.wait_until_ready(), 5)
        return client

    yield connect_
    for client, task in running:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def move_both(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Move the clocks of this process and of the loopback Discord: `move_both(days=1)`."""

    def move(**step: float) -> None:
        loopback.move_clock(**step)
        monkeypatch.setattr(discord.utils, "utcnow", lambda: loopback.now)

    return move
