"""Nobody waits at the door, and the code of conduct."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conduct_appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome", sa.Enum("upheld", "overturned", name="outcome", native_enum=False, length=32), nullable=True
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_appeal")),
        sa.UniqueConstraint("guild_id", "case_id", name=op.f("uq_conduct_appeal_guild_id_case_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conduct_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "warn",
                "timeout",
                "kick",
                "ban",
                "unban",
                "filter",
                "native",
                name="casekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=True),
        sa.Column(
            "severity", sa.Enum("low", "medium", "high", name="severity", native_enum=False, length=32), nullable=True
        ),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum("active", "expired", "appealed", "overturned", "void", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("delete_seconds", sa.Integer(), nullable=False),
        sa.Column(
            "notice",
            sa.Enum("none", "owed", "dm", "thread", "undelivered", name="notice", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("notice_message_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("departure", sa.String(), nullable=True),
        sa.Column("follows", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_case")),
        sa.UniqueConstraint("guild_id", "number", name=op.f("uq_conduct_case_guild_id_number")),
        sa.UniqueConstraint("guild_id", "source", name=op.f("uq_conduct_case_guild_id_source")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conduct_case", schema=None) as batch_op:
        batch_op.create_index("ix_conduct_case_article", ["guild_id", "article", "kind"], unique=False)
        batch_op.create_index("ix_conduct_case_follows", ["guild_id", "follows"], unique=False)
        batch_op.create_index("ix_conduct_case_member", ["guild_id", "user_id"], unique=False)

    op.create_table(
        "conduct_case_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_case_change")),
    )
    with op.batch_alter_table("conduct_case_change", schema=None) as batch_op:
        batch_op.create_index("ix_conduct_case_change_case", ["guild_id", "case_id"], unique=False)

    op.create_table(
        "conduct_case_counter",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_conduct_case_counter")),
    )
    op.create_table(
        "conduct_cleaning",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_cleaning")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conduct_cleaning_author",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cleaning_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "cleaning_id", "author_id", name=op.f("pk_conduct_cleaning_author")),
    )
    op.create_table(
        "conduct_cleaning_message",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cleaning_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "cleaning_id", "message_id", name=op.f("pk_conduct_cleaning_message")),
    )
    op.create_table(
        "conduct_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "what", sa.Enum("case", "lift", "void", name="draftof", native_enum=False, length=32), nullable=False
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "warn",
                "timeout",
                "kick",
                "ban",
                "unban",
                "filter",
                "native",
                name="casekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("article", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("length_seconds", sa.Integer(), nullable=True),
        sa.Column("delete_seconds", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("departure", sa.String(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_draft")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conduct_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("attachments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_evidence")),
        sa.UniqueConstraint("guild_id", "source", name=op.f("uq_conduct_evidence_guild_id_source")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conduct_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_conduct_evidence_case", ["guild_id", "case_id"], unique=False)

    op.create_table(
        "conduct_filter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "words",
                "patterns",
                "invites",
                "denied_domains",
                "allowed_domains",
                "mentions",
                "spam",
                name="filterkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("entries", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("shipped", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("article", sa.Integer(), nullable=True),
        sa.Column(
            "doing",
            sa.Enum("report", "delete", "warn", "timeout", "ladder", name="doing", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("length_seconds", sa.Integer(), nullable=True),
        sa.Column("most_mentions", sa.Integer(), nullable=False),
        sa.Column("exempt_roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("exempt_channels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "watch", sa.Enum("off", "shadow", "armed", name="watch", native_enum=False, length=32), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("armed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sought_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_filter")),
        sa.UniqueConstraint("guild_id", "number", name=op.f("uq_conduct_filter_guild_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conduct_filter_hit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("filter_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "place",
            sa.Enum(
                "content",
                "embed",
                "attachment",
                "poll",
                "forwarded",
                "sticker",
                "thread_name",
                "nickname",
                "message",
                name="where",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("watched", "look", "acted", "joined", "held", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("wrong_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_filter_hit")),
        sa.UniqueConstraint(
            "guild_id", "filter_id", "source", name=op.f("uq_conduct_filter_hit_guild_id_filter_id_source")
        ),
    )
    with op.batch_alter_table("conduct_filter_hit", schema=None) as batch_op:
        batch_op.create_index("ix_conduct_filter_hit_at", ["guild_id", "at"], unique=False)
        batch_op.create_index("ix_conduct_filter_hit_member", ["guild_id", "user_id"], unique=False)

    op.create_table(
        "conduct_lockdown",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("pauses", sa.Boolean(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("pause_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_over", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_lockdown")),
        sa.UniqueConstraint("guild_id", "open", name=op.f("uq_conduct_lockdown_guild_id_open")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conduct_lockdown_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("lockdown_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "target",
            sa.Enum("role", "member", "slow", "level", name="target", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("mask", sa.BigInteger(), nullable=False),
        sa.Column("existed", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("wanted", "set", "restored", "left", "gone", name="stepstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_lockdown_step")),
        sa.UniqueConstraint(
            "lockdown_id",
            "channel_id",
            "target_id",
            "target",
            name=op.f("uq_conduct_lockdown_step_lockdown_id_channel_id_target_id_target"),
        ),
    )
    op.create_table(
        "conduct_measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Enum("timeout", "ban", name="measurekind", native_enum=False, length=32), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_measure")),
        sa.UniqueConstraint("guild_id", "user_id", "kind", name=op.f("uq_conduct_measure_guild_id_user_id_kind")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conduct_native_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("filter_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("answered", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_native_rule")),
        sa.UniqueConstraint(
            "guild_id", "filter_id", "part", name=op.f("uq_conduct_native_rule_guild_id_filter_id_part")
        ),
    )
    op.create_table(
        "conduct_panel",
        sa.Column("draft_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.Column("report_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("delete_message", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_conduct_panel")),
    )
    op.create_table(
        "conduct_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("article", sa.Integer(), nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("sanctioned", "upheld", "not_upheld", "duplicate", name="outcome", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_report")),
        sa.UniqueConstraint("guild_id", "source", name=op.f("uq_conduct_report_guild_id_source")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conduct_report", schema=None) as batch_op:
        batch_op.create_index("ix_conduct_report_made", ["guild_id", "made_at"], unique=False)
        batch_op.create_index("ix_conduct_report_subject", ["guild_id", "subject_id"], unique=False)

    op.create_table(
        "onboarding_invite_read",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("read_by", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_invite_read")),
    )
    with op.batch_alter_table("onboarding_invite_read", schema=None) as batch_op:
        batch_op.create_index("ix_onboarding_invite_read_read_at", ["read_at"], unique=False)
        batch_op.create_index("ix_onboarding_invite_read_user", ["guild_id", "user_id"], unique=False)

    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.drop_column("due_at")

    with op.batch_alter_table("onboarding_invite_read", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_invite_read_user")
        batch_op.drop_index("ix_onboarding_invite_read_read_at")

    op.drop_table("onboarding_invite_read")
    with op.batch_alter_table("conduct_report", schema=None) as batch_op:
        batch_op.drop_index("ix_conduct_report_subject")
        batch_op.drop_index("ix_conduct_report_made")

    op.drop_table("conduct_report")
    op.drop_table("conduct_panel")
    op.drop_table("conduct_native_rule")
    op.drop_table("conduct_measure")
    op.drop_table("conduct_lockdown_step")
    op.drop_table("conduct_lockdown")
    with op.batch_alter_table("conduct_filter_hit", schema=None) as batch_op:
        batch_op.drop_index("ix_conduct_filter_hit_member")
        batch_op.drop_index("ix_conduct_filter_hit_at")

    op.drop_table("conduct_filter_hit")
    op.drop_table("conduct_filter")
    with op.batch_alter_table("conduct_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_conduct_evidence_case")

    op.drop_table("conduct_evidence")
    op.drop_table("conduct_draft")
    op.drop_table("conduct_cleaning_message")
    op.drop_table("conduct_cleaning_author")
    op.drop_table("conduct_cleaning")
    op.drop_table("conduct_case_counter")
    with op.batch_alter_table("conduct_case_change", schema=None) as batch_op:
        batch_op.drop_index("ix_conduct_case_change_case")

    op.drop_table("conduct_case_change")
    with op.batch_alter_table("conduct_case", schema=None) as batch_op:
        batch_op.drop_index("ix_conduct_case_member")
        batch_op.drop_index("ix_conduct_case_follows")
        batch_op.drop_index("ix_conduct_case_article")

    op.drop_table("conduct_case")
    op.drop_table("conduct_appeal")
