"""Databases of the present revision, made by the real migrations once a process and copied from then on."""

import asyncio
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from bot.database.migrations import migrate
from tests.conftest import in_a_loop_of_its_own
from tests.population import populate
from tests.postgres import Cluster


async def migrated(url: str, *, populated: bool = False) -> None:
    """Let the empty database at `url` be what `migrate` makes of it, and with `populated` what `populate` adds."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        content = await asyncio.to_thread(_sqlite, populated)
        path = Path(place.database or "")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
        return
    cluster = Cluster(Path(str(place.query["host"])))
    template = await asyncio.to_thread(_postgres, cluster.folder, populated)
    name = place.database or ""
    await cluster.drop_database(name)
    await cluster.create_database(name, template)


@cache
def _sqlite(populated: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "parvis.db"
        in_a_loop_of_its_own(_make(f"sqlite+aiosqlite:///{path}", populated))
        return path.read_bytes()


@cache
def _postgres(folder: Path, populated: bool) -> str:
    name = f"migrated_{os.getpid()}_{populated:d}"

    async def make() -> None:
        await _make(await Cluster(folder).create_database(name), populated)

    in_a_loop_of_its_own(make())
    return name


async def _make(url: str, populated: bool) -> None:
    await migrate(url)
    if populated:
        await populate(url)
