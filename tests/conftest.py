"""Fixtures: both databases, a settable clock, and the real bot in the simulated Discord.

A test that needs a database takes `db` (it runs on SQLite and on PostgreSQL). A test about what a person does takes
`env` and `stage`: the real bot with a SQLite file; `await env.restart(make_bot())` is a restart on the same file.
A test fails when it leaves an error in `env.errors` or `logged_errors`, or a task behind.
The bot is imported by the fixtures that need it, so that tests of rules start without it.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import discord
import hypothesis
import pytest

from tests import mentions, postgres
from tests.emptied import EmptiedDatabase

if TYPE_CHECKING:
    from simcord import ChannelHandle, GuildHandle, MemberActor, RoleHandle

    from bot.client import CommunityBot
    from bot.database import Database
    from demo.simdiscord import SimDiscord

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning, well before a change of the clocks."""
PATIENCE = 20.0
"""Real seconds after which an act counts as one that never ends; no test waits so long for anything."""
_FOLDER = "PARVIS_TEST_CLUSTER"
_OWNER = "PARVIS_TEST_OWNER"

# What belongs to a run of pytest


def asks_for_soak(config: pytest.Config) -> bool:
    return "soak" in config.option.markexpr.replace("not soak", "")


def pytest_configure(config: pytest.Config) -> None:
    soak = asks_for_soak(config)
    hypothesis.settings.register_profile("quick", max_examples=50, deadline=None)
    hypothesis.settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
    hypothesis.settings.register_profile("soak", max_examples=2000, deadline=None)
    hypothesis.settings.load_profile("soak" if soak else "ci" if os.environ.get("CI") == "true" else "quick")
    sys.dont_write_bytecode = False  # dozens of bots are started as processes: each would compile its sources anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not hasattr(config, "workerinput"):  # the process that its xdist workers inherit the environment from
        os.environ[_FOLDER] = str(postgres.new_folder())
        os.environ[_OWNER] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop(_FOLDER))
        if not (folder / "server").exists():  # otherwise the server removes it when this process is gone
            shutil.rmtree(folder, ignore_errors=True)


LONGEST_FIRST = ("demo/test_headless", "demo/test_browser", "process/", "demo/", "_kill", "model")
"""Parts of paths: what takes long begins early, so that no worker is left alone with it in the end."""


def patience(item: pytest.Item) -> int:
    return next((place for place, part in enumerate(LONGEST_FIRST) if part in str(item.path)), len(LONGEST_FIRST))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long profiles run only when asked for; a property has one, with more examples."""
    items.sort(key=patience)
    if asks_for_soak(config):
        for item in items:
            if hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker("soak")
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def keep_out_of_collections() -> None:
    """What is in memory now stays to the end: let Python not look through it again and again for what is garbage."""
    gc.collect()
    gc.freeze()


def pytest_collection_finish() -> None:
    keep_out_of_collections()


@pytest.fixture
def logged_errors() -> Iterator[list[str]]:
    """What the bot logged as an error. Look at it and `clear()` it, or the test fails."""
    seen: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name.partition(".")[0] in {"bot", "cogs"}:
                seen.append(self.format(record))

    handler = Collector(logging.ERROR)
    logging.getLogger().addHandler(handler)
    yield seen
    logging.getLogger().removeHandler(handler)
    assert not seen, "the bot logged errors:\n" + "\n".join(seen)


def unfinished_tasks() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task is not asyncio.current_task() and not task.done()]


# Databases


def in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end without touching the loop of the tests."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


async def create_schema(url: str) -> None:
    """Every table of the models in an empty database."""
    from bot.database import Base, Database
    from bot.database.registry import import_models
    from bot.events import EventBus
    from tests.statements import share_compiled

    import_models()
    share_compiled()
    database = Database(url, EventBus())
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema, to copy."""
    path = tmp_path_factory.mktemp("schema") / "template.db"
    in_a_loop_of_its_own(create_schema(f"sqlite+aiosqlite:///{path}"))
    keep_out_of_collections()  # with it came the whole bot
    return path


@pytest.fixture(scope="session")
def cluster() -> postgres.Cluster:
    """The PostgreSQL of this run, shared by its workers. Without binaries: skipped, but an error in CI."""
    try:
        return postgres.shared_cluster(Path(os.environ[_FOLDER]), int(os.environ[_OWNER]))
    except postgres.NoPostgres as reason:
        do_without(reason)


def do_without(reason: postgres.NoPostgres) -> NoReturn:
    """Skip on somebody's machine; in CI both databases are promised, so there it is an error."""
    if os.environ.get("CI") == "true":
        raise reason
    pytest.skip(str(reason))


@pytest.fixture(scope="session")
def postgres_template(cluster: postgres.Cluster) -> str:
    """The name of a PostgreSQL database with the schema, to copy."""
    name = f"template_{os.getpid()}"

    async def create() -> None:
        await create_schema(await cluster.create_database(name))

    in_a_loop_of_its_own(create())
    return name


