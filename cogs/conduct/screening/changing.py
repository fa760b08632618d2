"""Changes a filter and shows it as it is then; what acts, or is to act, is tried out first."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import UserError
from bot.ui import palette
from cogs.conduct.screening.place import Place, show
from cogs.conduct.screening.rules import Kept, Watch, looks_for_else
from cogs.conduct.screening.soundness import ready

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


async def attempt(interaction: "Interaction", number: int, edit: Callable[[Kept], Kept]) -> None:
    """Change the filter, then show it as it is now; a refusal is said above it."""
    place = Place.of(interaction)
    try:
        await changed(interaction, place, number, edit)
    except UserError as problem:
        notice = f"{palette.WARNING} {place.words(problem)}"
        await show(interaction, await page_or_list(place, number, notice))


async def changed(interaction: "Interaction", place: Place, number: int, edit: Callable[[Kept], Kept]) -> None:
    """Change the filter and show it; an armed one that looks for something else is tried out before it acts again."""
    before = place.kept(number)
    made = await place.change(number, edit)
    if before.watch is Watch.ARMED and looks_for_else(before, made):
        await try_to_arm(interaction, place, made)
    else:
        await show(interaction, await page_or_list(place, number))


async def page_or_list(place: Place, number: int, notice: str | None = None) -> Any:
    """The filter; the list, and why, when it is gone."""
    from cogs.conduct.screening import pages

    try:
        return await pages.filter_page(place, number, notice)
    except UserError as problem:
        return await pages.list_page(place, notice or place.words(problem))


async def try_to_arm(interaction: "Interaction", place: Place, kept: Kept) -> None:
    """Arm it when it would find little; ask first when it would find much."""
    from cogs.conduct.screening.results import back_test_page

    try:
        ready(kept)
        result = await place.trying.back_test(place.guild, kept)
    except UserError as problem:
        notice = f"{palette.WARNING} {place.words(problem)}"
        await show(interaction, await page_or_list(place, kept.number, notice))
        return
    if result.asks:
        await show(interaction, back_test_page(place, kept, result, arming=True))
    else:
        await arm(interaction, kept.number, kept.revision)


async def arm(interaction: "Interaction", number: int, revision: int) -> None:
    """From now on it acts; refused when it is no longer what was tried out."""
    place, notice = Place.of(interaction), None
    try:
        await place.change(number, lambda one: replace(one, watch=Watch.ARMED), revision=revision)
    except UserError as problem:
        notice = f"{palette.WARNING} {place.words(problem)}"
    await show(interaction, await page_or_list(place, number, notice))
