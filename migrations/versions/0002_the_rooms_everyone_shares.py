"""The rooms everyone shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attention_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("silenced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_account")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_attention_account_guild_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attention_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("params", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("usefulness", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "sent",
                "expired",
                "empty",
                "withdrawn",
                "silenced",
                "closed",
                "left",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_proposal")),
        sa.UniqueConstraint(
            "guild_id", "user_id", "kind", "source", name=op.f("uq_attention_proposal_guild_id_user_id_kind_source")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("attention_proposal", schema=None) as batch_op:
        batch_op.create_index("ix_attention_proposal_settled_at", ["settled_at"], unique=False)

    op.create_table(
        "onboarding_arrival",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("candidates", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("inviter_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "joined_at", name=op.f("pk_onboarding_arrival")),
    )
    with op.batch_alter_table("onboarding_arrival", schema=None) as batch_op:
        batch_op.create_index("ix_onboarding_arrival_code", ["guild_id", "code"], unique=False)
        batch_op.create_index("ix_onboarding_arrival_inviter", ["guild_id", "inviter_id"], unique=False)

    op.create_table(
        "onboarding_awaited",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome", sa.Enum("answered", "left", "handled", name="ended", native_enum=False, length=32), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_awaited")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_onboarding_awaited_guild_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "onboarding_buddy_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("unreachable", sa.Boolean(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_buddy_offer")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_onboarding_buddy_offer_guild_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "onboarding_buddy_pair",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("newcomer_id", sa.BigInteger(), nullable=False),
        sa.Column("buddy_id", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum("over", "changed", "withdrew", "left", "unreachable", name="ending", native_enum=False, length=32),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_buddy_pair")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("onboarding_buddy_pair", schema=None) as batch_op:
        batch_op.create_index("ix_onboarding_buddy_pair_buddy", ["guild_id", "buddy_id"], unique=False)
        batch_op.create_index("ix_onboarding_buddy_pair_newcomer", ["guild_id", "newcomer_id"], unique=False)

    op.create_table(
        "onboarding_buddy_wish",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_buddy_wish")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_onboarding_buddy_wish_guild_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "onboarding_greeter",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_onboarding_greeter")),
    )
    op.create_table(
        "onboarding_invite",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("inviter_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("vanity", sa.Boolean(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "code", name=op.f("pk_onboarding_invite")),
    )
    op.create_table(
        "onboarding_invite_look",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_onboarding_invite_look")),
    )
    op.create_table(
        "onboarding_invite_week",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "week", "code", name=op.f("pk_onboarding_invite_week")),
    )
    op.create_table(
        "onboarding_newcomer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("third_message_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_newcomer")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_onboarding_newcomer_guild_id_user_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("onboarding_newcomer", schema=None) as batch_op:
        batch_op.create_index("ix_onboarding_newcomer_came_at", ["guild_id", "came_at"], unique=False)

    op.create_table(
        "onboarding_raid",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joins", sa.Integer(), nullable=False),
        sa.Column("within_seconds", sa.Integer(), nullable=False),
        sa.Column("younger_seconds", sa.Integer(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by", sa.BigInteger(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_ended_by", sa.BigInteger(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.BigInteger(), nullable=True),
        sa.Column("level_before", sa.Integer(), nullable=True),
        sa.Column("level_raised", sa.Integer(), nullable=True),
        sa.Column("level_done", sa.Boolean(), nullable=False),
        sa.Column("hold_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_ended_by", sa.BigInteger(), nullable=True),
        sa.Column("banned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_raid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("onboarding_raid", schema=None) as batch_op:
        batch_op.create_index("ix_onboarding_raid_guild", ["guild_id", "id"], unique=False)

    op.create_table(
        "onboarding_raid_joiner",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("raid_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("young", sa.Boolean(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.BigInteger(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("ban_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "raid_id", "user_id", name=op.f("pk_onboarding_raid_joiner")),
    )
    with op.batch_alter_table("onboarding_raid_joiner", schema=None) as batch_op:
        batch_op.create_index("ix_onboarding_raid_joiner_member", ["guild_id", "user_id"], unique=False)

    op.create_table(
        "onboarding_stuck_step",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "step", name=op.f("pk_onboarding_stuck_step")),
    )
    op.create_table(
        "pending_import",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("choices", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_pending_import")),
    )
    with op.batch_alter_table("pending_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_import_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "registered_commands",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_registered_commands")),
    )
    op.create_table(
        "setup_draft",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_setup_draft")),
    )
    op.create_table(
        "setup_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("applying", "applied", "undoing", "undone", name="runstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("operations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("acting", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_run")),
    )
    with op.batch_alter_table("setup_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setup_run_guild_id"), ["guild_id"], unique=False)

    op.create_table(
        "onboarding_greeter_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("awaited_id", sa.BigInteger(), nullable=False),
        sa.Column("greeter_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Enum("taken", "declined", name="answer", native_enum=False, length=32), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["awaited_id"],
            ["onboarding_awaited.id"],
            name=op.f("fk_onboarding_greeter_call_awaited_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding_greeter_call")),
        sa.UniqueConstraint("awaited_id", "greeter_id", name=op.f("uq_onboarding_greeter_call_awaited_id_greeter_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("onboarding_greeter_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_onboarding_greeter_call_awaited_id"), ["awaited_id"], unique=False)
        batch_op.create_index("ix_onboarding_greeter_call_greeter", ["guild_id", "greeter_id"], unique=False)

    with op.batch_alter_table("guild_section_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_guild_section_change_batch"), ["batch"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("guild_section_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guild_section_change_batch"))
        batch_op.drop_column("origin")
        batch_op.drop_column("batch")

    with op.batch_alter_table("onboarding_greeter_call", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_greeter_call_greeter")
        batch_op.drop_index(batch_op.f("ix_onboarding_greeter_call_awaited_id"))

    op.drop_table("onboarding_greeter_call")
    with op.batch_alter_table("setup_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_setup_run_guild_id"))

    op.drop_table("setup_run")
    op.drop_table("setup_draft")
    op.drop_table("registered_commands")
    with op.batch_alter_table("pending_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_import_expires_at"))

    op.drop_table("pending_import")
    op.drop_table("onboarding_stuck_step")
    with op.batch_alter_table("onboarding_raid_joiner", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_raid_joiner_member")

    op.drop_table("onboarding_raid_joiner")
    with op.batch_alter_table("onboarding_raid", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_raid_guild")

    op.drop_table("onboarding_raid")
    with op.batch_alter_table("onboarding_newcomer", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_newcomer_came_at")

    op.drop_table("onboarding_newcomer")
    op.drop_table("onboarding_invite_week")
    op.drop_table("onboarding_invite_look")
    op.drop_table("onboarding_invite")
    op.drop_table("onboarding_greeter")
    op.drop_table("onboarding_buddy_wish")
    with op.batch_alter_table("onboarding_buddy_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_buddy_pair_newcomer")
        batch_op.drop_index("ix_onboarding_buddy_pair_buddy")

    op.drop_table("onboarding_buddy_pair")
    op.drop_table("onboarding_buddy_offer")
    op.drop_table("onboarding_awaited")
    with op.batch_alter_table("onboarding_arrival", schema=None) as batch_op:
        batch_op.drop_index("ix_onboarding_arrival_inviter")
        batch_op.drop_index("ix_onboarding_arrival_code")

    op.drop_table("onboarding_arrival")
    with op.batch_alter_table("attention_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_attention_proposal_settled_at")

    op.drop_table("attention_proposal")
    op.drop_table("attention_account")
