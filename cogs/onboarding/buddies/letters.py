"""What two who are paired read: the introduction, the question whether they met, and the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.attention import AttentionKind, Telling
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.onboarding.buddies.checkins import CHECK
from cogs.onboarding.buddies.items import AskButton, PairButton, boxed, name_of, place_of
from cogs.onboarding.buddies.models import Ending
from cogs.onboarding.buddies.pairs import Pair
from cogs.onboarding.buddies.rules import DUTY
from cogs.onboarding.buddies.service import INVITE, Buddies
from cogs.onboarding.settings import GroupsSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

ASKS, OFFERS = 70, 55
"""How useful the messages are: two people wait for an answer; it helps them on."""


def together(
    t: Localizer, newcomer: discord.Member, buddy: discord.Member, pair: Pair, shared: list[str]
) -> LayoutView:
    """The introduction in their thread, which speaks the server's language."""
    text = t(
        N_("{newcomer}, {buddy} is your buddy for the next two weeks and knows this place."),
        newcomer=newcomer.mention,
        buddy=buddy.mention,
    )
    hello = t(N_("{buddy}, the first hello is yours."), buddy=buddy.mention)
    parts = [f"{palette.WAVE} {text} {hello}", *_common(t, shared), _until(t, pair)]
    return boxed("\n".join(parts), *_met(t, pair), _change(t, pair))


def to_newcomer(t: Localizer, buddy: discord.Member, pair: Pair, shared: list[str]) -> LayoutView:
    """The introduction as a direct message, where no thread is possible."""
    server, mention = escaped(buddy.guild.name), buddy.mention
    text = t(N_("{mention} ({name}) is your buddy in {server} and will write to you, or you to them."),
             mention=mention, name=escaped(buddy.display_name), server=server)  # fmt: skip
    parts = [f"{palette.WAVE} {text}", *_common(t, shared), _until(t, pair)]
    return boxed("\n".join(parts), *_met(t, pair), _change(t, pair))


def to_buddy(t: Localizer, newcomer: discord.Member, pair: Pair, shared: list[str]) -> LayoutView:
    """The same, for the buddy."""
    server, mention = escaped(newcomer.guild.name), newcomer.mention
    text = t(N_("{mention} ({name}) is new in {server} and would like a buddy: you. The first hello is yours."),
             mention=mention, name=escaped(newcomer.display_name), server=server)  # fmt: skip
    parts = [f"{palette.WAVE} {text}", *_common(t, shared), _until(t, pair)]
    return boxed("\n".join(parts), _change(t, pair))


def shared_groups(bot: "CommunityBot", one: discord.Member, other: discord.Member) -> list[str]:
    """Names of the interest groups both are in."""
    groups = bot.guild_settings.get(one.guild.id, GroupsSettings).groups
    return [
        escaped(role.name)
        for group in groups
        if (role := one.guild.get_role(group.role)) is not None and role in one.roles and role in other.roles
    ]


def ended(t: Localizer, guild: discord.Guild, to: str, why: str) -> LayoutView:
    """What the one who stays is told."""
    server = escaped(guild.name)
    if to == "newcomer":
        reason = (
            N_("Your buddy has left {server}.") if why == Ending.LEFT else N_("Your buddy in {server} cannot go on.")
        )
        text = t(reason, server=server) + " " + t(N_("If you like, you get another one."))
        return boxed(text, AskButton(guild.id, t(N_("Another buddy"))), colour=palette.QUIET)
    reason = (
        N_("The newcomer has left {server}.")
        if why == Ending.LEFT
        else N_("The newcomer in {server} has changed buddies.")
    )
    return boxed(
        t(reason, server=server) + " " + t(N_("Your place for another one is free again.")), colour=palette.QUIET
    )


def question(buddies: Buddies) -> AttentionKind:
    """ "Did you meet?", for ``bot.attention``."""

    async def build(telling: Telling) -> Sequence[ui.Item[Any]] | None:
        """None when they have met, or it is over."""
        t, guild = telling.t, telling.guild
        pair = await buddies.pair(int(telling.params["pair"]))
        if pair is None or pair.ended_at is not None or pair.met_at is not None:
            return None
        name = name_of(telling.bot, guild.id, pair.buddy_id)
        if pair.newcomer_id != telling.member.id or name is None:
            return None
        heading = t(N_("### Did you and {name} meet?"), name=name)
        text = t(N_("A few words are enough. Your place for it: {place}."), place=place_of(t, pair))
        row: ui.ActionRow[Any] = ui.ActionRow(
            PairButton("met", pair.id, t(N_("Yes")), discord.ButtonStyle.primary),
            PairButton("notyet", pair.id, t(N_("Not yet"))),
            _change(t, pair),
        )
        return [ui.TextDisplay(f"{heading}\n{text}\n{_until(t, pair)}"), row]

    return AttentionKind(CHECK, ASKS, build)


def invitation(buddies: Buddies) -> AttentionKind:
    """The team offers a newcomer a buddy."""

    async def build(telling: Telling) -> Sequence[ui.Item[Any]] | None:
        """None when they have one by now, or there are none any more."""
        t, guild = telling.t, telling.guild
        if not buddies.on(guild.id) or await buddies.present(guild.id, telling.member.id) is not None:
            return None
        heading = t(N_("### A buddy in {server}?"), server=escaped(guild.name))
        text = t(N_("The team offers you one: somebody who knows the place, for your first two weeks."))
        row: ui.ActionRow[Any] = ui.ActionRow(
            AskButton(guild.id, t(N_("I would like a buddy")), discord.ButtonStyle.primary)
        )
        return [ui.TextDisplay(f"{heading}\n{text}"), row]

    return AttentionKind(INVITE, OFFERS, build)


def _met(t: Localizer, pair: Pair) -> list[ui.Item[Any]]:
    return [PairButton("met", pair.id, t(N_("We met")))]


def _change(t: Localizer, pair: Pair) -> ui.Item[Any]:
    return PairButton("change", pair.id, t(N_("Change buddy")))


def _common(t: Localizer, shared: list[str]) -> list[str]:
    return [t(N_("You have in common: {groups}."), groups=t.enumeration(shared))] if shared else []


def _until(t: Localizer, pair: Pair) -> str:
    end = f"<t:{int((pair.begun_at + DUTY).timestamp())}:D>"
    return "-# " + t(N_("It ends by itself on {date}; what you make of it is yours."), date=end)
