"""The bot as a process of its own: started, watched, stopped, killed, and never left behind."""

import asyncio
import contextlib
import dataclasses
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from . import nursery
from .server import LoopbackDiscord

ROOT = Path(__file__).parents[2]
HIDDEN = re.compile(r"^(DISCORD_|PARVIS_|DATABASE_URL|COVERAGE_|LANG|LC_|LANGUAGE)")


@dataclasses.dataclass(frozen=True)
class Exit:
    """How a process ended."""

    code: int
    seconds: float


class BotProcess:
    """`async with BotProcess(discord, database_url=…, folder=tmp_path) as bot: await bot.ready()`.

    At each start the bot's own clock is set to the loopback Discord's. `prefix` is put before the command (for example
    `unshare`). Its output is in `output`, stderr included, line by line. `afresh`: by `python -m bot` with all its
    imports, as somebody starts it, instead of a fork of a process that has done them.
    """

    def __init__(
        self,
        discord: LoopbackDiscord,
        *,
        folder: Path,
        database_url: str | None = None,
        token: str | None = None,
        arguments: tuple[str, ...] = ("run",),
        prefix: tuple[str, ...] = (),
        afresh: bool = False,
        **environment: str,
    ) -> None:
        self.discord = discord
        self.folder = folder
        self.output: list[str] = []
        self.arguments, self.prefix = arguments, prefix
        base = {k: v for k, v in os.environ.items() if not HIDDEN.match(k)}
        self.environment = base | {
            "DISCORD_TOKEN": discord.token if token is None else token,
            "DATABASE_URL": database_url or f"sqlite+aiosqlite:///{folder / 'parvis.db'}",
            "PARVIS_DISCORD_URL": discord.url,
            "PARVIS_HEALTH_PORT": "0",
            "PARVIS_STARTUP_BACKOFF": "false",
            "PARVIS_BACKUP_DIR": str(folder / "backups"),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "LANG": "C.UTF-8",
            **environment,
        }
        self._afresh = afresh or bool(prefix) or any(name.startswith("PYTHON") for name in environment)
        self._process: asyncio.subprocess.Process | nursery.Nursling | None = None
        self._reader: asyncio.Task[None] | None = None
        self._line = asyncio.Condition()

    @property
    def module(self) -> list[str]:
        """What is run: `bot run`, unless the clock has been moved."""
        ahead = self.discord.world.clock.offset.total_seconds()
        return [*(["tests.loopback.launch", str(ahead)] if ahead else ["bot"]), *self.arguments]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.kill9()

    async def start(self) -> None:
        """Start it (again)."""
        self._identifies = len(self.discord.gateway.identifies)
        # cwd is a folder without a .env, and every process of it shares one group that can be killed together
        if self._afresh:
            self._process = await self._from_nothing()
        else:
            self._process = await nursery.fork(self.module, cwd=self.folder, env=self.environment)
        self._reader = asyncio.create_task(self._read())

    async def _from_nothing(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self.prefix,
            sys.executable,
            *("-X", "faulthandler", "-m"),
            *self.module,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._line:
                self.output.append(line.decode(errors="replace").rstrip("\n"))
                self._line.notify_all()
        async with self._line:
            self._line.notify_all()

    @property
    def text(self) -> str:
        """All its output."""
        return "\n".join(self.output)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._process is not None and self._process.returncode is None

    async def said(self, pattern: str, timeout: float = 60, *, after: int = 0) -> str:
        """Wait for a line of output that matches, from line number `after` on; fails with the output if it ends."""
        await self._until(lambda: self._match(pattern, after) is not None, f"it never said {pattern!r}", timeout)
        return self._match(pattern, after) or ""

    def _match(self, pattern: str, after: int) -> str | None:
        return next((line for line in self.output[after:] if re.search(pattern, line)), None)

    async def ready(self, timeout: float = 60) -> None:
        """Wait until it has identified and read the guilds that this Discord sent it."""
        gateway = self.discord.gateway
        await self._until(lambda: len(gateway.identifies) > self._identifies, "it never identified", timeout)
        await self.discord.caught_up(timeout)

    async def _until(self, done: Callable[[], bool], complaint: str, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not done():
            ended = not self.running and (self._reader is None or self._reader.done())
            if (ended and not done()) or time.monotonic() > end:
                state = f"exit code {self.code}" if ended else "still running"
                raise AssertionError(f"{complaint} ({state}); its output:\n{self.text}")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.05), self._line:
                    await self._line.wait()

    @property
    def code(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.returncode if self._process is not None else None

    async def ended(self, timeout: float = 20) -> Exit:
        """Wait for its end by itself."""
        assert self._process is not None
        started = time.monotonic()
        try:
            async with asyncio.timeout(timeout):
                code = await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"it did not end within {timeout} s; its output:\n{self.text}") from None
        if self._reader is not None:
            await self._reader
        return Exit(code, time.monotonic() - started)

    def signal(self, number: signal.Signals, pid: int | None = None) -> None:
        """Send it a signal."""
        os.kill(self.pid if pid is None else pid, number)

    async def sigterm(self, timeout: float = 20) -> Exit:
        """Ask it to stop and wait until it has."""
        self.signal(signal.SIGTERM)
        return await self.ended(timeout)

    async def kill9(self) -> None:
        """Kill it and all it started, at once; harmless when it has ended."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        if self._reader is not None:
            await self._reader
