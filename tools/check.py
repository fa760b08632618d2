"""Everything that must hold besides the tests: one line a step, the output of those that fail, exit 1 if any did.

python tools/check.py
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
Command = list[str]

sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402 - the folder above becomes importable only here

STYLE: list[tuple[str, Command]] = [
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("lint", [PYTHON, "-m", "ruff", "check", "."]),
    ("types", [PYTHON, "-m", "mypy"]),
    ("imports", [str(Path(PYTHON).parent / "lint-imports")]),
]
MIGRATIONS: list[tuple[str, Command]] = [
    ("upgrade", [PYTHON, "-m", "alembic", "upgrade", "head"]),
    ("models equal migrations", [PYTHON, "-m", "alembic", "check"]),
]
CATALOGUES = ("catalogues", [PYTHON, "tools/catalogues.py", "check"])


def step(name: str, command: Command, **environment: str) -> bool:
    """Run one command from the root, print its line, and its output when it failed."""
    began = time.monotonic()
    run = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said(name, "failed" if run.returncode else "ok", time.monotonic() - began, run.stdout if run.returncode else "")
    return run.returncode == 0


def said(name: str, outcome: str, seconds: float, details: str = "") -> None:
    print(f"{outcome:<8} {name:<36} {seconds:5.1f} s", flush=True)
    if details:
        print("\n".join(f"    {line}" for line in details.rstrip().splitlines()), flush=True)


@contextmanager
def sqlite_address() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{folder}/check.db"


@contextmanager
def postgresql_address() -> Iterator[str]:
    with postgres.temporary_cluster() as cluster:
        yield cluster.url()


def migrations() -> Iterator[bool]:
    """The schema of the migrations on an empty database of each kind, and whether it is that of the models."""
    for kind, address in (("SQLite", sqlite_address), ("PostgreSQL", postgresql_address)):
        began = time.monotonic()
        try:
            with address() as url:
                for name, command in MIGRATIONS:
                    yield step(f"{kind}: {name}", command, DATABASE_URL=url)
        except (postgres.NoPostgres, RuntimeError) as reason:
            broken = os.environ.get("CI") == "true" or not isinstance(reason, postgres.NoPostgres)
            said(kind, "failed" if broken else "skipped", time.monotonic() - began, str(reason))
            yield not broken


def main() -> int:
    results = [step(name, command) for name, command in STYLE]
    results += migrations()
    results.append(step(*CATALOGUES))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
