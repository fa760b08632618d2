"""A case on one card, with its history: the same wherever the team opens it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.contracts.cases import SANCTIONS, CaseKind
from bot.contracts.conduct import Article
from bot.contracts.services import CodeOfConduct
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, boxed, divider, palette
from cogs.conduct.cases import words
from cogs.conduct.cases.history import change_line
from cogs.conduct.cases.reading import CaseView, Change
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

HISTORY = 6
"""Changes on a card, the newest ones."""


@dataclass(frozen=True)
class Card:
    """Everything a card is made from. ``t`` is the reader's language, or the server's for the log."""

    t: Localizer
    case: CaseView
    article: Article | None
    history: Sequence[Change]
    names: words.Names
    at: datetime
    warning: CaseView | None = None
    """The warning whose next step it is."""
    steps: Sequence[CaseView] = ()
    """What was done as its next step."""


async def card_of(bot: "CommunityBot", t: Localizer, case: CaseView, *, history: bool = True) -> Card:
    """The card as of now."""
    changes = await bot.service(Cases).read.history(case) if history else ()
    people = {case.user_id, case.moderator_id, case.ended_by, case.lifted_by, *(one.by for one in changes)}
    names = await names_of_absent(bot, case.guild_id, people)
    read = bot.service(Cases).read
    warning = await read.by_id(case.follows) if case.follows is not None else None
    steps = await read.next_steps(case) if case.kind is CaseKind.WARN else ()
    return Card(t, case, article_of(bot, case.guild_id, case.article), changes, names, now(), warning, steps)


def article_of(bot: "CommunityBot", guild_id: int, number: int | None) -> Article | None:
    """The article of that number as it reads today; None when there is none."""
    code = bot.find_service(CodeOfConduct)
    return code.article(guild_id, number) if code is not None and number is not None else None


async def names_of_absent(bot: "CommunityBot", guild_id: int, people: Iterable[int | None]) -> dict[int, str]:
    """Names of the people whom Discord would show as an unknown user, as far as they are known."""
    guild, found = bot.get_guild(guild_id), {}
    for user_id in sorted({one for one in people if one is not None and one > 0}):
        if guild is not None and guild.get_member(user_id) is not None:
            continue
        record, user = await bot.community.members.get(guild_id, user_id), bot.get_user(user_id)
        if name := (record.display_name if record else user.display_name if user else None):
            found[user_id] = name
    return found


def texts(card: Card) -> list[str]:
    """The card as blocks of text: what it is, what it is about, how it stands, and its history."""
    t, case = card.t, card.case
    blocks = [f"### {words.title(t, case)}", "\n".join(_facts(card)), "\n".join(_standing(card))]
    if card.history:
        title = t(N_("History"))
        lines = [change_line(t, one, card.names) for one in card.history[-HISTORY:]]
        blocks.append("\n".join([f"**{title}**", *(f"-# {line}" for line in lines)]))
    return [block for block in blocks if block]


def _facts(card: Card) -> list[str]:
    t, case = card.t, card.case
    by = words.decided_by(t, case, card.names)
    article = words.article_line(t, case.article, card.article)
    if case.severity is not None:
        article += f" · {t(words.SEVERITIES[case.severity])}"
    rows = [
        (t(N_("Member")), words.person(t, case.user_id, card.names)),
        (t(N_("Decided by")), f"{by} · {words.moment(case.created_at)}"),
        (t(N_("Article")), article),
        *((t(N_("Next step after")), words.title(t, one)) for one in ([card.warning] if card.warning else ())),
        *((t(N_("Next step")), words.title(t, one)) for one in card.steps),
        (t(N_("Reason")), words.typed(case.reason) if case.reason else t(N_("none was given"))),
    ]
    if case.departure is not None:
        rows.append((t(N_("Why not what was proposed")), words.typed(case.departure, 400)))
    return [words.row(t, name, value) for name, value in rows]


def _standing(card: Card) -> list[str]:
    t, case = card.t, card.case
    lines = [words.standing(t, case, card.names, card.at)]
    if case.kind in SANCTIONS and case.notice in words.NOTICES:
        lines.append(t(words.NOTICES[case.notice]))
    return [line for line in lines if line]


def colour(card: Card) -> discord.Colour:
    """Quiet for what has no effect any more."""
    case = card.case
    if case.state in ENDED or case.lifted_at is not None or not case.state.counts:
        return palette.QUIET
    return palette.BAD if case.in_force(card.at) else palette.ATTENTION


def page(card: Card, *actions: ui.Item[Any], notice: str | None = None) -> LayoutView:
    """The card as a message: something to say above it, and buttons below."""
    parts: list[ui.Item[Any]] = [ui.TextDisplay(notice), divider()] if notice else []
    for place, block in enumerate(texts(card)):
        parts += [divider()] if place > 1 else []
        parts.append(ui.TextDisplay(block))
    if actions:
        parts.append(ui.ActionRow(*actions))
    return boxed(parts, colour(card))
