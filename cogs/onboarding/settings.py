"""What a server decides about its welcome, its groups and its code of conduct."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from bot.guilds.fields import Channel, Choice, GrantedRoleId, LongText, Row, TextChannelId
from bot.guilds.problems import Refusal
from bot.guilds.sections import Section
from bot.i18n.marks import N_
from cogs.onboarding.rules import PROMPTS, Planned, Step

GROUPS = 25
"""Options of one select menu."""

THREADS = Channel(needs=("view_channel", "send_messages", "create_private_threads", "send_messages_in_threads"))
ThreadChannelId = Annotated[int, THREADS]
PurposeText = Annotated[str, LongText(500)]


class Delivery(Choice):
    """How a newcomer is reached."""

    THREAD = "thread", N_("Private thread")
    DIRECT = "dm", N_("Direct message")


class StepEntry(Row):
    """A step of the way."""

    title = N_("Step")

    step: Step = Field(title=N_("Step"), description=N_("What the newcomer does."))
    required: bool = Field(
        False, title=N_("Required"), description=N_("The member role is given once every required step is done.")
    )


class PromptEntry(Row):
    """A question of the introduction."""

    title = N_("Question")

    en: str = Field(min_length=1, max_length=45, title=N_("In English"), description=N_("The question, in English."))
    fr: str = Field("", max_length=45, title=N_("In French"), description=N_("The question, in French."))
    required: bool = Field(True, title=N_("Required"), description=N_("Whether it needs an answer."))

    def text(self, language: str) -> str:
        return self.fr if language == "fr" and self.fr else self.en


class Group(Row):
    """An interest group: a role that members take and leave by themselves."""

    title = N_("Group")

    role: GrantedRoleId = Field(title=N_("Role"), description=N_("What its members get. Its name is the group's name."))
    emoji: str = Field("", max_length=64, title=N_("Emoji"), description=N_("One emoji shown beside the group."))
    en: str = Field(
        "", max_length=100, title=N_("Description in English"), description=N_("What happens there, in a few words.")
    )
    fr: str = Field(
        "", max_length=100, title=N_("Description in French"), description=N_("What happens there, in a few words.")
    )

    def description(self, language: str) -> str:
        return (self.fr or self.en) if language == "fr" else (self.en or self.fr)


DEFAULT_STEPS = (
    StepEntry(step=Step.SCREENING, required=True),
    StepEntry(step=Step.CODE, required=True),
    StepEntry(step=Step.GROUPS),
    StepEntry(step=Step.INTRODUCTION),
    StepEntry(step=Step.FIRST_MESSAGE),
    StepEntry(step=Step.FIRST_REPLY),
)
DEFAULT_PROMPTS = (
    PromptEntry(en="What brings you here?", fr="Qu’est-ce qui t’amène ici ?"),
    PromptEntry(en="What do you like to make or do?", fr="Qu’aimes-tu faire ou fabriquer ?", required=False),
)


class WelcomeSettings(Section):
    """How newcomers are welcomed."""

    key = "welcome"
    title = N_("Welcome")
    summary = N_("What newcomers see, step by step, until they are full members.")

    enabled: bool = Field(False, title=N_("Welcome newcomers"), description=N_("Nothing is sent before this is on."))
    panel_channel: TextChannelId | None = Field(
        None, title=N_("Panel channel"), description=N_("Where the panel with the Start button stands.")
    )
    delivery: Delivery = Field(
        Delivery.THREAD,
        title=N_("Private welcome"),
        description=N_("How a newcomer is reached. A closed DM becomes a thread."),
    )
    thread_channel: ThreadChannelId | None = Field(
        None,
        title=N_("Channel of private threads"),
        description=N_("Newcomers must see it. Without one, the panel channel is used."),
    )
    purpose_en: PurposeText = Field(
        "", max_length=500, title=N_("What this place is for"), description=N_("One or two sentences, in English.")
    )
    purpose_fr: PurposeText = Field(
        "", max_length=500, title=N_("What it is for, in French"), description=N_("The same sentences, in French.")
    )
    steps: tuple[StepEntry, ...] = Field(
        DEFAULT_STEPS, max_length=len(Step), title=N_("Steps"), description=N_("In the order newcomers see them.")
    )
    member_role: GrantedRoleId | None = Field(
        None, title=N_("Member role"), description=N_("Given once every required step is done.")
    )
    introductions_channel: TextChannelId | None = Field(
        None,
        title=N_("Introductions channel"),
        description=N_("Where introductions are posted. Without one, the step is hidden."),
    )
    prompts: tuple[PromptEntry, ...] = Field(
        DEFAULT_PROMPTS,
        min_length=1,
        max_length=PROMPTS,
        title=N_("Questions of the introduction"),
        description=N_("One to three."),
    )
    places: tuple[TextChannelId, ...] = Field(
        (), max_length=3, title=N_("Where to go next"), description=N_("Up to three channels worth a first look.")
    )
    bilingual: bool = Field(
        False,
        title=N_("Panel in two languages"),
        description=N_("Adds a line and a label in the other language."),
    )

    @field_validator("steps")
    @classmethod
    def _once(cls, value: tuple[StepEntry, ...]) -> tuple[StepEntry, ...]:
        if len({entry.step for entry in value}) != len(value):
            raise Refusal(N_("Each step can stand in the list only once."))
        return value

    def purpose(self, language: str) -> str:
        """What the place is for, in the reader's language where it was written in it."""
        other = self.purpose_fr if language == "fr" else self.purpose_en
        return other or self.purpose_en or self.purpose_fr

    def planned(self) -> tuple[Planned, ...]:
        return tuple(Planned(entry.step, entry.required) for entry in self.steps)


class GroupsSettings(Section):
    """Interest groups members choose from."""

    key = "groups"
    title = N_("Groups")
    summary = N_("Interest groups: roles that members take and leave by themselves.")

    groups: tuple[Group, ...] = Field(
        (), max_length=GROUPS, title=N_("Groups"), description=N_("In the order members see them, 25 at most.")
    )

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({group.role for group in self.groups}) != len(self.groups):
            raise Refusal(N_("This role is a group already. Each role can be one group only."))
        return self


MOVED = N_("This is no setting any more. Take the line out, and write the code of conduct with /rules.")


class CodeSettings(Section):
    """What the welcome does with the code of conduct, which the conduct feature keeps."""

    key = "code"
    title = N_("Code of conduct")
    summary = N_("What happens when a new edition is published. The code itself is written with /rules.")
    moved = dict.fromkeys(("text_en", "text_fr", "edition"), MOVED)

    ask_again: bool = Field(
        True,
        title=N_("Ask again in private"),
        description=N_("After a new edition, one private message to whoever accepted an older one, spread over days."),
    )
