"""The code of conduct in a settings file: what is in force is written; what is read becomes the draft."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, field_validator

from bot.contracts.conduct import Article, Severity
from bot.guilds.fields import Choice, LongText, Row
from bot.guilds.problems import Refusal
from bot.guilds.sections import FilePart, Section
from bot.i18n.marks import N_
from cogs.conduct.code.rules.document import ARTICLES, LANGUAGES, PASSAGE, TEXT, TITLE, Document

if TYPE_CHECKING:
    from bot.database import Transaction
    from cogs.conduct.code.service import Codes

Passage = Annotated[str, LongText(PASSAGE)]
Text = Annotated[str, LongText(TEXT)]


class SeverityChoice(Choice):
    """``Severity`` as a file has it."""

    LOW = "low", N_("low severity")
    MEDIUM = "medium", N_("medium severity")
    HIGH = "high", N_("high severity")


class ArticleRow(Row):
    """An article in a file."""

    title = N_("Article")

    number: int = Field(ge=1, le=999, title=N_("Number"), description=N_("It names this article for good."))
    title_en: str = Field("", max_length=TITLE, title=N_("Title in English"), description=N_("A few words."))
    text_en: Text = Field("", max_length=TEXT, title=N_("Text in English"), description=N_("What is expected."))
    title_fr: str = Field("", max_length=TITLE, title=N_("Title in French"), description=N_("A few words."))
    text_fr: Text = Field("", max_length=TEXT, title=N_("Text in French"), description=N_("What is expected."))
    severity: SeverityChoice = Field(
        SeverityChoice.MEDIUM, title=N_("Severity"), description=N_("How serious breaking it is.")
    )
    withdrawn: bool = Field(False, title=N_("Withdrawn"), description=N_("Out of force; it keeps its number."))


class CodeFile(Section):
    """The code of conduct as a file has it."""

    key = "code_of_conduct"
    title = N_("Code of conduct (draft)")
    summary = N_("Its articles. What is imported becomes the draft, to be compared and published with /rules.")

    preamble_en: Passage = Field(
        "", max_length=PASSAGE, title=N_("Preamble in English"), description=N_("Read before the articles.")
    )
    preamble_fr: Passage = Field(
        "", max_length=PASSAGE, title=N_("Preamble in French"), description=N_("Read before the articles.")
    )
    ending_en: Passage = Field(
        "", max_length=PASSAGE, title=N_("Ending in English"), description=N_("Read after the articles.")
    )
    ending_fr: Passage = Field(
        "", max_length=PASSAGE, title=N_("Ending in French"), description=N_("Read after the articles.")
    )
    articles: tuple[ArticleRow, ...] = Field(
        (), max_length=ARTICLES, title=N_("Articles"), description=N_("In the order in which they are read.")
    )

    @field_validator("articles")
    @classmethod
    def _whole(cls, value: tuple[ArticleRow, ...]) -> tuple[ArticleRow, ...]:
        if len({row.number for row in value}) != len(value):
            raise Refusal(N_("Two articles have the same number. Each number names one article."))
        if not all((row.title_en or row.title_fr) and (row.text_en or row.text_fr) for row in value):
            raise Refusal(N_("An article needs a title and a text, in one language at least."))
        return value


def part_of_the_file(codes: "Codes") -> FilePart:
    """What exports and imports do with the code of conduct."""

    async def take(tx: "Transaction", guild_id: int, file: CodeFile, by: int) -> None:
        published = codes.published(guild_id).document
        await codes.edit_within(tx, guild_id, lambda _draft: document_of(file, published.articles), by=by)

    return FilePart(
        CodeFile,
        kept=lambda guild_id: file_of(codes.published(guild_id).document),
        present=lambda guild_id: file_of(codes.draft(guild_id).document),
        take=take,
    )


def file_of(document: Document) -> CodeFile:
    """The document in the shape of a file."""
    rows = [
        ArticleRow(
            number=article.number,
            title_en=article.titles.get("en", ""),
            text_en=article.texts.get("en", ""),
            title_fr=article.titles.get("fr", ""),
            text_fr=article.texts.get("fr", ""),
            severity=SeverityChoice[article.severity.name],
            withdrawn=article.withdrawn,
        )
        for article in document.articles
    ]
    around = {
        f"{name}_{language}": texts.get(language, "")
        for name, texts in (("preamble", document.preamble), ("ending", document.ending))
        for language in LANGUAGES
    }
    return CodeFile(articles=tuple(rows), **around)


def document_of(file: CodeFile, published: Sequence[Article] = ()) -> Document:
    """The file as a draft; published articles that it lacks are withdrawn, because their numbers are theirs.

    Raises TooManyArticles.
    """
    document = Document().with_passages(
        preamble={"en": file.preamble_en, "fr": file.preamble_fr}, ending={"en": file.ending_en, "fr": file.ending_fr}
    )
    for row in file.articles:
        titles, texts = {"en": row.title_en, "fr": row.title_fr}, {"en": row.text_en, "fr": row.text_fr}
        severity = Severity(row.severity.value)
        document = document.with_article(Article(row.number, titles, texts, severity, row.withdrawn))
    numbers = {row.number for row in file.articles}
    for article in published:
        if article.number not in numbers:
            document = document.with_article(replace(article, withdrawn=True))
    return document
