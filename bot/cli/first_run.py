"""``parvis init``: asks for the token, checks it, says where the switches are, and writes ``.env``."""

import asyncio
from pathlib import Path

import click
import discord

from bot.cli.env_file import has_token, with_token, write_private
from bot.cli.first_server import wait_for_server
from bot.cli.terminal import say, spoken, yes
from bot.errors import StartupError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.invitation import PERMISSIONS, invitation
from bot.permissions.names import NAMES
from bot.portal import INTENT_NAMES, INTENT_PURPOSES, PORTAL, intents_off, portal_page, rest_client
from bot.settings import Settings, load_settings
from bot.startup import use_endpoint

ENV_FILE = Path(".env")


def first_run() -> None:
    """The conversation. Nothing is written before Discord has accepted the token, and the token is never shown."""
    settings = load_settings(token=None)
    if settings.discord_url is not None:
        use_endpoint(settings.discord_url)
    before = ENV_FILE.read_text(encoding="utf-8") if ENV_FILE.exists() else ""
    t = spoken()
    if has_token(before) and not yes(N_("The file .env already has a token. Replace it?")):
        return
    say(N_("Create an application at {portal}, open its page Bot, reset the token and copy it."), portal=PORTAL)
    token, application = _accepted_token(t)
    write_private(ENV_FILE, with_token(before, token))
    say(N_("The token belongs to {name}. It is in the file .env, which only you can read."), name=application.name)
    _explain_intents(t, application, settings)
    _explain_invitation(t, application.id)
    wait_for_server(token)
    _remind_of_intents(t, application.id, token, settings)
    say(N_("Now start the bot: parvis run (or python3 start.py run). It says so in your server: press Set up there."))


def _accepted_token(t: Localizer) -> tuple[str, discord.AppInfo]:
    while True:
        token = str(click.prompt(t(N_("Token (hidden)")), hide_input=True)).strip()
        try:
            return token, asyncio.run(_application(token))
        except StartupError as refused:
            click.echo(t(refused.message, **refused.params), err=True)


async def _application(token: str) -> discord.AppInfo:
    try:
        async with rest_client(token) as client:
            return await client.application_info()
    except (OSError, TimeoutError, discord.HTTPException) as error:
        raise click.ClickException(
            spoken()(N_("Discord cannot be reached ({reason}). Try again later."), reason=type(error).__name__)
        ) from None


def _explain_intents(t: Localizer, application: discord.AppInfo, settings: Settings) -> None:
    off = set(intents_off(application, settings))
    say(N_("Two switches on {page}, below “Privileged Gateway Intents”:"), page=portal_page(application.id))
    for intent, name in INTENT_NAMES.items():
        state = N_("off, turn it on") if intent in off else N_("on")
        click.echo(f"  {name} ({t(state)}): {t(INTENT_PURPOSES[intent])}")


def _remind_of_intents(t: Localizer, application_id: int, token: str, settings: Settings) -> None:
    """Without its switches the bot refuses to start; better said now."""
    off = list(intents_off(asyncio.run(_application(token)), settings))
    if off:
        names = t.enumeration([INTENT_NAMES[intent] for intent in off])
        say(
            N_("Still off: {switches}. Turn on at {page} before you start."),
            switches=names,
            page=portal_page(application_id),
        )


def _explain_invitation(t: Localizer, application_id: int) -> None:
    say(N_("Invite the bot with this link: {link}"), link=invitation(application_id))
    say(N_("It asks for:"))
    for permission, purpose in PERMISSIONS.items():
        click.echo(f"  {t(NAMES[permission])}: {t(purpose)}")
