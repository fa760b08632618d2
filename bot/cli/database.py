"""``parvis db``: upgrade, backup, restore, verify, copy."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.table import Table

from bot.cli.commands import TranslatedGroup
from bot.cli.progress import progress_bar
from bot.cli.restoring import Outcome, restore_and_repeat
from bot.cli.terminal import console, say, spoken
from bot.database.address import database_address, shown, sqlite_file
from bot.database.backups import BackupError, back_up, verify_backup, verify_database
from bot.database.copy import Copied, CopyError, copy_database
from bot.database.copy.ends import FROM, TO
from bot.database.migrations import SchemaState
from bot.i18n.marks import N_
from bot.lease import Lease, held, refuse_while_running
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
        await refuse_empty(settings.database_url)
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

    async def work() -> Outcome:
        with progress_bar(spoken()(N_("Restore"))) as report:
            return await restore_and_repeat(settings, path, report)

    outcome = _run(work())
    say(N_("{path} is restored and complete."), path=path)
    if outcome.kept is not None:
        say(N_("The replaced database is kept as {kept}."), kept=outcome.kept)
    if outcome.repeated:
        t = spoken()
        click.echo(
            t.plural(
                "{n} erasure that is newer than the backup was repeated.",
                "{n} erasures that are newer than the backup were repeated.",
                outcome.repeated,
            )
        )
    if outcome.unreadable:
        say(
            N_(
                "Who was erased after this backup cannot be read from the replaced database. "
                "Erase those people again: parvis privacy erase."
            )
        )


@db_group.add("verify", N_("Check the database, or the backup PATH: damage, references, rows per table."))
@click.argument("path", type=click.Path(path_type=Path), required=False)
def verify(path: Path | None) -> None:
    if path is not None:
        _show(_run(verify_backup(path)))
        say(N_("{path} is complete and can be restored."), path=path)
        return
    settings = load_settings()

    async def work() -> tuple[dict[str, int], list[str]]:
        await refuse_empty(settings.database_url)
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


async def refuse_empty(url: str) -> SchemaState:
    """How the schema stands; raises BackupError when nothing is there, StartupError when it does not answer."""
    missing = BackupError(N_("There is no database at {path}."), path=shown(database_address(url)))
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise missing
    async with opened(url) as db:
        state = await refuse_unknown_schema(db)
    if state is SchemaState.EMPTY:
        raise missing
    return state
