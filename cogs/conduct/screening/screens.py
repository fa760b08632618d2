"""Makes each server's screen of its filters: compiled in a thread, swapped in one step."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.contracts.conduct import Severity
from bot.contracts.services import CodeOfConduct
from cogs.conduct.filters.compiled import Compiled, compile_filters
from cogs.conduct.filters.model import Filter, FilterKind
from cogs.conduct.filters.refusals import BadFilter
from cogs.conduct.filters.screening import GuildScreen, Screening
from cogs.conduct.screening.keeping import Edit, Filters
from cogs.conduct.screening.rules import Kept, Watch
from cogs.conduct.screening.settings import FilterSettings, SpamSettings
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)


class Screens:
    """``screening`` looks at messages; what it looks for follows the filters, the settings and the code of conduct."""

    def __init__(self, bot: "CommunityBot", filters: Filters) -> None:
        self._bot = bot
        self._filters = filters
        self.screening = Screening()
        self._asked: dict[int, int] = {}
        self._codes: dict[int, frozenset[str]] = {}
        self.changed: list[Callable[[int], Awaitable[None]]] = []
        """Told the server whose filters, or what counts for them, may be others now."""

    @property
    def reads_content(self) -> bool:
        """Whether the operator lets the bot read messages at all."""
        return self._bot.intents.message_content

    def on(self, guild_id: int) -> bool:
        """Whether filters work in this server."""
        settings = self._bot.guild_settings
        return (
            self.reads_content
            and settings.get(guild_id, FilterSettings).enabled
            and settings.get(guild_id, ConductSettings).enabled
        )

    def screened(self, kept: Kept) -> Filter:
        """As the screening takes it: its article says how severe a hit is."""
        code = self._bot.find_service(CodeOfConduct)
        article = code.article(kept.guild_id, kept.article) if code and kept.article is not None else None
        return kept.screened(article.severity if article else Severity.MEDIUM)

    async def refresh(self, guild_id: int) -> None:
        """Look for what is wanted now. When several ask at once, only the last compiles what all of them want."""
        for tell in self.changed:
            await tell(guild_id)
        turn = self._asked[guild_id] = self._asked.get(guild_id, 0) + 1
        kept = [one for one in self._filters.of(guild_id) if one.watch is not Watch.OFF and not one.is_empty]
        if not kept or not self.on(guild_id):
            self.screening.use(guild_id, None)
            return
        await self._learn_codes(guild_id, kept)
        screen = await self._screen(guild_id, kept)
        if self._asked[guild_id] == turn:
            self.screening.use(guild_id, screen)

    async def add(self, new: Kept, by: int) -> Kept:
        """Raises UserError for what cannot be compiled or kept; then nothing changed."""
        await self.compiled(new.guild_id, [*self._filters.of(new.guild_id), new])
        made = await self._filters.add(new, by)
        await self.refresh(new.guild_id)
        return made

    async def change(self, guild_id: int, number: int, edit: Edit, by: int, *, revision: int | None = None) -> Kept:
        """As ``Filters.change``, and as ``add``."""
        wanted = edit(self._filters.numbered(guild_id, number))
        others = [one for one in self._filters.of(guild_id) if one.number != number]
        await self.compiled(guild_id, [*others, wanted])
        made = await self._filters.change(guild_id, number, edit, by, revision=revision)
        await self.refresh(guild_id)
        return made

    async def remove(self, guild_id: int, number: int) -> Kept:
        """Raises FilterGone."""
        gone = await self._filters.remove(guild_id, number)
        await self.refresh(guild_id)
        return gone

    async def compiled(self, guild_id: int, kept: Iterable[Kept]) -> Compiled:
        """Compiled in a thread, since thousands of words take up to a second. Raises BadFilter."""
        filters = [self.screened(one) for one in kept]
        allow = self._bot.guild_settings.get(guild_id, FilterSettings).allowed
        own = self._own_codes(guild_id)
        return await asyncio.to_thread(compile_filters, filters, allow, own)

    def screen_of(self, guild_id: int, compiled: Compiled) -> GuildScreen:
        """With the server's limits and exemptions."""
        settings = self._bot.guild_settings
        limits = settings.get(guild_id, SpamSettings).limits()
        return GuildScreen(compiled, limits, settings.get(guild_id, FilterSettings).exempt_channels)

    def forget_codes(self, guild_id: int) -> None:
        """The server's invites are to be read again, when a filter needs them."""
        self._codes.pop(guild_id, None)

    def codes_changed(self, guild_id: int, code: str, *, gone: bool) -> bool:
        """An invite of the server was made or taken back; True when a filter of invites wants to know."""
        known = self._codes.get(guild_id)
        if known is None:
            return False
        self._codes[guild_id] = known - {code} if gone else known | {code}
        return True

    async def _screen(self, guild_id: int, kept: Sequence[Kept]) -> GuildScreen | None:
        """What was sound when it was kept may not be after an update: the others go on."""
        left = list(kept)
        while left:
            try:
                return self.screen_of(guild_id, await self.compiled(guild_id, left))
            except BadFilter as refusal:
                log.warning("filter %s of server %d cannot be compiled: %s", refusal.filter_id, guild_id, refusal)
                good = [one for one in left if one.id != refusal.filter_id]
                left = good if len(good) < len(left) else []
        return None

    async def _learn_codes(self, guild_id: int, kept: Iterable[Kept]) -> None:
        """The server's own invites are welcome; read once, and kept up to date by its events."""
        if guild_id in self._codes or all(one.kind is not FilterKind.INVITES for one in kept):
            return
        guild = self._bot.get_guild(guild_id)
        if guild is None or not guild.me.guild_permissions.manage_guild:
            return
        try:
            self._codes[guild_id] = frozenset(invite.code for invite in await guild.invites())
        except discord.HTTPException as problem:
            log.warning("the invites of server %d cannot be read: %s", guild_id, problem)

    def _own_codes(self, guild_id: int) -> frozenset[str]:
        guild = self._bot.get_guild(guild_id)
        vanity = guild.vanity_url_code if guild is not None else None
        return self._codes.get(guild_id, frozenset()) | ({vanity} if vanity else frozenset())


def trial(kept: Kept) -> Kept:
    """The filter as it would be armed, for trying it out."""
    return replace(kept, watch=Watch.ARMED)
