"""Tables of the welcome: each newcomer's way, what they accepted, chose and wrote, and who greeted them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, RowId, Snowflake
from bot.i18n.marks import N_
from cogs.onboarding.attribution import models as _attribution  # noqa: F401 - tables are found through this module
from cogs.onboarding.buddies import models as _buddies  # noqa: F401
from cogs.onboarding.newcomers import models as _newcomers  # noqa: F401
from cogs.onboarding.raids import models as _raids  # noqa: F401
from cogs.onboarding.replies import models as _replies  # noqa: F401
from cogs.onboarding.replies.rules import How as How  # noqa: PLC0414 - said to be exported

_KEPT = N_("Until you ask to be erased, or 30 days after the bot left the server.")


class Journey(Base):
    """One member's way through the welcome; when each step was done for the first time, null until then."""

    __tablename__ = "onboarding_journey"
    __member_data__ = MemberData(
        "user_id", purpose=N_("Which steps of the welcome you have done, and when."), kept=_KEPT
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    joined_at: Mapped[datetime]
    """The present stay's beginning."""
    active_at: Mapped[datetime]
    """When the member joined or last did a step: a first message and a first answer are listened for from then on."""
    left_at: Mapped[datetime | None]
    screened_at: Mapped[datetime | None]
    """When Discord's own rules screening was over in the present stay."""
    welcomed_at: Mapped[datetime | None]
    """When the private welcome of the present stay was delivered."""
    thread_id: Mapped[Snowflake | None]
    groups_at: Mapped[datetime | None]
    introduced_at: Mapped[datetime | None]
    first_message_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When another human first answered."""
    onboarded_at: Mapped[datetime | None]
    """When every required step was first done."""
    role_given_at: Mapped[datetime | None]
    """When Discord gave the member role in the present stay."""


class CodeAcceptance(Base):
    """A member accepted a version of the code of conduct. Rows are only added."""

    __tablename__ = "onboarding_code_acceptance"
    __member_data__ = MemberData(
        "user_id", purpose=N_("Which versions of the code of conduct you accepted, and when."), kept=_KEPT
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    major: Mapped[int]
    accepted_at: Mapped[datetime]


class GroupChoice(Base):
    """A member wants (or no longer wants) an interest group, which is its role.

    ``applied`` is false until Discord has the role as wanted; then a row that is not wanted is deleted.
    """

    __tablename__ = "onboarding_group_choice"
    __member_data__ = MemberData("user_id", purpose=N_("Which groups you chose."), kept=_KEPT)

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    role_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    wanted: Mapped[bool]
    applied: Mapped[bool]
    chosen_at: Mapped[datetime]


class Introduction(Base):
    """What a member wrote on purpose to introduce themselves, and where it was posted."""

    __tablename__ = "onboarding_introduction"
    __member_data__ = MemberData("user_id", purpose=N_("Your introduction, as you wrote it."), kept=_KEPT)

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    answers: Mapped[list[Any]]
    """Pairs of prompt and answer, as they were shown."""
    written_at: Mapped[datetime]
    channel_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    greetings_shown: Mapped[int]
    """How many greetings the post shows; when there are more, it is drawn again."""


class Greeting(Base):
    """A member answered a newcomer; once for each two of them."""

    __tablename__ = "onboarding_greeting"
    __table_args__ = (
        UniqueConstraint("guild_id", "newcomer_id", "greeter_id"),
        Index("ix_onboarding_greeting_greeter", "guild_id", "greeter_id"),
    )
    __member_data__ = MemberData(
        "newcomer_id", purpose=N_("Who greeted you."), kept=_KEPT, counterparties=("greeter_id",)
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    newcomer_id: Mapped[Snowflake]
    greeter_id: Mapped[Snowflake | None]
    """Null once the greeter was erased."""
    how: Mapped[How]
    at: Mapped[datetime]


class Panel(Base):
    """The panel with the Start button; ``serial`` is in its custom_id, so that an interrupted post is found again."""

    __tablename__ = "onboarding_panel"
    __member_data__ = NoMemberData("a post of a server")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    serial: Mapped[int]
    channel_id: Mapped[Snowflake]
    message_id: Mapped[Snowflake | None]
    """Null until Discord took it."""
    begun_at: Mapped[datetime]


class Trouble(Base):
    """Something the welcome cannot do in a server for want of a permission; the team is told when the row is made."""

    __tablename__ = "onboarding_trouble"
    __member_data__ = NoMemberData("what does not work in a server")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
