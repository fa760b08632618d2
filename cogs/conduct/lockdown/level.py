"""What a lockdown needs of the server's verification level, beside other features that raise it."""

from datetime import datetime

from sqlalchemy import Select, select

from bot.contracts.levels import LevelClaim
from bot.database import Database, Transaction
from cogs.conduct.lockdown.models import Lockdown, LockdownStep, StepState, Target
from cogs.conduct.lockdown.service import OWED, Lockdowns


class LockdownLevel:
    """A ``LevelUser``: its claim is the step about the level of the lockdown that is open."""

    def __init__(self, db: Database, lockdowns: Lockdowns) -> None:
        self._db = db
        self._lockdowns = lockdowns

    async def claim(self, guild_id: int) -> LevelClaim | None:
        async with self._db.read() as session:
            found = (await session.execute(_steps(guild_id))).first()
        if found is None:
            return None
        step, ended_at = found
        done = step.state is StepState.SET
        return LevelClaim(before=step.before[0], wanted=step.after[0], done=done, over=ended_at is not None)

    async def give_up(self, guild_id: int, level: int) -> None:
        """The level that was chosen is theirs; the post says so."""

        async def work(tx: Transaction) -> bool:
            rows = list(await tx.session.execute(_steps(guild_id)))
            for step, _ended_at in rows:
                step.state = StepState.LEFT
            return bool(rows)

        if await self._db.transaction(work):
            await self._lockdowns.hasten(guild_id)


def _steps(guild_id: int) -> Select[LockdownStep, datetime | None]:
    """The step about the level, unless it was given back or given up."""
    query = select(LockdownStep, Lockdown.ended_at).join(Lockdown, LockdownStep.lockdown_id == Lockdown.id)
    query = query.where(Lockdown.guild_id == guild_id, Lockdown.open.is_(True), LockdownStep.target == Target.LEVEL)
    return query.where(LockdownStep.state.in_(OWED)).execution_options(populate_existing=True)
