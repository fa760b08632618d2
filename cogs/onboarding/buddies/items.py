"""Buttons about buddies: each carries whom it is about in its custom_id, as the number of a pair, never a person."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, palette, reply
from bot.ui.text import escaped
from cogs.onboarding.buddies.pairs import Answer, Asked, Pair
from cogs.onboarding.buddies.refusals import NotYourPair
from cogs.onboarding.buddies.service import Buddies

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

GUILD = r"(?P<guild>\d{1,20})"
PAIR = r"(?P<pair>\d{1,19})"
SECONDARY = discord.ButtonStyle.secondary


def met_key(pair_id: int) -> str:
    """The custom_id of the button by which the newcomer says that they met."""
    return f"buddies:met:{pair_id}"


def change_key(pair_id: int) -> str:
    """The custom_id of the button by which one of the two ends it; it stands below every introduction."""
    return f"buddies:change:{pair_id}"


class AskButton(PersistentItem[ui.Button[Any]], template=rf"buddies:ask:{GUILD}"):
    """A newcomer would like a buddy, or looks who theirs is."""

    access = EVERYONE

    def __init__(
        self, guild_id: int, label: str = "-", style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"buddies:ask:{guild_id}"))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        bot = interaction.client
        # The checklist has this button, so the modules of the visit cannot be imported before this one.
        from cogs.onboarding.views.visit import visit

        where = visit(interaction, self.guild_id)
        await where.journeys.begin(self.guild_id, where.member.id)
        answer = await bot.service(Buddies).ask(self.guild_id, where.member.id)
        await reply(interaction, view=said(bot, where.t, self.guild_id, answer))


class TakeBackButton(PersistentItem[ui.Button[Any]], template=rf"buddies:alone:{GUILD}"):
    """Somebody who waits would rather go on alone."""

    access = EVERYONE

    def __init__(self, guild_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"buddies:alone:{guild_id}"))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        t = interaction.client.i18n.for_reader(interaction.locale, self.guild_id)
        gone = await interaction.client.service(Buddies).take_back(self.guild_id, interaction.user.id)
        text = N_("Your wish is taken back.") if gone else N_("You were not waiting for a buddy.")
        await reply(interaction, t(text))


class PairButton(PersistentItem[ui.Button[Any]], template=rf"buddies:(?P<what>met|notyet|change):{PAIR}"):
    """The answers to "did you meet?", below the introduction too."""

    access = EVERYONE

    def __init__(self, what: str, pair_id: int, label: str = "-", style: discord.ButtonStyle = SECONDARY) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"buddies:{what}:{pair_id}"))
        self.what, self.pair_id = what, pair_id

    async def run(self, interaction: "Interaction") -> None:
        bot, user_id = interaction.client, interaction.user.id
        buddies = bot.service(Buddies)
        pair = await buddies.pair(self.pair_id)
        if pair is None or user_id not in (pair.newcomer_id, pair.buddy_id):
            raise NotYourPair
        t = bot.i18n.for_reader(interaction.locale, pair.guild_id)
        if self.what == "change":
            answer = await buddies.change(self.pair_id, user_id)
            shown = withdrawn(t) if answer is None else said(bot, t, pair.guild_id, answer)
            await reply(interaction, view=shown)
        elif self.what == "met":
            await buddies.met(self.pair_id, user_id)
            await reply(interaction, t(N_("Noted: you met. You are asked nothing more about it.")))
        elif user_id != pair.newcomer_id or pair.ended_at is not None:
            raise NotYourPair
        else:
            await reply(interaction, t(N_("Noted. A first step: write one line in {place}."), place=place_of(t, pair)))


def place_of(t: Localizer, pair: Pair) -> str:
    """Where the two were introduced. A link, because a private message does not show the names of channels."""
    if pair.thread_id is None:
        return t(N_("your private messages"))
    return t(N_("[your thread]({address})"), address=f"https://discord.com/channels/{pair.guild_id}/{pair.thread_id}")


def said(bot: "CommunityBot", t: Localizer, guild_id: int, answer: Answer) -> LayoutView:
    """What became of a newcomer's wish, to themselves."""
    match answer.how:
        case Asked.PAIRED | Asked.HAS_ONE if answer.pair is not None and answer.pair.buddy_id is not None:
            name = name_of(bot, guild_id, answer.pair.buddy_id) or t(N_("somebody who left"))
            text = t(N_("Your buddy for two weeks: **{name}**."), name=name)
            if answer.pair.thread_id is not None:
                text += " " + t(N_("You find each other in {place}."), place=place_of(t, answer.pair))
            elif answer.how is Asked.PAIRED:
                text += " " + t(N_("You are introduced in private in a moment."))
            buttons: list[ui.Item[Any]] = [PairButton("change", answer.pair.id, t(N_("Change buddy")))]
        case Asked.QUEUED:
            text = t(
                N_(
                    "Every buddy has their hands full at present. You are next in line and hear of it as soon as one "
                    "is free; the team knows that you wait."
                )
            )
            buttons = [TakeBackButton(guild_id, t(N_("I’d rather go on alone")))]
        case _:
            text = t(N_("Noted. You get a buddy as soon as the required steps are done."))
            buttons = [TakeBackButton(guild_id, t(N_("I’d rather go on alone")))]
    return boxed(text, *buttons)


def withdrawn(t: Localizer) -> LayoutView:
    """What a buddy is told who cannot go on."""
    return boxed(t(N_("It is over, and the newcomer is told so. To get no others for now, pause in /profile.")))


def boxed(text: str, *buttons: ui.Item[Any], colour: discord.Colour = palette.ACCENT) -> LayoutView:
    """A text with buttons below it."""
    box: ui.Container[LayoutView] = ui.Container(ui.TextDisplay(text), accent_colour=colour)
    if buttons:
        box.add_item(ui.ActionRow(*buttons))
    view = LayoutView()
    view.add_item(box)
    return view


def name_of(bot: "CommunityBot", guild_id: int, user_id: int | None) -> str | None:
    """What somebody is called, harmless in any text; None for somebody who is not here."""
    guild = bot.get_guild(guild_id)
    member = guild.get_member(user_id) if guild is not None and user_id is not None else None
    return None if member is None else escaped(member.display_name)


PARTS = (AskButton, TakeBackButton, PairButton)
