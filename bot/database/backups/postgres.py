"""Backups of PostgreSQL: pg_dump on one snapshot, whose rows are counted again in the dump that was written."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from sqlalchemy import NullPool, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.database.backups import errors, programs
from bot.database.backups.files import whole_file
from bot.database.registry import LEASE_TABLE
from bot.i18n.marks import N_

Counts = dict[str, int]
Progress = Callable[[float], None]
HEADER = b"PGDMP"
FREE_LEASE = f"UPDATE public.{LEASE_TABLE} SET owner = NULL;\n".encode()  # noqa: S608 - a constant
_CHUNK = 1 << 20


async def back_up(url: str, target: Path, progress: Progress) -> Counts:
    """Write a verified backup to the new file ``target``; the rows per table."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    try:
        with whole_file(target) as draft:
            async with engine.connect() as connection:
                snapshot = (await connection.execute(text("SELECT pg_export_snapshot()"))).scalar_one()
                expected = await row_counts(connection)
                await _dump(make_url(url), draft, snapshot, expected, progress)
            if await verify(draft) != expected:
                raise errors.not_usable(target, N_("The backup {path} was not complete and was removed."))
    except OSError as error:
        raise errors.not_written(target, error) from None
    finally:
        await engine.dispose()
    return expected


async def verify(backup: Path, revisions: list[str] | None = None) -> Counts:
    """The rows per table of a backup, counted by reading all of it; raises BackupError for a damaged one."""
    counts: Counts = {}
    revision = None
    table: str | None = None
    async for line in _script(backup, "--data-only"):
        if table is None:
            if line.startswith(b"COPY "):
                table = line.split()[1].decode().split(".")[-1].strip('"')
                counts[table] = 0
        elif line == b"\\.":
            table = None
        else:
            counts[table] += 1
            revision = line.decode() if table == "alembic_version" else revision
    if revisions is not None and revision not in revisions:
        raise errors.not_usable(backup, N_("{path} was made by a newer version of Parvis. Install that one first."))
    return counts


async def restore(url: str, backup: Path, keep_as: Path, progress: Progress, revisions: list[str]) -> Path | None:
    """Replace what the database holds, in one transaction; returns the backup of what was replaced, if there was any.

    Raises BackupError for a backup that cannot be trusted; then nothing changed.
    """
    expected = await verify(backup, revisions)
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            tables = await _tables(connection)
        kept = keep_as if tables else None
        if kept is not None:
            await back_up(url, kept, lambda share: progress(share / 2))
        await _load(make_url(url), backup, tables, free_lease=LEASE_TABLE in expected)
        progress(1.0)
        async with engine.connect() as connection:
            if await row_counts(connection) != expected:
                raise errors.not_usable(backup, N_("The copy of {path} is not complete."))
        return kept
    finally:
        await engine.dispose()


async def row_counts(connection: AsyncConnection) -> Counts:
    """Rows of every table."""
    quoted = connection.dialect.identifier_preparer.quote
    counts: Counts = {}
    for name in await _tables(connection):
        statement = text(f"SELECT count(*) FROM {quoted(name)}")  # noqa: S608 - a name of the schema
        counts[name] = (await connection.execute(statement)).scalar_one()
    return counts


async def _tables(connection: AsyncConnection) -> list[str]:
    return sorted(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def _dump(url: URL, draft: Path, snapshot: str, expected: Counts, progress: Progress) -> None:
    options = ["--format=custom", "--no-owner", "--no-privileges", "--verbose", f"--snapshot={snapshot}"]
    process = await asyncio.create_subprocess_exec(
        programs.program("pg_dump"),
        *options,
        f"--file={draft}",
        stderr=asyncio.subprocess.PIPE,
        env=programs.environment(url),
    )
    done, last = 0, b""
    try:
        assert process.stderr is not None
        async for line in process.stderr:
            last = line.strip() or last
            if b"dumping contents of table" in line:
                done += 1
                progress(done / max(len(expected), 1))
        if await process.wait():
            raise programs.failed("pg_dump", draft, last)
    finally:
        await programs.ended(process)


async def _script(backup: Path, *options: str) -> AsyncIterator[bytes]:
    """The lines of the SQL in a backup. Raises BackupError when it cannot be read to its end."""
    command = [programs.program("pg_restore"), *options, "--no-owner", "--no-privileges", "--file=-", str(backup)]
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=said)
        try:
            assert process.stdout is not None
            rest = b""
            while chunk := await process.stdout.read(_CHUNK):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    yield line
            if await process.wait():
                said.seek(0)
                reason = said.read().decode(errors="replace").strip().partition("\n")[0]
                raise errors.not_usable(backup, N_("{path} cannot be read: {reason}."), reason=reason)
        finally:
            await programs.ended(process)


async def _load(url: URL, backup: Path, tables: list[str], *, free_lease: bool) -> None:
    """Drop our tables and load the backup, in one transaction of psql; the lease in it was another process's."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"]
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            programs.program("psql"),
            *options,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=said,
            env={**programs.environment(url), "PGOPTIONS": "-c lock_timeout=5s -c client_min_messages=warning"},
        )
        try:
            assert process.stdin is not None
            try:
                for name in tables:
                    process.stdin.write(f'DROP TABLE "{name}" CASCADE;\n'.encode())
                async for line in _script(backup):
                    process.stdin.write(line + b"\n")
                    await process.stdin.drain()
                if free_lease:
                    process.stdin.write(FREE_LEASE)
                process.stdin.close()
            except (BrokenPipeError, ConnectionResetError):
                pass  # psql has given up; it says why
            if await process.wait():
                said.seek(0)
                raise programs.failed("psql", backup, said.read().strip())
        finally:
            await programs.ended(process)
