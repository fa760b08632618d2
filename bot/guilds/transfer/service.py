"""Imports that wait for a yes: kept over restarts, forgotten after an hour, applied all or nothing."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.errors import UserError
from bot.guilds.history import Origin
from bot.guilds.sections import Section
from bot.guilds.service import Check, GuildSettings
from bot.guilds.transfer.file import SettingsFile
from bot.guilds.transfer.mapping import Directory
from bot.guilds.transfer.models import PendingImport
from bot.guilds.transfer.plan import Plan, plan
from bot.guilds.transfer.reading import read
from bot.i18n.marks import N_

KEPT = timedelta(hours=1)
"""How long an import waits for its yes."""


class ImportGone(UserError):
    """It was applied, replaced or given up, or it waited too long."""

    def __init__(self) -> None:
        super().__init__(
            N_("This import no longer waits: it was applied, replaced, or older than an hour. Start again.")
        )


class NotReady(UserError):
    """Something stands in the way, or there is nothing to do."""

    def __init__(self) -> None:
        super().__init__(N_("This cannot be applied as it is. Nothing was done; here is what stands in the way."))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An import that waits."""

    number: int
    file: SettingsFile
    choices: dict[str, Any] = field(default_factory=dict)


class Imports:
    """``db`` keeps what waits; ``settings`` is what it is applied to."""

    def __init__(self, db: Database, settings: GuildSettings, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self._turn = asyncio.Lock()
        self._may_wait = True
        """Whether any import can be waiting: one of an earlier process, or of this one."""

    async def read(self, data: bytes) -> SettingsFile:
        """The file, read beside the loop and one at a time: a malicious one takes seconds. Raises FileRefused."""
        async with self._turn:
            known = self._settings.sections
            every = [*known.all(), *(part.section for part in known.parts.values())]
            return await asyncio.to_thread(read, data, every)

    async def keep(self, guild_id: int, user_id: int, file: SettingsFile) -> Waiting:
        """Let the file wait for this person's yes, in place of the one they had before."""

        key, number = {"guild_id": guild_id, "user_id": user_id}, secrets.randbits(48)
        values = {"number": number, "content": file.stored(), "choices": {}, "expires_at": self._clock() + KEPT}

        async def work(tx: Transaction) -> Waiting:
            if not await tx.ensure(PendingImport, **key, **values):
                await tx.session.execute(update(PendingImport).filter_by(**key).values(**values))
            return Waiting(number, file)

        waiting = await self._db.transaction(work)
        self._may_wait = True
        return waiting

    async def get(self, guild_id: int, user_id: int, number: int) -> Waiting:
        """Raises ImportGone."""
        async with self._db.read() as session:
            return _seen(self._valid(await session.get(PendingImport, (guild_id, user_id)), number))

    async def choose(self, guild_id: int, user_id: int, number: int, entity: int, chosen: int | None) -> Waiting:
        """What the file's channel or role of that number is here. Raises ImportGone."""

        async def work(tx: Transaction) -> Waiting:
            row = self._valid(await self._locked(tx, guild_id, user_id), number)
            row.choices = {**row.choices, str(entity): chosen}
            return _seen(row)

        return await self._db.transaction(work)

    async def give_up(self, guild_id: int, user_id: int, number: int) -> None:
        """Forget that import, if it still waits."""

        async def work(tx: Transaction) -> None:
            gone = delete(PendingImport).filter_by(guild_id=guild_id, user_id=user_id, number=number)
            await tx.session.execute(gone)

        await self._db.transaction(work)

    async def forget_expired(self) -> None:
        """Housekeeping."""

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(PendingImport).where(PendingImport.expires_at <= self._clock()))
            self._may_wait = await tx.session.scalar(select(PendingImport.guild_id).limit(1)) is not None

        if self._may_wait:
            await self._db.transaction(work)

    def plan(self, guild_id: int, waiting: Waiting, here: Directory) -> Plan:
        """What it would do now."""
        return plan(self._settings, guild_id, waiting.file, here, waiting.choices)

    async def apply(self, guild_id: int, user_id: int, number: int, agreed: Plan, check: Check | None) -> list[Section]:
        """Do what ``agreed`` says as this person, all or nothing, once; the settings that changed.

        Raises ImportGone, NotReady, SettingsMoved, and what ``check`` raises.
        """
        if agreed.obstacles or not agreed.steps:
            raise NotReady

        async def once(tx: Transaction) -> None:
            await tx.session.delete(self._valid(await self._locked(tx, guild_id, user_id), number))
            await agreed.take(tx, guild_id, user_id)

        return await self._settings.edit_many(
            guild_id, agreed.edits(), by=user_id, origin=Origin.IMPORT, check=check, also=once
        )

    async def _locked(self, tx: Transaction, guild_id: int, user_id: int) -> PendingImport | None:
        return await tx.session.get(PendingImport, (guild_id, user_id), with_for_update=True)

    def _valid(self, row: PendingImport | None, number: int) -> PendingImport:
        if row is None or row.number != number or row.expires_at <= self._clock():
            raise ImportGone
        return row


def _seen(row: PendingImport) -> Waiting:
    return Waiting(row.number, SettingsFile.restored(row.content), dict(row.choices))
