"""Writing an introduction. Whatever is wrong with it, what was written comes back to the writer."""

import io
import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import UserError
from bot.guilds.fields import Channel
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.permissions.channels import usable
from bot.ui import PersistentItem, PersistentModal, Submitted, open_modal, reply
from cogs.onboarding.rules import Prompt, answer_limit, answers
from cogs.onboarding.service.refusals import AlreadyIntroduced
from cogs.onboarding.settings import WelcomeSettings
from cogs.onboarding.views.visit import Visit, visit

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

POST_CHANNEL = Channel()
"""What the introductions channel must allow."""


class IntroductionsClosed(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("I cannot post introductions at the moment. Nothing was posted: tell the staff, and try again later.")
        )


class WriteButton(PersistentItem[ui.Button[Any]], template=r"onboarding:write:(?P<guild>\d{15,20})"):
    """Opens the form, made from memory: Discord wants it as the first response."""

    access = EVERYONE

    def __init__(
        self, guild_id: int, label: str = "-", style: discord.ButtonStyle = discord.ButtonStyle.primary
    ) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"onboarding:write:{guild_id}"))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        where = visit(interaction, self.guild_id)
        require_open(where)
        await open_modal(interaction, IntroductionModal(where))


def require_open(where: Visit) -> None:
    """Raises IntroductionsClosed when the bot cannot post there right now."""
    try:
        usable(where.guild, where.welcome.introductions_channel or 0, POST_CHANNEL)
    except UserError as problem:
        raise IntroductionsClosed from problem


class IntroductionModal(PersistentModal):
    """One field per question of the server."""

    access = EVERYONE
    template = re.compile(r"onboarding:introduction:(?P<guild>\d{15,20})")

    def __init__(self, where: Visit) -> None:
        t = where.t
        super().__init__(title=t(N_("Introduce yourself")), custom_id=f"onboarding:introduction:{where.guild.id}")
        questions = prompts(where.welcome, t.language)
        for index, question in enumerate(questions):
            field: ui.TextInput[Any] = ui.TextInput(
                style=discord.TextStyle.paragraph,
                custom_id=f"answer{index}",
                required=question.required,
                max_length=answer_limit(len(questions)),
            )
            self.add_item(ui.Label(text=question.text, component=field))

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        from cogs.onboarding.views.checklist import show_checklist

        written = [str(value or "") for _, value in sorted(values.items())]
        try:
            where = visit(interaction, int(ids["guild"]))
            pairs = _pairs(where, written)
            require_open(where)
            progress = await where.journeys.introduce(where.guild.id, where.member.id, pairs)
        except UserError as problem:
            await _give_back(interaction, int(ids["guild"]), problem, written)
            return
        channel = where.guild.get_channel(where.welcome.introductions_channel or 0)
        said = where.t(N_("Your introduction is in {channel}."), channel=channel.mention if channel else "?")
        await show_checklist(interaction, where, progress, said)


def prompts(welcome: WelcomeSettings, language: str) -> list[Prompt]:
    """The server's questions in this language."""
    return [Prompt(entry.text(language), entry.required) for entry in welcome.prompts]


def _pairs(where: Visit, written: list[str]) -> list[tuple[str, str]]:
    """(question, answer) as they will be posted, in the server's language. Raises what ``rules.answers`` raises."""
    questions = prompts(where.welcome, where.t.language)
    # The questions may have changed since the form was opened: what was written still counts, in its place.
    fitted = (written + [""] * len(questions))[: len(questions)]
    given = answers(questions, fitted)
    public = prompts(where.welcome, where.public_language)
    return [(question.text, answer) for question, answer in zip(public, given, strict=True) if answer]


async def _give_back(interaction: "Interaction", guild_id: int, problem: UserError, written: list[str]) -> None:
    t = interaction.client.i18n.for_reader(interaction.locale, guild_id)
    text = t(problem.message, **problem.params)
    kept = "\n\n".join(part for part in written if part.strip())
    if not kept or isinstance(problem, AlreadyIntroduced):
        await reply(interaction, text)
        return
    file = discord.File(io.BytesIO(kept.encode(errors="replace")), t(N_("introduction.txt")))
    await reply(interaction, text + "\n" + t(N_("What you wrote is in this file.")), file=file)
