"""The ``parvis`` command and its subcommands."""

import importlib
import signal
import sys
from pathlib import Path

import click

from bot.cli.click_texts import speak_click
from bot.cli.commands import TranslatedGroup, TranslatedOption, option
from bot.cli.database import db_group
from bot.cli.privacy import privacy_group
from bot.cli.terminal import give_up, spoken
from bot.errors import StartupError
from bot.i18n.marks import N_


@click.group(
    "parvis",
    cls=TranslatedGroup,
    help=N_("Parvis, a self-hosted Discord bot for people who build communities."),
)
@click.version_option(
    package_name="parvis", prog_name="parvis", cls=TranslatedOption, help=N_("Show the version and exit.")
)
def parvis() -> None:
    """See ``help`` above."""


@parvis.add("run", N_("Run the bot on Discord. Stop it with Ctrl-C or SIGTERM."))
def run() -> None:
    # As PID 1 a signal without a handler is ignored, and the imports below take a second.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot.settings import load_settings
    from bot.startup import run_until_stopped

    run_until_stopped(load_settings())


@parvis.add("init", N_("First run, step by step: the token, the two switches, the link that invites the bot."))
def init() -> None:
    from bot.cli.first_run import first_run

    first_run()


@parvis.add("check", N_("Look for everything that would keep Parvis from working; exit 0 only when all is well."))
def check_command() -> None:
    from bot.cli.check import check

    sys.exit(check())


@parvis.add("demo", N_("Try Parvis without Discord: the real bot in a simulated community, in the browser."))
@option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help_text=N_("Port of the page."))
@option("--lang", type=click.Choice(["en", "fr"]), help_text=N_("Language of the page; without it, the browser's."))
@option("--headless", is_flag=True, help_text=N_("Write pictures and a transcript into --out instead, then exit."))
@option("--out", type=click.Path(path_type=Path), help_text=N_("Folder for the pictures and the transcript."))
@option("--seed", type=int, default=1, show_default=True, help_text=N_("The same number gives the same community."))
@option("--weeks", type=click.IntRange(1, 52), default=4, show_default=True, help_text=N_("Weeks simulated before."))
def demo(port: int, lang: str | None, headless: bool, out: Path | None, seed: int, weeks: int) -> None:
    if headless and out is None:
        raise click.UsageError(spoken()(N_("--headless needs --out FOLDER.")))
    try:
        module = importlib.import_module("demo.cli")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("bot", "cogs"):
            raise
        raise StartupError(
            N_("The demo needs more packages ({name} is missing). Start it with: python3 start.py demo."),
            exit_code=1,
            name=error.name,
        ) from None
    sys.exit(module.demo(port=port, lang=lang, headless=headless, out=out, seed=seed, weeks=weeks))


parvis.add_command(db_group)
parvis.add_command(privacy_group)


def main() -> None:
    """Entry point of the program: what went wrong is one line, in the terminal's language."""
    speak_click(spoken())
    try:
        parvis(prog_name="parvis")
    except StartupError as error:
        give_up(error)
