"""What a member who is erased leaves behind elsewhere: their posted introduction, and old names of facts."""

from sqlalchemy import String, cast, literal, select, true, update

from bot.clock import Clock, now
from bot.community.models import Contribution
from bot.contracts.events import MemberErasing
from bot.database import Transaction
from bot.timers import Timers
from cogs.onboarding.models import Introduction

TAKE_DOWN = "onboarding:take_down"
"""Kind of the timer that deletes a posted introduction; its payload names a message, no person."""


class Traces:
    """Works in the transaction that erases, while the rows are still there."""

    def __init__(self, timers: Timers, clock: Clock = now) -> None:
        self._timers = timers
        self._clock = clock

    async def on_erasing(self, event: MemberErasing, tx: Transaction) -> None:
        """Promise to take the introduction down; let no fact of others be called after them."""
        here = Introduction.guild_id == event.guild_id if event.guild_id else true()
        mine = select(Introduction).where(
            here, Introduction.user_id == event.user_id, Introduction.message_id.is_not(None)
        )
        for posted in (await tx.session.scalars(mine)).all():
            await self._timers.schedule(
                tx,
                kind=TAKE_DOWN,
                key=f"{TAKE_DOWN}:{posted.message_id}",
                due_at=self._clock(),
                guild_id=posted.guild_id,
                payload={"channel": posted.channel_id, "message": posted.message_id},
            )
        # A greeting's fact was once called after the newcomer.
        there = Contribution.guild_id == event.guild_id if event.guild_id else true()
        named = update(Contribution).where(there, Contribution.source == f"newcomer:{event.user_id}")
        anew = literal("erased:") + cast(Contribution.id, String)
        await tx.session.execute(named.values(source=anew).execution_options(synchronize_session=False))
