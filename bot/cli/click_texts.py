"""click's own texts in the terminal's language. The one file that reaches into click's modules."""

import importlib
from collections.abc import Callable
from typing import cast

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_

MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
"""They look their texts up through a name ``_`` of their own, in compiled catalogues that a bare clone has not."""

TEXTS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("Aborted!"),
    N_("Error: {message}"),
    N_("Error: invalid input"),
    N_("Try '{command} {option}' for help."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("Got unexpected extra argument ({args})"),
    N_("Got unexpected extra arguments ({args})"),
    N_("Option {name!r} requires an argument."),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{value!r} is not {choice}."),
    N_("{value!r} is not one of {choices}."),
    N_("default: {default}"),
)


def speak_click(t: Localizer) -> None:
    """From now on click's texts come from our catalogues."""

    def gettext(message: str) -> str:
        return t(message)

    def ngettext(one: str, many: str, n: int) -> str:
        return t(one if n == 1 else many)

    for name in MODULES:
        module = importlib.import_module(f"click.{name}")
        for attribute, replacement in (("_", gettext), ("ngettext", ngettext)):
            if hasattr(module, attribute):
                setattr(module, attribute, cast("Callable[..., str]", replacement))
