"""Which article somebody means by what they typed."""

import re
from collections.abc import Sequence

from bot.contracts.conduct import Article
from cogs.conduct.code.rules.refusals import UnknownArticle

OFFERED = 25
"""Choices Discord shows."""


def matching(articles: Sequence[Article], written: str) -> list[Article]:
    """The articles in force whose number begins with it or whose title, in any language, holds all of its words."""
    wanted = written.casefold().split()
    in_force = [article for article in articles if not article.withdrawn]
    return [one for one in in_force if all(_holds(one, word) for word in wanted)][:OFFERED]


def find(articles: Sequence[Article], written: str) -> Article:
    """The article of this number, or the only one that matches. Raises UnknownArticle."""
    number = re.fullmatch(r"\s*(\d{1,6})\b.*", written, re.DOTALL)
    if number is not None:
        found = [article for article in articles if article.number == int(number[1])]
    else:
        found = matching(articles, written) if written.strip() else []
    if len(found) != 1:
        raise UnknownArticle
    return found[0]


def _holds(article: Article, word: str) -> bool:
    number = word.rstrip(".")
    if number.isdecimal():
        return str(article.number).startswith(number)
    return any(word in title.casefold() for title in article.titles.values())
