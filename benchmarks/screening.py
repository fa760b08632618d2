"""What screening costs: the path of a message through the bot, with and without the filters' tap, in one run.

    python benchmarks/screening.py [--messages 20000] [--rounds 5] [--members 500]

2,000 words, 50 patterns, invites, domains, mentions and the rules against floods look at English and French messages,
innocent texts of the tests, read as the tests read them: an escaped `\\u{1f600}` is an emoji, not a word with
digits in it. All ways take turns, 250 messages each, in any order, and what is told is the median of the differences of
neighbours, in processor time: a machine that others use too changes its pace within a run. The limit is 12 µs a message
in a storm, where it matters: there messages come as many at a time as one read of the socket holds, and are looked at
one after the other. What a message costs that comes alone is told beside it. Exit code 1 when the limit is passed.
"""

import argparse
import asyncio
import gc
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import discord

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.message_path import GUILD, guild_payload, member_of_bot, message_payloads  # noqa: E402
from bot.client import CommunityBot  # noqa: E402
from bot.clock import now  # noqa: E402
from bot.messages import HotEvent  # noqa: E402
from bot.settings import Settings  # noqa: E402
from cogs.conduct.filters.compiled import compile_filters  # noqa: E402
from cogs.conduct.filters.model import Filter, FilterKind  # noqa: E402
from cogs.conduct.filters.screening import GuildScreen, Screening  # noqa: E402
from cogs.conduct.screening.watching import Watching  # noqa: E402

_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\n")
SLICE = 250
LIMIT = 12.0
CORPORA = ROOT / "tests" / "cogs" / "conduct" / "filters" / "corpora"
EVERYDAY = {"innocent_en.txt": "# Everyday talk", "innocent_fr.txt": "# Des phrases de tous les jours"}
STORM = 250
"""Messages that come with one read of the socket: 64 KB compressed to a quarter of a kilobyte each."""
APART = 250 << 22
"""Between two messages of the server: 250 ms, four a second, which is a busy server."""


def filters() -> tuple[Filter, ...]:
    """As large as a server's may reasonably get."""
    chance = random.Random(2000)
    letters = "etaoinshrdlucmfwypvbgk"
    words = {"".join(chance.choices(letters, k=chance.randint(4, 10))) for _ in range(2200)}
    patterns = [
        f"{first}\\s*[a-z]{{0,12}}\\s+{second}\\d*"
        for first, second in zip(*[iter(sorted(words)[:90])] * 2, strict=True)
    ]
    patterns += [r"\d{17,19}", r"\+\d{2}\s?\d{9}", r"free\W+nitro", r"[a-f0-9]{40}", r"(?:buy|sell)\s+followers"]
    return (
        Filter(1, FilterKind.WORDS, tuple(sorted(words)[90:2090])),
        Filter(2, FilterKind.PATTERNS, tuple(patterns)),
        Filter(3, FilterKind.INVITES),
        Filter(4, FilterKind.DENIED_DOMAINS, tuple(f"{word}.example" for word in sorted(words)[:50])),
        Filter(5, FilterKind.MENTIONS, limit=8),
        Filter(6, FilterKind.SPAM),
    )


def texts(*, nasty: bool) -> list[str]:
    """Innocent texts: those of every day, or all, most of which were chosen because they mislead filters."""
    found = []
    for name in ("innocent_en.txt", "innocent_fr.txt"):
        everything = (CORPORA / name).read_text(encoding="utf-8")
        ordinary = everything[everything.index(EVERYDAY[name]) :]
        found += (everything if nasty else ordinary).splitlines()
    return [
        _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else "\n", line)
        for line in found
        if line.strip() and not line.startswith("#")
    ]


def payloads(count: int, members: int, first: int) -> list[dict[str, Any]]:
    """One message in ten is a nasty one: an address, code, digits, letters drawn out, another script."""
    found = message_payloads(count, members, 20, first)
    chance = random.Random(first)
    everyday, nasty = texts(nasty=False), texts(nasty=True)
    for number, payload in enumerate(found):
        payload["content"] = chance.choice(nasty if chance.random() < 0.1 else everyday)
        payload["id"] = str(first + number * APART)
    return found


class Found:
    """Stands for what is done about a hit."""

    count = 0

    async def message(self, message: discord.Message, verdict: Any) -> None:
        self.count += 1


def one_slice(bot: CommunityBot, messages: list[dict[str, Any]], watching: Watching | None, burst: int) -> float:
    """Microseconds of processor time a message."""
    taps = bot.messages._taps[HotEvent.MESSAGE]
    kept = taps[:]
    if watching is not None:
        taps.append(watching.message)
    parse = bot._connection.parsers["MESSAGE_CREATE"]
    started = time.process_time()
    for start in range(0, len(messages), burst):
        for payload in messages[start : start + burst]:
            parse(payload)
        while watching is not None and watching._waiting:
            watching.look_through()
    spent = time.process_time() - started
    taps[:] = kept
    return spent / len(messages) * 1e6


async def run(arguments: argparse.Namespace, folder: Path) -> bool:
    url = f"sqlite+aiosqlite:///{folder / 'benchmark.db'}"
    bot = CommunityBot(Settings(_env_file=None, token="none", database_url=url, features=(), health_port=None))
    async with bot.db.writer.begin() as connection:
        from bot.database import Base

        await connection.run_sync(Base.metadata.create_all)
    await bot._async_setup_hook()
    bot._connection.user = discord.ClientUser(state=bot._connection, data=member_of_bot())
    bot._connection._add_guild_from_data(guild_payload(arguments.members, 20))
    await bot.community.start()
    bot.community.ledger.arm = lambda: None
    screening = Screening()
    started = time.perf_counter()
    compiled = compile_filters(filters())
    compiling = time.perf_counter() - started
    screening.use(GUILD, GuildScreen(compiled))

    found: Any = Found()
    watching = Watching(bot, screening, found)
    first = discord.utils.time_snowflake(now())
    ways: dict[str, tuple[Watching | None, int]] = {
        "bare": (None, 1),
        "alone": (watching, 1),
        "storm": (watching, STORM),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    chance = random.Random(1)
    for _ in range(arguments.rounds):
        messages = payloads(arguments.messages, arguments.members, first)
        first = int(messages[-1]["id"]) + APART
        gc.freeze()  # the payloads are the benchmark's own burden
        slices = [messages[start : start + SLICE] for start in range(0, len(messages) - SLICE + 1, SLICE)]
        order = list(ways)
        for start in range(0, len(slices) - len(order) + 1, len(order)):
            chance.shuffle(order)  # who comes second finds the memory as the first left it
            for way, some in zip(order, slices[start:], strict=False):
                times[way].append(one_slice(bot, some, *ways[way]))
        await bot.community.flush.flush()
    bare = statistics.median(times["bare"])
    alone, storm = (
        bare + statistics.median(one - other for one, other in zip(times[way], times["bare"], strict=False))
        for way in ("alone", "storm")
    )
    print(f"path without screening    {bare:6.1f} µs a message")
    print(f"screening, in a storm     {storm - bare:6.1f} µs, ratio {storm / bare:.2f}, limit {LIMIT:.0f} µs")
    print(f"screening, one by one     {alone - bare:6.1f} µs, ratio {alone / bare:.2f}")
    print(f"compiling the filters     {compiling * 1000:6.0f} ms, once after a change, in a thread")
    await bot.community.stop()
    await bot.db.close()
    print(f"found                     {found.count}")
    return storm - bare <= LIMIT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--members", type=int, default=500)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if asyncio.run(run(parser.parse_args(), Path(folder))) else 1)


if __name__ == "__main__":
    main()
