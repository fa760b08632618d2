"""Who waits for the team, in memory: that nobody does, costs no query."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.contracts.events import MemberErasing
from bot.database import Database, Transaction
from cogs.onboarding.raids.models import RaidJoiner


class Held:
    """Follows the table, commit by commit."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._people: set[tuple[int, int]] = set()

    async def load(self) -> None:
        """Read who waited when the last process ended."""
        query = select(RaidJoiner.guild_id, RaidJoiner.user_id).where(
            RaidJoiner.held_at.is_not(None), RaidJoiner.released_at.is_(None)
        )
        async with self._db.read() as session:
            self._people = {(guild_id, user_id) for guild_id, user_id in await session.execute(query)}

    def __call__(self, guild_id: int, user_id: int) -> bool:
        """Whether this member waits."""
        return (guild_id, user_id) in self._people

    def add(self, tx: Transaction, guild_id: int, people: Iterable[int]) -> None:
        """They wait once the transaction is committed."""
        added = {(guild_id, user_id) for user_id in people}
        tx.once_committed(lambda: self._people.update(added))

    def remove(self, tx: Transaction, guild_id: int, people: Iterable[int]) -> None:
        removed = {(guild_id, user_id) for user_id in people}
        tx.once_committed(lambda: self._people.difference_update(removed))

    async def on_erasing(self, event: MemberErasing, tx: Transaction) -> None:
        """Who is erased waits no longer; the row goes with the erasure."""

        def forget() -> None:
            here = {key for key in self._people if key[1] == event.user_id and event.guild_id in (0, key[0])}
            self._people -= here

        tx.once_committed(forget)
