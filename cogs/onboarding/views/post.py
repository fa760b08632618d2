"""The public side: the panel, the private welcome, and an introduction with its Say hello button."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, palette, reply
from bot.ui.text import escaped, shortened
from cogs.onboarding.models import How
from cogs.onboarding.service import Journeys
from cogs.onboarding.settings import WelcomeSettings
from cogs.onboarding.views.checklist import StartButton, start_key

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

ANSWERS_LENGTH = 3300
"""Characters of all questions and answers once escaped; the heading, the greetings and Discord's 4,000 leave them."""

HOW = N_("**Start** opens your list of first steps in {server}. Only you see it, and you can stop and come back.")


def hello_key(newcomer_id: int) -> str:
    """The custom_id by which an introduction is found again; a member has one introduction."""
    return f"onboarding:hello:{newcomer_id}"


class HelloButton(PersistentItem[ui.Button[Any]], template=r"onboarding:hello:(?P<newcomer>\d{15,20})"):
    """A greeting from whoever presses it, once."""

    access = EVERYONE

    def __init__(self, newcomer_id: int, label: str = "-") -> None:
        super().__init__(
            ui.Button(
                label=label,
                emoji=palette.WAVE,
                style=discord.ButtonStyle.primary,
                custom_id=hello_key(newcomer_id),
            )
        )
        self.newcomer_id = newcomer_id

    async def run(self, interaction: "Interaction") -> None:
        assert interaction.guild is not None
        journeys = interaction.client.service(Journeys)
        answer = await journeys.greet(interaction.guild.id, self.newcomer_id, interaction.user.id, How.HELLO)
        t = interaction.client.i18n.for_interaction(interaction)
        member = interaction.guild.get_member(self.newcomer_id)
        name = escaped(member.display_name) if member else "?"
        if not answer.counted:
            text = t(N_("You have greeted {name} already."), name=name)
        elif answer.first:
            text = t(
                N_("You are the first to greet {name}. A question about what they wrote starts the talk."), name=name
            )
        else:
            text = t(N_("Your hello to {name} is below the introduction."), name=name)
        await reply(interaction, text)


def introduction_view(
    t: Localizer,
    member: discord.Member,
    pairs: Sequence[tuple[str, str]],
    *,
    greeters: Sequence[int] = (),
    greetings: int = 0,
) -> LayoutView:
    """An introduction as everybody sees it. What the member wrote is escaped, and names nobody by a ping."""
    budget = ANSWERS_LENGTH // max(len(pairs), 1)
    parts = [shortened(f"**{escaped(question)}**\n{escaped(answer)}", budget) for question, answer in pairs]
    heading = t(N_("### {member} is new here"), member=member.mention)
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.ACCENT)
    portrait: ui.Thumbnail[LayoutView] = ui.Thumbnail(member.display_avatar.url)
    box.add_item(ui.Section(heading + "\n" + "\n\n".join(parts), accessory=portrait))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    box.add_item(row.add_item(HelloButton(member.id, t(N_("Say hello")))))
    if greeters:
        box.add_item(ui.TextDisplay("-# " + _greeted_by(t, greeters, greetings)))
    view = LayoutView()
    view.add_item(box)
    return view


def _greeted_by(t: Localizer, greeters: Sequence[int], greetings: int) -> str:
    names = [f"<@{greeter}>" for greeter in greeters]
    if more := greetings - len(greeters):
        names.append(t.plural("{n} other", "{n} others", more))
    return t(N_("Hello from {people}"), people=t.enumeration(names))


def panel_view(
    t: Localizer,
    other: Localizer,
    guild: discord.Guild,
    welcome: WelcomeSettings,
    serial: int,
    *,
    changed: int | None = None,
) -> LayoutView:
    """The standing panel; ``other`` is the second language of a bilingual one.

    ``changed`` is the version of a code of conduct that is to be accepted again.
    """
    server = escaped(guild.name)
    how, label = t(HOW, server=server), t(N_("Start"))
    if welcome.bilingual:
        how += "\n-# " + other(HOW, server=server)
        label += " · " + other(N_("Start"))
    heading = [t(N_("## Welcome to {server}"), server=server), *_purpose(t, welcome)]
    if changed is not None:
        new_code = t(
            N_("The code of conduct has a new edition, version {version}: **Start** shows it."), version=changed
        )
        heading.append(f"-# {new_code}")
    return _door([*heading, how], StartButton(guild.id, label, panel=serial))


def panel_key(guild_id: int, serial: int) -> str:
    """The custom_id by which a panel is found again."""
    return start_key(guild_id, serial)


def welcome_view(t: Localizer, member: discord.Member, welcome: WelcomeSettings) -> LayoutView:
    """The private welcome of one newcomer."""
    heading = t(N_("## Welcome, {name}"), name=escaped(member.display_name))
    parts = [heading, *_purpose(t, welcome), t(HOW, server=escaped(member.guild.name))]
    return _door(parts, StartButton(member.guild.id, t(N_("Start"))))


def _purpose(t: Localizer, welcome: WelcomeSettings) -> list[str]:
    purpose = welcome.purpose(t.language)
    return [purpose] if purpose else []


def _door(parts: list[str], start: StartButton) -> LayoutView:
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.ACCENT)
    *first, how = parts
    box.add_item(ui.TextDisplay("\n".join(first)))
    box.add_item(ui.Separator(visible=False))
    box.add_item(ui.TextDisplay(how))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    box.add_item(row.add_item(start))
    view = LayoutView()
    view.add_item(box)
    return view
