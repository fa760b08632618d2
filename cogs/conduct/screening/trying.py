"""Tries a filter out: on a text, on the last messages seen, and on what was kept as evidence of decisions."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord
from sqlalchemy import select

from cogs.conduct.cases.models import Case
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.evidence.models import Evidence
from cogs.conduct.filters import adapter
from cogs.conduct.filters.compiled import Compiled
from cogs.conduct.filters.model import Hit
from cogs.conduct.filters.screening import GuildScreen, Postponed, Screening
from cogs.conduct.filters.seen import Seen
from cogs.conduct.screening.judging import Judging
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.reach import left_alone
from cogs.conduct.screening.refusals import NothingToFind, WithoutContent
from cogs.conduct.screening.rules import TEXTUAL, Kept, asks
from cogs.conduct.screening.screens import Screens, trial

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

MESSAGES = 1_000
"""So many are looked at, the newest first."""
PAGE = 100
PAGES = 20
"""Requests for history at most: what the process has seen itself costs none."""
DECISIONS = 200
LINKS = 10


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a filter would have found. ``newest``: channel and message ids of some hits, newest first.

    ``wrong`` of the hits, and ``wrong_in_shadow`` of the last ones it noted while it watched where those are many, the
    team called wrong. ``decisions`` and ``undone``: messages kept with decisions that stand, and that were undone.
    """

    looked_at: int
    hits: int
    guesses: int
    newest: tuple[tuple[int, int], ...]
    decisions: int
    decision_hits: int
    undone: int = 0
    undone_hits: int = 0
    wrong: int = 0
    wrong_in_shadow: int = 0

    @property
    def finds_much(self) -> bool:
        return asks(self.hits, self.looked_at)

    @property
    def asks(self) -> bool:
        """Whether arming it needs a confirmation."""
        return self.finds_much or self.wrong_in_shadow > 0


class Trying:
    """Reads and looks; records nothing, and keeps nothing of what it read."""

    def __init__(self, bot: "CommunityBot", filters: Filters, screens: Screens, judging: Judging) -> None:
        self._bot = bot
        self._filters = filters
        self._screens = screens
        self._judging = judging

    async def text(self, guild_id: int, text: str) -> list[tuple[Kept, Hit]]:
        """What every filter of the server, whatever its mode, finds in a text; each hit once."""
        compiled = await self._screens.compiled(guild_id, [trial(one) for one in self._filters.of(guild_id)])
        hits = await asyncio.to_thread(compiled.test, text)
        found = {(hit.filter.id, hit.what): hit for hit in reversed(hits)}
        by_id = {one.id: one for one in self._filters.of(guild_id)}
        return [(by_id[filter_id], hit) for (filter_id, _), hit in found.items() if filter_id in by_id]

    async def back_test(self, guild: discord.Guild, kept: Kept) -> BackTest:
        """Raises NothingToFind, WithoutContent, BadFilter."""
        if kept.is_empty:
            raise NothingToFind
        if not self._screens.reads_content:
            raise WithoutContent
        compiled = await self._screens.compiled(guild.id, [trial(kept)])
        seen = _seen(self._bot, await self._messages(guild))
        texts = await self._evidence(guild.id) if kept.kind in TEXTUAL else []
        wrong = frozenset(await self._judging.wrong_messages(kept))
        screen = self._screens.screen_of(guild.id, compiled)
        result = await asyncio.to_thread(_look, screen, compiled, seen, texts, wrong)
        return replace(result, wrong_in_shadow=await self._judging.wrong_in_shadow(kept))

    async def _messages(self, guild: discord.Guild) -> list[discord.Message]:
        """The newest that this process has seen, then the newest that can be read, oldest first."""
        found = {one.id: one for one in self._bot.cached_messages if one.guild == guild}
        pages = 0
        for channel in _readable(guild):
            before: discord.Object | None = None
            while pages < PAGES and len(found) < MESSAGES:
                pages += 1
                read = await _page(channel, before)
                found.update({one.id: one for one in read if one.id not in found})
                if len(read) < PAGE:
                    break
                before = discord.Object(read[-1].id)
        return [found[one] for one in sorted(found)[-MESSAGES:]]

    async def _evidence(self, guild_id: int) -> list[tuple[str, bool]]:
        """Texts kept with cases, the newest first, and whether the case was undone."""
        query = select(Evidence.content, Case.state).join(Case, Case.id == Evidence.case_id)
        query = query.where(Evidence.guild_id == guild_id).order_by(Evidence.id.desc()).limit(DECISIONS)
        async with self._bot.db.read() as session:
            return [(text, state in ENDED) for text, state in await session.execute(query)]


def _readable(guild: discord.Guild) -> list[discord.TextChannel]:
    """Channels whose history the bot can read, the one with the newest message first."""
    found = [
        channel
        for channel in guild.text_channels
        if channel.last_message_id and _may_read(channel.permissions_for(guild.me))
    ]
    return sorted(found, key=lambda channel: channel.last_message_id or 0, reverse=True)


def _may_read(granted: discord.Permissions) -> bool:
    return granted.view_channel and granted.read_message_history


async def _page(channel: discord.TextChannel, before: discord.Object | None) -> list[discord.Message]:
    try:
        return [message async for message in channel.history(limit=PAGE, before=before)]
    except discord.HTTPException as problem:
        log.warning("the history of channel %d cannot be read: %s", channel.id, problem)
        return []


def _seen(bot: "CommunityBot", messages: Iterable[discord.Message]) -> list[Seen]:
    """As the filters see them; of those who are here still, because exemptions are theirs."""
    found = (adapter.seen(message, lambda member: left_alone(bot, member)) for message in messages)
    return [one for one in found if one is not None and not one.automatic]


def _look(
    screen: GuildScreen,
    compiled: Compiled,
    seen: Sequence[Seen],
    texts: Sequence[tuple[str, bool]],
    wrong: Collection[int],
) -> BackTest:
    """In a thread: with a screening of its own, so that nobody's counts are touched."""
    screening = Screening()
    hits: list[tuple[int, int]] = []
    guesses = 0
    for one in seen:
        screening.use(one.guild_id, screen)
        verdict = screening.screen(one)
        if isinstance(verdict, Postponed):
            verdict = verdict.finish()
        if verdict is None:
            continue
        if verdict.acts:
            hits.append((one.channel_id, one.message_id))
        else:
            guesses += 1
    found = [(undone, any(not hit.review for hit in compiled.test(text))) for text, undone in texts]
    return BackTest(
        len(seen),
        len(hits),
        guesses,
        tuple(reversed(hits[-LINKS:])),
        sum(not undone for undone, _ in found),
        sum(hit and not undone for undone, hit in found),
        sum(undone for undone, _ in found),
        sum(hit and undone for undone, hit in found),
        sum(message in wrong for _, message in hits),
    )
