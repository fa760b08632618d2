"""The draft, for those who manage the server: what it says, what it changes, and each article of it."""

from typing import Any

import discord
from discord import ui

from bot.contracts.conduct import Article, in_language
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.code.choosing import article_name
from cogs.conduct.code.place import Place
from cogs.conduct.code.rules.difference import Fate, fates
from cogs.conduct.code.rules.document import ARTICLES, LANGUAGES, Document
from cogs.conduct.code.screens.acting import (
    ActButton,
    AddButton,
    DiscardButton,
    PassagesButton,
    TemplateButton,
    WriteButton,
)
from cogs.conduct.code.screens.buttons import ArticleMenu, DeskButton, ReadButton
from cogs.conduct.code.screens.parts import Part, framed, rows, small
from cogs.conduct.code.service import Draft
from cogs.conduct.code.texts import FATES, LANGUAGE_NAMES, SEVERITIES

PRIMARY, DANGER = discord.ButtonStyle.primary, discord.ButtonStyle.danger
PASSAGE_SHOWN = 300


def draft_screen(place: Place, notice: str | None = None) -> LayoutView:
    """Every article in one line, and what can be done."""
    t, draft = place.t, place.codes.draft(place.guild_id)
    document, changed = draft.document, fates(draft.published, draft.document)
    heading = [t(N_("## Edit the code of conduct")), _standing(t, draft, changed)]
    parts: list[Part] = [ui.TextDisplay("\n".join(heading)), ui.TextDisplay(_contents(t, document, changed))]
    if document.articles:
        options = [
            discord.SelectOption(label=article_name(article, t.language), value=str(article.number))
            for article in document.articles
        ]
        menu: ui.Select[Any] = ui.Select(options=options, placeholder=t(N_("Choose an article to change")))
        parts.append(ui.ActionRow(ArticleMenu(menu)))
    full = len(document.articles) >= ARTICLES
    buttons: list[Part] = [
        AddButton(label=t(N_("Add an article")), disabled=full),
        PassagesButton(label=t(N_("Preamble and ending"))),
    ]
    if not document.articles:
        buttons.append(TemplateButton(draft.revision, t(N_("Add the articles of the template"))))
    buttons.append(
        DeskButton(
            "diff." + t.language, label=t(N_("Review and publish")), style=PRIMARY, disabled=not draft.is_changed
        )
    )
    if draft.is_changed:
        buttons.append(DeskButton("discard", label=t(N_("Discard the changes"))))
    buttons.append(ReadButton("code", 0, label=t(N_("What is in force"))))
    parts += rows(*buttons)
    parts.append(
        small(t(N_("This is a draft, shared by everyone who manages the server. Members see what is published.")))
    )
    return framed(parts, notice=notice)


def article_screen(place: Place, number: int, notice: str | None = None) -> LayoutView:
    """One article of the draft in both languages. Raises UnknownArticle."""
    t, draft = place.t, place.codes.draft(place.guild_id)
    article = draft.document.article(number)
    fate = fates(draft.published, draft.document).get(number)
    facts = [t(SEVERITIES[article.severity])]
    facts += [t(N_("withdrawn"))] if article.withdrawn and fate is not Fate.WITHDRAWN else []
    facts += [t(FATES[fate])] if fate else []
    parts: list[Part] = [
        ui.TextDisplay(t(N_("## Article {number}"), number=number)),
        ui.TextDisplay("\n\n".join(_in_full(t, article, language) for language in LANGUAGES)),
        small(*facts),
    ]
    place_in_order = draft.document.articles.index(article)
    revision = draft.revision
    buttons: list[Part] = [
        WriteButton(number, label=t(N_("Change"))),
        ActButton("up", number, revision, t(N_("Move up")), disabled=place_in_order == 0),
        ActButton(
            "down", number, revision, t(N_("Move down")), disabled=place_in_order == len(draft.document.articles) - 1
        ),
    ]
    if all(one.number != number for one in draft.published.articles):
        buttons.append(ActButton("remove", number, revision, t(N_("Remove")), DANGER))
    elif article.withdrawn:
        buttons.append(ActButton("restore", number, revision, t(N_("Put back"))))
    else:
        buttons.append(ActButton("withdraw", number, revision, t(N_("Withdraw")), DANGER))
    buttons.append(DeskButton("draft", label=t(N_("Back"))))
    return framed([*parts, *rows(*buttons)], notice=notice)


def discard_screen(place: Place) -> LayoutView:
    """The question before a draft is given up."""
    t, draft = place.t, place.codes.draft(place.guild_id)
    text = t(N_("The draft becomes what version {version} says, for everyone who works on it."), version=draft.version)
    parts: list[Part] = [ui.TextDisplay(t(N_("## Discard the changes?")) + "\n" + text)]
    buttons = [
        DiscardButton(draft.revision, t(N_("Discard the changes"))),
        DeskButton("draft", label=t(N_("Keep them"))),
    ]
    return framed([*parts, *rows(*buttons)], colour=palette.ATTENTION)


def _standing(t: Localizer, draft: Draft, changed: Any) -> str:
    in_force = t(N_("Version {version} is in force."), version=draft.version)
    if not draft.is_changed:
        return in_force + " " + t(N_("The draft says the same."))
    texts = sum(getattr(draft.document, name) != getattr(draft.published, name) for name in ("preamble", "ending"))
    said = []
    if changed:
        said.append(t.plural("{n} article", "{n} articles", len(changed)))
    if texts:
        said.append(t(N_("the preamble or the ending")))
    return in_force + " " + t(N_("The draft changes {what}."), what=t.enumeration(said))


def _contents(t: Localizer, document: Document, changed: Any) -> str:
    lines = []
    preamble = in_language(document.preamble, t.language)
    if not document.articles:
        lines.append(
            t(N_("This code has no articles: it is one text. Cases name articles, so adding some is worth it."))
        )
    if preamble:
        quoted = shortened(" ".join(preamble.split()), PASSAGE_SHOWN)
        lines.append(f"> {escaped(quoted)}\n")
    for article in document.articles:
        fate = changed.get(article.number)
        facts = [t(SEVERITIES[article.severity])]
        facts += [t(N_("withdrawn"))] if article.withdrawn and fate is not Fate.WITHDRAWN else []
        facts += [f"**{t(FATES[fate])}**"] if fate else []
        lines.append(f"**{article.number}.** {escaped(article.title(t.language))} · {' · '.join(facts)}")
    return "\n".join(lines) or t(N_("Nothing is written yet."))


def _in_full(t: Localizer, article: Article, language: str) -> str:
    title, text = article.titles.get(language, ""), article.texts.get(language, "")
    heading = f"**{LANGUAGE_NAMES[language]}**"
    if not title and not text:
        return heading + "\n" + t(N_("*Not written: the other language is shown instead.*"))
    return f"{heading}\n**{article.number}. {title or '…'}**\n{text or '…'}"
