"""From settings to a running bot, and what stands between: the lease, the schema, the token, the intents."""

import asyncio
import importlib.util
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot import discord_endpoint
from bot.client import CommunityBot
from bot.database import Database
from bot.errors import StartupError
from bot.i18n.marks import N_
from bot.lease import Lease, held
from bot.observability.cut_off import report_cut_off
from bot.observability.logs import configure_logging, secrets_of
from bot.opening import opened, schema_ready
from bot.portal import check_token, intents_refused, missing_token, refused_token
from bot.restarts import pace_restarts, patience
from bot.settings import Settings
from bot.stopping import Stopping

log = logging.getLogger(__name__)

TOKEN_REFUSED = 4004
"""Gateway close code: authentication failed."""
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


def run_until_stopped(settings: Settings) -> None:
    """Run the bot until SIGTERM or SIGINT; raises StartupError when it cannot run."""
    if settings.token is None:
        raise missing_token()
    _refuse_shared_file(settings)
    configure_logging(settings.log_level, settings.log_format, secrets=secrets_of(settings))
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # Parvis does not talk
    if settings.discord_url is not None:
        use_endpoint(settings.discord_url)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_stoppable(settings, settings.token.get_secret_value()))
    except StartupError:
        raise
    except Exception:
        log.exception("the program stopped")
        raise StartupError(
            N_("Parvis has stopped on an error of its own. The lines above say which; please report it."), exit_code=1
        ) from None


def _refuse_shared_file(settings: Settings) -> None:
    if settings.cluster.partition("/")[2] != "1" and settings.database_url.startswith("sqlite"):
        raise StartupError(
            N_("PARVIS_CLUSTER names several processes; they need PostgreSQL. Change DATABASE_URL or PARVIS_CLUSTER.")
        )


def use_endpoint(url: str) -> None:
    """Talk to a loopback imitation of Discord; raises StartupError for any other address."""
    try:
        discord_endpoint.use(url)
    except ValueError:
        raise StartupError(
            N_("PARVIS_DISCORD_URL is for tests and takes a loopback address such as http://127.0.0.1:8000 only.")
        ) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    return uvloop.new_event_loop


async def _stoppable(settings: Settings, token: str) -> None:
    asyncio.get_running_loop().set_exception_handler(report_cut_off)
    stopping = Stopping()
    await stopping.run(_work(settings, token, stopping))
    if stopping.reason == "lease":
        raise StartupError(N_("Another process took over this database, so this one has stopped."), exit_code=1)


async def _work(settings: Settings, token: str, stopping: Stopping) -> None:
    async with opened(settings.database_url) as db:
        lease = Lease(db, f"cluster {settings.cluster.partition('/')[0]}")
        async with held(lease, on_lost=lambda: stopping.stop("lease")):
            await schema_ready(settings, db)
            await _serve(settings, token, db, lease)


async def _serve(settings: Settings, token: str, db: Database, lease: Lease) -> None:
    async for _ in patience():
        with _retried_when_network():
            await check_token(token, settings)
            break
    if settings.startup_backoff:
        await pace_restarts(db, settings.cluster)
    async for _ in patience():
        with _retried_when_network():
            try:
                await _connect(settings, token, lease)
            except discord.PrivilegedIntentsRequired:
                await check_token(token, settings)
                raise intents_refused(settings) from None
            except discord.ConnectionClosed as error:
                if error.code == TOKEN_REFUSED:
                    raise refused_token(token) from None
                raise
            return


async def _connect(settings: Settings, token: str, lease: Lease) -> None:
    """Run one bot until it is closed. A bot that could not log in is not used again."""
    async with CommunityBot(settings) as bot:
        bot.observability.add_check("lease", lease.is_held)
        bot.observability.watch_loop()
        await bot.start(token)


@contextmanager
def _retried_when_network() -> Iterator[None]:
    """Swallows errors after which trying again later may help; raises the others."""
    try:
        yield
    except discord.HTTPException as error:
        if error.status != TOO_MANY_REQUESTS and error.status < SERVER_ERROR:
            raise
        log.info("Discord answers %d", error.status)
    except (aiohttp.ClientError, ConnectionError, TimeoutError, socket.gaierror, discord.GatewayNotFound) as error:
        log.info("no connection to Discord: %s", type(error).__name__)
