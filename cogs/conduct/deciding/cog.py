"""`/warn`, `/timeout`, `/kick` and `/ban`."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article
from bot.contracts.services import CodeOfConduct
from bot.permissions import requires
from bot.ui import reply
from cogs.conduct.access import BAN, KICK, MODERATE
from cogs.conduct.carrying.carrying import Carrying
from cogs.conduct.cases.events import NoticeSettled
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.service import Cases
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.buttons import DropButton, TakeButton, WhyButton
from cogs.conduct.deciding.card_buttons import UndoButton
from cogs.conduct.deciding.decisions import Decision
from cogs.conduct.deciding.flow import decide
from cogs.conduct.deciding.forms import WhyForm
from cogs.conduct.deciding.listing import OpenMenu, TurnButton
from cogs.conduct.deciding.options import (
    REASON,
    article_from,
    duration_from,
    offered_articles,
    offered_durations,
    reason_from,
)
from cogs.conduct.deciding.service import Deciding
from cogs.conduct.deciding.told import Answers
from cogs.conduct.deciding.undoing import shown

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)
Reason = app_commands.Range[str, 1, REASON]
LOOKED_EVERY = 6 * 3600.0
A_DAY_SECONDS = 86400


class DecidingCog(commands.Cog, name="Deciding"):
    """The commands that make cases."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.deciding = Deciding(bot.db, bot.service(Cases), bot.guild_settings, self._article)
        self.answers = Answers()

    async def cog_load(self) -> None:
        bot = self.bot
        bot.provide(Deciding, self.deciding)
        bot.provide(Answers, self.answers)
        bot.add_persistent(TakeButton, WhyButton, DropButton, UndoButton, TurnButton, OpenMenu, WhyForm)
        bot.bus.after(NoticeSettled, self.answers.on_settled)
        bot.service(Carrying).show_case = self._show_case
        bot.timers.every("drafts of cases", LOOKED_EVERY, self.deciding.prune)

    async def _show_case(self, interaction: "Interaction", case: CaseView) -> None:
        """What the button of the moderation log opens."""
        log.info("case %s of server %s was read by %s", case.number, case.guild_id, interaction.user.id)
        await reply(interaction, view=await shown(Bench.of(interaction), case))

    def _article(self, guild_id: int, number: int) -> Article | None:
        return self.bot.service(CodeOfConduct).article(guild_id, number)

    @app_commands.command(name=L_("warn"), description=L_("Warn a member: recorded as a case, with the next step"))
    @app_commands.describe(
        member=L_("Who is warned"), article=L_("The article that was broken"), reason=L_("What happened; they read it")
    )
    @app_commands.rename(member=L_("member"), article=L_("article"), reason=L_("reason"))
    @app_commands.autocomplete(article=offered_articles)
    @app_commands.default_permissions(moderate_members=True)
    @app_commands.guild_only()
    @requires(MODERATE)
    async def warn(self, interaction: "Interaction", member: discord.User, article: str, reason: Reason) -> None:
        await _decide(interaction, member, CaseKind.WARN, article, reason)

    @app_commands.command(name=L_("timeout"), description=L_("Time a member out, for longer than 28 days too"))
    @app_commands.describe(
        member=L_("Who is timed out"),
        duration=L_("90m, 1h30, 2 days, 1 week …"),
        article=L_("The article that was broken"),
        reason=L_("What happened; they read it"),
    )
    @app_commands.rename(member=L_("member"), duration=L_("duration"), article=L_("article"), reason=L_("reason"))
    @app_commands.autocomplete(article=offered_articles, duration=offered_durations)
    @app_commands.default_permissions(moderate_members=True)
    @app_commands.guild_only()
    @requires(MODERATE)
    async def timeout(
        self, interaction: "Interaction", member: discord.User, duration: str, article: str, reason: Reason
    ) -> None:
        await _decide(interaction, member, CaseKind.TIMEOUT, article, reason, length=duration_from(duration))

    @app_commands.command(name=L_("kick"), description=L_("Remove a member; they can come back"))
    @app_commands.describe(
        member=L_("Who is removed"), article=L_("The article that was broken"), reason=L_("What happened; they read it")
    )
    @app_commands.rename(member=L_("member"), article=L_("article"), reason=L_("reason"))
    @app_commands.autocomplete(article=offered_articles)
    @app_commands.default_permissions(kick_members=True)
    @app_commands.guild_only()
    @requires(KICK)
    async def kick(self, interaction: "Interaction", member: discord.User, article: str, reason: Reason) -> None:
        await _decide(interaction, member, CaseKind.KICK, article, reason)

    @app_commands.command(name=L_("ban"), description=L_("Ban somebody, also for a time, also after they left"))
    @app_commands.describe(
        member=L_("Who is banned; their id works after they left"),
        article=L_("The article that was broken"),
        reason=L_("What happened; they read it"),
        duration=L_("90m, 1h30, 2 days, 1 week …; without one the ban has no end"),
        delete_days=L_("Delete their messages of so many days"),
    )
    @app_commands.rename(
        member=L_("member"),
        article=L_("article"),
        reason=L_("reason"),
        duration=L_("duration"),
        delete_days=L_("delete_days"),
    )
    @app_commands.autocomplete(article=offered_articles, duration=offered_durations)
    @app_commands.default_permissions(ban_members=True)
    @app_commands.guild_only()
    @requires(BAN)
    async def ban(
        self,
        interaction: "Interaction",
        member: discord.User,
        article: str,
        reason: Reason,
        duration: str | None = None,
        delete_days: app_commands.Range[int, 0, 7] = 0,
    ) -> None:
        length = None if duration is None else duration_from(duration)
        seconds = delete_days * A_DAY_SECONDS
        await _decide(interaction, member, CaseKind.BAN, article, reason, length=length, delete_seconds=seconds)


async def _decide(
    interaction: "Interaction",
    target: discord.User | discord.Member,
    kind: CaseKind,
    article: str,
    reason: str,
    *,
    length: timedelta | None = None,
    delete_seconds: int = 0,
) -> None:
    bench, found = Bench.of(interaction), article_from(interaction, article)
    wish = Decision(
        guild_id=bench.guild.id,
        user_id=target.id,
        moderator_id=bench.actor.id,
        kind=kind,
        reason=reason_from(reason),
        article=None if found is None else found.number,
        length=length,
        delete_seconds=delete_seconds,
    )
    await decide(bench, target, wish)
