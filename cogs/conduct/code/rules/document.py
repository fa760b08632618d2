"""A code of conduct: a preamble, numbered articles, an ending; each change gives a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from bot.contracts.conduct import Article, Severity
from cogs.conduct.code.rules.refusals import (
    ArticleIsInForce,
    NothingWritten,
    TextTooLong,
    TooManyArticles,
    UnknownArticle,
)

LANGUAGES = ("en", "fr")
ARTICLES = 25
"""In force and withdrawn ones together: what a select menu and an autocomplete list of Discord can offer."""
TITLE = 80
"""Leaves room for the number within the 100 characters of a choice."""
TEXT = 1000
PASSAGE = 3000
"""Characters of the preamble and of the ending, each in each language: what one page of Discord takes."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is published as one version. Texts are by language; a language that is not written is left out."""

    preamble: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()
    """In the order in which they are read, withdrawn ones included."""
    ending: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_force(self) -> Sequence[Article]:
        """What is read: all but the withdrawn ones."""
        return [article for article in self.articles if not article.withdrawn]

    @property
    def next_number(self) -> int:
        return max((article.number for article in self.articles), default=0) + 1

    def article(self, number: int) -> Article:
        """Raises UnknownArticle."""
        for article in self.articles:
            if article.number == number:
                return article
        raise UnknownArticle

    def with_article(self, article: Article) -> "Document":
        """Changed where its number is known, at the end where it is not. Raises what is wrong with it."""
        article = replace(article, titles=cleaned(article.titles, TITLE), texts=cleaned(article.texts, TEXT))
        if not article.titles or not article.texts:
            raise NothingWritten
        known = any(one.number == article.number for one in self.articles)
        if not known and len(self.articles) >= ARTICLES:
            raise TooManyArticles(ARTICLES)
        if known:
            articles = tuple(article if one.number == article.number else one for one in self.articles)
        else:
            articles = (*self.articles, article)
        return replace(self, articles=articles)

    def with_passages(self, *, preamble: Mapping[str, str], ending: Mapping[str, str]) -> "Document":
        """Raises TextTooLong."""
        return replace(self, preamble=cleaned(preamble, PASSAGE), ending=cleaned(ending, PASSAGE))

    def without(self, number: int, published: "Document") -> "Document":
        """Remove an article that was never published. Raises UnknownArticle and ArticleIsInForce."""
        article = self.article(number)
        if any(one.number == number for one in published.articles):
            raise ArticleIsInForce
        return replace(self, articles=tuple(one for one in self.articles if one is not article))

    def withdrawing(self, number: int, *, withdrawn: bool) -> "Document":
        """Withdraw an article, or put it back. Raises UnknownArticle."""
        return self.with_article(replace(self.article(number), withdrawn=withdrawn))

    def moved(self, number: int, by: int) -> "Document":
        """The article that many places down, or up when negative; as far as it goes. Raises UnknownArticle."""
        article = self.article(number)
        others = [one for one in self.articles if one is not article]
        place = min(max(self.articles.index(article) + by, 0), len(others))
        return replace(self, articles=(*others[:place], article, *others[place:]))

    def joined_by(self, articles: Sequence[Article]) -> "Document":
        """With copies of these at the end, numbered on. Raises TooManyArticles."""
        joined = self
        for article in articles:
            joined = joined.with_article(replace(article, number=joined.next_number))
        return joined

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        return {"preamble": dict(self.preamble), "articles": [_row(one) for one in self.articles]} | {
            "ending": dict(self.ending)
        }

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Self:
        """What ``stored`` gave."""
        articles = (
            Article(**{**one, "severity": Severity(one["severity"]), "number": int(one["number"])})
            for one in stored.get("articles", ())
        )
        return cls(dict(stored.get("preamble", {})), tuple(articles), dict(stored.get("ending", {})))


def _row(article: Article) -> dict[str, Any]:
    return {
        "number": article.number,
        "titles": dict(article.titles),
        "texts": dict(article.texts),
        "severity": article.severity.value,
        "withdrawn": article.withdrawn,
    }


def cleaned(texts: Mapping[str, str], longest: int) -> dict[str, str]:
    """Without spaces around, empty languages left out. Raises TextTooLong."""
    found = {language: texts.get(language, "").strip() for language in LANGUAGES}
    for text in found.values():
        if len(text) > longest:
            raise TextTooLong(len(text), longest)
    return {language: text for language, text in found.items() if text}
