"""The message that asks a greeter, and what becomes of it."""

from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from cogs.onboarding.replies.board import Board, Call, Face
from cogs.onboarding.replies.items import NotNowButton, TakeButton

_BUTTONS = frozenset({Face.ASKED, Face.TAKEN})
_COLOURS = {Face.ANSWERED: palette.GOOD, Face.ASKED: palette.ACCENT, Face.LATE: palette.ATTENTION}


def call_view(t: Localizer, board: Board, call: Call, newcomer: str, within: timedelta) -> LayoutView:
    """``newcomer`` is how they are called in it: a mention while they are here, else their name."""
    lines = [_asks(t, board, call, newcomer), _fate(t, board, call, newcomer, within)]
    box: ui.Container[LayoutView] = ui.Container(accent_colour=_COLOURS.get(call.face, palette.QUIET))
    box.add_item(ui.TextDisplay("\n".join(lines)))
    buttons = _buttons(t, board, call)
    if buttons:
        box.add_item(ui.ActionRow(*buttons))
    view = LayoutView()
    view.add_item(box)
    return view


def _asks(t: Localizer, board: Board, call: Call, newcomer: str) -> str:
    said = {
        "greeter": f"<@{call.greeter_id}>",
        "newcomer": newcomer,
        "when": discord.utils.format_dt(board.began_at, "R"),
        "place": f"<#{board.channel_id}>" if board.channel_id else "?",
    }
    if board.channel_id is None:
        return t(N_("{greeter}: {newcomer} introduced themselves {when}."), **said)
    if board.introduced:
        return t(N_("{greeter}: {newcomer} introduced themselves in {place} {when}."), **said)
    return t(N_("{greeter}: {newcomer} wrote here for the first time, in {place}, {when}."), **said)


def _fate(t: Localizer, board: Board, call: Call, newcomer: str, within: timedelta) -> str:
    who = f"<@{call.who}>" if call.who else t(N_("somebody"))
    until = discord.utils.format_dt(board.began_at + within, "R")
    texts = {
        Face.ASKED: t(N_("Nobody has answered yet. The team’s inbox gets it {until}."), until=until),
        Face.TAKEN: t(
            N_("{who} takes care of it. Unanswered, the team’s inbox gets it {until}."), who=who, until=until
        ),
        Face.DECLINED: t(N_("Not now: it was passed on.")),
        Face.LATE: t(N_("Nobody answered in time, so it is in the team’s inbox. An answer is still welcome.")),
        Face.ANSWERED: f"{palette.DONE} " + t(N_("Answered by {who}."), who=who),
        Face.LEFT: t(N_("{newcomer} is not here any more. Nothing is left to do."), newcomer=newcomer),
        Face.HANDLED: t(N_("The team took care of it.")),
    }
    return f"-# {texts[call.face]}" if call.face is not Face.ANSWERED else texts[call.face]


def _buttons(t: Localizer, board: Board, call: Call) -> list[ui.Item[Any]]:
    found: list[ui.Item[Any]] = []
    if call.face is Face.ASKED:
        found.append(TakeButton(call.id, t(N_("I take it"))))
    if call.face in _BUTTONS:
        found.append(NotNowButton(call.id, t(N_("Not now"))))
    if board.channel_id and call.face in (*_BUTTONS, Face.LATE):
        address = f"https://discord.com/channels/{board.guild_id}/{board.channel_id}"
        url = address if board.message_id is None else f"{address}/{board.message_id}"
        found.append(ui.Button(label=t(N_("Go there")), url=url))
    return found
