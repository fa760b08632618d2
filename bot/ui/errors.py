"""The one error exit of every command, button, select and modal."""

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.ui.replies import reply

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord's code when the three seconds (or fifteen minutes) of an interaction are over."""


async def report_error(interaction: "discord.Interaction[CommunityBot]", error: BaseException) -> None:
    """Answer with what the person may know; log everything else under the reference they see. Never raises."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    expected = isinstance(cause, UserError | app_commands.CheckFailure | app_commands.CommandNotFound)
    interaction.client.observability.metrics.outcome(interaction, "refused" if expected else "failed")
    t = interaction.client.i18n.for_interaction(interaction)
    if isinstance(cause, UserError):
        text = t(cause.message, **cause.params)
    elif isinstance(cause, app_commands.NoPrivateMessage):
        text = t(N_("This works only inside a server."))
    elif isinstance(cause, app_commands.CheckFailure):
        text = t(N_("You are not allowed to do that here. Ask the staff of this server."))
    elif isinstance(cause, app_commands.CommandNotFound):
        text = t(N_("This command has changed. Reload Discord to see the present ones."))
    elif isinstance(cause, discord.Forbidden):
        log.warning("missing permission in interaction %s: %s", interaction.id, cause)
        text = t(N_("I lack a permission for that. Ask the staff of this server to look at my role."))
    else:
        log.error("unhandled error in interaction %s", interaction.id, exc_info=cause)
        text = t(
            N_("That failed on our side, and nothing was lost. Tell the staff this reference: {ref}"),
            ref=_reference(interaction),
        )
    await _send(interaction, text)


async def _send(interaction: "discord.Interaction[Any]", text: str) -> None:
    try:
        await reply(interaction, text)
    except discord.HTTPException as error:
        # Too late to answer, or Discord is down: the member sees Discord's own notice, we keep the reason.
        log.warning("could not answer interaction %s: %s", interaction.id, error)


def _reference(interaction: "discord.Interaction[Any]") -> str:
    """Short enough to read out; the log has the whole id, which ends with it."""
    return str(interaction.id)[-8:]
