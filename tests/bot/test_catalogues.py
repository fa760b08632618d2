"""No string reaches a member untranslated, with other placeholders, or longer than Discord shows."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import catalogues  # noqa: E402

from bot.i18n.localizer import I18n  # noqa: E402

LIMITS = {
    # (called name, keyword): Discord's limit, from its component reference
    ("Button", "label"): 80,
    ("TextInput", "label"): 45,
    ("TextInput", "placeholder"): 100,
    ("Label", "text"): 45,
    ("Label", "description"): 100,
    ("SelectOption", "label"): 100,
    ("SelectOption", "description"): 100,
    ("__init__", "title"): 45,
    ("Field", "title"): 45,
    ("Field", "description"): 100,
    ("*", "placeholder"): 100,
}


def test_french_is_complete_current_and_keeps_placeholders():
    assert list(catalogues.problems()) == []


def test_no_mark_stands_inside_an_f_string():
    """Babel collects none of those on Python 3.11, and the text would silently stay English."""
    inside = []
    for path, tree in _parsed(re.compile(r"""\b[rR]?[fF][rR]?["']""")):
        texts = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
        calls = (node for text in texts for node in ast.walk(text) if isinstance(node, ast.Call) and node.args)
        inside += [f"{path.relative_to(ROOT)}:{call.lineno}" for call in calls if _marks(call)]
    assert inside == []


def _marks(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", None)
    first = call.args[0]
    marks = {mark for keywords in catalogues.KEYWORDS.values() for mark in keywords}
    return name in marks and isinstance(first, ast.Constant) and isinstance(first.value, str)


def _catalog(entries: dict[object, object]) -> Catalog:
    catalog = Catalog(locale="fr")
    for ids, strings in entries.items():
        catalog.add(ids, strings)
    return catalog


@pytest.mark.parametrize(
    ("ids", "strings", "problem"),
    [
        ("Hello {name}", "Bonjour {nom}", "placeholders"),
        ("Hello {name}", "Bonjour", "placeholders"),
        ("Hello", "", "untranslated"),
        (("{n} day", "{n} days"), ("{n} jour", ""), "untranslated"),
        (("{n} day", "{n} days"), ("{n} jour", "{m} jours"), "placeholders"),
        ("Welcome", "Bienvenu·e", "median dot"),
        ("Registered", "Inscrit(e)", "bracketed ending"),
    ],
)
def test_a_bad_translation_is_named(ids, strings, problem):
    message = next(m for m in _catalog({ids: strings}) if m.id)
    assert problem in " ".join(catalogues._wrong(message))


def test_a_singular_may_leave_the_number_out():
    message = next(m for m in _catalog({("{n} day", "{n} days"): ("un jour", "{n} jours")}) if m.id)
    assert list(catalogues._wrong(message)) == []


def _parsed(holding: re.Pattern[str]) -> Iterator[tuple[Path, ast.Module]]:
    """Every module that may have strings and in whose text something matches."""
    for folder in ("bot", "cogs", "demo"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            if holding.search(text):
                yield path, ast.parse(text)


def _marked(node: ast.expr) -> str | None:
    """The literal inside ``t("…")``, ``N_("…")`` or ``t(N_("…"))``."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in {"t", "N_"}:
        return None
    first = node.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else _marked(first)


def _limited_strings() -> Iterator[tuple[Path, str, int]]:
    keywords = "|".join({keyword for _, keyword in LIMITS})
    for path, tree in _parsed(re.compile(rf"\b(?:{keywords})\s*=")):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            for keyword in node.keywords:
                limit = LIMITS.get((called, keyword.arg or "")) or LIMITS.get(("*", keyword.arg or ""))
                text = _marked(keyword.value)
                if limit and text:
                    yield path.relative_to(ROOT), text, limit


def test_texts_fit_where_discord_shows_them_in_both_languages():
    i18n = I18n()
    i18n.add_catalogues(*(package / "locales" for package in catalogues.packages()))
    checked = list(_limited_strings())
    assert checked, "the walk found nothing: the marks or the constructors were renamed"
    too_long = [
        f"{path}: {len(shown)} > {limit}: {shown}"
        for path, text, limit in checked
        for t in i18n.all()
        for shown in [t._catalogue.gettext(text)]
        if len(shown) > limit
    ]
    assert too_long == []
