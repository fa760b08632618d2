"""Brings Discord's AutoMod to what the armed word lists of a server want there.

Changes made by hand are found when it is looked at next: at a start, at a change, every hour. Rule events would need
one more intent and say nothing sooner that matters.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.guilds.sections import CommunitySettings
from bot.permissions.rules import dangerous_permissions
from bot.timers import DueTimer
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.native_keeping import NativeRules, Noted
from cogs.conduct.screening.native_rules import Part, Placed, Plan, Why, Wish, is_ours, planned, suits
from cogs.conduct.screening.native_writing import answered, rule_of, written
from cogs.conduct.screening.rules import Kept
from cogs.conduct.screening.screens import Screens
from cogs.conduct.screening.settings import FilterSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

AN_HOUR_SECONDS = 3600


class Native:
    """``standing`` says how a filter stands there; everything else happens behind a timer."""

    def __init__(self, bot: "CommunityBot", filters: Filters, screens: Screens, noted: NativeRules) -> None:
        self._bot = bot
        self._filters = filters
        self._screens = screens
        self.noted = noted
        self._placed: dict[int, dict[int, Placed]] = {}

    def wanted(self, guild_id: int) -> bool:
        """Whether the server wants its filters there, and they are on."""
        return self._screens.on(guild_id) and self._bot.guild_settings.get(guild_id, FilterSettings).native

    def standing(self, guild: discord.Guild, kept: Kept) -> Placed | None:
        """None while it is being looked at."""
        why = suits(kept)
        if why is None and not self.wanted(guild.id):
            why = Why.OFF
        if why is None and not guild.me.guild_permissions.manage_guild:
            why = Why.NO_PERMISSION
        return Placed(why) if why is not None else self._placed.get(guild.id, {}).get(kept.id)

    async def look_again(self, guild_id: int) -> None:
        """Something changed, or time passed: look at it where there is, or may be, anything of ours."""
        if guild_id in self.noted.servers or any(suits(one) is None for one in self._filters.of(guild_id)):
            await self.noted.bring(guild_id)

    async def look_everywhere(self) -> None:
        """Every hour."""
        for guild in self._bot.guilds:
            await self.look_again(guild.id)

    async def put_back(self, guild_id: int, kept: Kept) -> None:
        """Its rule was removed in Discord, and is to be there again."""
        await self.noted.forget(guild_id, kept.id)
        self._placed.get(guild_id, {}).pop(kept.id, None)
        await self.noted.bring(guild_id)

    async def bring(self, timer: DueTimer) -> None:
        """Create, change and remove only what differs."""
        guild = self._bot.get_guild(timer.guild_id or 0)
        if guild is None or guild.unavailable or not guild.me.guild_permissions.manage_guild:
            return
        try:
            await self._bring(guild)
        except discord.Forbidden as problem:
            # Discord also demands two-factor authentication of the bot's owner where a server does of its team.
            log.warning("the AutoMod of server %d cannot be changed: %s", guild.id, problem)
            wanted = [one for one in self._filters.of(guild.id) if suits(one) is None]
            self._placed[guild.id] = {one.id: Placed(Why.NO_PERMISSION) for one in wanted}

    async def _bring(self, guild: discord.Guild) -> None:
        rules = await guild.fetch_automod_rules()
        noted = {(one.filter_id, one.part): one for one in await self.noted.of(guild.id)}
        known = {one.rule_id for one in noted.values()}
        made_here = [rule for rule in rules if rule.creator_id == guild.me.id]
        ours = {rule.id: rule for rule in made_here if rule.id in known or is_ours(rule.name)}
        removed = await self._removed(guild.id, noted, ours)
        keyword = discord.AutoModRuleTriggerType.keyword
        others = sum(rule.trigger.type is keyword and rule.id not in ours for rule in rules)
        wishes = [self._wish(guild, one) for one in self._filters.of(guild.id)] if self.wanted(guild.id) else []
        plan = planned(wishes, others, removed)
        standing = _matched(plan, noted, ours)
        staying = {rule.id for rule in standing.values()}
        for where, one in noted.items():
            if one.rule_id in ours and one.rule_id not in staying:
                # Forgotten first: what is left of a crash is found again by its name, and is nobody's removal.
                await self.noted.forget(guild.id, *where)
        for rule_id in ours.keys() - staying:
            await ours[rule_id].delete()
        refused = [part.filter_id for part in plan.parts if not await self._set(guild, part, standing, noted)]
        self._placed[guild.id] = plan.placed | {one: Placed(Why.REFUSED) for one in refused}

    async def _removed(
        self, guild_id: int, noted: dict[tuple[int, int], Noted], ours: dict[int, discord.AutoModRule]
    ) -> frozenset[int]:
        """Filters whose rule somebody removed since they were changed last; what was noted of others is forgotten."""
        removed = set()
        for one in noted.values():
            if one.rule_id in ours:
                continue
            kept = self._filters.by_id(guild_id, one.filter_id)
            if kept is not None and suits(kept) is None and kept.revision == one.revision:
                removed.add(one.filter_id)
            else:
                await self.noted.forget(guild_id, one.filter_id, one.part)
        await self.noted.removed(guild_id, removed)
        return frozenset(removed)

    async def _set(
        self,
        guild: discord.Guild,
        part: Part,
        standing: dict[tuple[int, int], discord.AutoModRule],
        noted: dict[tuple[int, int], Noted],
    ) -> bool:
        """False when Discord does not take it; then there is no such rule."""
        kept = self._filters.by_id(guild.id, part.filter_id)
        if kept is None:
            return True  # removed meanwhile: it is looked at again
        where = (part.filter_id, part.part)
        wanted, rule, before = rule_of(self._bot, guild, kept, part), standing.get(where), noted.get(where)
        new = Noted(*where, rule.id if rule else None, kept.revision, wanted.digest)
        if rule is not None and before is not None and before.rule_id == rule.id:
            new = replace(new, answered=before.answered)
            if before.wanted == wanted.digest and before.answered == answered(rule):
                if before != new:
                    await self.noted.note(guild.id, new)
                return True
        try:
            made = await written(guild, wanted, rule)
        except discord.HTTPException as problem:
            if problem.status != 400:
                raise
            log.warning("AutoMod of server %d refuses filter %d: %s", guild.id, kept.number, problem)
            await self.noted.forget(guild.id, *where)
            if rule is not None:
                await rule.delete()
            return False
        await self.noted.note(guild.id, replace(new, rule_id=made.id, answered=answered(made)))
        return True

    def _wish(self, guild: discord.Guild, kept: Kept) -> Wish:
        settings = self._bot.guild_settings
        filters, staff = settings.get(guild.id, FilterSettings), settings.get(guild.id, CommunitySettings).staff_roles
        roles = {role.id for role in guild.roles if _left_alone(role, {*kept.exempt_roles, *staff})}
        channels = set(_channels(guild, {*kept.exempt_channels, *filters.exempt_channels}))
        return Wish(kept, filters.allowed, tuple(sorted(roles)), tuple(sorted(channels)))


def _matched(
    plan: Plan, noted: dict[tuple[int, int], Noted], ours: dict[int, discord.AutoModRule]
) -> dict[tuple[int, int], discord.AutoModRule]:
    """The rule that stands for each planned part: the one noted, else one of its name that a crash left."""
    named = {rule.name: rule for rule in ours.values() if rule.id not in {one.rule_id for one in noted.values()}}
    found = {}
    for part in plan.parts:
        one = noted.get((part.filter_id, part.part))
        rule = ours.get(one.rule_id or 0) if one is not None else named.get(part.name)
        if rule is not None:
            found[part.filter_id, part.part] = rule
    return found


def _left_alone(role: discord.Role, named: set[int]) -> bool:
    """Whether a rule must spare the role; bots and administrators it spares by itself.

    Also roles that stand as high as the bot's own: nothing of the bot's acts on their members.
    """
    granted = role.permissions
    if role.is_default() or role.is_bot_managed() or granted.administrator:
        return False
    if role.id in named or role >= role.guild.me.top_role:
        return True
    return bool(dangerous_permissions(name for name, on in granted if on))


def _channels(guild: discord.Guild, named: set[int]) -> Iterator[int]:
    """A category stands for all its channels."""
    for channel in guild.channels:
        if not isinstance(channel, discord.CategoryChannel) and named & {channel.id, channel.category_id}:
            yield channel.id
