"""What the raid brake needs of the server's verification level, beside other features that raise it."""

from sqlalchemy import Select, select

from bot.contracts.levels import LevelClaim
from bot.database import Database, Transaction
from cogs.onboarding.raids.models import Raid
from cogs.onboarding.raids.promises import Promises
from cogs.onboarding.raids.states import state_of


class RaidLevel:
    """A ``LevelUser``: its claim is what is written in the raids that hold, or have still to give the level back."""

    def __init__(self, db: Database, promises: Promises) -> None:
        self._db = db
        self._promises = promises

    async def claim(self, guild_id: int) -> LevelClaim | None:
        async with self._db.read() as session:
            raids = [state_of(raid) for raid in await session.scalars(_concerned(guild_id))]
        known = [(one, one.level_before, one.level_raised) for one in raids]
        found = [(one, before, raised) for one, before, raised in known if before is not None and raised is not None]
        if not found:
            return None
        holding = [one for one in found if one[0].holding]
        return LevelClaim(
            before=min(before for _, before, _ in found),
            wanted=max(raised for _, _, raised in holding or found),
            done=any(one.level_done for one, _, _ in found),
            over=not holding,
        )

    async def give_up(self, guild_id: int, level: int) -> None:
        """From now on the level that was chosen is the one that stood before, and nothing is asked for beyond it."""

        async def work(tx: Transaction) -> None:
            for raid in await tx.session.scalars(_concerned(guild_id).with_for_update()):
                raid.level_before = raid.level_raised = level
                await self._promises.show(tx, raid)

        await self._db.transaction(work)


def _concerned(guild_id: int) -> Select[Raid]:
    holds = Raid.held_at.is_not(None) & Raid.hold_ended_at.is_(None)
    query = select(Raid).where(Raid.guild_id == guild_id, Raid.level_done | holds).order_by(Raid.id)
    return query.execution_options(populate_existing=True)
