"""Builds .venv from the pinned requirements when they changed, then does the job. Standard library only.

python3 start.py [demo | init | run | test | check | soak | catalogues | revision | pins | pictures] [arguments]
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# Each file contains the ones before it, so a larger set never has to be removed for a smaller one.
LEVELS = ("run", "demo", "dev")
PINS = (
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--python-version",
    "3.11",
    "pyproject.toml",
)

JOBS: dict[str, tuple[str, list[list[str]]]] = {
    "demo": ("demo", [["-m", "bot", "demo"]]),
    "init": ("run", [["-m", "bot", "init"]]),
    "run": ("run", [["-m", "bot", "run"]]),
    # One more than the cores of a small machine: tests of killed processes mostly wait.
    "test": ("dev", [["-m", "pytest", "-n", "3", "--dist", "worksteal"]]),
    "check": ("dev", [["tools/check.py"]]),
    "soak": ("dev", [["-m", "pytest", "-m", "soak", "-n", "2"]]),
    "catalogues": ("dev", [["tools/catalogues.py", "update"]]),
    "revision": ("dev", [["tools/revision.py"]]),
    "pins": ("dev", []),
    "pictures": (
        "demo",
        [
            ["-m", "bot", "demo", "--headless", "--out", "docs/pictures"],
            ["-m", "demo.album", "--out", "build/album"],
        ],
    ),
}


def pinned(level: str) -> Path:
    return HERE / "requirements" / f"{level}.txt"


def fingerprint(level: str) -> str:
    """Changes when the pins, the project's metadata, the interpreter or the place of the clone change."""
    digest = hashlib.sha256()
    for part in (
        pinned(level).read_bytes(),
        (HERE / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        str(HERE).encode(),
    ):
        digest.update(part)
    return digest.hexdigest()


def installed(level: str) -> bool:
    """True when this level, or one that contains it, was installed from the present pins."""
    return PYTHON.exists() and any(
        (stamp := VENV / f"parvis-{candidate}.stamp").exists() and stamp.read_text() == fingerprint(candidate)
        for candidate in LEVELS[LEVELS.index(level) :]
    )


def install(level: str) -> None:
    print(f"Preparing .venv with requirements/{level}.txt (once, about a minute)", flush=True)
    stale = VENV / "python.stamp"
    if VENV.exists() and (not stale.exists() or stale.read_text() != sys.version):
        shutil.rmtree(VENV)
    if not PYTHON.exists():
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("This Python cannot create virtual environments. On Debian or Ubuntu: apt install python3-venv")
        stale.write_text(sys.version)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for command in (
        [*pip, "--require-hashes", "-r", str(pinned(level))],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(HERE)],
    ):
        if subprocess.run(command, cwd=HERE).returncode:
            sys.exit("The installation did not finish; the lines above say why. Run the same command again to resume.")
    (VENV / f"parvis-{level}.stamp").write_text(fingerprint(level))


def renew_pins() -> None:
    extras = {"run": [], "demo": ["--extra", "demo"], "dev": ["--extra", "demo", "--extra", "dev"]}
    for level in LEVELS:
        subprocess.run(
            [str(BIN / PINS[0]), *PINS[1:], *extras[level], "--group", "build", "-o", str(pinned(level))],
            cwd=HERE,
            check=True,
        )


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        sys.exit(f"Parvis needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    job, *rest = arguments or ["demo"]
    if job not in JOBS:
        sys.exit(f"{__doc__}\nThere is no job called {job!r}.")
    level, commands = JOBS[job]
    if not installed(level):
        install(level)
    if job == "pins":
        renew_pins()
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    for command in commands:
        try:
            code = subprocess.run([str(PYTHON), *command, *rest], cwd=HERE, env=environment).returncode
        except KeyboardInterrupt:
            return 130
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
