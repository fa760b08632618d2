"""The form of a report: what happened, and which article it breaks."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.services import CodeOfConduct
from bot.i18n.marks import N_
from bot.permissions import EVERYONE, NotAllowed
from bot.ui import PersistentModal, Submitted
from cogs.conduct.code.choosing import article_name, chosen_article
from cogs.conduct.reports.doors import send
from cogs.conduct.reports.service import LONGEST, SHORTEST
from cogs.conduct.reports.sights import Sights

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

ARTICLE, DETAILS = "article", "details"
OPTIONS = 25
"""Of a menu, as Discord allows."""


class ReportForm(PersistentModal):
    """About a member, or about a message of theirs (then its channel and number are in the custom_id)."""

    access: ClassVar = EVERYONE
    template = re.compile(r"conduct:report:(?P<user>\d{1,20})(?::(?P<channel>\d{1,20}):(?P<message>\d{1,20}))?")

    @classmethod
    def of(cls, interaction: "Interaction", subject_id: int, message: discord.Message | None = None) -> Self:
        bot = interaction.client
        t = bot.i18n.for_interaction(interaction)
        key = f"conduct:report:{subject_id}"
        if message is not None:
            key += f":{message.channel.id}:{message.id}"
        form = cls(title=t(N_("Report to the team")), custom_id=key)
        articles = [one for one in bot.service(CodeOfConduct).articles(interaction.guild_id or 0) if not one.withdrawn]
        if articles:
            options = [
                discord.SelectOption(label=article_name(one, t.language), value=str(one.number))
                for one in articles[:OPTIONS]
            ]
            menu = ui.Select[Any](custom_id=ARTICLE, options=options, min_values=0, required=False)
            unsure = t(N_("Leave it empty if you do not know."))
            form.add_item(ui.Label(text=t(N_("Which article does it break?")), description=unsure, component=menu))
        required = message is None
        hint = t(N_("Only the team reads it. Whoever it is about does not learn who reported it."))
        shortest = SHORTEST if required else None
        return form.ask(DETAILS, t(N_("What happened?")), hint, longest=LONGEST, shortest=shortest, required=required)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        guild = interaction.guild
        if guild is None:
            raise NotAllowed
        message = None
        if ids["message"]:
            sights = interaction.client.service(Sights)
            place = int(ids["channel"]), int(ids["message"])
            message = await sights.recall(interaction.user.id, guild, *place)
        chosen = values.get(ARTICLE)
        number = str(next(iter(chosen), "")) if isinstance(chosen, list) else str(chosen or "")
        # It may have been withdrawn while they wrote: their words are not lost over that.
        article = chosen_article(interaction, number, withdrawn=True).number if number else None
        await send(interaction, int(ids["user"]), str(values.get(DETAILS) or ""), article, message)
