"""Buttons and menus of `/setup`: each carries what it is about, changes one answer and shows its page as it is now."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.services import NewcomerDoor
from bot.errors import UserError
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem, open_modal, reply, update
from bot.ui.items import ItemT
from cogs.administration.setup import answers
from cogs.administration.setup.forms import PurposeForm, ZoneForm
from cogs.administration.setup.problems import NothingToUndo, ObjectiveMissing, PlanChanged
from cogs.administration.setup.runs import Run
from cogs.administration.setup.site import (
    CAPABILITIES,
    LANGUAGE,
    OF,
    PAGE,
    PURPOSE,
    REVIEW,
    RUN,
    Site,
    render,
    show,
)

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SECONDARY = discord.ButtonStyle.secondary
PLACE = r"(?P<place>[a-z_]{1,20}\.[a-z0-9_]{1,40})"
KEY = r"(?P<key>[a-z_]{1,20})"


class SetupItem(PersistentItem[ItemT], template=r"(?!)"):
    """Base: whatever stands in the way is said above the page as it is now, never instead of it."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, item: ItemT) -> None:
        super().__init__(item)
        found = self.template.fullmatch(self.custom_id)
        assert found is not None
        self.ids = found.groupdict()

    @classmethod
    async def from_custom_id(cls, interaction: "discord.Interaction[Any]", item: ui.Item[Any], match: Any, /) -> Self:
        return cls(item)  # type: ignore[arg-type]

    async def run(self, interaction: "Interaction") -> None:
        site = Site.of(interaction)
        try:
            place = await self.act(interaction, site)
        except UserError as refusal:
            await self._refused(interaction, site, site.t(refusal.message, **refusal.params))
            return
        if place is not None:
            await show(interaction, place)

    async def _refused(self, interaction: "Interaction", site: Site, notice: str) -> None:
        try:
            await show(interaction, self.home(site), notice)
        except UserError:  # the page itself is about something that is gone
            await show(interaction, CAPABILITIES, notice)

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        """Do what the click asks for; the page to show then, None when it was answered already."""
        raise NotImplementedError

    def home(self, site: Site) -> str:
        """The page it stands on."""
        return PURPOSE


