"""What counting costs: the path of a message through the bot, with and without the kernel's tap, in one run.

    python benchmarks/message_path.py [--messages 30000] [--rounds 5] [--members 500] [--channels 20]

Both ways take turns, a thousand messages each, so a busy machine slows both; medians of processor time are compared.
"""

import argparse
import asyncio
import gc
import random
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord

from bot.client import CommunityBot
from bot.clock import now
from bot.messages import HotEvent
from bot.settings import Settings

SLICE = 1000
GUILD = 1_000_000_000_000_000_000


def guild_payload(members: int, channels: int) -> dict[str, Any]:
    user = {"id": str(GUILD + 1), "username": "parvis", "discriminator": "0", "avatar": None, "bot": True}
    return {
        "id": str(GUILD),
        "name": "Benchmark",
        "unavailable": False,
        "member_count": members + 1,
        "roles": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "channels": [
            {"id": str(GUILD + 100 + n), "type": 0, "name": f"room-{n}", "position": n, "permission_overwrites": []}
            for n in range(channels)
        ],
        "threads": [],
        "members": [member(user), *(member(person(n)) for n in range(members))],
    }


def person(number: int) -> dict[str, Any]:
    return {"id": str(GUILD + 10_000 + number), "username": f"user{number}", "discriminator": "0", "avatar": None}


def member(user: dict[str, Any]) -> dict[str, Any]:
    return {"user": user, "roles": [], "joined_at": now().isoformat(), "deaf": False, "mute": False, "flags": 0}


def message_payloads(count: int, members: int, channels: int, first: int) -> list[dict[str, Any]]:
    found = []
    chance = random.Random(first)  # a few people write most, in a few places, as everywhere
    who = chance.choices(range(members), weights=[1 / (n + 1) for n in range(members)], k=count)
    where = chance.choices(range(channels), weights=[1 / (n + 1) for n in range(channels)], k=count)
    for number in range(count):
        author = person(who[number])
        found.append(
            {
                "id": str(first + (number << 18)),  # 64 messages in a millisecond of Discord's
                "type": 0,
                "channel_id": str(GUILD + 100 + where[number]),
                "guild_id": str(GUILD),
                "author": author,
                "member": {key: value for key, value in member(author).items() if key != "user"},
                "content": "a message of ordinary length, as people write them",
                "timestamp": now().isoformat(),
                "edited_timestamp": None,
                "tts": False,
                "mention_everyone": False,
                "mentions": [],
                "mention_roles": [],
                "attachments": [],
                "embeds": [],
                "pinned": False,
            }
        )
    return found


def one_round(bot: CommunityBot, payloads: list[dict[str, Any]], *, counting: bool) -> float:
    """Microseconds of processor time per message."""
    taps = bot.messages._taps[HotEvent.MESSAGE]
    kept = taps[:]
    if not counting:
        taps.clear()
    parse = bot._connection.parsers["MESSAGE_CREATE"]
    started = time.process_time()
    for payload in payloads:
        parse(payload)
    spent = time.process_time() - started
    taps[:] = kept
    return spent / len(payloads) * 1e6


async def flush_time(bot: CommunityBot) -> tuple[float, int]:
    """Milliseconds to store what was counted, and how many rows that were."""
    counts = bot.community.ledger.guilds[GUILD]
    rows = len(counts.rows) + sum(len(batch.changes) for batch in counts.sealed)
    started = time.perf_counter()
    await bot.community.flush.flush()
    return (time.perf_counter() - started) * 1000, rows


async def run(arguments: argparse.Namespace, folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'benchmark.db'}"
    bot = CommunityBot(Settings(_env_file=None, token="none", database_url=url, features=(), health_port=None))
    async with bot.db.writer.begin() as connection:
        from bot.database import Base

        await connection.run_sync(Base.metadata.create_all)
    await bot._async_setup_hook()
    bot._connection.user = discord.ClientUser(state=bot._connection, data=member_of_bot())
    bot._connection._add_guild_from_data(guild_payload(arguments.members, arguments.channels))
    await bot.community.start()
    bot.community.ledger.arm = lambda: None
    first = discord.utils.time_snowflake(now() + timedelta(seconds=1))
    bare, counted = [], []
    for _ in range(arguments.rounds):
        payloads = message_payloads(arguments.messages, arguments.members, arguments.channels, first)
        first = int(payloads[-1]["id"]) + (1 << 22)
        gc.freeze()  # the payloads are the benchmark's own burden
        for start in range(0, len(payloads) - SLICE, 2 * SLICE):
            bare.append(one_round(bot, payloads[start : start + SLICE], counting=False))
            counted.append(one_round(bot, payloads[start + SLICE : start + 2 * SLICE], counting=True))
        milliseconds, rows = await flush_time(bot)
    without, with_counting = statistics.median(bare), statistics.median(counted)
    print(f"path without counting    {without:6.1f} µs a message")
    print(f"path with counting       {with_counting:6.1f} µs a message")
    print(f"counting                 {with_counting - without:6.1f} µs, ratio {with_counting / without:.2f}")
    print(f"flush                    {milliseconds:6.1f} ms for {rows} rows, every five seconds at most")
    await bot.community.stop()
    await bot.db.close()


def member_of_bot() -> dict[str, Any]:
    return guild_payload(0, 0)["members"][0]["user"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--members", type=int, default=500)
    parser.add_argument("--channels", type=int, default=20)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
