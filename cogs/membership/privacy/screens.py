"""The screens of `/privacy`: what is kept, the choices, the question before erasing, and what was erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.database import OnErase
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.privacy import Erased
from bot.ui import LayoutView, palette, update
from bot.ui.text import escaped, shortened
from cogs.membership.choices import IN_PRIVACY, chosen, switches
from cogs.membership.privacy.declared import by_fate, by_length, count, purposes_of
from cogs.membership.privacy.servers import EVERYWHERE, Server, servers_of

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

LENGTH = 3400
"""Characters of the list; Discord's limit of a whole message is 4,000."""
Parts = Sequence["str | ui.Item[Any]"]


class Kind(StrEnum):
    """What a screen shows."""

    HOME = "h"
    ALL = "a"
    CHOICES = "c"
    CONFIRM = "e"


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen about one server, or all of them."""

    kind: Kind
    guild_id: int
    page: int = 0

    @property
    def within(self) -> int | None:
        """The server; None stands for all."""
        return self.guild_id or None


@dataclass(frozen=True)
class Reader:
    """Whose data it is, and what they can be shown."""

    bot: "CommunityBot"
    user_id: int
    t: Localizer
    servers: Sequence[Server]
    """Those they may choose from: in a server that one only."""

    def name(self, guild_id: int) -> str:
        if guild_id == EVERYWHERE:
            return self.t(N_("all servers"))
        return next((escaped(one.name) for one in self.servers if one.id == guild_id), "?")


async def reader_of(interaction: "Interaction") -> Reader:
    """The person behind the interaction."""
    bot, user_id = interaction.client, interaction.user.id
    t = bot.i18n.for_interaction(interaction)
    found = await servers_of(bot, user_id)
    if interaction.guild_id is not None:
        guild = bot.get_guild(interaction.guild_id)
        here = [one for one in found if one.id == interaction.guild_id]
        found = here or [Server(interaction.guild_id, guild.name if guild else "?")]
    return Reader(bot, user_id, t, found)


async def show(interaction: "Interaction", where: Screen) -> None:
    """Turn what is in front of the person to that screen."""
    await update(interaction, view=await render(await reader_of(interaction), where))


async def render(reader: Reader, where: Screen) -> LayoutView:
    """The screen as it is now. A server that is not for this person's eyes gives their first one."""
    if where.guild_id not in {EVERYWHERE, *(one.id for one in reader.servers)} or (
        where.guild_id == EVERYWHERE and where.kind is Kind.CHOICES
    ):
        where = Screen(Kind.HOME, first_place(reader.servers))
    if where.kind is Kind.CHOICES:
        return await _choices(reader, where)
    if where.kind is Kind.ALL:
        return _all(reader, where)
    counts = await count(reader.bot.db, where.within, reader.user_id)
    return _home(reader, where, counts) if where.kind is Kind.HOME else _confirm(reader, where, counts)


def first_place(servers: Sequence[Server]) -> int:
    """The only server, or all of them."""
    return servers[0].id if len(servers) == 1 else EVERYWHERE


def _home(reader: Reader, where: Screen, counts: dict[str, int]) -> LayoutView:
    from cogs.membership.privacy.items import FileButton, GoButton, ServerMenu

    t = reader.t
    title = t(N_("Your data: {server}"), server=reader.name(where.guild_id))
    entries = sum(counts.values())
    lead = t(N_("Numbers and dates, and what you submit on purpose; your messages are never stored."))
    about = t(N_("Nothing is kept about you now."))
    if entries:
        about = t.plural("{n} entry is about you now.", "{n} entries are about you now.", entries)
    parts: list[str | ui.Item[Any]] = [f"## {title}\n{lead} {about}"]
    if len(reader.servers) > 1:
        parts.append(ui.ActionRow(ServerMenu.of(t, reader.servers, where.guild_id)))
    if entries:
        parts += [ui.Separator(), *_groups(by_length(t, counts))]
        named = t(N_("Entries about others, or about settings, can name you too; erasing takes your name out of them."))
        parts.append(f"-# {named}")
    parts.append(ui.Separator())
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    row.add_item(FileButton(where.guild_id, t(N_("My data as a file"))))
    if where.guild_id != EVERYWHERE:
        row.add_item(GoButton(Screen(Kind.CHOICES, where.guild_id), t(N_("My choices"))))
    row.add_item(GoButton(Screen(Kind.ALL, where.guild_id), t(N_("All that can be kept"))))
    if entries:
        red = discord.ButtonStyle.danger
        row.add_item(GoButton(Screen(Kind.CONFIRM, where.guild_id), t(N_("Erase my data")), red))
    return _panel([*parts, row])


