"""Keeps the French catalogues in step with the code.

    python tools/catalogues.py update [PACKAGE ...]   collect new strings, drop those that are gone
    python tools/catalogues.py check                  exit 1 when a catalogue is stale, incomplete or wrong

A package with strings has its own ``locales`` folder: bot, demo, every cogs/<feature>, and a part of a feature that
was given one (``update cogs/<feature>/<part>`` makes it; the feature's own then leaves that part out). Beside the
French catalogue, ``vous.po`` has the polite form of every text that says *tu*; a text that only looks like it is
repeated there.
"""

import re
import string
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tone
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {
    "messages": {"t": None, "N_": None, "plural": (1, 2)},
    "commands": {"L_": None, "locale_str": None},
}
LANGUAGES = ("fr",)
POLITE = "vous"
MEDIAN_DOT = re.compile(r"\w[·•‧]\w")
PARENTHESISED = re.compile(r"\w\((?:e|s|es|ne|le|te)\)")


def packages() -> list[Path]:
    """Every package that may have strings of its own."""
    features = sorted(path.parent for path in (ROOT / "cogs").glob("*/__init__.py"))
    parts = sorted(path.parent for path in (ROOT / "cogs").glob("*/*/locales"))
    return [ROOT / "bot", ROOT / "demo", *features, *parts]


def sources(package: Path) -> Iterator[tuple[str, Path]]:
    """(extraction method, file) of a package, in a stable order."""
    parts = [path.parent for path in package.glob("*/locales")]
    for method, pattern in (("python", "*.py"), ("jinja2.ext:babel_extract", "*.html")):
        for path in sorted(package.rglob(pattern)):
            if not any(path.is_relative_to(part) for part in parts):
                yield method, path


@cache
def template(package: Path, domain: str) -> Catalog:
    """What the code says now."""
    catalog = Catalog(charset="utf-8")
    marks = re.compile(rf"\b(?:{'|'.join(KEYWORDS[domain])})\b")
    for method, path in sources(package):
        if not marks.search(path.read_text("utf-8")):
            continue  # collecting takes the time here
        for _line, message, _comments, context in extract_from_file(_method(method), path, keywords=KEYWORDS[domain]):
            catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)], context=context)
    return catalog


def catalogue(package: Path, language: str, domain: str) -> Catalog:
    """What the translators wrote, empty when there is no file yet."""
    path = _path(package, language, domain)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(package: Path) -> None:
    """Bring the package's files up to date; translations are kept, those of strings that are gone are dropped."""
    for domain in KEYWORDS:
        now = template(package, domain)
        for language in LANGUAGES:
            path = _path(package, language, domain)
            if not len(now):
                path.unlink(missing_ok=True)
                continue
            catalog = catalogue(package, language, domain)
            catalog.update(now, no_fuzzy_matching=True, update_header_comment=False)
            catalog.obsolete.clear()
            catalog.fuzzy = False
            catalog.header_comment = f"# {package.relative_to(ROOT).as_posix()}: {domain}, {language}"
            _write(path, catalog)
    if _in_servers(package):
        _write(_path(package, "fr", POLITE), polite(package))


def polite(package: Path) -> Catalog:
    """The overlay that says *vous*, as it has to be: what was written in it, and what is still to write."""
    written, familiar = catalogue(package, "fr", POLITE), catalogue(package, "fr", "messages")
    catalog = Catalog(
        locale="fr", charset="utf-8", fuzzy=False, header_comment=f"# {package.relative_to(ROOT).as_posix()}: vous, fr"
    )
    for message in familiar:
        if message.id and _to_a_member(message) and any(map(tone.speaks_to_one, _forms(message.string))):
            known = written.get(message.id, context=message.context)
            catalog.add(message.id, known.string if known else "", message.locations, context=message.context)
    return catalog


def _to_a_member(message: Message) -> bool:
    """What only the terminal shows never says *tu*."""
    return any(not path.startswith("bot/cli/") for path, _line in message.locations)


def _in_servers(package: Path) -> bool:
    return package.name != "demo"


def _write(path: Path, catalog: Catalog) -> None:
    if not len(catalog):
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, omit_header=False, sort_output=True, width=120, include_lineno=False)
    _forget_dates(path)
    missing = sum(not _complete(message) for message in catalog if message.id)
    print(f"{path.relative_to(ROOT)}: {len(catalog)} strings, {missing} to translate")


