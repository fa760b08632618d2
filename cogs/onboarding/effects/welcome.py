"""The private welcome: a thread only the newcomer sees, or a DM; nothing public."""

from typing import TYPE_CHECKING, Final

import discord

from bot.clock import now
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.channels import can_see, usable
from bot.posting import nonce_of, post_once
from bot.ui.text import shortened
from cogs.onboarding.effects.people import member_of
from cogs.onboarding.service import Debts, Owed
from cogs.onboarding.settings import THREADS, Delivery, WelcomeSettings
from cogs.onboarding.views.checklist import start_key
from cogs.onboarding.views.post import welcome_view

if TYPE_CHECKING:
    from bot.client import CommunityBot

DM_CLOSED = frozenset({50007, 50278})
"""Discord's codes: the person takes no DMs, or shares no server with us."""
ARCHIVE_AFTER: Final = 60
"""Minutes; archived threads do not count against the server's limit of active ones."""


class NowhereToWelcome(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("Newcomers cannot be reached privately: no channel for private threads is chosen in /settings.")
        )


class HiddenFromNewcomers(UserError):
    def __init__(self, channel: str) -> None:
        super().__init__(
            N_(
                "Newcomers cannot see {channel}, so no private thread there reaches them. "
                "Show it to them or choose another one in /settings."
            ),
            channel=channel,
        )


async def deliver_welcome(bot: "CommunityBot", guild: discord.Guild, user_id: int, owed: Owed, debts: Debts) -> None:
    """By DM if the server wants it and the person takes it, else in a private thread. Raises when neither can be."""
    settings = bot.guild_settings.get(guild.id, WelcomeSettings)
    member = await member_of(guild, user_id)
    if member is None or member.bot or member.pending:
        return
    if settings.delivery is Delivery.DIRECT and await _by_dm(bot, member, settings):
        await debts.welcomed(guild.id, user_id, None)
        return
    thread = await _thread(bot, member, settings)
    await debts.welcomed(guild.id, user_id, thread.id)


async def _by_dm(bot: "CommunityBot", member: discord.Member, settings: WelcomeSettings) -> bool:
    view = welcome_view(bot.i18n.for_guild(member.guild.id), member, settings)
    try:
        await member.send(view=view, nonce=nonce_of(f"welcome {member.guild.id} {member.id} {member.joined_at}"))
    except discord.Forbidden as refusal:
        if refusal.code in DM_CLOSED:
            return False
        raise
    return True


async def _thread(bot: "CommunityBot", member: discord.Member, settings: WelcomeSettings) -> discord.Thread:
    t = bot.i18n.for_guild(member.guild.id)
    parent_id = settings.thread_channel or settings.panel_channel
    if parent_id is None:
        raise NowhereToWelcome
    parent = usable(member.guild, parent_id, THREADS)
    assert isinstance(parent, discord.TextChannel)
    if not parent.permissions_for(member).view_channel:
        raise HiddenFromNewcomers(f"#{discord.utils.escape_markdown(parent.name)}")
    name = shortened(t(N_("Welcome, {name}"), name=member.display_name), 100)
    thread = _begun(parent, name, member) or await parent.create_thread(
        name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=ARCHIVE_AFTER
    )
    # Adding somebody writes a line into the thread, so the welcome comes last and is what they read first.
    await thread.add_user(member)
    begun = thread.created_at or member.joined_at or now()
    await post_once(thread, start_key(member.guild.id), begun, view=welcome_view(t, member, settings))
    return thread


def _begun(parent: discord.TextChannel, name: str, member: discord.Member) -> discord.Thread | None:
    """The thread an interrupted attempt left behind in this stay of the member."""
    since = member.joined_at
    for thread in parent.threads:
        mine = thread.owner_id == parent.guild.me.id and thread.is_private() and not thread.archived
        if mine and thread.name == name and since and thread.created_at and thread.created_at >= since:
            return thread
    return None


async def close_thread(bot: "CommunityBot", guild: discord.Guild, user_id: int, owed: Owed, debts: Debts) -> None:
    """Archive the newcomer's thread; one that is gone is closed, one that is out of sight stays owed."""
    assert owed.thread_to_close is not None
    thread = guild.get_thread(owed.thread_to_close)
    if thread is not None and not can_see(thread):
        return
    if thread is not None and not thread.archived:
        await thread.edit(archived=True)
    await debts.thread_closed(guild.id, user_id)
