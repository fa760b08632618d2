"""Erases a member: deleted, anonymised or kept under a hash, as each table declares."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, update

from bot.clock import Clock, now
from bot.contracts.events import MemberErasing
from bot.database import Database, MemberData, OnErase, Transaction
from bot.privacy.erasures import ensure_salt, hashed
from bot.privacy.models import Erasure
from bot.privacy.tables import Holding, holdings


@dataclass(frozen=True, slots=True)
class Erased:
    """Rows per table: deleted, and kept without the person (anonymised or hashed)."""

    deleted: dict[str, int]
    kept: dict[str, int]


async def erase_member(db: Database, guild_id: int | None, user_id: int, clock: Clock = now) -> Erased:
    """Erase a person's data in one server, or everywhere (None), and remember that under a salted hash.

    Of a running bot, call ``bot.community.erase`` instead: it flushes what is still in memory first.
    """

    async def work(tx: Transaction) -> Erased:
        salt = await ensure_salt(tx)
        await tx.emit(MemberErasing(guild_id or 0, user_id))
        erased = await erase_in(tx, guild_id, user_id, salt)
        tx.session.add(Erasure(guild_id=guild_id, member_hash=hashed(salt, user_id), erased_at=clock()))
        return erased

    return await db.transaction(work)


async def erase_in(tx: Transaction, guild_id: int | None, user_id: int, salt: str) -> Erased:
    """The erasure itself, in the caller's transaction. Tables that refer to others come first."""
    erased = Erased({}, {})
    for holding in reversed(list(holdings())):
        within = holding.within(guild_id)
        if within is None:
            continue
        for name in holding.others:
            column = holding.table.c[name]
            await tx.session.execute(update(holding.table).where(within, column == user_id).values({name: None}))
        await _erase_subject(tx, holding, within, user_id, salt, erased)
    tx.session.expire_all()
    return erased


async def _erase_subject(
    tx: Transaction, holding: Holding, within: ColumnElement[bool], user_id: int, salt: str, erased: Erased
) -> None:
    declared, table = holding.declared, holding.table
    if not isinstance(declared, MemberData):
        return
    mine = table.c[declared.subject] == user_id
    if declared.on_erase is OnErase.DELETE:
        result: Any = await tx.session.execute(delete(table).where(within, mine))
        into = erased.deleted
    else:
        stands = None if declared.on_erase is OnErase.ANONYMISE else hashed(salt, user_id)
        values = {declared.subject: stands, **dict.fromkeys(declared.personal)}
        result = await tx.session.execute(update(table).where(within, mine).values(values))
        into = erased.kept
    if result.rowcount:
        into[table.name] = result.rowcount
