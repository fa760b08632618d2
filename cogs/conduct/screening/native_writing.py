"""A rule of Discord's AutoMod as a filter wants it: made, written, and compared by what is in it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.contracts.services import CodeOfConduct
from bot.i18n.marks import N_
from bot.ui.text import shortened
from cogs.conduct.screening.native_rules import SAID, Part, digest
from cogs.conduct.screening.rules import Kept
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule is to be, in Discord's terms."""

    name: str
    trigger: discord.AutoModTrigger
    actions: list[discord.AutoModRuleAction]
    roles: list[discord.Object]
    channels: list[discord.Object]

    @property
    def digest(self) -> str:
        return _digest(
            self.name, self.trigger, self.actions, [r.id for r in self.roles], [c.id for c in self.channels], True
        )


def rule_of(bot: "CommunityBot", guild: discord.Guild, kept: Kept, part: Part) -> Rule:
    """What the rule of that part is to be: it blocks, says why, and tells the team where it reads."""
    action = discord.AutoModRuleAction
    blocked = discord.AutoModRuleActionType.block_message
    actions = [action(type=blocked, custom_message=_said(bot, guild.id, kept))]
    modlog = bot.guild_settings.get(guild.id, ConductSettings).modlog_channel
    if modlog is not None and guild.get_channel(modlog) is not None:
        actions.append(action(channel_id=modlog))
    trigger = discord.AutoModTrigger(
        type=discord.AutoModRuleTriggerType.keyword,
        keyword_filter=list(part.keywords),
        allow_list=list(part.allowed),
    )
    objects = [[discord.Object(one) for one in ids] for ids in (part.roles, part.channels)]
    return Rule(part.name, trigger, actions, *objects)


def _said(bot: "CommunityBot", guild_id: int, kept: Kept) -> str:
    t, code = bot.i18n.for_guild(guild_id), bot.find_service(CodeOfConduct)
    article = code.article(guild_id, kept.article) if code and kept.article is not None else None
    if article is None:
        return shortened(t(N_("A filter of this server stopped this message: nobody saw it.")), SAID)
    text = N_("A filter stopped this message: nobody saw it. Article {number}: {title}")
    return shortened(t(text, number=article.number, title=article.title(t.language)), SAID)


async def written(guild: discord.Guild, wanted: Rule, rule: discord.AutoModRule | None) -> discord.AutoModRule:
    """Make the rule, or bring the one that stands to what is wanted."""
    if rule is None:
        return await guild.create_automod_rule(
            name=wanted.name,
            event_type=discord.AutoModRuleEventType.message_send,
            trigger=wanted.trigger,
            actions=wanted.actions,
            enabled=True,
            exempt_roles=wanted.roles,
            exempt_channels=wanted.channels,
        )
    return await rule.edit(
        name=wanted.name,
        trigger=wanted.trigger,
        actions=wanted.actions,
        enabled=True,
        exempt_roles=wanted.roles,
        exempt_channels=wanted.channels,
    )


def answered(rule: discord.AutoModRule) -> str:
    """What Discord has, as a digest."""
    roles, channels = sorted(rule.exempt_role_ids), sorted(rule.exempt_channel_ids)
    return _digest(rule.name, rule.trigger, rule.actions, roles, channels, rule.enabled)


def _digest(
    name: str,
    trigger: discord.AutoModTrigger,
    actions: list[discord.AutoModRuleAction],
    roles: list[int],
    channels: list[int],
    enabled: bool,
) -> str:
    words = sorted(trigger.keyword_filter or ()), sorted(trigger.allow_list or ()), sorted(trigger.regex_patterns or ())
    acts = sorted((one.type.value, one.channel_id or 0, one.custom_message or "") for one in actions)
    return digest(name, words, acts, roles, channels, enabled)
