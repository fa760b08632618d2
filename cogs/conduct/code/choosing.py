"""An article as the option of a command: offered while one types, and found again from what was typed.

@app_commands.autocomplete(article=article_choices)
async def warn(self, interaction, member, article: str): ...
    found = chosen_article(interaction, article)
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.contracts.conduct import Article
from bot.contracts.services import CodeOfConduct
from bot.ui.text import shortened
from cogs.conduct.code.rules.choosing import find, matching
from cogs.conduct.code.rules.refusals import ArticleIsWithdrawn

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

NAME = 100
"""Characters of a choice's name, as Discord allows."""


def article_name(article: Article, language: str) -> str:
    """``4. Leave room for others``: how an article is named in one line, at most 100 characters."""
    return shortened(f"{article.number}. {article.title(language)}", NAME)


async def article_choices(interaction: "Interaction", current: str) -> list[app_commands.Choice[str]]:
    """For ``app_commands.autocomplete``: the articles in force, in the reader's language, whose value is a number."""
    language = interaction.client.i18n.for_interaction(interaction).language
    found = matching(_articles(interaction), current)
    return [app_commands.Choice(name=article_name(one, language), value=str(one.number)) for one in found]


def chosen_article(interaction: "Interaction", written: str, *, withdrawn: bool = False) -> Article:
    """The article that the option's value names: its number, or as much of its title as is unmistakable.

    Raises UnknownArticle, and ArticleIsWithdrawn unless ``withdrawn`` ones may be named.
    """
    article = find(_articles(interaction), written)
    if article.withdrawn and not withdrawn:
        raise ArticleIsWithdrawn(article.number)
    return article


def _articles(interaction: "Interaction") -> Sequence[Article]:
    if interaction.guild_id is None:
        return ()
    return interaction.client.service(CodeOfConduct).articles(interaction.guild_id)
