"""A code of conduct as Discord markdown, whole and in pages that fit a message."""

from collections.abc import Sequence

from bot.contracts.conduct import Article, in_language
from cogs.conduct.code.rules.document import Document

PAGE = 3400
"""Characters of a page: a message takes 4,000, and headings, version and notices need some."""


def article_text(article: Article, language: str) -> str:
    """One article with its number and title."""
    return f"**{article.number}. {article.title(language)}**\n{article.text(language)}"


def passages(document: Document, language: str) -> list[str]:
    """The preamble, each article in force, the ending: what is never torn apart where it fits a page."""
    parts = [in_language(document.preamble, language)]
    parts += [article_text(article, language) for article in document.in_force]
    parts.append(in_language(document.ending, language))
    return [part for part in parts if part]


def whole_text(document: Document, language: str) -> str:
    """Everything a member reads."""
    return "\n\n".join(passages(document, language))


def pages(parts: Sequence[str], longest: int = PAGE) -> tuple[str, ...]:
    """The parts, in order, on as few pages as they fit on one after the other; at least one page, maybe empty."""
    made, page = [], ""
    for part in (piece for one in parts for piece in _pieces(one, longest)):
        if page and len(page) + 2 + len(part) > longest:
            made.append(page)
            page = part
        else:
            page = f"{page}\n\n{part}" if page else part
    return (*made, page)


def page_of(document: Document, language: str, number: int) -> int:
    """The page, counted from 0, on which that article begins; 0 when it is not in force."""
    parts = passages(document, language)
    heading = next((article_text(one, language) for one in document.in_force if one.number == number), None)
    if heading is None or heading not in parts:
        return 0
    return len(pages(parts[: parts.index(heading) + 1])) - 1


def _pieces(part: str, longest: int) -> list[str]:
    """A part too long for a page, torn at paragraphs, lines, words, or where nothing else helps."""
    pieces = []
    while len(part) > longest:
        found = (part.rfind(mark, longest // 2, longest) for mark in ("\n\n", "\n", " "))
        cut = next((place for place in found if place > 0), longest)
        pieces.append(part[:cut].rstrip())
        part = part[cut:].lstrip()
    return [*pieces, part] if part else pieces
