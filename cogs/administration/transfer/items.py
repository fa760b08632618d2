"""Buttons, menus and the form of export and import; each carries which import it is about."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import discord
from discord import ui

from bot.clock import now
from bot.errors import UserError
from bot.guilds.transfer.file import LARGEST, FileRefused, Trouble
from bot.guilds.transfer.plan import SettingsMoved
from bot.guilds.transfer.service import Imports, Waiting
from bot.guilds.transfer.writing import Writer
from bot.i18n.marks import N_
from bot.permissions.access import MANAGE_SERVER
from bot.permissions.configuration import check_for
from bot.ui import PersistentItem, PersistentModal, Submitted, open_modal, reply, update
from bot.ui.items import ItemT
from bot.ui.panels import OVERVIEW, Desk, render
from cogs.administration.transfer import pages
from cogs.administration.transfer.choosing import PER_PAGE, choices_page
from cogs.administration.transfer.places import ServerNames, directory_of

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

FILE = "file"
_NUMBER = r"(?P<number>\d{1,15})"


class FileUnreachable(UserError):
    """Discord did not hand over the attachment."""

    def __init__(self) -> None:
        super().__init__(N_("Discord did not hand the file over. Send it again."))


class TransferItem(PersistentItem[ItemT], template=r"(?!)"):
    """Base: what the match of the custom_id says is in ``ids``."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, item: ItemT) -> None:
        super().__init__(item)
        found = self.template.fullmatch(self.custom_id)
        assert found is not None
        self.ids = found.groupdict()

    @classmethod
    async def from_custom_id(cls, interaction: "discord.Interaction[Any]", item: ui.Item[Any], match: Any, /) -> Self:
        return cls(item)  # type: ignore[arg-type]

    async def waiting(self, interaction: "Interaction") -> Waiting:
        """The import this is about. Raises ImportGone, after which the overview is shown."""
        try:
            return await _imports(interaction).get(interaction.guild_id or 0, interaction.user.id, self.number)
        except UserError:
            await update(interaction, view=await render(Desk.of(interaction), OVERVIEW))
            raise

    @property
    def number(self) -> int:
        return int(self.ids["number"])


class ExportButton(TransferItem[ui.Button[Any]], template=r"transfer:export"):
    """Sends the settings as a file, privately."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, emoji="📤", custom_id="transfer:export"))

    async def run(self, interaction: "Interaction") -> None:
        desk = Desk.of(interaction)
        settings = desk.bot.guild_settings
        sections = [
            (section, settings.differing(settings.get(desk.guild.id, section))) for section in settings.sections.all()
        ]
        for part in settings.sections.parts.values():
            sections.append((part.section, settings.differing(part.kept(desk.guild.id))))
        text = Writer(desk.t, ServerNames(desk.guild)).file(desk.guild.name, sections)
        day = now().date()
        file = discord.File(io.BytesIO(text.encode()), filename=f"parvis-{_plain(desk.guild.name)}-{day}.toml")
        said = desk.t(N_("The settings of this server, to keep, to edit, or to import in another server."))
        await reply(interaction, said, file=file)


class ImportButton(TransferItem[ui.Button[Any]], template=r"transfer:import"):
    """Opens the form for a file."""

    @classmethod
    def of(cls, label: str) -> Self:
        return cls(ui.Button(label=label, emoji="📥", custom_id="transfer:import"))

    async def run(self, interaction: "Interaction") -> None:
        await open_modal(interaction, ImportForm.of(Desk.of(interaction)))


class ImportForm(PersistentModal):
    """Takes a file; nothing is changed by it yet."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"transfer:file")

    @classmethod
    def of(cls, desk: Desk) -> Self:
        form = cls(title=desk.t(N_("Import settings")), custom_id="transfer:file")
        form.add_item(
            ui.Label(
                text=desk.t(N_("A file of settings")),
                description=desk.t(N_("You see what it changes before anything happens.")),
                component=ui.FileUpload(custom_id=FILE, min_values=1, max_values=1, required=True),
            )
        )
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        desk, imports = Desk.of(interaction), _imports(interaction)
        try:
            file = await imports.read(await _attached(interaction, values.get(FILE)))
        except FileRefused as refusal:
            await update(interaction, view=pages.troubles_page(desk, refusal.troubles, ImportButton.of))
            return
        waiting = await imports.keep(desk.guild.id, interaction.user.id, file)
        await show_diff(interaction, waiting)


