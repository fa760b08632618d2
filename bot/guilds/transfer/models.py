"""The table of imports that wait for somebody to say yes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, Snowflake
from bot.i18n.marks import N_


class PendingImport(Base):
    """A settings file somebody uploaded and has not applied yet: one for each person and server."""

    __tablename__ = "pending_import"
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("A settings file you uploaded, until you apply it."),
        kept=N_("For at most two hours."),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[Snowflake]
    """Drawn anew for each file, so that a button means the one it was shown with."""
    content: Mapped[dict[str, Any]]
    """The file as it was read (``SettingsFile.stored``)."""
    choices: Mapped[dict[str, Any]]
    """By the number of a channel or role in the file: the id chosen for it here, None to leave it unset."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
