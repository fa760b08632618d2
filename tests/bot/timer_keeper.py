"""A process that keeps promises until it is killed: `python -m tests.bot.timer_keeper URL FILE`.

It says "ready", then writes the key of each timer that is due as a line of the file.
"""

import asyncio
import os
import sys

from bot.database import Database
from bot.events import EventBus
from bot.timers import DueTimer, Timers


async def keep(url: str, path: str) -> None:
    effects = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    timers = Timers(Database(url, EventBus()))

    async def handler(timer: DueTimer) -> None:
        await asyncio.sleep(0.01)
        os.write(effects, f"{timer.key}\n".encode())

    async def ready() -> None:
        os.write(1, b"ready\n")

    timers.handle("effect", handler)
    await timers.start(ready)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(keep(*sys.argv[1:]))
