"""``parvis privacy``: the data of people who left and cannot ask in Discord."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.cli.commands import TranslatedGroup, option
from bot.cli.database import refuse_empty
from bot.cli.terminal import console, say, spoken, yes
from bot.database import Database, MemberData, OnErase
from bot.database.backups.files import whole_file
from bot.database.migrations import SchemaState
from bot.database.registry import import_models
from bot.errors import StartupError
from bot.i18n.marks import N_
from bot.lease import Lease, held, refuse_while_running
from bot.opening import opened
from bot.privacy import Erased, erase_member, export_member
from bot.privacy.tables import holdings
from bot.settings import load_settings


class DiscordId(click.ParamType[int]):
    """A number that Discord could have given; 0 stands for nobody in our tables, and must never be erased."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not (value.isascii() and value.isdigit() and 0 < int(value) < 2**63):
            self.fail(spoken()(N_("{value!r} is not a Discord id, which is a long number."), value=value), param, ctx)
        return int(value)


ID = DiscordId()
USER = option("--user", type=ID, required=True, help_text=N_("The person's Discord id, a long number."))
SERVER = option("--server", type=ID, help_text=N_("The id of one server; without it, all of them."))


@click.group(
    "privacy", cls=TranslatedGroup, help=N_("Export or erase the data of people who left and cannot ask in Discord.")
)
def privacy_group() -> None:
    """See ``help`` above."""


@privacy_group.add("export", N_("Write everything that is stored about a person as JSON; the bot may run meanwhile."))
@USER
@SERVER
@option("--out", type=click.Path(path_type=Path), help_text=N_("A new file; without it, standard output."))
def export_command(user: int, server: int | None, out: Path | None) -> None:
    async def work() -> dict[str, Any]:
        async with _database() as db:
            return await export_member(db, server, user)

    found = asyncio.run(work())
    text = json.dumps(_explained(found), indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    with whole_file(out) as draft:
        draft.write_text(text + "\n", encoding="utf-8")
    say(N_("{path} has everything that is stored about {user}. Only you can read it."), path=out, user=user)


@privacy_group.add("erase", N_("Erase a person's data, after a yes, and say what is kept and why. Stop the bot first."))
@USER
@SERVER
@option("--yes", "sure", is_flag=True, help_text=N_("Do not ask."))
def erase_command(user: int, server: int | None, sure: bool) -> None:
    async def look() -> dict[str, Any]:
        async with _database() as db:
            await refuse_while_running(db)
            return await export_member(db, server, user)

    async def work() -> Erased:
        async with _database() as db:
            await refuse_while_running(db)
            async with held(Lease(db, "cluster 0")):  # what a running bot has in memory would come back
                return await erase_member(db, server, user)

    found = asyncio.run(look())
    if not (found["about_you"] or found["names_you"]):
        say(N_("Nothing is stored about {user}."), user=user)
    else:
        _describe(user, found)
    if not sure and not yes(N_("Erase this for good? No command brings it back.")):
        say(N_("Nothing was erased."))
        return
    _report(user, asyncio.run(work()))


@dataclass(frozen=True, slots=True)
class _Words:
    """What a table says of itself."""

    purpose: str
    kept: str
    on_erase: OnErase


def _words() -> dict[str, _Words]:
    declared = {holding.table.name: holding.declared for holding in holdings()}
    return {
        name: _Words(data.purpose, data.kept, data.on_erase)
        for name, data in declared.items()
        if isinstance(data, MemberData)
    }


def _explained(found: Mapping[str, Any]) -> dict[str, Any]:
    """The export, with what each part is for and how long it is kept."""
    t, words = spoken(), _words()
    about = {
        name: {"what": t(words[name].purpose), "kept": t(words[name].kept), "entries": rows}
        for name, rows in found["about_you"].items()
    }
    return {**found, "about_you": about}


def _describe(user: int, found: Mapping[str, Any]) -> None:
    """Who that is, and how much is stored, so that nobody erases another by a slip."""
    t, words = spoken(), _words()
    names = sorted({str(row["display_name"]) for row in found["about_you"].get("member", ())})
    say(N_("{user} is known as: {names}"), user=user, names=", ".join(names) or "–")
    table = Table(t(N_("Stored")))
    table.add_column(t(N_("Rows")), justify="right")
    table.add_column(t(N_("When erased")))
    for name, rows in found["about_you"].items():
        fate = N_("deleted") if words[name].on_erase is OnErase.DELETE else N_("kept without the person")
        table.add_row(t(words[name].purpose), t.number(len(rows)), t(fate))
    others = sum(len(rows) for rows in found["names_you"].values())
    if others:
        table.add_row(t(N_("Entries about others that name this person.")), t.number(others), t(N_("name taken out")))
    console().print(table)


def _report(user: int, erased: Erased) -> None:
    t, words = spoken(), _words()
    click.echo(
        t.plural(
            "{user} is erased: {n} row was deleted.",
            "{user} is erased: {n} rows were deleted.",
            sum(erased.deleted.values()),
            user=user,
        )
    )
    for name, rows in erased.kept.items():
        purpose, kept = t(words[name].purpose), t(words[name].kept)
        say(N_("Kept without the person ({rows}): {purpose} {kept}"), rows=t.number(rows), purpose=purpose, kept=kept)
    say(
        N_(
            "A salted hash remembers the erasure, so that a restored backup does not bring the data back. "
            "Backups made before still hold it until you delete them."
        )
    )


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    """The database of the settings, at this version's revision; raises StartupError otherwise."""
    url = load_settings().database_url
    import_models()
    if await refuse_empty(url) is SchemaState.OLDER:
        raise StartupError(N_("The database is of an older version. First: parvis db upgrade."), exit_code=1)
    async with opened(url) as db:
        yield db
