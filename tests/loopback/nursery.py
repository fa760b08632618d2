"""Starts bots without waiting for their imports: one warm process that imported the bot forks each of them.

A fork is a process of its own in every respect that the tests look at: its memory, its signals, its database
connections, its death. Only `python -m bot` itself is not run; a few tests in another language and as PID 1
do run it.

python -m tests.loopback.nursery SOCKET     serves until its standard input is closed
"""

import asyncio
import atexit
import contextlib
import dataclasses
import fcntl
import functools
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST = 1 << 18
"""Bytes of a request."""
AT_START = (
    *(
        "bot.cli.app",
        "bot.cli.first_run",
        "bot.startup",
        "bot.client",
        "bot.database.migrations",
        "bot.database.sqlite_connection",
    ),
    *("alembic.command", "aiosqlite", "asyncpg", "prometheus_client", "rich.progress", "rich.table", "structlog"),
    *("concurrent.futures.thread", "encodings.idna", "sqlite3", "uvloop"),
)
"""What the program imports when it knows what to do, besides its features."""


@functools.cache
def address() -> str:
    """Where this test process's nursery listens; it ends with this process."""
    folder = tempfile.mkdtemp(prefix="parvis-nursery-")
    path = f"{folder}/socket"
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.loopback.nursery", path]
    nursery = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=warm()
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    assert nursery.stdout.readline() == b"ready\n"

    def end() -> None:
        nursery.communicate()
        with contextlib.suppress(OSError):
            Path(path).unlink()
            Path(folder).rmdir()

    atexit.register(end)
    return path


def warm() -> dict[str, str]:
    """The environment in which the bot is imported."""
    return {**os.environ, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


@dataclasses.dataclass
class Nursling:
    """As much of asyncio's `Process` as the tests need."""

    pid: int
    stdout: asyncio.StreamReader | None
    returncode: int | None = None

    async def watch(self, reports: asyncio.StreamReader) -> None:
        self.returncode = int(await reports.readline())

    async def wait(self) -> int:
        await asyncio.shield(self._watching)
        assert self.returncode is not None
        return self.returncode

    _watching: asyncio.Task[None] = dataclasses.field(init=False)


async def fork(arguments: list[str], *, cwd: Path, env: Mapping[str, str], terminal: int | None = None) -> Nursling:
    """A process that runs the module `arguments[0]` with the rest, in a session of its own.

    Its output is on a pipe and its input empty; with a `terminal`, that is what it reads, writes and is controlled by.
    """
    path = await asyncio.to_thread(address)
    reading, writing = os.pipe() if terminal is None else (None, terminal)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    work = {"arguments": arguments, "cwd": str(cwd), "env": dict(env), "terminal": terminal is not None}
    request = json.dumps(work).encode()
    assert len(request) < LONGEST
    socket.send_fds(connection, [len(request).to_bytes(4, "big")], [writing])
    connection.sendall(request)
    reports, writer = await asyncio.open_connection(sock=connection)
    output = None
    if reading is not None:
        os.close(writing)
        output = await _reader(reading)
    nursling = Nursling(int(await reports.readline()), output)

    async def watch() -> None:
        await nursling.watch(reports)
        writer.close()
        await writer.wait_closed()

    nursling._watching = asyncio.create_task(watch())
    return nursling


async def _reader(pipe: int) -> asyncio.StreamReader:
    output = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(output)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(pipe, "rb", 0))
    return output


# Inside the nursery


class Nursery:
    """Forks on request; `serve` returns in the child, with what it has to run."""

    def __init__(self, path: str) -> None:
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(20)
        self.woken, waking = socket.socketpair()
        self.waking = waking
        for end in (self.woken, waking):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        self.children: dict[int, socket.socket] = {}

    def serve(self) -> dict[str, Any] | None:
        """What the child has to run; None in the nursery, once nobody needs it any more."""
        with selectors.DefaultSelector() as selector:
            for source in (self.listener, self.woken, sys.stdin):
                selector.register(source, selectors.EVENT_READ)
            print("ready", flush=True)  # noqa: T201 - what `address` waits for
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self.listener:
                        if (work := self._fork(self.listener.accept()[0])) is not None:
                            return work
                    elif key.fileobj is self.woken:
                        self._reap()
                    else:
                        return None

    def _fork(self, connection: socket.socket) -> dict[str, Any] | None:
        size, descriptors, _, _ = socket.recv_fds(connection, 4, 1)
        request, left = b"", int.from_bytes(size, "big")
        while len(request) < left:
            request += connection.recv(left - len(request))
        if pid := os.fork():
            self.children[pid] = connection
            os.close(descriptors[0])
            return None
        return self._born(json.loads(request), connection, descriptors[0])

    def _born(self, work: dict[str, Any], connection: socket.socket, output: int) -> dict[str, Any]:
        """Become what a new process would be."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # a test run in the background of a shell hands down that Ctrl-C is ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        os.dup2(output if work["terminal"] else os.open(os.devnull, os.O_RDONLY), 0)
        for number in (1, 2):
            os.dup2(output, number)
        if work["terminal"]:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        os.close(output)
        os.chdir(work["cwd"])
        os.environ.clear()
        os.environ.update(work["env"])
        connection.sendall(f"{os.getpid()}\n".encode())
        for one in (connection, self.listener, self.woken, self.waking, *self.children.values()):
            one.close()
        return work

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.woken.recv(4096):
                pass
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self.children.pop(pid)
            with contextlib.suppress(OSError):  # whoever asked is gone
                connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            connection.close()


def import_all() -> None:
    """Everything that a bot imports and reads from its own files by the time it is at work.

    Collecting garbage does not look through it again.
    """
    from sqlalchemy.orm import configure_mappers

    from bot.cli.terminal import spoken
    from bot.database.registry import import_models
    from bot.settings import Settings

    import_models()
    for feature in Settings.model_fields["features"].default:
        importlib.import_module(f"cogs.{feature}")
    for module in AT_START:
        importlib.import_module(module)
    configure_mappers()
    spoken()
    gc.collect()
    gc.freeze()


def main() -> None:
    import_all()
    work = Nursery(sys.argv[1]).serve()
    if work is not None:
        module, *sys.argv[1:] = work["arguments"]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
