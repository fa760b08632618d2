"""Weighs decisions, keeps them as drafts, and records them. Each public method is one transaction. Knows no Discord."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, select

from bot.clock import Clock, now
from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article, Severity
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.conduct.cases.models import Draft
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.refusals import AlreadyUndone
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases
from cogs.conduct.cases.words import length_of
from cogs.conduct.deciding.decisions import Decision, Recorded, Weighing
from cogs.conduct.deciding.proportion import COMPARED, Precedent, Proportion, compared
from cogs.conduct.deciding.refusals import DraftGone, NotYourDraft
from cogs.conduct.deciding.sanctions import Sanction
from cogs.conduct.settings import ConductSettings

KEPT_FOR = timedelta(days=1)
LOOKED_AT = 10 * COMPARED
"""Cases under an article among which those at the same step are looked for."""
WITHOUT_ARTICLE = Severity.MEDIUM
"""What a case weighs in a server whose code has no articles."""

ArticleOf = Callable[[int, int], Article | None]
Recording = Callable[[Transaction, CaseView, str], Awaitable[None]]
"""Belongs to the transaction that makes a case, again whenever its cause (the third argument) comes again."""


class Deciding:
    """``article`` looks up an article by server and number, from memory."""

    def __init__(
        self, db: Database, cases: Cases, settings: GuildSettings, article: ArticleOf, clock: Clock = now
    ) -> None:
        self._db = db
        self._cases = cases
        self._settings = settings
        self._article = article
        self._clock = clock
        self.recording: list[Recording] = []
        """What other parts of moderation add to the making of a case; raising undoes it."""

    async def weigh(
        self, guild_id: int, user_id: int, article: int | None, follows: Sanction | None = None
    ) -> Weighing:
        """What a new breach of that article would mean for the member, and what others received.

        ``follows``: the next step of a warning is taken, which adds no points: what the ladder proposed then.
        """
        severity = self.severity(guild_id, article)
        step = await self._cases.read.proposal(guild_id, user_id, severity)
        points = step.points - severity.points
        total = step.points if follows is None else points
        rungs = self._settings.get(guild_id, ConductSettings).rungs()
        proposal = follows or (Sanction(step.kind, step.length) if rungs else None)
        above = [rung for rung in rungs if rung.points > total]
        rung = min(above, key=lambda one: one.points, default=None)
        return Weighing(
            points=points,
            total=total,
            proposal=proposal,
            beyond=(Sanction(rung.kind, rung.length), rung.points) if rung else None,
            proportion=await self.proportion(guild_id, article, proposal) if article is not None else None,
        )

    async def proportion(self, guild_id: int, article: int, step: Sanction | None) -> Proportion:
        """What the last cases under the article received at that step."""
        similar = await self._cases.read.similar(guild_id, article, LOOKED_AT)
        return compared(map(precedent, similar), step)

    def severity(self, guild_id: int, article: int | None) -> Severity:
        """What breaking the article weighs."""
        found = self._article(guild_id, article) if article is not None else None
        return found.severity if found is not None else WITHOUT_ARTICLE

    async def keep(self, decision: Decision) -> int:
        """Keep it for a day, until it is confirmed; the number of the draft."""

        return await self._db.transaction(lambda tx: self.keep_in(tx, decision))

    async def draft(self, guild_id: int, draft_id: int, moderator_id: int) -> Decision:
        """What was kept. Raises DraftGone, also for a draft of another server, or NotYourDraft."""
        async with self._db.read() as session:
            row = await session.get(Draft, draft_id)
        if row is None or row.guild_id != guild_id or row.begun_at <= self._clock() - KEPT_FOR:
            raise DraftGone
        if row.moderator_id != moderator_id:
            raise NotYourDraft
        return Decision(
            guild_id=row.guild_id,
            user_id=row.user_id,
            moderator_id=moderator_id,
            kind=row.kind,
            reason=row.reason,
            article=row.article,
            length=None if row.length_seconds is None else timedelta(seconds=row.length_seconds),
            delete_seconds=row.delete_seconds,
            proposed=Sanction.parse(row.proposed) if row.proposed else None,
            departure=row.departure,
            what=row.what,
            case_id=row.case_id,
        )

    async def forget(self, draft_id: int) -> None:
        """Nothing comes of it."""
        await self._db.transaction(lambda tx: tx.session.execute(delete(Draft).filter_by(id=draft_id)))

    async def prune(self) -> None:
        """Housekeeping: what was begun a day ago and never confirmed goes."""
        old = delete(Draft).where(Draft.begun_at <= self._clock() - KEPT_FOR)
        await self._db.transaction(lambda tx: tx.session.execute(old))

    async def record(self, decision: Decision, source: str, after: Sanction | None = None) -> Recorded:
        """Make the case, once for each ``source``. ``after``: the step that the ladder proposes beyond a warning.

        Raises AlreadyUndone when the warning that it follows was undone meanwhile.
        """

        async def work(tx: Transaction) -> Recorded:
            case = await self._cases.open_in(tx, self._new(decision, source))
            if decision.case_id is not None:
                await self._follows(tx, decision.case_id)
            for also in self.recording:
                await also(tx, case, source)
            draft_id = await self._next(tx, case, decision, after) if after is not None else None
            return Recorded(case, decision, draft_id)

        return await self._db.transaction(work)

    async def _follows(self, tx: Transaction, case_id: int) -> None:
        """The warning's proposal is followed after all."""
        warning = await self._cases.book.locked(tx, case_id)
        if warning.state in ENDED:
            raise AlreadyUndone(warning.number)
        warning.proposed = None

    async def _next(self, tx: Transaction, case: CaseView, decision: Decision, after: Sanction) -> int:
        known = await tx.session.scalar(select(Draft.id).filter_by(guild_id=case.guild_id, case_id=case.id))
        step = replace(decision, kind=after.kind, length=after.length, proposed=None, case_id=case.id)
        return known or await self.keep_in(tx, step)

    async def keep_in(self, tx: Transaction, decision: Decision) -> int:
        """``keep`` in the caller's transaction."""
        row = Draft(
            guild_id=decision.guild_id,
            user_id=decision.user_id,
            moderator_id=decision.moderator_id,
            what=decision.what,
            case_id=decision.case_id,
            kind=decision.kind,
            article=decision.article,
            reason=decision.reason,
            length_seconds=None if decision.length is None else int(decision.length.total_seconds()),
            delete_seconds=decision.delete_seconds,
            proposed=str(decision.proposed) if decision.proposed else None,
            departure=decision.departure,
            begun_at=self._clock(),
        )
        tx.session.add(row)
        await tx.session.flush()
        return row.id

    def _new(self, decision: Decision, source: str) -> NewCase:
        continues = decision.case_id is not None
        return NewCase(
            guild_id=decision.guild_id,
            user_id=decision.user_id,
            kind=decision.kind,
            source=source,
            reason=decision.reason,
            moderator_id=decision.moderator_id,
            article=decision.article,
            # The warning before it has the points of what happened: they are not counted twice.
            severity=None if continues else self.severity(decision.guild_id, decision.article),
            length=decision.length,
            delete_seconds=decision.delete_seconds,
            proposed=str(decision.proposed) if decision.proposed else None,
            departure=decision.departure,
            follows=decision.case_id,
        )


def precedent(case: CaseView) -> Precedent:
    """The case as it is compared."""
    return Precedent(
        user_id=case.user_id,
        received=Sanction(case.kind, length_of(case) if case.kind in (CaseKind.TIMEOUT, CaseKind.BAN) else None),
        proposed=Sanction.parse(case.proposed) if case.proposed else None,
        continues=case.severity is None,
    )