def _all(reader: Reader, where: Screen) -> LayoutView:
    """What can be kept about a member at all, whether there is any of it or not."""
    from cogs.membership.privacy.items import GoButton

    t, pages = reader.t, _pages(by_length(reader.t))
    page = min(where.page, len(pages) - 1)
    title, lead = t(N_("All that can be kept about a member")), t(N_("How long, and what for:"))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    row.add_item(GoButton(Screen(Kind.HOME, where.guild_id), t(N_("Back")), emoji=palette.BACK))
    if page > 0:
        row.add_item(GoButton(Screen(Kind.ALL, where.guild_id, page - 1), t(N_("Previous"))))
    if page + 1 < len(pages):
        row.add_item(GoButton(Screen(Kind.ALL, where.guild_id, page + 1), t(N_("Next"))))
    return _panel([f"## {title}\n{lead}", *pages[page], ui.Separator(), row])


def _pages(groups: dict[str, list[str]]) -> list[list[str]]:
    """The texts of each page; a length of time that goes over to the next page is named there again."""
    pages: list[list[str]] = [[]]
    for kept, purposes in groups.items():
        text = title = f"**{kept}**"
        for purpose in purposes:
            if sum(map(len, pages[-1])) + len(text) + len(purpose) > LENGTH:
                if text != title:
                    pages[-1].append(text)
                pages.append([])
                text = title
            text += f"\n- {purpose}"
        pages[-1].append(text)
    return pages


def _groups(groups: dict[str, list[str]]) -> list[str]:
    """A text for each length of time, as many as fit."""
    texts: list[str] = []
    for kept, purposes in groups.items():
        text = "\n".join([f"**{kept}**", *(f"- {purpose}" for purpose in purposes)])
        texts.append(shortened(text, max(1, LENGTH - sum(map(len, texts)))))
    return texts


async def _choices(reader: Reader, where: Screen) -> LayoutView:
    from cogs.membership.privacy.items import GoButton

    t = reader.t
    title = t(N_("My choices: {server}"), server=reader.name(where.guild_id))
    kept = await chosen(reader.bot, where.guild_id, reader.user_id)
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    row.add_item(GoButton(Screen(Kind.HOME, where.guild_id), t(N_("Back")), emoji=palette.BACK))
    return _panel([f"## {title}", *switches(t, where.guild_id, kept, IN_PRIVACY), ui.Separator(), row])


def _confirm(reader: Reader, where: Screen, counts: dict[str, int]) -> LayoutView:
    from cogs.membership.privacy.items import EraseButton, GoButton

    t, fates = reader.t, by_fate(reader.t, counts)
    title = t(N_("Erase your data: {server}"), server=reader.name(where.guild_id))
    parts: list[str | ui.Item[Any]] = [f"## {title}"]
    parts += _titled(t(N_("This goes, and cannot be brought back:")), fates[OnErase.DELETE])
    parts += _titled(t(N_("This stays as a figure, without you:")), fates[OnErase.ANONYMISE])
    parts += _titled(
        t(N_("This stays under a code instead of your name, because a ban or a limit would end with it:")),
        fates[OnErase.KEEP_HASHED],
    )
    parts.append(
        t(
            N_(
                "What I posted for you is taken down; otherwise nothing changes on Discord: your messages, your roles "
                "and a ban stay there. You can go on as somebody new, and what you do then is counted anew; your "
                "choices, Silence too, are erased with the rest."
            )
        )
    )
    yes = EraseButton(where.guild_id, t(N_("Erase for ever")))
    back = GoButton(Screen(Kind.HOME, where.guild_id), t(N_("Back")), emoji=palette.BACK)
    return _panel([*parts, ui.ActionRow(yes, back)], palette.BAD)


def done(reader: Reader, where: Screen, erased: Erased | None) -> LayoutView:
    """What an erasure did; None: there was nothing."""
    from cogs.membership.privacy.items import GoButton

    t, server = reader.t, reader.name(where.guild_id)
    if erased is None:
        title = t(N_("Nothing is kept about you: {server}"), server=server)
        text = [f"## {title}"]
        text.append(t(N_("There was nothing to erase. What you do from now on is counted as of somebody new.")))
    else:
        title = t(N_("Your data is erased: {server}"), server=server)
        text = [f"## {title}"]
        entries = sum(erased.deleted.values())
        text.append(t.plural("{n} entry is gone.", "{n} entries are gone.", entries))
        text += _titled(t(N_("Kept as a figure, without you:")), purposes_of(t, erased.kept, OnErase.ANONYMISE))
        text += _titled(
            t(N_("Kept under a code, so that a ban or a limit holds:")),
            purposes_of(t, erased.kept, OnErase.KEEP_HASHED),
        )
        text.append(t(N_("What you do from now on is counted as of somebody new, unless you choose otherwise.")))
    parts: list[str | ui.Item[Any]] = [*text]
    if where.guild_id != EVERYWHERE:
        parts.append(ui.ActionRow(GoButton(Screen(Kind.CHOICES, where.guild_id), t(N_("My choices")))))
    return _panel(parts, palette.GOOD)


def _titled(title: str, purposes: list[str]) -> list[str]:
    """One text; none without purposes."""
    return _groups({title: purposes}) if purposes else []


def _panel(parts: Parts, colour: discord.Colour = palette.ACCENT) -> LayoutView:
    box: ui.Container[LayoutView] = ui.Container(accent_colour=colour)
    for part in parts:
        box.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    view = LayoutView()
    view.add_item(box)
    return view
