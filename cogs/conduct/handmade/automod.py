"""What Discord's own AutoMod does: a hit becomes a case, and so does a timeout that it sets."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from sqlalchemy import select

from bot.contracts.cases import CaseKind
from bot.database import Transaction
from bot.passing import PASSING
from cogs.conduct.cases.models import Case
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.reading import names_of
from cogs.conduct.cases.service import Cases
from cogs.conduct.handmade.rules import SAME_HIT, Hits

if TYPE_CHECKING:
    from bot.client import CommunityBot

TIMED_OUT = discord.AuditLogAction.automod_timeout_member
Durations = Mapping[str, timedelta]
"""How long rules time out, by their names."""


class AutoMod:
    """Heard live, with the duration; read from the audit log after an outage, which names the rule alone.

    The caller holds the server's turn, so that what is heard twice makes one case.
    """

    def __init__(self, bot: "CommunityBot", cases: Cases) -> None:
        self._bot = bot
        self._cases = cases
        self._hits = Hits()

    async def heard(self, hit: discord.AutoModAction, at: datetime) -> None:
        """A case without what was written, one for all actions and for a whole burst; and one of the timeout.

        ``at``: when the hit arrived, which may be long before its turn.
        """
        is_new = self._hits.is_new((hit.guild_id, hit.rule_id, hit.user_id), at)
        length = hit.action.duration if hit.action.type is discord.AutoModRuleActionType.timeout else None
        if not is_new and length is None:
            return
        rule = await self._rule(hit)
        arrived = f"{hit.user_id}:{int(at.timestamp())}"
        if is_new:
            case = NewCase(
                guild_id=hit.guild_id,
                user_id=hit.user_id,
                kind=CaseKind.NATIVE,
                source=f"native:{hit.rule_id}:{hit.message_id or hit.alert_system_message_id or arrived}",
                reason=rule,
                automatic=True,
                at=at,
            )
            await self._cases.open(case)
        if length is not None:
            source = f"automod:{hit.rule_id}:{hit.message_id or arrived}"
            await self._timed_out(hit.guild_id, hit.user_id, source, rule, at, length)

    async def read(
        self, entry: discord.AuditLogEntry, durations: Durations, later: discord.AuditLogEntry | None
    ) -> None:
        """A timeout of the audit log; where nothing says how long it was, and it is over, there is nothing to keep.

        ``later``: the next change of this member's timeout; what Discord has now is the end of that one. Raises one of
        ``PASSING`` when the end has to be asked for and Discord does not say.
        """
        target, rule = getattr(entry.target, "id", None), str(getattr(entry.extra, "automod_rule_name", "") or "")
        if target is None:
            return
        length = durations.get(rule)
        if length is None:
            until = _replaced(later) if later is not None else await self._until(entry.guild, int(target))
            length = until - entry.created_at if until is not None and until > entry.created_at else None
        if length is not None:
            await self._timed_out(entry.guild.id, int(target), f"audit:{entry.id}", rule, entry.created_at, length)

    async def durations(self, guild: discord.Guild) -> Durations:
        """As the rules are now, where the bot may ask; a name that says two things says nothing.

        Raises one of ``PASSING``.
        """
        if not guild.me.guild_permissions.manage_guild:
            return {}
        found: defaultdict[str, set[timedelta]] = defaultdict(set)
        for rule in await guild.fetch_automod_rules():
            found[rule.name].update(one.duration for one in rule.actions if one.duration is not None)
        return {name: lengths.pop() for name, lengths in found.items() if len(lengths) == 1}

    async def _timed_out(
        self, guild_id: int, user_id: int, source: str, rule: str, at: datetime, length: timedelta
    ) -> None:
        new = NewCase(
            guild_id=guild_id,
            user_id=user_id,
            kind=CaseKind.TIMEOUT,
            source=source,
            reason=rule,
            length=length,
            automatic=True,
            by_hand=True,
            at=at,
        )

        async def work(tx: Transaction) -> None:
            if not await self._is_known(tx, new, at):
                await self._cases.open_in(tx, new)

        await self._bot.db.transaction(work)

    async def _is_known(self, tx: Transaction, new: NewCase, at: datetime) -> bool:
        names = await names_of(tx.session, new.user_id)
        mine = Case.guild_id == new.guild_id, Case.user_id.in_(names), Case.kind == new.kind
        its = Case.automatic, Case.by_hand, Case.created_at > at - SAME_HIT, Case.created_at < at + SAME_HIT
        return await tx.session.scalar(select(Case.id).where(*mine, *its).limit(1)) is not None

    async def _until(self, guild: discord.Guild, user_id: int) -> datetime | None:
        """Until when Discord has them timed out now."""
        member = guild.get_member(user_id)
        if member is None or member.timed_out_until is None:
            try:
                member = await guild.fetch_member(user_id)
            except discord.NotFound:
                return None
        return member.timed_out_until

    async def _rule(self, hit: discord.AutoModAction) -> str:
        """What the team calls the rule, where the bot may ask."""
        guild = self._bot.get_guild(hit.guild_id)
        if guild is None or not guild.me.guild_permissions.manage_guild:
            return ""
        try:
            return (await hit.fetch_rule()).name
        except PASSING:
            return ""


def _replaced(later: discord.AuditLogEntry) -> datetime | None:
    """The end that stood before this change, where the log says it."""
    until = getattr(later.before, "timed_out_until", None)
    return until if isinstance(until, datetime) else None
