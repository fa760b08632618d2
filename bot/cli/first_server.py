"""The end of ``parvis init``: waits until the bot is in a server, and says in which."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import discord

from bot.cli.terminal import console, say, spoken
from bot.i18n.marks import N_
from bot.portal import rest_client

LOOK_SECONDS = 3.0
"""Between two looks: one small request each, far below Discord's limits."""
WAIT_SECONDS = 600.0
SHOWN = 10
"""Names of servers that are listed."""


def wait_for_server(token: str) -> None:
    """Say in which servers the bot is; with none, wait for the first, at most ten minutes. Ctrl-C goes on without."""
    try:
        asyncio.run(_wait(token))
    except KeyboardInterrupt:
        say(N_("Gone on without a server; the link above stays good."))


async def _wait(token: str) -> None:
    async with _patient(), rest_client(token) as client:
        if servers := await _servers(client):
            say(N_("The bot is already in: {servers}."), servers=", ".join(servers))
            return
        say(
            N_("Waiting until the bot is in a server, at most {minutes} minutes. Ctrl-C goes on without."),
            minutes=round(WAIT_SECONDS / 60),
        )
        with _spinner():
            servers = await _first(client)
        if servers:
            say(N_("The bot has joined {servers}."), servers=", ".join(servers))
        else:
            say(N_("No server yet. The link above stays good: open it when it suits you."))


async def _first(client: discord.Client) -> list[str]:
    """The servers as soon as there is one; none when the time is over."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + WAIT_SECONDS
    while loop.time() < ends:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if servers := await _servers(client):
                return servers
        except (aiohttp.ClientError, OSError, TimeoutError, discord.HTTPException):
            continue  # Discord or the network is away for a moment
    return []


async def _servers(client: discord.Client) -> list[str]:
    """Names of the servers the bot is in, without what a terminal would take for a command."""
    found = [guild.name async for guild in client.fetch_guilds(limit=SHOWN, with_counts=False)]
    return ["".join(char for char in name if char.isprintable()) for name in found]


@asynccontextmanager
async def _patient() -> AsyncIterator[None]:
    """What the network does here is no failure: the token is written, and the link works without us."""
    try:
        yield
    except (aiohttp.ClientError, OSError, TimeoutError, discord.HTTPException):
        say(N_("Discord does not answer at the moment; whether the bot is in a server shows when it runs."))


@contextmanager
def _spinner() -> Iterator[None]:
    """Something that moves, where somebody looks."""
    terminal = console()
    if not terminal.is_terminal:
        yield
        return
    with terminal.status(spoken()(N_("Waiting for the invitation"))):
        yield
