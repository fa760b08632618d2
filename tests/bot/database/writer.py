"""A process that writes until it is killed: `python -m tests.bot.database.writer URL NUMBER`.

It says each number, counted on from that one, once its two rows are acknowledged.
"""

import asyncio
import os
import sys

from bot.database import Database, Transaction
from bot.events import EventBus
from bot.lease import RuntimeFact

AT_ONCE = 20


async def keep_writing(url: str, number: int) -> None:
    db = Database(url, EventBus())

    async def write(number: int) -> None:
        async def work(tx: Transaction) -> None:
            # two rows: one never stands without the other
            await tx.ensure(RuntimeFact, key=f"{number}", value="debit")
            await tx.ensure(RuntimeFact, key=f"{number}+", value="credit")

        await db.transaction(work)
        os.write(1, f"{number}\n".encode())

    while True:
        await asyncio.gather(*(write(number + n) for n in range(AT_ONCE)))
        number += AT_ONCE


if __name__ == "__main__":
    asyncio.run(keep_writing(sys.argv[1], int(sys.argv[2])))
