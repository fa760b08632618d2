"""Forms of an article and of what stands around the articles; what is refused is handed back, never lost."""

import hashlib
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.conduct import Article, Severity
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentModal, Submitted, reply
from cogs.conduct.code.place import Place, show
from cogs.conduct.code.rules.document import LANGUAGES, PASSAGE, TEXT, TITLE, Document
from cogs.conduct.code.rules.refusals import ArticleChangedMeanwhile, PassagesChangedMeanwhile
from cogs.conduct.code.screens.drafting import article_screen, draft_screen
from cogs.conduct.code.texts import SEVERITIES

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SEVERITY = "severity"
TITLES = {"en": N_("Title in English"), "fr": N_("Title in French")}
TEXTS = {"en": N_("Text in English"), "fr": N_("Text in French")}
PREAMBLES = {"en": N_("Preamble in English"), "fr": N_("Preamble in French")}
ENDINGS = {"en": N_("Ending in English"), "fr": N_("Ending in French")}


def stamp(document: Document, number: int | None) -> str:
    """Eight characters that differ when the article, or for None what stands around the articles, differs."""
    stored = document.stored()
    part: Any = [stored["preamble"], stored["ending"]]
    if number is not None:
        part = next((row for row in stored["articles"] if row["number"] == number), None)
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:8]


class ArticleForm(PersistentModal):
    """Title and text in both languages, and how serious a breach is. Number 0 is an article to be added."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"rules:article:(?P<number>\d{1,9}):(?P<stamp>[0-9a-f]{8})")

    @classmethod
    def of(cls, place: Place, article: Article | None = None) -> Self:
        t, number = place.t, article.number if article else 0
        title = t(N_("Article {number}"), number=number) if article else t(N_("New article"))
        seen = stamp(place.codes.draft(place.guild_id).document, number)
        form = cls(title=title, custom_id=f"rules:article:{number}:{seen}")
        for language in _reading_first(t.language):
            written = article.titles.get(language, "") if article else ""
            form.add_item(_label(t(TITLES[language]), _line(f"title_{language}", written)))
            written = article.texts.get(language, "") if article else ""
            form.add_item(_label(t(TEXTS[language]), _lines(f"text_{language}", written, TEXT)))
        form.add_item(_label(t(N_("Severity")), _severities(place, article)))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        place, number = Place.of(interaction), int(ids["number"])
        titles, texts = _by_language(values, "title"), _by_language(values, "text")
        chosen = values.get(SEVERITY) or [Severity.MEDIUM.value]
        written = Article(number, titles, texts, Severity(str(chosen[0] if isinstance(chosen, list) else chosen)))

        def edit(document: Document) -> Document:
            if number and stamp(document, number) != ids["stamp"]:
                raise ArticleChangedMeanwhile
            if not number:
                return document.with_article(replace(written, number=document.next_number))
            return document.with_article(replace(written, withdrawn=document.article(number).withdrawn))

        try:
            draft = await place.codes.edit(place.guild_id, edit, by=place.user_id)
        except UserError as problem:
            await _give_back(interaction, place, problem, values)
            return
        await show(interaction, article_screen(place, number or draft.document.articles[-1].number))


class PassagesForm(PersistentModal):
    """What is read before the articles and after them."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"rules:around:(?P<stamp>[0-9a-f]{8})")

    @classmethod
    def of(cls, place: Place) -> Self:
        t, document = place.t, place.codes.draft(place.guild_id).document
        form = cls(title=t(N_("Preamble and ending")), custom_id=f"rules:around:{stamp(document, None)}")
        for labels, name, texts in ((PREAMBLES, "preamble", document.preamble), (ENDINGS, "ending", document.ending)):
            for language in _reading_first(t.language):
                field = _lines(f"{name}_{language}", texts.get(language, ""), PASSAGE)
                form.add_item(_label(t(labels[language]), field))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        place = Place.of(interaction)

        def edit(document: Document) -> Document:
            if stamp(document, None) != ids["stamp"]:
                raise PassagesChangedMeanwhile
            preamble, ending = _by_language(values, "preamble"), _by_language(values, "ending")
            return document.with_passages(preamble=preamble, ending=ending)

        try:
            await place.codes.edit(place.guild_id, edit, by=place.user_id)
        except UserError as problem:
            await _give_back(interaction, place, problem, values)
            return
        await show(interaction, draft_screen(place))


async def _give_back(interaction: "Interaction", place: Place, problem: UserError, values: Submitted) -> None:
    """The refusal, with everything that was typed in a file: forms forget."""
    kept = "\n\n".join(f"[{name}]\n{value}" for name, value in values.items() if isinstance(value, str) and value)
    said = place.words(problem)
    if not kept:
        await reply(interaction, said)
        return
    file = discord.File(io.BytesIO(kept.encode(errors="replace")), "code.txt")
    await reply(interaction, said + "\n" + place.t(N_("Everything you wrote is in this file.")), file=file)


def _reading_first(language: str) -> list[str]:
    return sorted(LANGUAGES, key=lambda one: one != language)


def _by_language(values: Submitted, name: str) -> dict[str, str]:
    return {language: str(values.get(f"{name}_{language}") or "") for language in LANGUAGES}


def _label(text: str, component: ui.Item[Any]) -> ui.Label[Any]:
    return ui.Label(text=text, component=component)


def _line(custom_id: str, written: str) -> ui.TextInput[Any]:
    return ui.TextInput(custom_id=custom_id, required=False, max_length=TITLE, default=written or None)


def _lines(custom_id: str, written: str, longest: int) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=longest,
        default=written or None,
    )


def _severities(place: Place, article: Article | None) -> ui.Select[Any]:
    present, t = article.severity if article else Severity.MEDIUM, place.t
    options = [
        discord.SelectOption(
            label=t(SEVERITIES[severity]).capitalize(),
            value=severity.value,
            description=t(N_("{points} points each time"), points=severity.points),
            default=severity is present,
        )
        for severity in Severity
    ]
    return ui.Select(custom_id=SEVERITY, options=options)