class PageButton(
    TransferItem[ui.Button[Any]], template=rf"transfer:(?P<what>diff|choices):{_NUMBER}:(?P<page>\d{{1,4}})"
):
    """Turns to a page of what changes, or of what is to be chosen."""

    @classmethod
    def to(cls, what: str, number: int, page: int, label: str, *, primary: bool = False) -> Self:
        style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
        return cls(ui.Button(label=label, style=style, custom_id=f"transfer:{what}:{number}:{page}"))

    async def run(self, interaction: "Interaction") -> None:
        waiting, page = await self.waiting(interaction), int(self.ids["page"])
        if self.ids["what"] == "diff":
            await show_diff(interaction, waiting, page)
        else:
            await show_choices(interaction, waiting, page)


class PickMenu(TransferItem[ItemT], template=r"(?!)"):
    """Says what a channel or role of the file is here; nothing chosen leaves it unset."""

    async def run(self, interaction: "Interaction") -> None:
        waiting, entity = await self.waiting(interaction), int(self.ids["entity"])
        chosen = [found.id for found in self.item.values]  # type: ignore[attr-defined]
        waiting = await _imports(interaction).choose(
            interaction.guild_id or 0, interaction.user.id, waiting.number, entity, chosen[0] if chosen else None
        )
        await show_choices(interaction, waiting, int(self.ids["page"]))


_ENTITY = rf"{_NUMBER}:(?P<entity>\d{{1,5}}):(?P<page>\d{{1,4}})"


class PickChannel(PickMenu[ui.ChannelSelect[Any]], template=rf"transfer:channel:{_ENTITY}"):
    @classmethod
    def of(cls, number: int, entity: int, page: int, **options: Any) -> Self:
        return cls(ui.ChannelSelect(custom_id=f"transfer:channel:{number}:{entity}:{page}", min_values=0, **options))


class PickRole(PickMenu[ui.RoleSelect[Any]], template=rf"transfer:role:{_ENTITY}"):
    @classmethod
    def of(cls, number: int, entity: int, page: int, **options: Any) -> Self:
        return cls(ui.RoleSelect(custom_id=f"transfer:role:{number}:{entity}:{page}", min_values=0, **options))


class ApplyButton(TransferItem[ui.Button[Any]], template=rf"transfer:apply:{_NUMBER}:(?P<digest>[0-9a-f]{{12}})"):
    """Does what the page in front of the person says, or nothing."""

    @classmethod
    def of(cls, number: int, digest: str, label: str) -> Self:
        style = discord.ButtonStyle.success
        return cls(ui.Button(label=label, style=style, custom_id=f"transfer:apply:{number}:{digest}"))

    async def run(self, interaction: "Interaction") -> None:
        desk, imports, waiting = Desk.of(interaction), _imports(interaction), await self.waiting(interaction)
        try:
            plan = imports.plan(desk.guild.id, waiting, directory_of(desk.guild))
            if plan.digest != self.ids["digest"]:
                raise SettingsMoved
            check = check_for(desk.guild, desk.person)
            changed = await imports.apply(desk.guild.id, interaction.user.id, self.number, plan, check)
        except UserError:
            await show_diff(interaction, await self.waiting(interaction))
            raise
        await update(interaction, view=pages.done_page(desk, plan, len(changed)))


class CancelButton(TransferItem[ui.Button[Any]], template=rf"transfer:cancel:{_NUMBER}"):
    """Forgets the file."""

    @classmethod
    def of(cls, number: int, label: str) -> Self:
        return cls(ui.Button(label=label, custom_id=f"transfer:cancel:{number}"))

    async def run(self, interaction: "Interaction") -> None:
        await _imports(interaction).give_up(interaction.guild_id or 0, interaction.user.id, self.number)
        await update(interaction, view=await render(Desk.of(interaction), OVERVIEW))


