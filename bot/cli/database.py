"""``parvis db``: upgrade, backup, restore, verify, copy."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from bot.cli.commands import TranslatedGroup
from bot.cli.progress import progress_bar
from bot.cli.terminal import console, say, spoken
from bot.clock import now
from bot.database.address import database_address, shown, sqlite_file
from bot.database.backups import BackupError, back_up, restore, verify_backup, verify_database
from bot.database.copy import Copied, CopyError, copy_database
from bot.database.copy.ends import FROM, TO
from bot.database.migrations import SchemaState
from bot.errors import StartupError
from bot.i18n.marks import N_
from bot.lease import Lease, LeaseHeld, held, refuse_while_running
from bot.opening import opened, refuse_unknown_schema, schema_ready
from bot.settings import load_settings

T = TypeVar("T")


@click.group("db", cls=TranslatedGroup, help=N_("Look after the database: upgrade, back up, restore, verify, copy."))
def db_group() -> None:
    """See ``help`` above."""


@db_group.add("upgrade", N_("Bring the database to the revision of this version, after a verified backup (SQLite)."))
def upgrade() -> None:
    settings = load_settings()

    async def work() -> None:
        async with opened(settings.database_url) as db:
            await refuse_while_running(db)
            async with held(Lease(db, "cluster 0")):
                with progress_bar(spoken()(N_("Backup"))) as report:
                    await schema_ready(settings, db, report)

    _run(work())
    say(N_("The database is up to date."))


@db_group.add("backup", N_("Write a verified backup to the new file PATH; the bot may run meanwhile."))
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    settings = load_settings()

    async def work() -> dict[str, int]:
        await _refuse_empty(settings.database_url)
        with progress_bar(spoken()(N_("Backup"))) as report:
            return await back_up(settings.database_url, path, report)

    counts = _run(work())
    _show(counts)
    say(N_("{path} is complete and verified."), path=path)


@db_group.add(
    "restore", N_("Replace the database by the backup PATH. The replaced database is kept; Parvis must be stopped.")
)
@click.argument("path", type=click.Path(path_type=Path))
def restore_command(path: Path) -> None:
    settings = load_settings()

    async def work() -> Path | None:
        await _refuse_while_running(settings.database_url)
        with progress_bar(spoken()(N_("Restore"))) as report:
            return (await restore(settings.database_url, path, now(), report)).kept

    kept = _run(work())
    say(N_("{path} is restored and complete."), path=path)
    if kept is not None:
        say(N_("The replaced database is kept as {kept}."), kept=kept)


@db_group.add("verify", N_("Check the database, or the backup PATH: damage, references, rows per table."))
@click.argument("path", type=click.Path(path_type=Path), required=False)
def verify(path: Path | None) -> None:
    if path is not None:
        _show(_run(verify_backup(path)))
        say(N_("{path} is complete and can be restored."), path=path)
        return
    settings = load_settings()

    async def work() -> tuple[dict[str, int], list[str]]:
        await _refuse_empty(settings.database_url)
        return await verify_database(settings.database_url)

    counts, problems = _run(work())
    _show(counts)
    where = shown(database_address(settings.database_url))
    if problems:
        raise BackupError(N_("{path} is damaged: {reason}."), path=where, reason=problems[0])
    say(N_("{path} is healthy."), path=where)


@db_group.add(
    "copy",
    N_(
        "Copy everything from FROM_URL into the empty database TO_URL, and compare the two. Parvis must be stopped. "
        "With -, an address is read from the variable of its name."
    ),
)
@click.argument("from_url")
@click.argument("to_url")
def copy_command(from_url: str, to_url: str) -> None:
    from_url, to_url = _given(from_url, FROM), _given(to_url, TO)

    async def work() -> Copied:
        with progress_bar(spoken()(N_("Copy"))) as report:
            return await copy_database(from_url, to_url, report)

    try:
        copied = _run(work())
    except KeyboardInterrupt:
        raise CopyError(N_("The copy was stopped; the target has no row of it. Give the command again.")) from None
    _show(copied.counts)
    t = spoken()
    for column, values in copied.without_nul.items():
        told = t.plural(
            "{column}: an invisible NUL was taken out of {n} value, because PostgreSQL cannot hold it.",
            "{column}: an invisible NUL was taken out of {n} values, because PostgreSQL cannot hold it.",
            values,
            column=column,
        )
        click.echo(told)
    say(N_("Both databases are equal. Parvis uses the new one once DATABASE_URL names it."))


def _given(url: str, name: str) -> str:
    """The address; ``-`` keeps one with a password out of the list of processes and the shell's history."""
    return os.environ.get(name, "") if url == "-" else url


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _show(counts: dict[str, int]) -> None:
    t = spoken()
    table = Table(t(N_("Table")))
    table.add_column(t(N_("Rows")), justify="right")
    for name, rows in counts.items():
        table.add_row(name, t.number(rows))
    console().print(table)


async def _refuse_while_running(url: str) -> None:
    """Raises LeaseHeld. A database that is missing or cannot be read stops nobody from restoring a backup."""
    database_address(url)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return
    try:
        async with opened(url) as db:
            await refuse_while_running(db)
    except (StartupError, DBAPIError) as error:
        if isinstance(error, LeaseHeld) or file is None:
            raise


async def _refuse_empty(url: str) -> None:
    """Raises BackupError when there is nothing of ours in the database, StartupError when it does not answer."""
    missing = BackupError(N_("There is no database at {path}."), path=shown(database_address(url)))
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise missing
    async with opened(url) as db:
        if await refuse_unknown_schema(db) is SchemaState.EMPTY:
            raise missing
