"""What was registered last, so that Discord is called only when something changed."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, Snowflake

EVERYWHERE = 0
"""Stands for a server in the row of the commands that also work in direct messages."""


class RegisteredCommands(Base):
    """The commands of one server as Discord has them."""

    __tablename__ = "registered_commands"
    __member_data__ = NoMemberData("commands of the bot: their names and ids")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]
    """Of the payload and the application."""
    joined_at: Mapped[datetime | None]
    """When the bot joined: Discord forgets a server's commands when the bot leaves."""
    registered_at: Mapped[datetime]
    ids: Mapped[dict[str, Any]]
    """Ids of chat commands by their English name, as text: JSON numbers lose the last digits elsewhere."""
