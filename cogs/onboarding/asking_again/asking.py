"""Finds whoever accepted an older edition and proposes, part by part, to ask them again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from bot.attention.models import AttentionAccount, AttentionProposal
from bot.clock import Clock, now
from bot.community.models import Member
from bot.contracts.attention import Proposal
from bot.contracts.events import CodePublished
from bot.contracts.services import CodeOfConduct
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.timers import DueTimer, Timers
from cogs.onboarding.budget import Budget
from cogs.onboarding.models import CodeAcceptance
from cogs.onboarding.rules import Step
from cogs.onboarding.service import Journeys
from cogs.onboarding.settings import CodeSettings, WelcomeSettings

KIND = "onboarding.code"
"""Of the message, in the attention budget."""
ASK = "onboarding:ask_again"
"""Kind of the timer that proposes the next part; its payload is an edition, and no person."""
AT_ONCE = 50
"""Members of one part: each is a proposal and a timer, about ten statements."""
IN_ONE = 10
"""Members of one transaction, so that others never wait long for the database."""
BETWEEN = timedelta(minutes=10)
"""Between two parts: 300 members an hour, so that ten thousand private messages take a day and a half."""
WORTH = timedelta(days=30)
"""How long a proposal may wait for its turn."""


class Asking:
    """Nobody loses anything by not answering: the member role stays, and the step is open in their list."""

    def __init__(
        self,
        db: Database,
        settings: GuildSettings,
        code: CodeOfConduct,
        journeys: Journeys,
        attention: Budget,
        timers: Timers,
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._settings = settings
        self._code = code
        self._journeys = journeys
        self._attention = attention
        self._timers = timers
        self._clock = clock

    async def on_published(self, event: CodePublished, tx: Transaction) -> None:
        """In the transaction that publishes: promise to ask. A newer edition replaces the asking for an older one."""
        if event.major:
            await self._promise(tx, event.guild_id, event.edition, self._clock())

    async def due(self, timer: DueTimer) -> None:
        """Propose the next part. Safe to repeat: a member is told of an edition once."""
        assert timer.guild_id is not None
        guild_id, major = timer.guild_id, int(timer.payload["major"])
        if not self.asks(guild_id):
            return
        people = await self._next(guild_id, major)
        for start in range(0, len(people), IN_ONE):
            part = people[start : start + IN_ONE]
            await self._db.transaction(lambda tx, part=part: self._propose(tx, guild_id, major, part))  # type: ignore[misc]
        if len(people) == AT_ONCE:
            at = self._clock() + BETWEEN
            await self._db.transaction(lambda tx: self._promise(tx, guild_id, major, at))

    def asks(self, guild_id: int) -> bool:
        """Whether members of this server are asked in private, and there is a step to do."""
        wanted = self._settings.get(guild_id, CodeSettings).ask_again
        steps = self._journeys.plan(guild_id).steps
        welcome = self._settings.get(guild_id, WelcomeSettings).enabled
        return wanted and welcome and any(planned.step is Step.CODE for planned in steps)

    async def is_open(self, guild_id: int, user_id: int, major: int) -> bool:
        """Whether this edition is in force and still to be accepted, as the message is about to be sent."""
        if not self.asks(guild_id) or self._code.current(guild_id).major != major:
            return False
        return (await self._journeys.progress(guild_id, user_id)).accepted_major < major

    async def _next(self, guild_id: int, major: int) -> Sequence[int]:
        """Present members whose newest acceptance is of an older edition, and whom nobody proposed to ask yet."""
        account = AttentionAccount.guild_id == guild_id, AttentionAccount.user_id == CodeAcceptance.user_id
        proposal = AttentionProposal.guild_id == guild_id, AttentionProposal.user_id == CodeAcceptance.user_id
        this = AttentionProposal.kind == KIND, AttentionProposal.source == _source(major)
        query = (
            select(CodeAcceptance.user_id)
            .join(Member, (Member.guild_id == CodeAcceptance.guild_id) & (Member.user_id == CodeAcceptance.user_id))
            .where(CodeAcceptance.guild_id == guild_id, Member.left_at.is_(None))
            .where(~exists().where(*account, AttentionAccount.silenced_at.is_not(None)))
            .where(~exists().where(*proposal, *this))
            .group_by(CodeAcceptance.user_id)
            .having(func.max(CodeAcceptance.major) < major)
            .order_by(CodeAcceptance.user_id)
            .limit(AT_ONCE)
        )
        async with self._db.read() as session:
            return list(await session.scalars(query))

    async def _propose(self, tx: Transaction, guild_id: int, major: int, people: Sequence[int]) -> None:
        until = self._clock() + WORTH
        for user_id in people:
            proposal = Proposal(guild_id, user_id, KIND, _source(major), until, {"major": major})
            await self._attention.propose(tx, proposal)

    async def _promise(self, tx: Transaction, guild_id: int, major: int, at: datetime) -> None:
        await self._timers.schedule(
            tx,
            kind=ASK,
            key=f"{ASK}:{guild_id}",
            due_at=at,
            guild_id=guild_id,
            payload={"major": major},
        )


def _source(major: int) -> str:
    """What an edition is called among the proposals."""
    return f"edition:{major}"
