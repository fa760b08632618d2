"""The two forms: what the community is for in two sentences, and a city to look for."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.errors import UserError
from bot.guilds.sections import AUDIENCE_LENGTH
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentModal, Submitted
from cogs.administration.setup.drafts import Edit
from cogs.administration.setup.site import LANGUAGE, PURPOSE, Site, show
from cogs.administration.setup.zones import search

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

FOR, NOT_FOR, QUERY = "for_whom", "not_for_whom", "query"


class NoSuchCity(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("No time zone is known for that. Try a larger city of the same country, or the country itself.")
        )


class PurposeForm(PersistentModal):
    """For whom the community is, and for whom not."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"setup:purpose")

    @classmethod
    def of(cls, site: Site) -> Self:
        t, fields = site.t, site.wanted.fields
        form = cls(title=t(N_("In two sentences")), custom_id="setup:purpose")
        for name, label, hint in (
            (FOR, t(N_("For whom it is")), t(N_("“For everyone in Lyon who grows something on a balcony.”"))),
            (NOT_FOR, t(N_("For whom it is not")), t(N_("“Not for shops: nothing is sold here.”"))),
        ):
            line = ui.TextInput[Any](
                custom_id=name,
                style=discord.TextStyle.paragraph,
                required=False,
                max_length=AUDIENCE_LENGTH,
                default=str(fields[name]) or None,
                placeholder=hint,
            )
            form.add_item(ui.Label(text=label, component=line))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        site = Site.of(interaction)
        given = {name: str(values.get(name) or "").strip() for name in (FOR, NOT_FOR)}
        await attempt(interaction, site, lambda present: {**present, **given}, PURPOSE)


class ZoneForm(PersistentModal):
    """Looks for a time zone; what is found stands in the menu."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"setup:zone")

    @classmethod
    def of(cls, site: Site) -> Self:
        t = site.t
        form = cls(title=t(N_("Look for a time zone")), custom_id="setup:zone")
        line = ui.TextInput[Any](custom_id=QUERY, max_length=60, min_length=2, placeholder=t(N_("Montréal")))
        form.add_item(ui.Label(text=t(N_("City or country")), component=line))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        site, typed = Site.of(interaction), str(values.get(QUERY) or "")
        found = search(typed, site.t.language)
        if not found:
            await show(interaction, LANGUAGE, site.t(NoSuchCity().message))
            return
        given = {"looked_for": typed, "time_zone": found[0].name}
        await attempt(interaction, site, lambda present: {**present, **given}, LANGUAGE)


async def attempt(interaction: "Interaction", site: Site, edit: Edit, then: str) -> None:
    """Keep what was written, or say above the page why not."""
    try:
        await site.answer(edit)
    except UserError as refusal:
        await show(interaction, then, site.t(refusal.message, **refusal.params))
        return
    await show(interaction, then)