class GoButton(SetupItem[ui.Button[Any]], template=rf"setup:go:(?P<page>{PAGE})"):
    """Turns to another page."""

    @classmethod
    def to(cls, page: str, label: str, style: discord.ButtonStyle = SECONDARY, emoji: str | None = None) -> Self:
        return cls(ui.Button(label=label, style=style, emoji=emoji, custom_id=f"setup:go:{page}"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        return self.ids["page"]

    def home(self, site: Site) -> str:
        return CAPABILITIES


class OpenButton(SetupItem[ui.Button[Any]], template=r"setup:open"):
    """On a message that others see: opens the set-up privately, where it was left."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id="setup:open"))

    async def run(self, interaction: "Interaction") -> None:
        await open_setup(interaction)


class ObjectiveMenu(SetupItem[ui.Select[Any]], template=rf"setup:objective:(?P<page>{PAGE})"):
    """The one question that has no answer yet."""

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        await site.answer(answers.setting("objective", self.item.values[0]))
        return self.ids["page"]


class WriteButton(SetupItem[ui.Button[Any]], template=r"setup:write"):
    """Opens the form with the two sentences."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, style=SECONDARY, custom_id="setup:write"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        await open_modal(interaction, PurposeForm.of(site))
        return None


class ChoiceMenu(SetupItem[ui.Select[Any]], template=r"setup:choose:(?P<field>language|address|time_zone)"):
    """Language, form of address and time zone."""

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        await site.answer(answers.setting(self.ids["field"], self.item.values[0]))
        return LANGUAGE

    def home(self, site: Site) -> str:
        return LANGUAGE


class ZoneButton(SetupItem[ui.Button[Any]], template=r"setup:zones"):
    """Opens the form that looks for a city or country."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, style=SECONDARY, custom_id="setup:zones"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        await open_modal(interaction, ZoneForm.of(site))
        return None

    def home(self, site: Site) -> str:
        return LANGUAGE


class TurnButton(SetupItem[ui.Button[Any]], template=rf"setup:turn:(?P<on>[01]):{KEY}"):
    """Puts a capability into the set-up, or leaves it out."""

    @classmethod
    def of(cls, key: str, *, on: bool, label: str) -> Self:
        style = discord.ButtonStyle.success if on else SECONDARY
        return cls(ui.Button(label=label, style=style, custom_id=f"setup:turn:{int(on)}:{key}"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        key = self.ids["key"]
        site.bot.capabilities.named(key)
        await site.answer(answers.turning(key, on=self.ids["on"] == "1"))
        return OF + key

    def home(self, site: Site) -> str:
        return CAPABILITIES


class _PlaceItem(SetupItem[ItemT], template=r"(?!)"):
    """About one channel or role."""

    def home(self, site: Site) -> str:
        return answers.page_of(site, self.ids["place"])


class CreateButton(_PlaceItem[ui.Button[Any]], template=rf"setup:create:(?P<on>[01]):{PLACE}"):
    """Have a channel or role created, or not."""

    @classmethod
    def of(cls, place: str, *, on: bool, label: str) -> Self:
        return cls(ui.Button(label=label, style=SECONDARY, custom_id=f"setup:create:{int(on)}:{place}"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        place = self.ids["place"]
        await site.answer(answers.creating(site, place, on=self.ids["on"] == "1"))
        return self.home(site)


class ChannelMenu(_PlaceItem[ui.ChannelSelect[Any]], template=rf"setup:channel:{PLACE}"):
    """Choose an existing channel."""

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        chosen = tuple(channel.id for channel in self.item.values)
        await site.answer(answers.choosing(site, self.ids["place"], chosen))
        return self.home(site)


class RoleMenu(_PlaceItem[ui.RoleSelect[Any]], template=rf"setup:role:{PLACE}"):
    """Choose existing roles."""

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        chosen = tuple(role.id for role in self.item.values)
        await site.answer(answers.choosing(site, self.ids["place"], chosen))
        return self.home(site)


class ForgetButton(SetupItem[ui.Button[Any]], template=r"setup:forget"):
    """Begins again from the present settings."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, style=SECONDARY, custom_id="setup:forget"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        await site.answer(lambda _answers: {})
        return PURPOSE


class ApplyButton(SetupItem[ui.Button[Any]], template=r"setup:apply:(?P<digest>[0-9a-f]{12})"):
    """Does what the review says, and only that: it carries the digest of what was shown."""

    @classmethod
    def of(cls, digest: str, label: str, *, disabled: bool) -> Self:
        style = discord.ButtonStyle.success
        return cls(ui.Button(label=label, style=style, custom_id=f"setup:apply:{digest}", disabled=disabled))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        run = site.last_run
        if run is not None and run.busy:
            return RUN
        if site.wanted.fields["objective"] is None:
            raise ObjectiveMissing
        if site.plan.digest != self.ids["digest"] or site.person is None:
            raise PlanChanged
        site.setup.applying.follow(site.guild.id, _watching(interaction))
        switchable = [one.key for one in site.bot.capabilities.all() if one.switch is not None]
        meant = site.wanted.spelled_out(switchable)
        await site.setup.runs.begin(site.guild.id, site.person.id, site.plan.operations, meant)
        return RUN

    def home(self, site: Site) -> str:
        return REVIEW


class UndoButton(SetupItem[ui.Button[Any]], template=r"setup:undo:(?P<run>\d{1,19})"):
    """Takes back what the last run made, after it was said what that is."""

    @classmethod
    def of(cls, run_id: int, label: str, *, disabled: bool) -> Self:
        style = discord.ButtonStyle.danger
        return cls(ui.Button(label=label, style=style, custom_id=f"setup:undo:{run_id}", disabled=disabled))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        if site.person is None:
            raise NothingToUndo
        site.setup.applying.follow(site.guild.id, _watching(interaction))
        await site.setup.runs.begin_undo(site.guild.id, int(self.ids["run"]), site.person.id)
        return RUN

    def home(self, site: Site) -> str:
        return RUN


class PreviewButton(SetupItem[ui.Button[Any]], template=r"setup:preview"):
    """Shows what a newcomer sees."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, style=SECONDARY, custom_id="setup:preview"))

    async def act(self, interaction: "Interaction", site: Site) -> str | None:
        door = site.bot.find_service(NewcomerDoor)
        if door is None or site.person is None:
            return RUN
        await reply(interaction, view=door.preview(site.guild, site.person, site.t))
        return None

    def home(self, site: Site) -> str:
        return RUN


async def open_setup(interaction: "Interaction") -> None:
    """The set-up, privately: its beginning, or the review where somebody has answered already."""
    site = Site.of(interaction)
    if not site.draft.answers and not site.busy:
        locale = str(interaction.locale)
        await site.answer(lambda present: present or {"locale": locale})
    begun = any(name != "locale" for name in site.draft.answers)
    await reply(interaction, view=render(Site.of(interaction), REVIEW if begun else PURPOSE))


def _watching(interaction: "Interaction") -> "Any":
    """Shows the progress in the message whose button was pressed."""

    async def follower(run: Run) -> None:
        await update(interaction, view=render(Site.of(interaction), RUN))

    return follower


PARTS = (
    *(GoButton, OpenButton, ObjectiveMenu, WriteButton, ChoiceMenu, ZoneButton, TurnButton, CreateButton),
    *(ChannelMenu, RoleMenu, ForgetButton, ApplyButton, UndoButton, PreviewButton, PurposeForm, ZoneForm),
)
