"""The code of conduct has articles, and a feature of its own.

Versions move from the welcome to the conduct feature with every row. A text that a server wrote itself becomes the
preamble of a code without articles. Where members accepted the text the bot came with, which had no row, it gets one,
so that what they accepted stays in force until the team publishes something else.

The welcome's section "code" keeps ``ask_again`` alone; its texts and edition are those of the newest version. On the
way down they are put back; articles become part of the text, and drafts, which were never in force, are dropped.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SETTINGS_LENGTH = 3000
"""What the section took of each text."""
MOVED = ("text_en", "text_fr", "edition")

# The text of 0002: versions of it must read the same for good, whatever the bot comes with today.
CODE_EN = """\
**1. Respect people.** Disagree with ideas, never attack the person. No harassment, no hate, no sexual advances.

**2. Keep private things private.** Share nobody’s name, picture, messages or address without their consent.

**3. Stay on topic and leave room.** Post where it belongs. No spam, no advertising nobody asked for.

**4. Keep it safe for everyone.** Nothing illegal, no shocking pictures, no malware, no links meant to deceive.

**5. Help the team help you.** If something is wrong, tell the moderators instead of taking revenge.

Moderators may remove messages and, if need be, exclude people for a time or for good. They give the reason, and you \
can ask for a second look."""

CODE_FR = """\
**1. Respecter les personnes.** On peut contester une idée, jamais s’en prendre à quelqu’un. Ni harcèlement, ni haine, \
ni avances sexuelles.

**2. Garder privé ce qui est privé.** Le nom, l’image, les messages et l’adresse d’une personne ne se partagent \
qu’avec son accord.

**3. Rester dans le sujet et laisser de la place.** Chaque message dans le bon salon. Ni spam, ni publicité \
non sollicitée.

**4. Un lieu sûr pour tout le monde.** Rien d’illégal, pas d’images choquantes, ni logiciel malveillant, \
ni lien trompeur.

**5. Aider l’équipe à aider.** Quand quelque chose ne va pas, l’équipe de modération doit le savoir : personne ne se \
fait justice.

L’équipe de modération peut retirer des messages et, s’il le faut, exclure quelqu’un pour un temps ou définitivement. \
Elle donne la raison, et chaque personne peut demander un second regard."""

DEFAULT = (CODE_EN, CODE_FR)
COLUMNS = ("guild_id", "version", "major", "text_en", "text_fr", "published_at")
_common = [
    sa.column("guild_id", sa.BigInteger()),
    sa.column("version", sa.Integer()),
    sa.column("major", sa.Integer()),
    sa.column("text_en", sa.String()),
    sa.column("text_fr", sa.String()),
    sa.column("published_at", sa.DateTime(timezone=True)),
]
old_version = sa.table("onboarding_code_version", *_common)
new_version = sa.table(
    "conduct_code_version",
    *(sa.column(column.name, column.type) for column in _common),
    sa.column("published_by", sa.BigInteger()),
    sa.column("content", JSON),
)
acceptance = sa.table(
    "onboarding_code_acceptance",
    sa.column("guild_id", sa.BigInteger()),
    sa.column("accepted_at", sa.DateTime(timezone=True)),
)
section = sa.table(
    "guild_section", sa.column("guild_id", sa.BigInteger()), sa.column("section", sa.String()), sa.column("value", JSON)
)


def upgrade() -> None:
    op.create_table(
        "conduct_code_version",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("text_fr", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "version", name=op.f("pk_conduct_code_version")),
    )
    op.create_table(
        "conduct_code_draft",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_conduct_code_draft")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(old_version)).mappings().all():
        _keep(connection, **row)
    _keep_what_was_accepted(connection)
    _narrow_settings(connection)
    op.drop_table("onboarding_code_version")


def downgrade() -> None:
    op.create_table(
        "onboarding_code_version",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("text_fr", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "version", name=op.f("pk_onboarding_code_version")),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(new_version)).mappings().all()
    changed = {row["guild_id"] for row in rows if row["version"] != 1 or (row["text_en"], row["text_fr"]) != DEFAULT}
    for row in rows:
        if row["guild_id"] in changed:  # 0002 writes no row for a server that kept its text
            connection.execute(old_version.insert().values({name: row[name] for name in COLUMNS}))
    _widen_settings(connection)
    op.drop_table("conduct_code_draft")
    op.drop_table("conduct_code_version")


def _keep(connection: sa.Connection, **row: Any) -> None:
    preamble = {"en": row["text_en"], "fr": row["text_fr"]}
    content = {"preamble": preamble, "articles": [], "ending": {}}
    connection.execute(new_version.insert().values(**row, published_by=None, content=content))


def _keep_what_was_accepted(connection: sa.Connection) -> None:
    known = sa.select(new_version.c.guild_id)
    accepted = (
        sa.select(acceptance.c.guild_id, sa.func.min(acceptance.c.accepted_at))
        .where(acceptance.c.guild_id.not_in(known))
        .group_by(acceptance.c.guild_id)
    )
    for guild_id, first in connection.execute(accepted).all():
        texts = {"text_en": CODE_EN, "text_fr": CODE_FR}
        _keep(connection, guild_id=guild_id, version=1, major=1, published_at=first, **texts)


def _narrow_settings(connection: sa.Connection) -> None:
    """The newest version holds what is taken out: the welcome kept every change of these fields as a version."""
    for guild_id, value in connection.execute(_settings()).all():
        _set(connection, guild_id, {name: field for name, field in value.items() if name not in MOVED})


def _widen_settings(connection: sa.Connection) -> None:
    settings = dict(tuple(row) for row in connection.execute(_settings()).all())
    rows = connection.execute(sa.select(new_version).order_by(new_version.c.version)).mappings().all()
    for guild_id, row in {row["guild_id"]: row for row in rows}.items():
        fields: dict[str, Any] = {}
        for name, default in zip(("text_en", "text_fr"), DEFAULT, strict=True):
            if row[name] != default:
                fields[name] = row[name] if len(row[name]) <= SETTINGS_LENGTH else row[name][: SETTINGS_LENGTH - 1] + "…"
        if row["major"] != 1:
            fields["edition"] = row["major"]
        if guild_id in settings:
            _set(connection, guild_id, {**settings[guild_id], **fields})
        elif fields and _is_published_since(row):
            connection.execute(section.insert().values(guild_id=guild_id, section="code", value=fields))


def _is_published_since(row: sa.RowMapping) -> bool:
    content = row["content"]
    return row["published_by"] is not None or bool(content.get("articles") or content.get("ending"))


def _settings() -> sa.Select[Any]:
    return sa.select(section.c.guild_id, section.c.value).where(section.c.section == "code")


def _set(connection: sa.Connection, guild_id: int, value: dict[str, Any]) -> None:
    this = (section.c.guild_id == guild_id) & (section.c.section == "code")
    connection.execute(section.update().where(this).values(value=value))
