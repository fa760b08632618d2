"""The ``parvis`` command and its subcommands."""

import signal
import sys

import click

from bot.cli.commands import TranslatedGroup
from bot.cli.database import db_group
from bot.cli.terminal import give_up
from bot.errors import StartupError
from bot.i18n.marks import N_


@click.group(
    "parvis",
    cls=TranslatedGroup,
    help=N_("Parvis, a self-hosted Discord bot for people who build communities."),
)
@click.version_option(package_name="parvis", prog_name="parvis")
def parvis() -> None:
    """See ``help`` above."""


@parvis.add("run", N_("Run the bot on Discord. Stop it with Ctrl-C or SIGTERM."))
def run() -> None:
    # As PID 1 a signal without a handler is ignored, and the imports below take a second.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot.settings import load_settings
    from bot.startup import run_until_stopped

    run_until_stopped(load_settings())


parvis.add_command(db_group)


def main() -> None:
    """Entry point of the program: what went wrong is one line, in the terminal's language."""
    try:
        parvis(prog_name="parvis")
    except StartupError as error:
        give_up(error)
