"""One process per cluster, and what the runtime remembers about itself."""

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData


class RuntimeFact(Base):
    """Small things the runtime must remember across restarts, such as the hash of the registered commands."""

    __tablename__ = "runtime_fact"
    __member_data__ = NoMemberData("about the program")

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
