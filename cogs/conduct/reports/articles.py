"""The article of a report: offered as one types, with a way out for whoever does not know."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.i18n.marks import N_
from cogs.conduct.code.choosing import article_choices, chosen_article
from cogs.conduct.code.rules.refusals import ArticleIsWithdrawn, UnknownArticle
from cogs.conduct.reports.refusals import NoSuchArticle

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

NONE = "0"
"""The value of the choice that names no article."""
NONE_OF_THESE = N_("None of these, or I do not know")
CHOICES = 25
"""Discord shows no more."""


async def offered(interaction: "Interaction", current: str) -> list[app_commands.Choice[str]]:
    """The articles in force that fit what is typed, and always that it is none of them, or not known."""
    t = interaction.client.i18n.for_interaction(interaction)
    none = app_commands.Choice(name=t(NONE_OF_THESE), value=NONE)
    return [*(await article_choices(interaction, current))[: CHOICES - 1], none]


def number_from(interaction: "Interaction", typed: str) -> int | None:
    """The article's number, None for that choice, also typed out. Raises NoSuchArticle; then nothing was sent."""
    t = interaction.client.i18n.for_interaction(interaction)
    if typed.strip() in (NONE, t(NONE_OF_THESE)):
        return None
    try:
        return chosen_article(interaction, typed).number
    except (UnknownArticle, ArticleIsWithdrawn) as error:
        raise NoSuchArticle from error
