"""What the team sees in private: those who came, and the two questions before a ban."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import NotAllowed
from bot.ui import LayoutView, palette
from bot.ui.text import escaped, shortened
from cogs.onboarding.raids.alert import alert_of, alert_view
from cogs.onboarding.raids.brake import Brake
from cogs.onboarding.raids.buttons import BanButton, LetAllInButton, LetInMenu, WhoButton
from cogs.onboarding.raids.refusals import RaidGone
from cogs.onboarding.raids.rules import Spared
from cogs.onboarding.raids.states import Joiner
from cogs.onboarding.raids.suspects import Judged, judge

if TYPE_CHECKING:
    from bot.client import CommunityBot

PER_PAGE = 20
NAMES_LENGTH = 2500
"""Characters of all names on a page; the rest of the text and Discord's 4,000 leave them."""
Parts = list[ui.Item[Any]]
REASONS = {
    Spared.BANNED: N_("banned already, or about to be"),
    Spared.OLD: N_("the account is older"),
    Spared.STAFF: N_("on the team"),
    Spared.ANSWERED: N_("was answered by somebody here"),
    Spared.YOUR_RANK: N_("has a role as high as yours, or higher"),
    Spared.MY_RANK: N_("has a role as high as mine, or higher"),
}


@dataclass(frozen=True)
class Room:
    """Who looks at which server's raids, in which language. What they may do is the buttons' own matter."""

    bot: "CommunityBot"
    guild: discord.Guild
    t: Localizer
    person: discord.Member
    brake: Brake

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotAllowed outside a server the bot is in."""
        bot: CommunityBot = interaction.client
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None or not isinstance(interaction.user, discord.Member):
            raise NotAllowed
        return cls(bot, guild, bot.i18n.for_interaction(interaction), interaction.user, bot.service(Brake))

    async def alert(self, raid_id: int) -> LayoutView:
        """The alert as it is now."""
        return alert_view(await alert_of(self.bot, self.guild, self.brake.reader, raid_id))

    async def judged(self, raid_id: int) -> Judged:
        """Whom a ban by this person would reach. Raises RaidGone."""
        await self.brake.reader.state(self.guild.id, raid_id)
        return judge(self.bot, self.guild, self.person, await self.brake.reader.joiners(self.guild.id, raid_id))

    async def who(self, raid_id: int, page: int, notice: str | None = None) -> LayoutView:
        """A page of those who came; the last one for a page beyond it. Raises RaidGone."""
        t = self.t
        await self.brake.reader.state(self.guild.id, raid_id)
        people = await self.brake.reader.joiners(self.guild.id, raid_id)
        if not people:
            raise RaidGone
        pages = -(-len(people) // PER_PAGE)
        page = min(page, pages - 1)
        here = people[page * PER_PAGE : (page + 1) * PER_PAGE]
        heading = "## " + t(N_("Who came"))
        counted = t.plural("{n} person came during this raid.", "{n} people came during this raid.", len(people))
        lines = "\n".join(self._line(one) for one in here)
        parts: Parts = [ui.TextDisplay(f"**{notice}**")] if notice else []
        parts.append(ui.TextDisplay(f"{heading}\n-# {counted}\n{lines}"))
        parts += self._doors(raid_id, page, here, sum(_waits(one) for one in people))
        turning: ui.ActionRow[Any] = ui.ActionRow()
        if page > 0:
            turning.add_item(WhoButton(raid_id, page - 1, t(N_("Previous")), turn=True))
        if page + 1 < pages:
            turning.add_item(WhoButton(raid_id, page + 1, t(N_("Next")), turn=True))
        return _panel([*parts, *([turning] if turning.children else [])])

    def ban_question(self, raid_id: int, judged: Judged, notice: str | None = None) -> LayoutView:
        """The first question: how many, who, and who is spared for which reason."""
        t = self.t
        title = t.plural("Ban {n} person?", "Ban {n} people?", len(judged.banned))
        parts: Parts = [ui.TextDisplay(f"{palette.WARNING} {notice}")] if notice else []
        parts.append(ui.TextDisplay(f"## {title}\n{self._names(judged.banned, NAMES_LENGTH)}"))
        if judged.spared:
            parts.append(ui.TextDisplay(self._spared(judged)))
        if judged.banned:
            button = BanButton(raid_id, t(N_("Go on")), stage="sure", people=judged.digest)
            parts.append(ui.ActionRow(button))
        return _panel(parts, palette.BAD)

    def ban_confirmation(self, raid_id: int, judged: Judged) -> LayoutView:
        """The second question: the same people, and what happens to them."""
        t, n = self.t, len(judged.banned)
        title = t.plural("Really ban {n} person?", "Really ban {n} people?", n)
        happens = t(N_("They leave this server, and what they wrote in the last 24 hours is deleted."))
        back = t(N_("A ban is lifted in the server’s settings, one by one."))
        text = f"## {title}\n{self._names(judged.banned, NAMES_LENGTH)}\n\n{happens} {back}"
        label = t.plural("Ban {n} person", "Ban {n} people", n)
        button = BanButton(raid_id, label, stage="do", people=judged.digest)
        return _panel([ui.TextDisplay(text), ui.ActionRow(button)], palette.BAD)

    def ban_begun(self, count: int) -> LayoutView:
        """What is said once it is decided."""
        t = self.t
        begun = t.plural(
            "{n} person is being banned. The alert shows how far it is.",
            "{n} people are being banned. The alert shows how far it is.",
            count,
        )
        return _panel([ui.TextDisplay(begun if count else t(N_("Somebody else has decided that already.")))])

    def _doors(self, raid_id: int, page: int, here: Sequence[Joiner], waiting: int) -> Parts:
        """What lets people in: those of this page who are chosen, or all."""
        t, parts = self.t, list[ui.Item[Any]]()
        held = [one for one in here if _waits(one)]
        if held:
            options = [
                discord.SelectOption(label=shortened(one.name or t(N_("unknown")), 100), value=str(one.user_id))
                for one in held
            ]
            menu: ui.Select[Any] = ui.Select(
                options=options, placeholder=t(N_("Let these in")), min_values=1, max_values=len(options)
            )
            parts.append(ui.ActionRow(LetInMenu(raid_id, page, menu)))
        if waiting:
            parts.append(ui.ActionRow(LetAllInButton(raid_id, t.plural("Let {n} in", "Let all {n} in", waiting))))
        return parts

    def _line(self, one: Joiner) -> str:
        t = self.t
        said = [
            (not one.young, t(N_("older account"))),
            (one.banned, t(N_("banned"))),
            (one.ban_wanted and not one.banned, t(N_("is being banned"))),
            (one.refused, t(N_("could not be banned"))),
            (_waits(one), t(N_("held"))),
            (one.released and not one.banned, t(N_("let in"))),
            (one.answered, t(N_("was answered"))),
            (not one.here and not one.banned, t(N_("has left"))),
        ]
        states = [text for applies, text in said if applies]
        return f"**{self._name(one)}**" + (f" · {', '.join(states)}" if states else "")

    def _name(self, one: Joiner) -> str:
        member = self.guild.get_member(one.user_id)
        return escaped(member.display_name if member else one.name or self.t(N_("unknown")))

    def _names(self, people: Iterable[Joiner], limit: int) -> str:
        """As many names as there is room for, and how many others."""
        shown: list[str] = []
        names = [f"**{self._name(one)}**" for one in people]
        for name in names:
            if sum(len(one) + 2 for one in shown) + len(name) > limit:
                break
            shown.append(name)
        if left := len(names) - len(shown):
            shown.append(self.t.plural("{n} other", "{n} others", left))
        return self.t.enumeration(shown)

    def _spared(self, judged: Judged) -> str:
        lines = []
        for reason in Spared:
            people = [one for one, why in judged.spared if why is reason]
            if people:
                lines.append(f"{self._names(people, NAMES_LENGTH // 8)}: {self.t(REASONS[reason])}")
        return "### " + self.t(N_("Not banned")) + "\n" + "\n".join(lines)


def _waits(one: Joiner) -> bool:
    return one.held and not one.banned


def _panel(parts: Parts, colour: discord.Colour = palette.ACCENT) -> LayoutView:
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view
