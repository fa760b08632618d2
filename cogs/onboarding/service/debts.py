"""What Discord still owes each member, read from the database: nothing here is lost in a crash."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding import rules
from cogs.onboarding.events import IntroductionPosted
from cogs.onboarding.models import CodeAcceptance, GroupChoice, Introduction, Journey
from cogs.onboarding.rules.holds import Hold
from cogs.onboarding.service.journeys import Journeys, progress_of
from cogs.onboarding.service.shown import Posted, introduction_of, stale_introductions, unapplied
from cogs.onboarding.settings import WelcomeSettings

WELCOME_WITHIN = timedelta(days=7)
"""Who joined longer ago is not surprised by a late private welcome."""
NEWCOMER_FOR = timedelta(days=30)
"""How long a first message and a first answer are listened for, from the last step on."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be done on Discord for one member."""

    present: bool = True
    welcome: bool = False
    role: bool = False
    groups: tuple[tuple[int, bool], ...] = ()
    """(role, wanted) pairs Discord does not show yet."""
    introduction: Posted | None = None
    thread_to_close: int | None = None
    waits_for_message: bool = False
    waits_for_answer: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A newcomer whose first message or first answer is still to come."""

    guild_id: int
    user_id: int
    message: bool
    answer: bool


class Debts:
    """``owed`` looks, the other methods note what Discord has by now."""

    def __init__(self, db: Database, settings: GuildSettings, journeys: Journeys, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._journeys = journeys
        self._clock = clock
        self.held: Callable[[int, int], Hold | None] = lambda _guild_id, _user_id: None
        """Why a member waits before any role is given, None when they do not; the raid brake answers that."""

    async def owed(self, guild_id: int, user_id: int) -> Owed:
        """What Discord owes this member now."""
        async with self._db.read() as session:
            groups = await unapplied(session, guild_id, user_id)
            journey = await session.get(Journey, (guild_id, user_id))
            if journey is None:
                return Owed(groups=groups)
            introduction = await introduction_of(session, guild_id, user_id)
            major = select(func.max(CodeAcceptance.major)).filter_by(guild_id=guild_id, user_id=user_id)
            progress = progress_of(journey, await session.scalar(major) or 0)
        return self._judged(journey, progress, groups, introduction)

    def _judged(
        self,
        journey: Journey,
        progress: rules.Progress,
        groups: tuple[tuple[int, bool], ...],
        introduction: Posted | None,
    ) -> Owed:
        settings = self._settings.get(journey.guild_id, WelcomeSettings)
        here = journey.left_at is None
        way = rules.checklist(self._journeys.plan(journey.guild_id), progress)
        recent = journey.joined_at > self._clock() - WELCOME_WITHIN
        listening = here and journey.active_at > self._clock() - NEWCOMER_FOR
        held = self.held(journey.guild_id, journey.user_id)
        unwelcomed = progress.screened and journey.welcomed_at is None and not way.ready
        return Owed(
            present=here,
            welcome=settings.enabled and here and recent and unwelcomed,
            role=settings.enabled
            and here
            and way.ready
            and not held
            and journey.role_given_at is None
            and bool(settings.member_role),
            groups=groups if here and not held else (),
            introduction=introduction if introduction and introduction.stale else None,
            thread_to_close=journey.thread_id if way.complete or not here else None,
            waits_for_message=listening and not progress.first_message,
            waits_for_answer=listening and not progress.first_reply,
        )

    async def debtors(self, guild_id: int) -> Sequence[int]:
        """Members of the server whom Discord may owe something; a superset, in the order of their ids."""
        async with self._db.read() as session:
            return sorted(
                {
                    *await session.scalars(select(GroupChoice.user_id).filter_by(guild_id=guild_id, applied=False)),
                    *await session.scalars(stale_introductions(guild_id)),
                    *await session.scalars(
                        select(Journey.user_id).where(
                            Journey.guild_id == guild_id, Journey.left_at.is_not(None), Journey.thread_id.is_not(None)
                        )
                    ),
                    *await self._unfinished(session, guild_id),
                }
            )

    async def _unfinished(self, session: AsyncSession, guild_id: int) -> list[int]:
        majors = (
            select(CodeAcceptance.user_id, func.max(CodeAcceptance.major).label("major"))
            .where(CodeAcceptance.guild_id == guild_id)
            .group_by(CodeAcceptance.user_id)
            .subquery()
        )
        rows = await session.execute(
            select(Journey, majors.c.major)
            .outerjoin(majors, majors.c.user_id == Journey.user_id)
            .where(Journey.guild_id == guild_id, Journey.left_at.is_(None))
            .where(Journey.onboarded_at.is_(None) | Journey.role_given_at.is_(None) | Journey.thread_id.is_not(None))
        )
        found = []
        for journey, major in rows:
            progress = progress_of(journey, major or 0)
            owed = self._judged(journey, progress, (), None)
            settled = journey.onboarded_at or not rules.is_ready(self._journeys.plan(guild_id), progress)
            if owed.welcome or owed.role or owed.thread_to_close or not settled:
                found.append(journey.user_id)
        return found

    async def waiting(self) -> list[Waiting]:
        """Every newcomer whose first message or answer is still to come, to listen for at start."""
        query = select(Journey).where(
            Journey.left_at.is_(None),
            Journey.active_at > self._clock() - NEWCOMER_FOR,
            Journey.first_message_at.is_(None) | Journey.answered_at.is_(None),
        )
        async with self._db.read() as session:
            return [
                Waiting(row.guild_id, row.user_id, row.first_message_at is None, row.answered_at is None)
                for row in await session.scalars(query)
            ]

    # What Discord has by now

    async def welcomed(self, guild_id: int, user_id: int, thread_id: int | None) -> None:
        """The private welcome was delivered, in this thread or by DM, or cannot be."""
        await self._note(guild_id, user_id, welcomed_at=self._clock(), thread_id=thread_id)

    async def role_given(self, guild_id: int, user_id: int) -> None:
        await self._note(guild_id, user_id, role_given_at=self._clock())

    async def thread_closed(self, guild_id: int, user_id: int) -> None:
        await self._note(guild_id, user_id, thread_id=None)

    async def group_applied(self, guild_id: int, user_id: int, role_id: int, *, wanted: bool) -> None:
        """Discord shows the role as it was wanted; a wish that changed meanwhile is left open."""

        async def work(tx: Transaction) -> None:
            row = {"guild_id": guild_id, "user_id": user_id, "role_id": role_id, "wanted": wanted}
            if wanted:
                await tx.session.execute(update(GroupChoice).filter_by(**row).values(applied=True))
            else:
                await tx.session.execute(delete(GroupChoice).filter_by(**row))

        await self._db.transaction(work)

    async def shown(
        self, guild_id: int, user_id: int, *, channel_id: int | None, message_id: int | None, greetings: int
    ) -> None:
        """The introduction is posted there and shows so many greetings."""

        async def work(tx: Transaction) -> None:
            values = {"channel_id": channel_id, "message_id": message_id, "greetings_shown": greetings}
            await tx.session.execute(
                update(Introduction).filter_by(guild_id=guild_id, user_id=user_id).values(**values)
            )
            if channel_id is not None and message_id is not None:
                await tx.emit(IntroductionPosted(guild_id, user_id, channel_id, message_id))

        await self._db.transaction(work)

    async def _note(self, guild_id: int, user_id: int, **values: object) -> None:
        async def work(tx: Transaction) -> None:
            await tx.session.execute(update(Journey).filter_by(guild_id=guild_id, user_id=user_id).values(**values))

        await self._db.transaction(work)
