"""Erasures are remembered under a salted hash, so that they hold after a restore and nobody is named."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database, Transaction
from bot.lease import RuntimeFact
from bot.privacy.models import Erasure
from bot.privacy.tables import holdings

SALT = "erasure_salt"
"""Key of the salt in ``runtime_fact``."""


def hashed(salt: str, user_id: int) -> int:
    """What stands for a member who was erased: negative, so it is nobody's id. Without the salt it says nothing."""
    digest = hmac.digest(bytes.fromhex(salt), str(user_id).encode(), hashlib.sha256)
    return -(int.from_bytes(digest[:8], "big") >> 2) - 1


async def salt_of(session: AsyncSession) -> str | None:
    """The salt of this database; None before the first erasure."""
    return (await session.execute(select(RuntimeFact.value).where(RuntimeFact.key == SALT))).scalar_one_or_none()


async def ensure_salt(tx: Transaction) -> str:
    """The salt of this database, made when first needed."""
    await tx.ensure(RuntimeFact, key=SALT, value=secrets.token_hex(32))
    salt = await salt_of(tx.session)
    assert salt is not None
    return salt


async def erased_at(session: AsyncSession, guild_id: int, user_id: int) -> datetime | None:
    """When this person's data of this server was last erased; None when it never was."""
    salt = await salt_of(session)
    if salt is None:
        return None
    here = or_(Erasure.guild_id == guild_id, Erasure.guild_id.is_(None))
    query = select(Erasure.erased_at).where(Erasure.member_hash == hashed(salt, user_id), here)
    return (await session.scalars(query.order_by(Erasure.erased_at.desc()).limit(1))).first()


@dataclass(frozen=True, slots=True)
class ErasureLog:
    """Erasures of one database, to be repeated on a restored one: (server or None, hash, when)."""

    salt: str | None
    entries: tuple[tuple[int | None, int, datetime], ...]


async def read_erasures(db: Database) -> ErasureLog:
    """What was ever erased here."""
    async with db.read() as session:
        columns = Erasure.guild_id, Erasure.member_hash, Erasure.erased_at
        rows = (await session.execute(select(*columns).order_by(Erasure.id))).all()
        return ErasureLog(await salt_of(session), tuple((row[0], row[1], row[2]) for row in rows))


async def replay_erasures(db: Database, log: ErasureLog) -> int:
    """Erase again what a restored, older database still has; returns how many erasures it lacked."""
    from bot.privacy.erase import erase_in  # erasing needs the hashes defined here

    if log.salt is None:
        return 0
    done = await read_erasures(db)
    salt = done.salt or log.salt
    missing = [entry for entry in log.entries if done.salt != log.salt or entry not in set(done.entries)]
    if not missing:
        return 0
    people = {hashed(log.salt, user_id): user_id for user_id in await _everybody(db)}

    async def work(tx: Transaction) -> int:
        await tx.ensure(RuntimeFact, key=SALT, value=salt)
        repeated = 0
        for guild_id, member_hash, at in missing:
            user_id = people.get(member_hash)
            if user_id is not None:
                await erase_in(tx, guild_id, user_id, salt)
            elif salt != log.salt:
                continue  # of another database, and nobody here
            number = member_hash if user_id is None else hashed(salt, user_id)
            tx.session.add(Erasure(guild_id=guild_id, member_hash=number, erased_at=at))
            repeated += 1
        return repeated

    return await db.transaction(work)


async def _everybody(db: Database) -> set[int]:
    """Every person any table names."""
    people: set[int] = set()
    async with db.read() as session:
        for holding in holdings():
            for name in (holding.subject, *holding.others):
                if name is not None:
                    column = holding.table.c[name]
                    people.update(await session.scalars(select(column).where(column > 0).distinct()))
    return people
