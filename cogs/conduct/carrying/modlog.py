"""The moderation log: one living post for each case."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord
from sqlalchemy import select

from bot.clock import now
from bot.contracts.inbox import InboxKind
from bot.database import Transaction
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.inbox.models import InboxEntry
from bot.permissions.channels import ChannelGone, MissingInChannel
from bot.timers import DueTimer
from bot.timers.models import Timer
from bot.ui import LayoutView, palette
from cogs.conduct.carrying.items import CaseButton, log_key
from cogs.conduct.cases import card as cards
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

LOG = "conduct:log"
"""Kind of the timer that makes up for a post that could not be made; its payload is the number of a case's row."""
LOOK_AGAIN = timedelta(hours=1)
UNWRITABLE = InboxKind(
    "conduct.modlog",
    label=N_("The moderation log cannot be written"),
    title=N_("The moderation log cannot be written"),
    hint=N_(
        "I cannot see its channel, or cannot write there. Give me access, or choose another channel with "
        "`/settings`: what is missing is then posted by itself."
    ),
)


class Modlog:
    """Whatever happens to the channel, nothing else stops: what could not be posted is made up for."""

    def __init__(self, bot: "CommunityBot", cases: Cases) -> None:
        self._bot = bot
        self._cases = cases
        self._obstacles: dict[int, dict[str, UserError]] = {}
        self._blocked: set[int] | None = None
        """Servers whose log cannot be written, as far as it is known; None until it was looked up."""
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def stands(self, case_id: int, what: str, problem: UserError) -> None:
        """``problem`` is in the way of something else that follows from a case: its post says so from now on.

        ``what`` names that among all that follows from this case.
        """
        self._obstacles.setdefault(case_id, {})[what] = problem

    def recovered(self, case_id: int, what: str) -> None:
        """Nothing is in the way of that any more."""
        obstacles = self._obstacles.get(case_id, {})
        obstacles.pop(what, None)
        if not obstacles:
            self._obstacles.pop(case_id, None)

    async def handle(self, timer: DueTimer) -> None:
        await self.post(int(timer.payload["case"]))

    async def post(self, case_id: int, problem: UserError | None = None) -> None:
        """Post the case, or bring its post up to date. ``problem``: why it could not be carried out yet."""
        async with self._turns.setdefault(case_id, asyncio.Lock()):  # else an older look at it might be posted last
            await self._post(case_id, problem)

    async def _post(self, case_id: int, problem: UserError | None) -> None:
        case = await self._cases.read.by_id(case_id)
        guild = self._bot.get_guild(case.guild_id) if case else None
        if case is None or guild is None:
            return
        settings = self._bot.guild_settings.get(guild.id, ConductSettings)
        if not settings.enabled or settings.modlog_channel is None:
            return
        try:
            channel = guild.get_channel(settings.modlog_channel)
            if not isinstance(channel, discord.TextChannel):
                raise ChannelGone
            view = await self._view(case, problem)
            await self._bot.posts.replace(channel, log_key(case.id), lambda: {"view": view})
        except (ChannelGone, MissingInChannel) as reason:
            log.warning("case %d of server %d cannot be posted: %s", case.number, guild.id, reason.message)
            await self._later(case, settings.modlog_channel)
        else:
            await self._works(guild.id)

    async def try_again(self, guild_id: int) -> None:
        """Something changed that may have been in the way: post what is missing now."""
        if guild_id not in await self._known():
            return

        async def work(tx: Transaction) -> None:
            keys = select(Timer.key).where(Timer.guild_id == guild_id, Timer.kind == LOG)
            for key in list(await tx.session.scalars(keys)):
                await self._bot.timers.hasten(tx, key)

        await self._bot.db.transaction(work)

    async def _view(self, case: CaseView, problem: UserError | None) -> LayoutView:
        t = self._bot.i18n.for_guild(case.guild_id)
        card = await cards.card_of(self._bot, t, case)
        card = replace(card, names={**self._names(card), **card.names})
        notice, problem = None, problem or next(iter(self._obstacles.get(case.id, {}).values()), None)
        if problem is not None:
            why = t(problem.message, **problem.params)
            notice = f"{palette.WARNING} " + t(N_("Not carried out yet. {why}"), why=why)
        return cards.page(card, CaseButton(case.id, t(N_("Open the case"))), notice=notice)

    def _names(self, card: cards.Card) -> dict[int, str]:
        """Names of those who are here: the log is read long after they have left, when a mention shows a number."""
        guild, case = self._bot.get_guild(card.case.guild_id), card.case
        people = {case.user_id, case.moderator_id, case.ended_by, case.lifted_by, *(one.by for one in card.history)}
        found = (guild.get_member(one) for one in people if guild is not None and one is not None)
        return {member.id: member.display_name for member in found if member is not None}

    async def _later(self, case: CaseView, channel_id: int) -> None:
        (await self._known()).add(case.guild_id)

        async def work(tx: Transaction) -> None:
            key, payload = f"{LOG}:{case.id}", {"case": case.id}
            at = now() + LOOK_AGAIN
            await self._bot.timers.schedule(tx, kind=LOG, key=key, due_at=at, guild_id=case.guild_id, payload=payload)
            source = f"{channel_id}:{now():%Y-%m-%d}"
            if not await self._open(tx, case.guild_id):
                await self._bot.inbox.add(tx, case.guild_id, UNWRITABLE, source)

        await self._bot.db.transaction(work)

    async def _works(self, guild_id: int) -> None:
        known = await self._known()
        if guild_id not in known:
            return

        async def work(tx: Transaction) -> None:
            for source in await self._open(tx, guild_id):
                await self._bot.inbox.done(tx, guild_id, UNWRITABLE, source, by=None, outcome="recovered")

        await self._bot.db.transaction(work)
        known.discard(guild_id)

    async def _open(self, tx: Transaction, guild_id: int) -> list[str]:
        mine = InboxEntry.guild_id == guild_id, InboxEntry.kind == UNWRITABLE.name, InboxEntry.settled_at.is_(None)
        return list(await tx.session.scalars(select(InboxEntry.source).where(*mine)))

    async def _known(self) -> set[int]:
        if self._blocked is None:
            mine = InboxEntry.kind == UNWRITABLE.name, InboxEntry.settled_at.is_(None)
            async with self._bot.db.read() as session:
                self._blocked = set(await session.scalars(select(InboxEntry.guild_id).where(*mine)))
        return self._blocked