@pytest.fixture
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite answers at once instead of from a thread; a folder whose subject are the threads overrides this."""
    from bot.database import engines
    from tests import at_once

    monkeypatch.setattr(engines, "_open_sqlite", at_once.open_sqlite)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path, without_threads: None) -> str:
    """A SQLite database of this test's own, with the schema."""
    path = tmp_path / "parvis.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def emptied(postgres_template: str, cluster: postgres.Cluster) -> Iterator[EmptiedDatabase]:
    database = EmptiedDatabase(cluster, f"test_{os.getpid()}", postgres_template)
    yield database
    database.close()


@pytest.fixture
def postgres_url(emptied: EmptiedDatabase) -> str:
    """An empty PostgreSQL database with the schema, for this test alone."""
    return emptied.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of this test's own, with the schema: the test runs once on each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
async def db(database_url: str, logged_errors: list[str]) -> AsyncIterator[Database]:
    """The bot's database object, on both kinds."""
    from bot.database import Database
    from bot.events import EventBus

    database = Database(database_url, EventBus())
    yield database
    await database.bus.drain(5)
    await database.close()
    assert unfinished_tasks() == []


# Time


class SetClock:
    """Time stands still until the test moves it. Pass it as a service's clock; `bot.clock.now()` follows it too."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def advance(self, **amount: float) -> datetime:
        """Move on by `timedelta(**amount)` and return the new present."""
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """For tests without the simulated Discord, which has its own: `env.now()`, `env.pass_time()`."""
    standing = SetClock()
    monkeypatch.setattr(discord.utils, "utcnow", standing)
    return standing


# The real bot in the simulated Discord

MakeBot = Callable[..., "CommunityBot"]


@pytest.fixture
def bot_options() -> dict[str, Any]:
    """Settings that differ from the default; a test module overrides this fixture."""
    return {}


@pytest.fixture
async def make_bot(sqlite_url: str, bot_options: dict[str, Any], tmp_path: Path) -> AsyncIterator[MakeBot]:
    """`make_bot(**settings)`: another process of the real bot on this test's database."""
    from bot.client import CommunityBot
    from bot.settings import Settings

    made: list[CommunityBot] = []

    def make(**options: Any) -> CommunityBot:
        given = {
            "token": "simulated",
            "health_port": None,
            "backup_dir": tmp_path / "backups",
            **bot_options,
            **options,
        }
        made.append(CommunityBot(Settings(_env_file=None, database_url=sqlite_url, **given)))
        return made[-1]

    yield make
    for bot in made:
        await bot.db.close()


@pytest.fixture
async def env(make_bot: MakeBot, logged_errors: list[str]) -> AsyncIterator[SimDiscord]:
    """A simulated Discord on which the real bot runs. `env.refusals` has what people were told they cannot do."""
    from bot.errors import UserError
    from demo.simdiscord import SimDiscord

    simulated = SimDiscord(make_bot(), expected=(UserError,), starts_at=NOW, settle_timeout=PATIENCE)
    await simulated.start()
    try:
        yield simulated
        left = await simulated.stop_bot()
    finally:
        await simulated.shutdown()
    simulated.raise_unread_errors()
    assert mentions.that_could_ping(simulated.backend.http_requests) == []
    assert left == [], "tasks of the bot outlived it"
    assert unfinished_tasks() == []


@dataclass(frozen=True)
class Stage:
    """A small server: `general` for everyone, `staff` for the team, and one person of each kind."""

    env: SimDiscord
    guild: GuildHandle
    general: ChannelHandle
    staff: ChannelHandle
    team: RoleHandle
    admin: MemberActor
    moderator: MemberActor
    member: MemberActor

    @property
    def bot(self) -> CommunityBot:
        """The bot's present process."""
        return cast("CommunityBot", self.env.bot)

    @property
    def server(self) -> discord.Guild:
        """The server as the bot sees it."""
        server = self.bot.get_guild(self.guild.id)
        assert server is not None
        return server

    def person(self, name: str, *roles: RoleHandle, locale: str | None = None) -> MemberActor:
        """Somebody else who is here already."""
        actor = self.guild.add_member(self.env.create_user(name), roles=roles)
        if locale:
            self.env.set_locale(actor, locale)
        return actor


def build_stage(env: SimDiscord, *, language: str = "en-US") -> Stage:
    """A server with its people on that simulated Discord."""
    with env.backend.arriving():
        guild = env.create_guild("Agora", preferred_locale=language)
        powers = discord.Permissions(
            kick_members=True, ban_members=True, moderate_members=True, manage_messages=True, view_audit_log=True
        )
        team = guild.create_role("Team", permissions=powers)
        admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True, manage_roles=True))
        general = guild.create_text_channel("general")
        hidden = discord.PermissionOverwrite(view_channel=False)
        shown = discord.PermissionOverwrite(view_channel=True)
        me = env.bot.user
        assert me is not None
        staff = guild.create_text_channel("staff", overwrites={guild.default_role: hidden, team: shown, me: shown})

        def person(name: str, *roles: RoleHandle) -> MemberActor:
            return guild.add_member(env.create_user(name), roles=roles)

        people = person("ada", admins, team), person("mina", team), person("bob")
    return Stage(env, guild, general, staff, team, *people)


@pytest.fixture
async def stage(env: SimDiscord) -> Stage:
    built = build_stage(env)
    await env.settle()
    return built
