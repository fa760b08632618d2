"""Which month is meant, and posting its report for everybody."""

from datetime import date

import discord

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.channels import ChannelGone, MissingInChannel, missing_permissions
from bot.permissions.names import permission_names
from bot.posting import nonce_of
from bot.ui import LayoutView, update
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.transparency.months import Month
from cogs.conduct.transparency.page import month_view

NEEDS = ("view_channel", "send_messages")
IN_A_THREAD = ("view_channel", "send_messages_in_threads")


class NoMonth(UserError):
    def __init__(self, example: str) -> None:
        super().__init__(N_("Write the month as year and month, for instance {example}."), example=example)


class MonthToCome(UserError):
    def __init__(self) -> None:
        super().__init__(N_("That month has not begun. Choose one of those offered."))


class NotYours(UserError):
    def __init__(self, permissions: list[str]) -> None:
        super().__init__(
            N_("You cannot write in this channel yourself ({permissions}). Use the command where you can."),
            permissions=permission_names(permissions),
        )


def month_from(written: str | None, today: date) -> Month:
    """The month that was typed, or the last that is over. Raises NoMonth or MonthToCome."""
    present = Month.of(today)
    if written is None:
        return present.previous
    month = Month.parse(written)
    if month is None:
        raise NoMonth(str(present.previous))
    if month > present:
        raise MonthToCome
    return month


async def post(bench: Bench, written: str) -> None:
    """Post the report in the server's language; two clicks on one question make one message.

    Raises ChannelGone, MissingInChannel, NotYours or NoMonth.
    """
    month = Month.parse(written)
    if month is None:
        raise NoMonth(written)
    channel = require_channel(bench)
    view = await month_view(bench, month, bench.bot.i18n.for_guild(bench.guild.id))
    asked = bench.interaction.message.id if bench.interaction.message else bench.interaction.id
    await channel.send(view=view, nonce=nonce_of(f"transparency {asked}"))
    done = LayoutView()
    done.add_item(discord.ui.TextDisplay(bench.t(N_("The report is posted."))))
    await update(bench.interaction, view=done)


def require_channel(bench: Bench) -> discord.abc.Messageable:
    """Where the command was used, when both the bot and the person may write there."""
    channel = bench.guild.get_channel_or_thread(bench.interaction.channel_id or 0)
    if not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel):
        raise ChannelGone
    needs = IN_A_THREAD if isinstance(channel, discord.Thread) else NEEDS
    if lacking := missing_permissions(channel, needs):
        raise MissingInChannel(channel.mention, lacking)
    theirs = channel.permissions_for(bench.actor)
    if lacking := [name for name in needs if not getattr(theirs, name)]:
        raise NotYours(lacking)
    return channel
