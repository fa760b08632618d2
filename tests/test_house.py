"""The house rules, as tests: what a reviewer would otherwise have to look for."""

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.messages import HotEvent

ROOT = Path(__file__).resolve().parent.parent
CODE = ("bot", "cogs", "demo", "migrations", "tools", "benchmarks", "tests")
LEVELS = ("run", "demo", "dev")
REGISTRIES = re.compile(r"py" r"pi\.org|python" r"hosted\.org|file:/" r"//opt/|index-" r"url\s*=|--find-" r"links\s")
"""Split, so that this file does not name what it forbids."""
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "misc"}
RAW_PARTS = {"View", "LayoutView", "Modal", "DynamicItem"}
COMES_WITH = {"aiohttp", "yarl", "annotated-types", "pydantic-core"}
"""What discord.py and pydantic show in their own interfaces."""
TIMED = {"server_default", "onupdate", "server_onupdate"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def tracked() -> list[Path]:
    """The files of the repository; those that are there, where it is not a git checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.rstrip("\0").split("\0") if (ROOT / name).is_file()]
    folders = [path for name in (*CODE, "docs", "requirements") for path in (ROOT / name).rglob("*") if path.is_file()]
    return [*folders, *(path for path in ROOT.iterdir() if path.is_file())]


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def trees(*folders: str, having: str = "") -> Iterator[tuple[Path, ast.Module]]:
    """The modules in whose text ``having``, a pattern, is found: to parse them all again and again takes long."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if re.search(having, text):
                yield path.relative_to(ROOT), ast.parse(text)


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


# Files


EXPECTED = """
README.md LICENSE .env.example pyproject.toml start.py Makefile .ci/run bot cogs demo docs migrations/env.py benchmarks
tools/check.py tools/catalogues.py requirements/run.txt requirements/demo.txt requirements/dev.txt
"""


@pytest.mark.parametrize("name", EXPECTED.split())
def test_what_a_visitor_looks_for_is_there_and_not_empty(name):
    path = ROOT / name
    assert any(path.iterdir()) if path.is_dir() else path.stat().st_size


def test_ci_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_no_file_names_a_package_registry():
    assert [str(path) for path, text in texts() if REGISTRIES.search(text)] == []


def test_no_module_has_a_name_that_says_nothing():
    names = {part for path in tracked() for part in (path.stem, path.parent.name)}
    assert names & VAGUE == set()


def test_no_folder_of_tests_takes_the_name_of_a_package():
    """pytest names a module from the topmost `__init__.py` on: `tests/bot` alone would be imported as `bot`."""
    packages = {path.parent for path in (ROOT / "tests").rglob("__init__.py")}
    assert ROOT / "tests" in packages
    assert [str(p) for p in packages if p != ROOT / "tests" and p.parent not in packages] == []


# Requirements


def pins(level: str) -> dict[str, list[str]]:
    """The lines of one level: name -> hashes. A line that is anything else fails."""
    text = (ROOT / "requirements" / f"{level}.txt").read_text(encoding="utf-8")
    lines = [
        line for line in text.replace("\\\n", " ").split("\n") if line.strip() and not line.lstrip().startswith("#")
    ]
    found = {}
    for line in lines:
        match = re.fullmatch(
            r"([A-Za-z0-9._-]+)(\[\S+\])?==(\S+)( ; [^#]+?)?((?:\s+--hash=sha256:[0-9a-f]{64})+)\s*", line
        )
        assert match, f"not an exact, hashed requirement: {line[:100]}"
        found[f"{canonicalize_name(match[1])}=={match[3]}"] = match[5].split()
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_requirements_are_exact_hashed_and_without_addresses(level):
    assert all(pins(level).values())
    assert "://" not in (ROOT / "requirements" / f"{level}.txt").read_text(encoding="utf-8")


def test_each_level_of_requirements_contains_the_one_before():
    run, demo, dev = (set(pins(level)) for level in LEVELS)
    assert run < demo < dev


@pytest.mark.parametrize(("level", "extras"), [("run", []), ("demo", ["demo"]), ("dev", ["demo", "dev"])])
def test_the_pins_satisfy_what_the_project_declares(level, extras):
    pinned = dict(pin.split("==") for pin in pins(level))
    declared = [*project()["dependencies"], *(r for extra in extras for r in project()["optional-dependencies"][extra])]
    for requirement in map(Requirement, declared):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not pinned: run `make pins`"
        assert requirement.specifier.contains(version), f"{requirement} against {version}: run `make pins`"


def test_what_the_code_imports_is_declared_and_nothing_of_development_is_needed_to_run():
    providers = importlib.metadata.packages_distributions()
    run = {canonicalize_name(Requirement(r).name) for r in project()["dependencies"]}
    demo = run | {canonicalize_name(Requirement(r).name) for r in project()["optional-dependencies"]["demo"]}
    ours = {"bot", "cogs", "demo", "tests", "__future__"}
    undeclared = set()
    for path, tree in trees("bot", "cogs", "demo", "migrations"):
        for name in imported(tree) - ours - sys.stdlib_module_names:
            distributions = {canonicalize_name(d) for d in providers.get(name, [f"unknown: {name}"])}
            if not distributions & (demo if path.parts[0] == "demo" else run | COMES_WITH):
                undeclared.add(f"{path}: {name}")
    assert undeclared == set()


def imported(tree: ast.Module) -> set[str]:
    """The top-level packages that a module imports, those for type checkers included."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


# start.py


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py, in a clone of its own with an environment that looks built."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for level in LEVELS:
        (tmp_path / "requirements" / f"{level}.txt").write_text(f"{level}==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    environment = tmp_path / ".venv"
    environment.mkdir()
    (environment / "python").touch()
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "VENV", environment)
    monkeypatch.setattr(module, "PYTHON", environment / "python")
    return module


def stamp(start, level):
    (start.VENV / f"parvis-{level}.stamp").write_text(start.fingerprint(level))


def test_a_second_start_does_not_install_again(start):
    assert not start.installed("run")
    stamp(start, "run")
    assert start.installed("run")


def test_a_larger_installation_serves_a_smaller_need_and_not_the_reverse(start):
    stamp(start, "demo")
    assert start.installed("run")
    assert not start.installed("dev")


@pytest.mark.parametrize("changed", ["requirements/run.txt", "pyproject.toml"])
def test_new_pins_or_metadata_are_installed(start, changed):
    stamp(start, "run")
    (start.HERE / changed).write_text("something==2\n")
    assert not start.installed("run")


def test_an_environment_of_another_python_is_built_again(start, monkeypatch):
    stamp(start, "run")
    monkeypatch.setattr(start.sys, "version", "3.99")
    assert not start.installed("run")


def test_an_environment_without_its_python_is_built_again(start, tmp_path):
    stamp(start, "run")
    (tmp_path / ".venv" / "python").unlink()
    assert not start.installed("run")


def test_every_target_of_make_is_a_job_of_start(start):
    targets = re.findall(
        r"^([a-z]+):.*\n\t\$\(PYTHON\) start\.py (\w+)(?: .\$\(m\).)?$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert targets
    assert {job for _, job in targets} == set(start.JOBS)
    assert all(target == job for target, job in targets)


def test_start_needs_nothing_but_the_standard_library():
    assert imported(ast.parse((ROOT / "start.py").read_text())) <= sys.stdlib_module_names


# Code


def bases(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        inner = base.value if isinstance(base, ast.Subscript) else base
        yield ast.unparse(inner)


def test_every_view_modal_and_item_is_one_of_ours():
    """discord.py only logs what a raw one raises, and forgets a modal at a restart."""
    raw = []
    for path, tree in trees("bot", "cogs", "demo", having="|".join(RAW_PARTS)):
        if path.parts[:2] == ("bot", "ui"):
            continue
        from_discord = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "discord.ui"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for base in bases(node):
                    owner, _, name = base.rpartition(".")
                    if name in RAW_PARTS and (owner in {"discord.ui", "ui"} or name in from_discord):
                        raw.append(f"{path}:{node.lineno} {node.name}")
    assert raw == []


def test_no_cog_listens_to_an_event_of_the_message_path():
    """Such a listener would never be called; taps are."""
    hot = {f"on_{event}" for event in HotEvent}
    listeners = []
    for path, tree in trees("cogs", having="|".join(hot)):
        for node in ast.walk(tree):
            name = node.name if isinstance(node, ast.AsyncFunctionDef) else None
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
            if name in hot or text in hot:
                listeners.append(f"{path}:{node.lineno}")
    assert listeners == []


def test_there_is_one_clock():
    other = []
    calls = "|".join({name for _, name in CLOCKS})
    for path, tree in trees("bot", "cogs", having=rf"\b({calls})\b"):
        if path == Path("bot/clock.py"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and any(node.attr == name for _, name in CLOCKS):
                owner = ast.unparse(node.value).rpartition(".")[2]
                if (owner, node.attr) in CLOCKS:
                    other.append(f"{path}:{node.lineno} {owner}.{node.attr}")
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                other += [f"{path}:{node.lineno} time.time" for alias in node.names if alias.name == "time"]
    assert other == []


def test_no_column_takes_its_time_from_the_database():
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in trees("bot", "cogs", having="|".join(TIMED))
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in TIMED
        if re.search(r"now\(|current_timestamp", ast.unparse(node.value), re.IGNORECASE)
    ]
    assert offenders == []
