"""What the member reads of their appeal."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.contracts.cases import SANCTIONS
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, divider, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.appeals.buttons import LETTER, AppealButton, DecisionButton
from cogs.conduct.appeals.models import Outcome
from cogs.conduct.appeals.reading import AppealView
from cogs.conduct.appeals.service import Appeals
from cogs.conduct.carrying.letter import NoticePart
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases
from cogs.conduct.cases.words import moment
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

QUOTED = 2500
"""Characters of what somebody wrote; a message has 4,000 in all."""


def notice_part(bot: "CommunityBot") -> NoticePart:
    """The button of a notice: **Appeal**, and later **See the decision**."""

    def part(case: CaseView, t: Localizer) -> ui.Item[Any] | None:
        return appeal_button(bot, case, t)

    return part


def address_part(bot: "CommunityBot") -> NoticePart:
    """Where else to write, for whoever cannot use the button."""

    def part(case: CaseView, t: Localizer) -> ui.Item[Any] | None:
        address = bot.guild_settings.get(case.guild_id, ConductSettings).appeal_address.strip()
        if not address or case.state in ENDED or bot.service(Appeals).contested(case.id):
            return None
        return ui.TextDisplay(t(N_("You can also contest it here: {address}"), address=escaped(address)))

    return part


def appeal_button(bot: "CommunityBot", case: CaseView, t: Localizer) -> ui.Item[Any] | None:
    """What the member can press about this case; None where there is nothing to contest."""
    appeals = bot.service(Appeals)
    if appeals.contested(case.id):
        return DecisionButton(case.id, label=t(N_("See the decision")))
    if case.kind not in SANCTIONS or case.state in ENDED or not appeals.taken(case.guild_id):
        return None
    return AppealButton(case.id, t(N_("Appeal")))


def thanks(t: Localizer, appeal: AppealView) -> str:
    """What is said once it was sent."""
    return t(
        N_(
            "Your appeal is with the team. Somebody else than whoever decided answers by {due}; "
            "the answer is behind “See the decision”."
        ),
        due=moment(appeal.due_at),
    )


def again_row(t: Localizer, case_id: int) -> ui.ActionRow[Any]:
    """Below the message with the decision: it carries the key by which the message is found again."""
    return ui.ActionRow(DecisionButton(case_id, LETTER, t(N_("See the decision"))))


async def decision_view(bot: "CommunityBot", guild: discord.Guild, t: Localizer, appeal: AppealView) -> LayoutView:
    """The appeal as it stands, for the member."""
    case = await bot.service(Cases).read.by_id(appeal.case_id)
    number = case.number if case else 0
    title = t(N_("Your appeal against case {number} in {server}"), number=number, server=escaped(guild.name))
    parts = [f"### {title}", _said(t, appeal)]
    if appeal.answer:
        parts.append(quoted(appeal.answer))
    box: ui.Container[LayoutView] = ui.Container(ui.TextDisplay("\n".join(parts)), accent_colour=_colour(appeal))
    if appeal.text:
        yours = t(N_("What you wrote"))
        box.add_item(divider())
        box.add_item(ui.TextDisplay(f"-# {yours}\n{quoted(shortened(appeal.text, QUOTED - 1000))}"))
    view = LayoutView()
    view.add_item(box)
    return view


def _said(t: Localizer, appeal: AppealView) -> str:
    if appeal.decided_at is None:
        return t(N_("It is being looked at. The team answers by {due}."), due=moment(appeal.due_at))
    when = moment(appeal.decided_at, "D")
    if appeal.outcome is Outcome.OVERTURNED:
        return t(N_("You were right: on {when} the decision was overturned. It counts for nothing."), when=when)
    return t(N_("On {when} somebody who had not decided before looked at it again: the decision stands."), when=when)


def quoted(text: str) -> str:
    """What a person wrote, harmless, as a quotation."""
    return "\n".join(f"> {line}" for line in shortened(escaped(text.strip()), QUOTED).splitlines())


def _colour(appeal: AppealView) -> discord.Colour:
    if appeal.decided_at is None:
        return palette.ACCENT
    return palette.GOOD if appeal.outcome is Outcome.OVERTURNED else palette.QUIET
