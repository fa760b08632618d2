"""Tables of moderation: cases with their history, and what is in force on Discord because of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from bot.database import Base, MemberData, NoMemberData, OnErase, RowId, Snowflake
from bot.i18n.marks import N_
from cogs.conduct.cases.rules import State

_KEPT = N_(
    "While it counts, even when you ask to be erased: then without your name. "
    "Otherwise until you ask to be erased, or 30 days after the bot left the server."
)


class Notice(StrEnum):
    """Whether the member was told."""

    NONE = "none"
    """There is nothing to tell."""
    OWED = "owed"
    DIRECT = "dm"
    THREAD = "thread"
    UNDELIVERED = "undelivered"
    """Their private messages are closed, and no thread reaches them."""


class Case(Base):
    """Something a moderator, a filter or Discord did about a member. Numbered per server; never deleted by staff."""

    __tablename__ = "conduct_case"
    __table_args__ = (
        UniqueConstraint("guild_id", "number"),
        UniqueConstraint("guild_id", "source"),
        Index("ix_conduct_case_member", "guild_id", "user_id"),
        Index("ix_conduct_case_article", "guild_id", "article", "kind"),
        Index("ix_conduct_case_follows", "guild_id", "follows"),
        # Its row number is in custom_ids and timers, so it must never come back.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("What moderators decided about you: the article, the reason, until when it counts."),
        kept=_KEPT,
        on_erase=OnErase.KEEP_HASHED,
        counterparties=("moderator_id", "ended_by", "lifted_by"),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    number: Mapped[int]
    kind: Mapped[CaseKind]
    user_id: Mapped[Snowflake]
    moderator_id: Mapped[Snowflake | None]
    """Null for what the bot did by itself, and for a moderator who was erased."""
    automatic: Mapped[bool] = mapped_column(default=False)
    """A filter or Discord decided, no human."""
    by_hand: Mapped[bool] = mapped_column(default=False)
    """It was done in Discord's own menus."""
    source: Mapped[str]
    """What caused it, unique in the server: the same cause makes one case."""
    article: Mapped[int | None]
    severity: Mapped[Severity | None]
    points: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str]
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """The end of the timeout or ban; null for one without an end."""
    expires_at: Mapped[datetime | None]
    """From when on it has no points; null where it never has any."""
    state: Mapped[State] = mapped_column(default=State.ACTIVE)
    ended_at: Mapped[datetime | None]
    """When it was voided or overturned."""
    ended_by: Mapped[Snowflake | None]
    lifted_at: Mapped[datetime | None]
    """When the timeout or ban was ended early."""
    lifted_by: Mapped[Snowflake | None]
    delete_seconds: Mapped[int] = mapped_column(default=0)
    """Of a ban: how far back the member's messages are deleted."""
    notice: Mapped[Notice] = mapped_column(default=Notice.NONE)
    noticed_at: Mapped[datetime | None]
    """When the notice reached the member: from then on its points count."""
    notice_tried_at: Mapped[datetime | None]
    notice_channel_id: Mapped[Snowflake | None]
    notice_message_id: Mapped[Snowflake | None]
    done_at: Mapped[datetime | None]
    """When what happens once (a kick, an unban) was carried out."""
    proposed: Mapped[str | None]
    """The step that was proposed when a human decided otherwise."""
    departure: Mapped[str | None]
    """Why they decided otherwise."""
    follows: Mapped[Snowflake | None]
    """The row of the warning whose next step it is: it has no points of its own, and goes when the warning goes."""


class CaseCounter(Base):
    """The number of the newest case of a server."""

    __tablename__ = "conduct_case_counter"
    __member_data__ = NoMemberData("a number per server")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CaseChange(Base):
    """A case was edited, lifted, voided, appealed or overturned. Rows are only added."""

    __tablename__ = "conduct_case_change"
    __table_args__ = (Index("ix_conduct_case_change_case", "guild_id", "case_id"),)
    __member_data__ = NoMemberData("what happened to a case", mentions=("by",))

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    case_id: Mapped[Snowflake]
    at: Mapped[datetime]
    by: Mapped[Snowflake | None]
    """Null for the bot, and for somebody who was erased."""
    what: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)


class MeasureKind(StrEnum):
    """What stands on Discord for as long as it is in force."""

    TIMEOUT = "timeout"
    BAN = "ban"


class Measure(Base):
    """A timeout or ban as it is to be on Discord: one row for a member and kind, and the newest case decides.

    ``owed`` until Discord is as the row says. Its timer knows it by number, so that it names nobody.
    """

    __tablename__ = "conduct_measure"
    __table_args__ = (UniqueConstraint("guild_id", "user_id", "kind"), {"sqlite_autoincrement": True})
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Whether a timeout or ban of yours is in force, and until when."),
        kept=N_("Until it is over, even when you ask to be erased: then without your name."),
        on_erase=OnErase.KEEP_HASHED,
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    """Negative, a salted hash, once the member was erased: whoever is banned under it is looked for by hash."""
    kind: Mapped[MeasureKind]
    case_id: Mapped[Snowflake]
    in_force: Mapped[bool]
    until: Mapped[datetime | None]
    owed: Mapped[bool]
    revision: Mapped[int]
    """Rises with every decision: an effect that was overtaken is not noted as done."""


class DraftOf(StrEnum):
    """What a draft becomes once it is confirmed."""

    CASE = "case"
    LIFT = "lift"
    VOID = "void"


class Draft(Base):
    """A case somebody is about to make or undo: what they chose so far, across restarts, for a day."""

    __tablename__ = "conduct_draft"
    __table_args__ = ({"sqlite_autoincrement": True},)
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("A decision about you that a moderator has begun."),
        kept=N_("One day."),
        counterparties=("moderator_id",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    moderator_id: Mapped[Snowflake | None]
    what: Mapped[DraftOf] = mapped_column(default=DraftOf.CASE)
    case_id: Mapped[Snowflake | None]
    """The case it is to undo; of a new one, the warning that it follows as its next step."""
    kind: Mapped[CaseKind]
    article: Mapped[int | None]
    reason: Mapped[str]
    length_seconds: Mapped[int | None]
    delete_seconds: Mapped[int] = mapped_column(default=0)
    proposed: Mapped[str | None]
    departure: Mapped[str | None]
    begun_at: Mapped[datetime]
