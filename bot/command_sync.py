"""Registers commands with Discord only when they changed: Discord allows 200 creations a day."""

import hashlib
import json
import logging
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.database import Transaction
from bot.lease import RuntimeFact

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)
_KEY = "commands"


async def sync_commands(bot: "CommunityBot") -> bool:
    """Register the tree unless its payload (names, texts, both languages) equals the last one; True when it did."""
    translator = bot.tree.translator
    assert translator is not None
    payload = [await c.get_translated_payload(bot.tree, translator) for c in bot.tree.get_commands()]
    digest = hashlib.sha256(json.dumps([bot.application_id, payload], sort_keys=True).encode()).hexdigest()
    async with bot.db.read() as session:
        known = await session.scalar(select(RuntimeFact.value).where(RuntimeFact.key == _KEY))
    if known == digest:
        return False
    await bot.tree.sync()

    async def remember(tx: Transaction) -> None:
        await tx.ensure(RuntimeFact, key=_KEY, value="")
        (await tx.session.get_one(RuntimeFact, _KEY)).value = digest

    await bot.db.transaction(remember)
    log.info("%d commands registered", len(payload))
    return True
