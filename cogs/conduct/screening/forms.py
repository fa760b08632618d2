"""Forms of the filters; what is refused is handed back, never lost."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.durations import parse_duration
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentModal, Submitted, reply
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening import words
from cogs.conduct.screening.changing import changed
from cogs.conduct.screening.keeping import Edit
from cogs.conduct.screening.pages import filter_page
from cogs.conduct.screening.place import Place, show
from cogs.conduct.screening.refusals import FilterChanged, NotANumber, WrongLength
from cogs.conduct.screening.results import text_page
from cogs.conduct.screening.rules import (
    LISTED,
    LONGEST_TIMEOUT,
    NAME,
    SHORTEST_TIMEOUT,
    USUAL_TIMEOUT,
    Doing,
    Kept,
    lines,
    with_lines,
)
from cogs.conduct.screening.soundness import of_kind

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

FIELD = 4_000
"""Characters of a field of a form."""
MOST_MENTIONS = 100
USUAL_MENTIONS = 10


class NewForm(PersistentModal):
    """A new filter: its name, its kind, and its entries."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"filters:new")

    @classmethod
    def of(cls, place: Place) -> Self:
        t = place.t
        form = cls(title=t(N_("New filter")), custom_id="filters:new")
        form.add_item(_label(t(N_("Name")), _line("name", "", NAME), t(N_("Members whom it concerns read it."))))
        options = [
            discord.SelectOption(label=t(words.KINDS[kind]), value=kind.value, description=words.plain_about(t, kind))
            for kind in FilterKind
        ]
        form.add_item(_label(t(N_("Kind")), ui.Select(custom_id="kind", options=options)))
        entries = _lines("entries", "")
        form.add_item(_label(t(N_("Entries")), entries, t(N_("One a line. More can be added later."))))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        place = Place.of(interaction)
        kind = FilterKind(_first(values.get("kind"), FilterKind.WORDS.value))
        entries = lines(str(values.get("entries") or "")) if kind in LISTED else ()
        limit = USUAL_MENTIONS if kind is FilterKind.MENTIONS else 0
        new = of_kind(place.guild.id, kind, str(values.get("name") or ""), entries, limit)
        try:
            made = await place.screens.add(new, place.user_id)
        except UserError as problem:
            await _give_back(interaction, place, problem, values)
            return
        await show(interaction, await filter_page(place, made.number))


class EntriesForm(PersistentModal):
    """The entries of a filter: all of them where they fit, else what is to be added and what removed."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"filters:entries:(?P<number>\d{1,9}):(?P<revision>\d{1,9})")

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t, written = place.t, "\n".join(kept.entries)
        form = cls(title=t(N_("Entries")), custom_id=f"filters:entries:{kept.number}:{kept.revision}")
        about = words.plain_about(t, kept.kind)
        if len(written) <= FIELD:
            form.add_item(_label(t(N_("Entries")), _lines("entries", written), about))
        else:
            form.add_item(_label(t(N_("To be added")), _lines("add", ""), about))
            form.add_item(_label(t(N_("To be removed")), _lines("remove", ""), t(N_("As they stand in the list."))))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        place, number, revision = Place.of(interaction), int(ids["number"]), int(ids["revision"])

        def edit(kept: Kept) -> Kept:
            if "entries" in values:
                if kept.revision != revision:
                    raise FilterChanged
                return replace(kept, entries=lines(str(values["entries"] or "")))
            add, remove = (lines(str(values.get(name) or "")) for name in ("add", "remove"))
            return replace(kept, entries=with_lines(kept.entries, add, remove))

        await _change(interaction, place, number, edit, values)


class DetailsForm(PersistentModal):
    """The name, and the number or length that goes with the kind and the action."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"filters:details:(?P<number>\d{1,9})")

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t = place.t
        form = cls(title=t(N_("Name and details")), custom_id=f"filters:details:{kept.number}")
        form.add_item(_label(t(N_("Name")), _line("name", kept.name, NAME), t(N_("Members whom it concerns read it."))))
        if kept.kind is FilterKind.MENTIONS:
            form.add_item(_label(t(N_("More mentions than")), _line("limit", str(kept.most_mentions), 3)))
        if kept.doing is Doing.TIMEOUT:
            written = t.span(kept.length or USUAL_TIMEOUT)
            form.add_item(_label(t(N_("Length of the timeout")), _line("length", written, 40)))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        place = Place.of(interaction)

        def edit(kept: Kept) -> Kept:
            kept = replace(kept, name=str(values.get("name") or "").strip())
            if "limit" in values:
                kept = replace(kept, most_mentions=_number(str(values["limit"])))
            return replace(kept, length=_length(str(values["length"]))) if "length" in values else kept

        await _change(interaction, place, int(ids["number"]), edit, values)


class TextForm(PersistentModal):
    """A text to be tried; it is looked at and forgotten."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"filters:text")

    @classmethod
    def of(cls, place: Place) -> Self:
        form = cls(title=place.t(N_("Test a text")), custom_id="filters:text")
        text = _lines("text", "")
        text.required = True
        form.add_item(_label(place.t(N_("Text")), text))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        place = Place.of(interaction)
        found = await place.trying.text(place.guild.id, str(values.get("text") or ""))
        await show(interaction, text_page(place, found))


FORMS = (NewForm, EntriesForm, DetailsForm, TextForm)


async def _change(interaction: "Interaction", place: Place, number: int, edit: Edit, values: Submitted) -> None:
    """Show the filter as it is kept now, or the refusal with everything that was typed: forms forget."""
    try:
        await changed(interaction, place, number, edit)
    except UserError as problem:
        await _give_back(interaction, place, problem, values)


async def _give_back(interaction: "Interaction", place: Place, problem: UserError, values: Submitted) -> None:
    typed = "\n\n".join(f"[{name}]\n{value}" for name, value in values.items() if isinstance(value, str) and value)
    said = place.words(problem)
    if not typed:
        await reply(interaction, said)
        return
    file = discord.File(io.BytesIO(typed.encode(errors="replace")), "filter.txt")
    kept = place.t(N_("Nothing was changed. Everything you wrote is in this file."))
    await reply(interaction, f"{said}\n{kept}", file=file)


def _number(written: str) -> int:
    if not written.strip().isdecimal() or not 1 <= int(written) <= MOST_MENTIONS:
        raise NotANumber(1, MOST_MENTIONS)
    return int(written)


def _length(written: str) -> timedelta:
    length = parse_duration(written)
    if not SHORTEST_TIMEOUT <= length <= LONGEST_TIMEOUT:
        raise WrongLength
    return length


def _first(chosen: Any, default: str) -> str:
    return str(chosen[0]) if isinstance(chosen, list) and chosen else str(chosen or default)


def _label(text: str, component: ui.Item[Any], about: str | None = None) -> ui.Label[Any]:
    return ui.Label(text=text, component=component, description=about)


def _line(custom_id: str, written: str, longest: int) -> ui.TextInput[Any]:
    return ui.TextInput(custom_id=custom_id, max_length=longest, default=written or None)


def _lines(custom_id: str, written: str) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=FIELD,
        default=written or None,
    )
