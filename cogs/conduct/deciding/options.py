"""What the options of the commands mean: articles, durations and reasons as people type them."""

from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.contracts.conduct import Article
from bot.contracts.services import CodeOfConduct
from bot.durations import parse_duration, written
from bot.i18n.marks import N_
from cogs.conduct.cases.rules import LONGEST_TIMEOUT
from cogs.conduct.code.choosing import article_choices, chosen_article
from cogs.conduct.deciding.refusals import NoReason, NoTime

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]
    Choices = list[app_commands.Choice[str]]

REASON = 1000
"""Characters of a reason."""
NONE = "0"
"""The value that stands for no article, in a server whose code has none."""
OFFERED = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(days=1),
    timedelta(days=7),
    LONGEST_TIMEOUT,
    timedelta(days=90),
)


async def offered_articles(interaction: "Interaction", current: str) -> "Choices":
    """The articles in force; where there are none, that there are none."""
    if _has_articles(interaction):
        return await article_choices(interaction, current)
    t = interaction.client.i18n.for_interaction(interaction)
    return [app_commands.Choice(name=t(N_("This server’s code of conduct has no articles")), value=NONE)]


async def offered_durations(interaction: "Interaction", current: str) -> "Choices":
    """Usual ones; anything else can be typed."""
    t = interaction.client.i18n.for_interaction(interaction)
    named = [(" ".join(t.span(one).split()), written(one)) for one in OFFERED]  # with spaces that one can type
    typed = " ".join(current.lower().split())
    return [app_commands.Choice(name=name, value=value) for name, value in named if typed in f"{name} {value}".lower()]


def article_from(interaction: "Interaction", typed: str, *, withdrawn: bool = False) -> Article | None:
    """The article; None in a server that has none. Raises UnknownArticle, or ArticleIsWithdrawn unless they count."""
    return chosen_article(interaction, typed, withdrawn=withdrawn) if _has_articles(interaction) else None


def duration_from(typed: str) -> timedelta:
    """Raises NotADuration, or NoTime for nothing at all."""
    length = parse_duration(typed)
    if length < timedelta(seconds=1):
        raise NoTime
    return timedelta(seconds=int(length.total_seconds()))


def reason_from(typed: str) -> str:
    """Without the spaces around it. Raises NoReason for nothing else."""
    if not typed.strip():
        raise NoReason
    return typed.strip()[:REASON]


def _has_articles(interaction: "Interaction") -> bool:
    articles = interaction.client.service(CodeOfConduct).articles(interaction.guild_id or 0)
    return any(not one.withdrawn for one in articles)
