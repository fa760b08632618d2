"""`/case`: looks at cases, corrects and undoes them."""

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.cases import CaseKind
from bot.permissions import requires
from bot.ui import reply
from cogs.conduct.access import MODERATE
from cogs.conduct.cases.models import DraftOf
from cogs.conduct.deciding import undoing
from cogs.conduct.deciding.bench import DECIDE, Bench
from cogs.conduct.deciding.listing import Where, listed
from cogs.conduct.deciding.options import (
    REASON,
    article_from,
    duration_from,
    offered_articles,
    offered_durations,
    reason_from,
)

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)
Number = app_commands.Range[int, 1, 999_999_999]
Reason = app_commands.Range[str, 1, REASON]


@app_commands.default_permissions(moderate_members=True)
@app_commands.guild_only()
class CaseCog(commands.GroupCog, name="Cases", group_name=L_("case"), group_description=L_("Cases of this server")):
    """The commands about cases that exist."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot

    @app_commands.command(name=L_("view"), description=L_("A case with its history"))
    @app_commands.describe(number=L_("The number of the case"))
    @app_commands.rename(number=L_("number"))
    @requires(MODERATE)
    async def view(self, interaction: "Interaction", number: Number) -> None:
        bench = Bench.of(interaction)
        case = await bench.cases.read.case(bench.guild.id, number)
        log.info("case %s of server %s was read by %s", number, bench.guild.id, bench.actor.id)
        await reply(interaction, view=await undoing.shown(bench, case))

    @app_commands.command(name=L_("edit"), description=L_("Correct a case; what it was stays in its history"))
    @app_commands.describe(
        number=L_("The number of the case"),
        reason=L_("The new reason"),
        article=L_("The article that was broken"),
        duration=L_("From the beginning on: 90m, 1h30, 2 days, 1 week …"),
    )
    @app_commands.rename(number=L_("number"), reason=L_("reason"), article=L_("article"), duration=L_("duration"))
    @app_commands.autocomplete(article=offered_articles, duration=offered_durations)
    @requires(DECIDE)
    async def edit(
        self,
        interaction: "Interaction",
        number: Number,
        reason: Reason | None = None,
        article: str | None = None,
        duration: str | None = None,
    ) -> None:
        await undoing.edit(
            Bench.of(interaction),
            number,
            reason=None if reason is None else reason_from(reason),
            article=None if article is None else article_from(interaction, article),
            length=None if duration is None else duration_from(duration),
        )

    @app_commands.command(name=L_("lift"), description=L_("End a timeout or ban early; the case and its points stay"))
    @app_commands.describe(number=L_("The number of the case"), reason=L_("Why it ends"))
    @app_commands.rename(number=L_("number"), reason=L_("reason"))
    @requires(DECIDE)
    async def lift(self, interaction: "Interaction", number: Number, reason: Reason | None = None) -> None:
        await undoing.lift(Bench.of(interaction), number, (reason or "").strip())

    @app_commands.command(name=L_("void"), description=L_("Undo a case that was a mistake, with all its effects"))
    @app_commands.describe(number=L_("The number of the case"), reason=L_("Why it was a mistake"))
    @app_commands.rename(number=L_("number"), reason=L_("reason"))
    @requires(DECIDE)
    async def void(self, interaction: "Interaction", number: Number, reason: Reason | None = None) -> None:
        bench = Bench.of(interaction)
        case = await bench.cases.read.case(bench.guild.id, number)
        await undoing.ask(bench, case, DraftOf.VOID, (reason or "").strip())

    @app_commands.command(name=L_("list"), description=L_("The newest cases, by member, moderator, article or kind"))
    @app_commands.describe(
        member=L_("Cases about this person"),
        moderator=L_("Cases decided by this person"),
        article=L_("Cases under this article"),
        kind=L_("Cases of this kind"),
    )
    @app_commands.rename(member=L_("member"), moderator=L_("moderator"), article=L_("article"), kind=L_("kind"))
    @app_commands.choices(
        kind=[
            app_commands.Choice(name=L_("Note"), value=CaseKind.NOTE.value),
            app_commands.Choice(name=L_("Warning"), value=CaseKind.WARN.value),
            app_commands.Choice(name=L_("Timeout"), value=CaseKind.TIMEOUT.value),
            app_commands.Choice(name=L_("Kick"), value=CaseKind.KICK.value),
            app_commands.Choice(name=L_("Ban"), value=CaseKind.BAN.value),
            app_commands.Choice(name=L_("Unban"), value=CaseKind.UNBAN.value),
            app_commands.Choice(name=L_("Filter hit"), value=CaseKind.FILTER.value),
            app_commands.Choice(name=L_("AutoMod hit"), value=CaseKind.NATIVE.value),
        ]
    )
    @app_commands.autocomplete(article=offered_articles)
    @requires(MODERATE)
    async def list_(
        self,
        interaction: "Interaction",
        member: discord.User | None = None,
        moderator: discord.User | None = None,
        article: str | None = None,
        kind: app_commands.Choice[str] | None = None,
    ) -> None:
        bench = Bench.of(interaction)
        found = None if article is None else article_from(interaction, article, withdrawn=True)
        where = Where(
            user_id=member.id if member else None,
            moderator_id=moderator.id if moderator else None,
            article=found.number if found else None,
            kind=CaseKind(kind.value) if kind else None,
        )
        if member is not None:
            log.info("cases of %s in server %s were read by %s", member.id, bench.guild.id, bench.actor.id)
        await reply(interaction, view=await listed(bench, where))
