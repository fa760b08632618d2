"""The runs: what is to be done is noted before it begins, and each operation as soon as it is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.guilds.sections import CommunitySettings
from bot.timers import Timers
from cogs.administration.setup.drafts import Answers, Drafts
from cogs.administration.setup.models import RunState, SetupRun
from cogs.administration.setup.operations import CREATIONS, Kind, Operation, State, creation
from cogs.administration.setup.problems import NothingToUndo, UnderWay

RUN = "setup.run"
"""Kind of the timer that carries a run out, and goes on with it after a restart."""
BUSY = frozenset({RunState.APPLYING, RunState.UNDOING})


@dataclass(frozen=True, slots=True)
class Run:
    """A run as of the last commit."""

    id: int
    guild_id: int
    state: RunState
    operations: tuple[Operation, ...]
    acting: int | None
    started_at: datetime

    @property
    def busy(self) -> bool:
        return self.state in BUSY

    @property
    def made_something(self) -> bool:
        """Whether there is anything that Undo could take back."""
        return any(one.state is State.DONE for one in self.operations)


class Runs:
    """``latest`` looks at memory. One run of a server at a time: whoever comes second is told who is at it."""

    def __init__(self, db: Database, timers: Timers, drafts: Drafts, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._drafts = drafts
        self._clock = clock
        self._memory: dict[int, Run] = {}

    async def load(self, guild_id: int | None = None) -> None:
        """Read the latest run of every server, or of one that came back."""
        newest = select(func.max(SetupRun.id)).group_by(SetupRun.guild_id)
        query = select(SetupRun).where(SetupRun.id.in_(newest))
        if guild_id is not None:
            query = query.where(SetupRun.guild_id == guild_id)
            self._memory.pop(guild_id, None)
        async with self._db.read() as session:
            for row in await session.scalars(query):
                self._memory[row.guild_id] = _run(row)

    def latest(self, guild_id: int) -> Run | None:
        """The last run that was begun in this server."""
        return self._memory.get(guild_id)

    async def begin(self, guild_id: int, by: int, operations: Sequence[Operation], answers: Answers) -> Run:
        """Note what is to be done and promise to do it. Raises UnderWay.

        ``answers`` spell every default out, so that what fails is proposed again as it was meant.
        """

        async def work(tx: Transaction) -> Run:
            await self._alone(tx, guild_id)
            await self._drafts.write(tx, guild_id, by, lambda _answers: answers)
            row = SetupRun(
                guild_id=guild_id,
                state=RunState.APPLYING,
                operations=[one.written() for one in operations],
                acting=by,
                started_at=self._clock(),
            )
            tx.session.add(row)
            await tx.session.flush()
            return await self._promised(tx, row)

        return await self._db.transaction(work)

    async def begin_undo(self, guild_id: int, run_id: int, by: int) -> Run:
        """Promise to take back what the latest run did. Raises UnderWay or NothingToUndo."""

        async def work(tx: Transaction) -> Run:
            newest = await self._alone(tx, guild_id)
            if newest is None or newest.id != run_id or newest.state is not RunState.APPLIED:
                raise NothingToUndo
            newest.state, newest.acting, newest.started_at = RunState.UNDOING, by, self._clock()
            return await self._promised(tx, newest)

        return await self._db.transaction(work)

    async def record(self, run: Run, *operations: Operation) -> Run:
        """Keep what became of these operations."""
        by_key = {(one.kind, one.key): one.written() for one in operations}

        async def work(tx: Transaction) -> Run:
            row = await tx.session.get_one(SetupRun, run.id, with_for_update=True)
            row.operations = [by_key.get((one["kind"], one["key"]), one) for one in row.operations]
            return self._seen(tx, row)

        return await self._db.transaction(work)

    async def finish(self, run: Run) -> Run:
        """The run is over. What was created is no question any more; what failed stays in the draft."""
        state = RunState.APPLIED if run.state is RunState.APPLYING else RunState.UNDONE

        async def work(tx: Transaction) -> Run:
            row = await tx.session.get_one(SetupRun, run.id, with_for_update=True)
            row.state = state
            if state is RunState.APPLIED:
                await self._drafts.write(tx, run.guild_id, run.acting, lambda answers: _settled(answers, run))
            return self._seen(tx, row)

        return await self._db.transaction(work)

    async def _alone(self, tx: Transaction, guild_id: int) -> SetupRun | None:
        """The latest run. Raises UnderWay when it is not over."""
        await self._drafts.lock(tx, guild_id)
        query = select(SetupRun).where(SetupRun.guild_id == guild_id).order_by(SetupRun.id.desc()).limit(1)
        newest = await tx.session.scalar(query)
        if newest is not None and newest.state in BUSY:
            raise UnderWay(newest.acting)
        return newest

    async def _promised(self, tx: Transaction, row: SetupRun) -> Run:
        await self._timers.schedule(
            tx,
            kind=RUN,
            key=f"{RUN}:{row.guild_id}",
            due_at=self._clock(),
            guild_id=row.guild_id,
            payload={"run": row.id},
        )
        return self._seen(tx, row)

    def _seen(self, tx: Transaction, row: SetupRun) -> Run:
        run = _run(row)
        tx.once_committed(lambda: self._memory.update({run.guild_id: run}))
        return run


def _settled(answers: Answers, run: Run) -> Answers:
    """What is still to be done: the answers that were carried out are settings now, and no longer answers."""
    if all(one.state is State.DONE and not one.problems for one in run.operations):
        return {}
    left = set(_left(run.operations))
    places = {key: _found(run, key, wish) for key, wish in answers.get("places", {}).items() if key in left}
    plain = {name: value for name, value in answers.items() if f"{CommunitySettings.key}.{name}" in left}
    return {**plain, "capabilities": answers.get("capabilities", {}), "places": places}


def _left(operations: Sequence[Operation]) -> Iterator[str]:
    """``section.field`` of everything that was not created or not set."""
    for one in operations:
        if one.kind in CREATIONS and one.state is not State.DONE:
            yield one.key
        elif one.kind is Kind.SETTINGS:
            yield from (f"{one.key}.{field}" for field in (*one.values, *one.made) if field not in one.after)


def _found(run: Run, key: str, wish: dict[str, Any]) -> dict[str, Any]:
    """What exists by now is chosen, not created again, unless it has been deleted (``again``)."""
    made = creation(run.operations, key)
    if made is None or made.id is None:
        return wish
    return {"ids": [*wish["ids"], made.id], "create": False, "again": True}


def _run(row: SetupRun) -> Run:
    operations = tuple(Operation.read(one) for one in row.operations)
    return Run(row.id, row.guild_id, row.state, operations, row.acting, row.started_at)
