"""Buttons that change the draft or publish it; each names the state of the draft it was made for."""

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem, open_modal
from cogs.conduct.code.place import Place, show
from cogs.conduct.code.rules.document import Document
from cogs.conduct.code.rules.refusals import DraftChanged
from cogs.conduct.code.template import TEMPLATE

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SECONDARY, SUCCESS, DANGER = discord.ButtonStyle.secondary, discord.ButtonStyle.success, discord.ButtonStyle.danger
_REVISION = r"(?P<revision>\d{1,9})"

EDITS: dict[str, Callable[[Document, int, Document], Document]] = {
    "up": lambda document, number, _published: document.moved(number, -1),
    "down": lambda document, number, _published: document.moved(number, 1),
    "withdraw": lambda document, number, _published: document.withdrawing(number, withdrawn=True),
    "restore": lambda document, number, _published: document.withdrawing(number, withdrawn=False),
    "remove": lambda document, number, published: document.without(number, published),
}
"""What an ``ActButton`` does with the draft, an article's number, and what is in force."""


async def attempt(
    interaction: "Interaction", work: Callable[[Place], Awaitable[Any]], article: int | None = None
) -> None:
    """Do it, then show the article, or the draft, as it is now; a refusal is said above it."""
    from cogs.conduct.code.screens.buttons import article_or_draft
    from cogs.conduct.code.screens.drafting import draft_screen

    place, said = Place.of(interaction), None
    try:
        said = await work(place)
    except UserError as problem:
        said, article = place.words(problem), None
    view = draft_screen(place, said) if article is None else article_or_draft(place, article)
    await show(interaction, view)


class AddButton(PersistentItem[ui.Button[Any]], template=r"rules:add"):
    """Opens the form of a new article."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, label: str = "-", *, disabled: bool = False) -> None:
        super().__init__(ui.Button(label=label, custom_id="rules:add", disabled=disabled))

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens.forms import ArticleForm

        await open_modal(interaction, ArticleForm.of(Place.of(interaction)))


class WriteButton(PersistentItem[ui.Button[Any]], template=r"rules:write:(?P<number>\d{1,9})"):
    """Opens the form of an article."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, number: int, label: str = "-") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"rules:write:{number}"))
        self.number = number

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens.buttons import article_or_draft
        from cogs.conduct.code.screens.forms import ArticleForm

        place = Place.of(interaction)
        try:
            form = ArticleForm.of(place, place.codes.draft(place.guild_id).document.article(self.number))
        except UserError:
            await show(interaction, article_or_draft(place, self.number))
            return
        await open_modal(interaction, form)


class PassagesButton(PersistentItem[ui.Button[Any]], template=r"rules:passages"):
    """Opens the form of the preamble and the ending."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id="rules:passages"))

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens.forms import PassagesForm

        await open_modal(interaction, PassagesForm.of(Place.of(interaction)))


class ActButton(
    PersistentItem[ui.Button[Any]],
    template=rf"rules:act:(?P<act>up|down|withdraw|restore|remove):(?P<number>\d{{1,9}}):{_REVISION}",
):
    """Moves an article, withdraws it, puts it back, or removes one that was never published."""

    access: ClassVar = MANAGE_SERVER

    def __init__(
        self,
        act: str,
        number: int,
        revision: int,
        label: str = "-",
        style: discord.ButtonStyle = SECONDARY,
        *,
        disabled: bool = False,
    ) -> None:
        custom_id = f"rules:act:{act}:{number}:{revision}"
        super().__init__(ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled))
        self.act, self.number, self.revision = act, number, revision

    async def run(self, interaction: "Interaction") -> None:
        async def work(place: Place) -> None:
            published = place.codes.published(place.guild_id).document
            await place.codes.edit(
                place.guild_id,
                lambda document: EDITS[self.act](document, self.number, published),
                by=place.user_id,
                revision=self.revision,
            )

        await attempt(interaction, work, None if self.act == "remove" else self.number)


class _DraftButton(PersistentItem[ui.Button[Any]], template=r"(?!)"):
    """Base: does one thing with the draft as it was shown."""

    access: ClassVar = MANAGE_SERVER
    prefix: ClassVar = ""
    style: ClassVar = SECONDARY

    def __init__(self, revision: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=self.style, custom_id=f"{self.prefix}:{revision}"))
        self.revision = revision

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["revision"]))

    async def run(self, interaction: "Interaction") -> None:
        async def work(place: Place) -> None:
            await place.codes.edit(
                place.guild_id, lambda document: self.edited(place, document), by=place.user_id, revision=self.revision
            )

        await attempt(interaction, work)

    def edited(self, place: Place, document: Document) -> Document:
        """What becomes of the draft."""
        raise NotImplementedError


class TemplateButton(_DraftButton, template=rf"rules:template:{_REVISION}"):
    """Adds the articles of the template."""

    prefix: ClassVar = "rules:template"

    def edited(self, place: Place, document: Document) -> Document:
        return document.joined_by(TEMPLATE.articles)


class DiscardButton(_DraftButton, template=rf"rules:discard:{_REVISION}"):
    """Makes the draft what is in force."""

    prefix: ClassVar = "rules:discard"
    style: ClassVar = DANGER

    def edited(self, place: Place, document: Document) -> Document:
        return place.codes.published(place.guild_id).document


class PublishButton(PersistentItem[ui.Button[Any]], template=rf"rules:publish:(?P<weight>minor|major):{_REVISION}"):
    """Puts exactly the draft that was shown in force."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, weight: str, revision: int, label: str = "-", style: discord.ButtonStyle = SECONDARY) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"rules:publish:{weight}:{revision}"))
        self.weight, self.revision = weight, revision

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens.comparing import diff_screen

        place = Place.of(interaction)
        try:
            made = await place.codes.publish(
                place.guild_id, revision=self.revision, major=self.weight == "major", by=place.user_id
            )
        except DraftChanged as problem:
            await show(interaction, diff_screen(place, place.t.language, notice=place.words(problem)))
            return
        except UserError as problem:
            await attempt(interaction, _refuse(problem))
            return
        await attempt(interaction, _say(made.version, self.weight == "major"))


def _refuse(problem: UserError) -> Callable[[Place], Awaitable[str]]:
    async def work(place: Place) -> str:
        raise problem

    return work


def _say(version: int, major: bool) -> Callable[[Place], Awaitable[str]]:
    async def work(place: Place) -> str:
        if major:
            text = N_("Version {version} is in force. It is a new edition, so members are asked to accept it again.")
        else:
            text = N_("Version {version} is in force.")
        return place.t(text, version=version)

    return work
