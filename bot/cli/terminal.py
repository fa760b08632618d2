"""Speaks to the person at the terminal, in the terminal's language."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from bot.errors import StartupError
from bot.i18n.localizer import I18n, Localizer
from bot.i18n.marks import N_
from bot.observability.redaction import redacted


def spoken() -> Localizer:
    """The localizer of the terminal's language, which POSIX takes from the first of these that is set."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return _localizer(named.split(".")[0].split("_")[0].lower())


@cache
def _localizer(language: str) -> Localizer:
    i18n = I18n()
    for package in ("cogs", "demo"):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            i18n.add_catalogues(Path(folder) / "locales", *sorted(Path(folder).glob("*/**/locales")))
    return i18n.for_reader(language, None)


def say(message: str, /, **params: object) -> None:
    """One line on standard output, translated."""
    click.echo(spoken()(message, **params))


def yes(question: str) -> bool:
    """Whether the person says yes to an ``N_`` question; just Enter means no."""
    t = spoken()
    choice = t(N_("y/N"))
    answer = str(click.prompt(f"{t(question)} [{choice}]", default="", show_default=False))
    return answer.strip().lower()[:1] in ("y", t(N_("y")))


def give_up(error: StartupError) -> NoReturn:
    """One line on standard error, and the error's exit code. Never a traceback, never a secret."""
    text = redacted(" ".join(spoken()(error.message, **error.params).split()))
    click.echo(text, err=True)
    raise SystemExit(error.exit_code)


def console() -> Console:
    """For tables and progress bars; they go to standard error so that standard output stays readable by programs."""
    return Console(stderr=True)
