"""``parvis check``: everything that would keep Parvis from working, looked at from outside."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord

from bot.client import CommunityBot
from bot.database.address import database_address, shown
from bot.database.migrations import SchemaState
from bot.errors import StartupError, UserError
from bot.i18n.marks import N_
from bot.opening import opened, refuse_unknown_schema
from bot.permissions.standing import broken
from bot.portal import intent_is_off, intents_off, missing_token, rest_client
from bot.settings import Settings

READY_SECONDS = 60.0
INTENTS = N_("Intents")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``problem`` says what is wrong and what to do; None when all is well.

    ``subject`` is an ``N_`` text; ``where`` is a name to show as it is.
    """

    subject: str
    where: str = ""
    problem: UserError | StartupError | None = None


async def check_everything(settings: Settings) -> AsyncIterator[Finding]:
    """What was found, in order; later steps are left out when an earlier one they need failed."""
    yield Finding(N_("Settings"))
    schema_fits = True
    async for finding in _database(settings):
        schema_fits = schema_fits and finding.problem is None
        yield finding
    reached = True
    async for finding in _portal(settings):
        reached = reached and (finding.problem is None or finding.subject == INTENTS)
        yield finding
    if schema_fits and reached:
        async for finding in _servers(settings):
            yield finding


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        where = shown(database_address(settings.database_url))
        async with opened(settings.database_url) as db:
            yield Finding(N_("Database"), where)
            state = await refuse_unknown_schema(db)
    except StartupError as error:
        yield Finding(N_("Database"), problem=error)
        return
    if state is SchemaState.CURRENT:
        yield Finding(N_("Migrations"))
    else:
        behind = StartupError(N_("The database is not at the revision of this version. Run “parvis db upgrade”."))
        yield Finding(N_("Migrations"), problem=behind)


async def _portal(settings: Settings) -> AsyncIterator[Finding]:
    try:
        if settings.token is None:
            raise missing_token()
        async with rest_client(settings.token.get_secret_value()) as client:
            application = await client.application_info()
    except StartupError as error:
        yield Finding(N_("Token"), problem=error)
        return
    except (OSError, TimeoutError, discord.HTTPException) as error:
        yield Finding(N_("Token"), problem=unreachable(error))
        return
    yield Finding(N_("Token"), application.name)
    off = list(intents_off(application, settings))
    for intent in off:
        yield Finding(INTENTS, problem=intent_is_off(intent, application.id, settings))
    if not off:
        yield Finding(INTENTS)


def unreachable(error: Exception) -> StartupError:
    return StartupError(
        N_("Discord cannot be reached ({reason}). Try again later."), exit_code=1, reason=type(error).__name__
    )


async def _servers(settings: Settings) -> AsyncIterator[Finding]:
    bot = CommunityBot(settings)
    try:
        await bot.load_features()
        await bot.guild_settings.load()
        async with _connected(settings) as client:
            for guild in client.guilds:
                found = list(_problems(bot, guild))
                for finding in found:
                    yield finding
                if not found:
                    yield Finding(N_("Server"), guild.name)
    finally:
        await bot.db.close()


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[discord.Client]:
    """A client that knows the servers with their channels, roles and our own rights there, and hears nothing else."""
    assert settings.token is not None
    client = discord.Client(intents=discord.Intents(guilds=True), chunk_guilds_at_startup=False)
    async with client:
        running = asyncio.ensure_future(client.start(settings.token.get_secret_value(), reconnect=False))
        ready = asyncio.ensure_future(client.wait_until_ready())
        try:
            await asyncio.wait({running, ready}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done():
                raise unreachable(TimeoutError())
            yield client
        finally:
            for task in (running, ready):
                task.cancel()
            await asyncio.gather(running, ready, return_exceptions=True)


def _problems(bot: CommunityBot, guild: discord.Guild) -> Iterator[Finding]:
    for section_type in bot.sections.all():
        for reference, problem in broken(guild, bot.guild_settings.get(guild.id, section_type)):
            channel = guild.get_channel(reference.id)
            if channel is not None:  # the message was made for Discord, which shows a mention as this
                problem.params["channel"] = f"#{channel.name}"
            yield Finding(reference.field.title, guild.name, problem)
