"""Click classes whose help speaks the terminal's language: the texts are ``N_`` marks, translated when shown."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from bot.cli.terminal import spoken

F = TypeVar("F", bound=Callable[..., Any])


class TranslatedOption(click.Option):
    """An option whose ``help`` is an ``N_`` text."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        source = self.help
        self.help = spoken()(source) if source else source
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = source


class _Translated(click.Command):
    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        source = self.help
        self.help = spoken()(source) if source else source
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = source

    def get_short_help_str(self, limit: int = 45) -> str:
        return spoken()(self.short_help or self.help or "").partition("\n")[0]


class TranslatedCommand(_Translated):
    """A command whose ``help`` is an ``N_`` text."""


class TranslatedGroup(_Translated, click.Group):
    """A group whose ``help`` is an ``N_`` text."""

    command_class = TranslatedCommand

    def add(self, name: str, help_text: str) -> Callable[[Callable[..., Any]], click.Command]:
        """Decorator: a command of this group."""
        return self.command(name, help=help_text)


def option(*names: str, help_text: str, **attributes: Any) -> Callable[[F], F]:
    """A click option with an ``N_`` help text."""
    return click.option(*names, cls=TranslatedOption, help=help_text, **attributes)
