"""What a server decides about moderation."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.contracts.cases import CaseKind
from bot.guilds.fields import Channel, Choice, Duration, LongText, Row, Suggested, TextChannelId
from bot.guilds.problems import Refusal
from bot.guilds.sections import Section
from bot.i18n.marks import N_
from cogs.conduct.cases.rules import Rung

THREADS = Channel(needs=("view_channel", "send_messages", "create_private_threads", "send_messages_in_threads"))
ThreadChannelId = Annotated[int, THREADS]
DAY = timedelta(days=1)
PointsLast = Annotated[Duration, Suggested((30 * DAY, 90 * DAY, 180 * DAY, 365 * DAY))]
Length = Annotated[Duration, Suggested((timedelta(hours=2), DAY, 7 * DAY, 28 * DAY))]
AppealDue = Annotated[Duration, Suggested((DAY, 3 * DAY, 7 * DAY))]


class LadderKind(Choice):
    """What a rung of the ladder proposes."""

    TIMEOUT = "timeout", N_("Timeout")
    KICK = "kick", N_("Kick")
    BAN = "ban", N_("Ban")


class LadderEntry(Row):
    """A rung of the ladder."""

    title = N_("Step of the ladder")

    points: int = Field(ge=1, le=1000, title=N_("From points"), description=N_("With the new case’s own points."))
    kind: LadderKind = Field(LadderKind.TIMEOUT, title=N_("Proposes"), description=N_("What moderators are proposed."))
    length: Length | None = Field(
        None, title=N_("For how long"), description=N_("Of a timeout or ban. A ban without one has no end.")
    )


DEFAULT_LADDER = (
    LadderEntry(points=50, length=timedelta(hours=2)),
    LadderEntry(points=80, length=timedelta(hours=24)),
    LadderEntry(points=100, kind=LadderKind.BAN, length=timedelta(days=7)),
)


class ConductSettings(Section):
    """Moderation: where it is written down, the ladder, notices and appeals."""

    key = "conduct"
    title = N_("Moderation")
    summary = N_("Cases, the ladder of proposals, notices to members, and appeals.")

    enabled: bool = Field(
        False, title=N_("Moderate with cases"), description=N_("The commands of moderation exist while this is on.")
    )
    modlog_channel: TextChannelId | None = Field(
        None, title=N_("Moderation log"), description=N_("Every case is posted there. Only the team should see it.")
    )
    notice_channel: ThreadChannelId | None = Field(
        None,
        title=N_("Channel of notices"),
        description=N_("Whose private messages are closed is told in a private thread there. Members must see it."),
    )
    points_last: PointsLast = Field(
        90 * DAY,
        ge=DAY,
        le=timedelta(days=3650),
        title=N_("Points expire after"),
        description=N_("Then a case counts for nothing in the ladder. Cases keep the date they were given."),
    )
    ladder: tuple[LadderEntry, ...] = Field(
        DEFAULT_LADDER,
        max_length=8,
        title=N_("Ladder"),
        description=N_("What is proposed from how many points on. A moderator decides."),
    )
    appeals: bool = Field(True, title=N_("Appeals"), description=N_("Members can contest a case with a button."))
    appeal_due: AppealDue = Field(
        3 * DAY,
        ge=timedelta(hours=1),
        le=timedelta(days=60),
        title=N_("Decide an appeal within"),
        description=N_("Then it stands first in the inbox."),
    )
    appeal_address: Annotated[str, LongText(300)] = Field(
        "",
        max_length=300,
        title=N_("Address for appeals"),
        description=N_("A form or mail address for whoever cannot use Discord any more. Shown in the notice."),
    )

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if len({entry.points for entry in self.ladder}) != len(self.ladder):
            raise Refusal(N_("Two steps of the ladder begin at the same points."))
        if any(entry.kind is LadderKind.TIMEOUT and entry.length is None for entry in self.ladder):
            raise Refusal(N_("A timeout needs a duration."))
        return self

    def rungs(self) -> tuple[Rung, ...]:
        """The ladder as the rules read it."""
        return tuple(
            Rung(entry.points, CaseKind(str(entry.kind)), None if entry.kind is LadderKind.KICK else entry.length)
            for entry in self.ladder
        )
