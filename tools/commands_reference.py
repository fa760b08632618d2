"""Writes the table of commands into docs/en/permissions.md and docs/fr/permissions.md, between its two markers.

python tools/commands_reference.py           writes the tables
python tools/commands_reference.py --check   exits 1 when one of them is not what the commands say now
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord

from bot.client import CommunityBot
from bot.command_sync.payloads import Payload, payloads_of, works_in_messages
from bot.database import Base
from bot.i18n.commands import CommandTranslator
from bot.i18n.localizer import Localizer
from bot.permissions import EVERYONE, MANAGE_SERVER, STAFF, Access, access_of
from bot.permissions.names import NAMES
from bot.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- commands: python tools/commands_reference.py -->", "<!-- end of commands -->"
MEMBER, MESSAGE = 2, 3

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "head": "| command | who may run it | Discord hides it from members without | it exists |",
        EVERYONE.name: "everyone",
        STAFF.name: "the team",
        MANAGE_SERVER.name: "who manages the server",
        "inbox": "the team, and whoever may act on something in it",
        "permission": "who has {permissions}",
        "nobody": "–",
        "always": "always",
        "messages": "always, in direct messages too",
        "while": "while **{title}** is on",
        "member": "**{name}**, on a member",
        "message": "**{name}**, on a message",
    },
    "fr": {
        "head": "| commande | qui peut la lancer | Discord la cache aux membres sans | elle existe |",
        EVERYONE.name: "tout le monde",
        STAFF.name: "l’équipe",
        MANAGE_SERVER.name: "qui gère le serveur",
        "inbox": "l’équipe, et qui peut agir sur quelque chose qui s’y trouve",
        "permission": "qui a {permissions}",
        "nobody": "–",
        "always": "toujours",
        "messages": "toujours, aussi en message privé",
        "while": "tant que **{title}** est activé",
        "member": "**{name}**, sur un membre",
        "message": "**{name}**, sur un message",
    },
}


async def tables() -> dict[Path, str]:
    """The table of each page, from the commands of every feature; without connecting to Discord."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/empty.db"
        bot = CommunityBot(Settings(_env_file=None, database_url=url, health_port=None))
        async with bot.db.writer.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)  # features read their tables when they load
        await bot.load_features()
        await bot.tree.set_translator(CommandTranslator(bot.i18n.folders))
        payloads = sorted(await payloads_of(bot.tree), key=lambda one: (one.get("type", 1), one["name"]))
        found = {
            DOCS / t.language / "permissions.md": "\n".join(_table(bot, t, payloads)) + "\n" for t in bot.i18n.all()
        }
        await bot.db.close()
    return found


def _table(bot: CommunityBot, t: Localizer, payloads: list[Payload]) -> Iterator[str]:
    words = WORDS[t.language]
    yield words["head"]
    yield "|---|---|---|---|"
    claimed = {name: one for one in bot.capabilities.all() for name in one.commands}
    for payload in payloads:
        name, kind = payload["name"], payload.get("type", 1)
        shown = (payload.get("name_localizations") or {}).get(t.language, name)
        form = {MEMBER: words["member"], MESSAGE: words["message"]}.get(kind, "`/{name}`")
        demands = discord.Permissions(int(payload.get("default_member_permissions") or 0))
        hidden = ", ".join(t(NAMES[one]) for one, on in demands if on) or words["nobody"]
        exists = words["messages"] if works_in_messages(payload) else words["always"]
        if name in claimed:
            exists = words["while"].format(title=t(claimed[name].title))
        who = ", ".join(dict.fromkeys(part for one in _accesses(bot, payload) for part in _who(t, words, one)))
        yield f"| {form.format(name=shown)} | {who} | {hidden} | {exists} |"


def _who(t: Localizer, words: dict[str, str], access: Access) -> Iterator[str]:
    if access.name in words:
        yield words[access.name]
        return
    if access.staff:
        yield words[STAFF.name]
    for permission in sorted(access.permissions):
        yield words["permission"].format(permissions=t(NAMES[permission]))


def _accesses(bot: CommunityBot, payload: Payload) -> Iterator[Access]:
    command: Any = bot.tree.get_command(payload["name"], type=discord.AppCommandType(payload.get("type", 1)))
    leaves = command.walk_commands() if isinstance(command, discord.app_commands.Group) else [command]
    for leaf in leaves:
        access = access_of(leaf)
        if access is not None:
            yield access


def written(page: str, table: str) -> str:
    """The page with this table between its markers. Raises ValueError where they are missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no place for the table: {BEGIN}")
    return f"{before}{BEGIN}\n{table}{END}{after}"


def main(arguments: list[str]) -> int:
    stale = {}
    for path, table in asyncio.run(tables()).items():
        page = path.read_text("utf-8")
        if (fresh := written(page, table)) != page:
            stale[path] = fresh
    for path, text in stale.items():
        print(f"{path.relative_to(DOCS.parent)} is {'not up to date' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
