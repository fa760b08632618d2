"""What Discord's developer portal says about the token, asked before the bot connects."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import discord

from bot.errors import StartupError, Translated
from bot.i18n.marks import N_
from bot.settings import PrivilegedIntent, Settings

PORTAL = "https://discord.com/developers/applications"
INTENT_NAMES: dict[PrivilegedIntent, str] = {
    "members": "Server Members Intent",
    "message_content": "Message Content Intent",
}
"""As the portal calls the switches, in every language."""
INTENT_PURPOSES: dict[PrivilegedIntent, str] = {
    "members": N_("to welcome newcomers and to notice who leaves"),
    "message_content": N_("to apply the server's own filters and to recognise answers"),
}


def portal_page(application_id: int, page: str = "bot") -> str:
    """The portal's page of this application; the switches of the intents are on ``bot``."""
    return f"{PORTAL}/{application_id}/{page}"


def missing_token() -> StartupError:
    return StartupError(
        N_("DISCORD_TOKEN is not set. Run “parvis init”, or put the token of your bot into the file .env.")
    )


def refused_token(token: str) -> StartupError:
    """Discord does not know this token; says what it looks like, never what it is."""
    return StartupError(
        N_(
            "Discord refuses DISCORD_TOKEN. {guess} "
            "Take the token from the Bot page of https://discord.com/developers/applications."
        ),
        guess=Translated(probably(token)),
    )


def probably(value: str) -> str:
    """Which of the portal's values this is, judged by its shape; an ``N_`` text."""
    value = value.strip()
    if re.fullmatch(r"\d{15,21}", value):
        return N_("It looks like the application ID.")
    if re.fullmatch(r"[0-9a-f]{64}", value):
        return N_("It looks like the public key.")
    if re.fullmatch(r"[\w-]{32}", value):
        return N_("It looks like the client secret of the OAuth2 page.")
    if value.lower().startswith("bot "):
        return N_("It begins with “Bot”, which does not belong to it.")
    if value.count(".") != 2:
        return N_("It does not look like a token: those have three parts with a dot between.")
    return N_("It was probably reset since.")


@asynccontextmanager
async def rest_client(token: str) -> AsyncIterator[discord.Client]:
    """A client that is logged in for REST calls only and never connects; raises StartupError for a refused token."""
    client = discord.Client(intents=discord.Intents(guilds=True))
    async with client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            raise refused_token(token) from None
        yield client


def intents_off(application: discord.AppInfo, settings: Settings) -> Iterator[PrivilegedIntent]:
    """The privileged intents that are wanted and switched off in the portal."""
    flags = application.flags
    switched_on: dict[PrivilegedIntent, bool] = {
        "members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "message_content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    return (name for name, on in switched_on.items() if not on and name not in settings.without_intents)


def intent_is_off(intent: PrivilegedIntent, application_id: int, settings: Settings) -> StartupError:
    """Names the switch, what it is for, and both ways out."""
    return StartupError(
        N_(
            "The {switch} is off; Parvis needs it {purpose}. Turn it on at {page}, "
            "or do without: PARVIS_WITHOUT_INTENTS={without}."
        ),
        switch=INTENT_NAMES[intent],
        purpose=Translated(INTENT_PURPOSES[intent]),
        page=portal_page(application_id),
        without=",".join(sorted({*settings.without_intents, intent})),
    )


def intents_refused(settings: Settings) -> StartupError:
    """The gateway refuses although the switches looked right: Discord has not granted them to this application."""
    wanted = [name for intent, name in INTENT_NAMES.items() if intent not in settings.without_intents]
    return StartupError(
        N_(
            "Discord does not grant this bot: {switches}. "
            "Turn them off and on again at {portal}, or do without: PARVIS_WITHOUT_INTENTS."
        ),
        switches=", ".join(wanted),
        portal=PORTAL,
    )


async def check_token(token: str, settings: Settings) -> None:
    """Raises StartupError when the bot would be refused: a wrong token, a privileged intent that is off."""
    async with rest_client(token) as client:
        application = await client.application_info()
    for intent in intents_off(application, settings):
        raise intent_is_off(intent, application.id, settings)
