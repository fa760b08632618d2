"""The pages of `/help`: everything at a glance, and one page a topic."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.capabilities import Capability, Need
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.permissions.names import NAMES
from bot.ui import LayoutView, PersistentItem, palette, update
from bot.ui.text import shortened
from cogs.administration.help.guide import Guide, Topic
from cogs.administration.help.rules import Entry, Kind, paged

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

PAGE = 1800
"""Characters of a page: about two screens of a phone. Discord allows 4,000."""
OPTIONS = 25
"""Discord's limit of the entries of a menu."""
MENU_TEXT = 100


class PageButton(PersistentItem[ui.Button[Any]], template=r"help:page:(?P<page>\d{1,3}):(?P<role>[pnb])"):
    """Turns to a page of the overview. Discord wants each custom_id once a message, hence the role."""

    access: ClassVar = EVERYONE

    def __init__(self, page: int, role: str, label: str = "-") -> None:
        emoji = palette.BACK if role == "b" else None
        super().__init__(ui.Button(label=label, emoji=emoji, custom_id=f"help:page:{page}:{role}"))
        self.page = page

    async def run(self, interaction: "Interaction") -> None:
        await update(interaction, view=overview(Guide.of(interaction), self.page))


class TopicMenu(PersistentItem[ui.Select[Any]], template=r"help:topic"):
    """Opens the page of a topic."""

    access: ClassVar = EVERYONE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "help:topic"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        guide = Guide.of(interaction)
        await update(interaction, view=topic_page(guide, guide.topic(self.item.values[0])))


PARTS = (PageButton, TopicMenu)


def overview(guide: Guide, page: int = 0) -> LayoutView:
    """Every command this person can use here, by topic. A page that is gone gives the last one."""
    t = guide.t
    blocks = [
        [f"### {one.title}", *(_line(guide, entry) for entry in one.entries), *_hidden(guide, one)]
        for one in guide.topics
        if one.entries or one.hidden
    ]
    pages = paged(blocks, PAGE) if blocks else [t(N_("There is nothing to run here at the moment."))]
    page = min(page, len(pages) - 1)
    title = t(N_("What you can do here"))
    parts: list[ui.Item[Any]] = [ui.TextDisplay(f"## {title}\n{pages[page]}"), ui.Separator()]
    if guide.topics:
        parts.append(ui.ActionRow(_menu(guide)))
    turning = [
        PageButton(where, role, label)
        for where, role, label in ((page - 1, "p", t(N_("Previous"))), (page + 1, "n", t(N_("Next"))))
        if 0 <= where < len(pages)
    ]
    if turning:
        parts.append(ui.ActionRow(*turning))
    return _panel(parts)


def topic_page(guide: Guide, topic: Topic) -> LayoutView:
    """What a topic is for and how its commands are used; for who manages the server also what it needs."""
    parts: list[ui.Item[Any]] = [ui.TextDisplay(f"## {topic.title}\n{topic.summary}")]
    lines = [_full(guide, entry) for entry in topic.entries] + _hidden(guide, topic)
    if lines:
        parts += [ui.Separator(), ui.TextDisplay(shortened("\n".join(lines), 2500))]
    if guide.manages and topic.capability is not None:
        parts += [ui.Separator(), ui.TextDisplay(shortened(_for_managers(guide, topic, topic.capability), 1200))]
    parts.append(ui.ActionRow(PageButton(0, "b", guide.t(N_("All topics")))))
    return _panel(parts)


def _panel(parts: list[ui.Item[Any]]) -> LayoutView:
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=palette.ACCENT))
    return view


def _menu(guide: Guide) -> TopicMenu:
    off = guide.t(N_("Off in this server"))
    options = [
        discord.SelectOption(
            label=one.title, value=one.key, description=shortened(one.summary if one.on else off, MENU_TEXT)
        )
        for one in guide.topics[:OPTIONS]
    ]
    return TopicMenu(ui.Select(options=options, placeholder=guide.t(N_("Read more about …"))))


def _line(guide: Guide, entry: Entry) -> str:
    if entry.kind is Kind.CHAT:
        return f"{guide.mention(entry)} · {entry.description}"
    where = N_("**{name}** · on a message: hold it or right-click, then Apps")
    if entry.kind is Kind.MEMBER:
        where = N_("**{name}** · on a member: hold the name or right-click, then Apps")
    return guide.t(where, name=entry.shown)


def _full(guide: Guide, entry: Entry) -> str:
    t = guide.t
    options = [
        t(
            N_("{option}: {description}") if one.required else N_("{option} (optional): {description}"),
            option=one.name,
            description=one.description,
        )
        for one in entry.options
    ]
    return "\n".join([_line(guide, entry), *(f"-# {one}" for one in options)])


def _hidden(guide: Guide, topic: Topic) -> list[str]:
    """The team's way to what Discord hides from a role without the usual permissions."""
    if not topic.hidden:
        return []
    names = ", ".join(f"/{one.shown}" for one in topic.hidden)
    return [
        "-# "
        + guide.t(
            N_(
                "Discord hides {commands} from your role. Whoever manages the server can show them: "
                "Server Settings → Integrations."
            ),
            commands=names,
        )
    ]


def _for_managers(guide: Guide, topic: Topic, capability: Capability) -> str:
    t = guide.t
    if topic.on:
        state = t(N_("{mark} On in this server. Its settings: {command}"), mark=palette.DONE, command=_settings(guide))
    elif capability.content is not None:
        state = t(
            N_("{mark} Off in this server: it is on as soon as there is something in {command}."),
            mark=palette.OPEN,
            command=_settings(guide),
        )
    else:
        state = t(
            N_("{mark} Off in this server. Turn it on in {command}."), mark=palette.OPEN, command=_settings(guide)
        )
    return "\n".join([state, *(_need(guide, need) for need in capability.needs)])


def _settings(guide: Guide) -> str:
    return guide.command("settings")


def _need(guide: Guide, need: Need) -> str:
    t = guide.t
    name = t(NAMES[need.permission])
    if getattr(guide.guild.me.guild_permissions, need.permission):
        return t(N_("{mark} **{permission}** {reason}"), mark=palette.DONE, permission=name, reason=t(need.reason))
    lacks = t(N_("{mark} I lack **{permission}**."), mark=palette.WARNING, permission=name)
    return f"{lacks} {t(need.without)}"