PARTS = (ApplyButton, CancelButton, ExportButton, ImportButton, ImportForm, PageButton, PickChannel, PickRole)


async def show_diff(interaction: "Interaction", waiting: Waiting, page: int = 0) -> None:
    """What the import would do now."""
    desk = Desk.of(interaction)
    plan = _imports(interaction).plan(desk.guild.id, waiting, directory_of(desk.guild))
    shown = pages.Diff.of(desk, waiting, plan, page)
    number = waiting.number
    actions: list[ui.Item[Any]] = []
    if shown.ready:
        actions.append(ApplyButton.of(number, plan.digest, desk.t(N_("Apply"))))
    if plan.mapped.asked:
        label = desk.t(N_("Choose channels and roles"))
        actions.append(PageButton.to("choices", number, 0, label, primary=not shown.ready))
    actions.append(CancelButton.of(number, desk.t(N_("Cancel"))))
    turning = [
        PageButton.to("diff", number, to, desk.t(label))
        for to, label in ((shown.page - 1, N_("Previous")), (shown.page + 1, N_("Next")))
        if 0 <= to < len(shown.pages)
    ]
    await update(interaction, view=shown.view(actions, turning))


async def show_choices(interaction: "Interaction", waiting: Waiting, page: int) -> None:
    """The channels and roles of the file that are not found here, with a menu each."""
    desk, number = Desk.of(interaction), waiting.number
    plan = _imports(interaction).plan(desk.guild.id, waiting, directory_of(desk.guild))
    asked = plan.mapped.asked
    page = min(page, max(0, -(-len(asked) // PER_PAGE) - 1))
    menus = [_menu(desk, waiting, plan.mapped.ids, entity, page) for entity in asked[page * PER_PAGE :][:PER_PAGE]]
    turning = [PageButton.to("diff", number, 0, desk.t(N_("See what changes")), primary=True)]
    if page:
        turning.append(PageButton.to("choices", number, page - 1, desk.t(N_("Previous"))))
    if (page + 1) * PER_PAGE < len(asked):
        turning.append(PageButton.to("choices", number, page + 1, desk.t(N_("Next"))))
    await update(interaction, view=choices_page(desk, waiting.file, plan.mapped, page, menus, turning))


def _menu(desk: Desk, waiting: Waiting, ids: Sequence[int | None], number: int, page: int) -> "PickChannel | PickRole":
    entity, chosen = waiting.file.entities[number], ids[number]
    options: dict[str, Any] = {"placeholder": desk.t(N_("Left unset: choose here"))}
    if entity.is_role:
        default = discord.SelectDefaultValue.from_role
        options |= {"default_values": [default(discord.Object(chosen))] if chosen else []}
        return PickRole.of(waiting.number, number, page, **options)
    channel = discord.SelectDefaultValue.from_channel
    options |= {"default_values": [channel(discord.Object(chosen))] if chosen else []}
    options |= {"channel_types": pages.types_of(entity)}
    return PickChannel.of(waiting.number, number, page, **options)


async def _attached(interaction: "Interaction", ids: Any) -> bytes:
    """The file of the form. Raises FileRefused when it is too large to be read, FileUnreachable."""
    data = cast("dict[str, Any]", interaction.data or {})
    found = data.get("resolved", {}).get("attachments", {}).get(str(ids[0]) if ids else "")
    if found is None:
        raise FileUnreachable
    # discord.py makes attachments of a form only for modals that it stores itself, and ours are never stored.
    attachment = discord.Attachment(data=found, state=interaction.client._connection)
    if attachment.size > LARGEST:
        message = N_("This file is too large for settings. Kilobytes it may have: {limit}.")
        raise FileRefused([Trouble(None, "", message, {"limit": LARGEST // 1024})])
    try:
        return await attachment.read()
    except discord.HTTPException:
        raise FileUnreachable from None


def _imports(interaction: "Interaction") -> Imports:
    return interaction.client.service(Imports)


def _plain(name: str) -> str:
    """A server's name as part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40] or "server"