def problems() -> Iterator[str]:
    """One line for everything that is wrong, over all packages, domains and languages."""
    for domain in KEYWORDS:
        for language in LANGUAGES:
            said: dict[object, tuple[object, Path]] = {}
            for package in packages():
                now, catalog = template(package, domain), catalogue(package, language, domain)
                where = _path(package, language, domain).relative_to(ROOT)
                used, known = _keys(now), _keys(catalog)
                yield from (f"{where}: missing: {m.id!r}" for m in now if m.id and _key(m) not in known)
                yield from (f"{where}: no longer used: {m.id!r}" for m in catalog if m.id and _key(m) not in used)
                for message in catalog:
                    if message.id:
                        yield from (f"{where}: {problem}: {message.id!r}" for problem in _wrong(message))
                        first, place = said.setdefault(_key(message), (message.string, where))
                        if first != message.string:
                            yield f"{where}: says {message.string!r} where {place} says {first!r}"
    yield from _impolite()


def _impolite() -> Iterator[str]:
    """What is missing in the overlays that say *vous*, too much in them, or still says *tu*."""
    said: dict[object, object] = {}
    for package in filter(_in_servers, packages()):
        wanted, written = polite(package), catalogue(package, "fr", POLITE)
        familiar = catalogue(package, "fr", "messages")
        where = _path(package, "fr", POLITE).relative_to(ROOT)
        meant = _keys(wanted)
        yield from (f"{where}: says no tu: {m.id!r}" for m in written if m.id and _key(m) not in meant)
        for message in wanted:
            if message.id:
                yield from (f"{where}: {problem}: {message.id!r}" for problem in _wrong(message))
                original = familiar.get(message.id, context=message.context)
                if any(tone.FAMILIAR.search(text) for text in _forms(message.string)):
                    yield f"{where}: says tu: {message.id!r}"
                elif original is not None and message.string != original.string:
                    still = [text for text in _forms(message.string) if tone.speaks_to_one(text)]
                    yield from (f"{where}: says tu: {message.id!r}" for _ in still)
                if said.setdefault(_key(message), message.string) != message.string:
                    yield f"{where}: differs from another package: {message.id!r}"


def _wrong(message: Message) -> Iterator[str]:
    ids, texts = _forms(message.id), _forms(message.string)
    if not _complete(message):
        yield "untranslated"
        return
    allowed = set().union(*(placeholders(text) for text in ids))
    for text in texts:
        used = placeholders(text)
        if used - allowed or (len(ids) == 1 and used != allowed):
            yield f"placeholders {sorted(used)} instead of {sorted(allowed)}"
        if MEDIAN_DOT.search(text) or PARENTHESISED.search(text):
            yield "median dot or bracketed ending"
        yield from tone.faults(text, "fr")
    for text in ids:
        yield from tone.faults(text, "en")
    if message.fuzzy:
        yield "fuzzy"


def placeholders(text: str) -> set[str]:
    """Names of the ``{name}`` fields of a format string."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def _complete(message: Message) -> bool:
    return all(_forms(message.string))


def _forms(text: object) -> tuple[str, ...]:
    return tuple(part or "" for part in text) if isinstance(text, tuple | list) else (str(text or ""),)


def _key(message: Message) -> object:
    return (message.context, tuple(_forms(message.id)))


def _keys(catalog: Catalog) -> set[object]:
    return {_key(message) for message in catalog}


def _method(name: str) -> object:
    if ":" not in name:
        return name
    from jinja2.ext import babel_extract

    return babel_extract


def _path(package: Path, language: str, domain: str) -> Path:
    return package / "locales" / language / f"{domain}.po"


def _forget_dates(path: Path) -> None:
    """Dates and versions in the header would change with every run and say nothing git does not say."""
    noise = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Generated-By",
        "Report-Msgid",
        "Project-Id",
        "Language-Team",
    )
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(tuple(f'"{n}' for n in noise))), "utf-8")


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *names]:
            for name in names:
                (ROOT / name / "locales").mkdir(exist_ok=True)
            for package in [ROOT / name for name in names] or packages():
                update(package)
            return 0
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "catalogues complete")
            return bool(found)
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
