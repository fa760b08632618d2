"""Whom a ban of a raid's joiners would reach at this moment, and whom it spares."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.permissions.rank import person
from bot.permissions.rules import outranks
from bot.permissions.team import is_staff
from cogs.onboarding.raids.rules import Spared, Suspect, spared
from cogs.onboarding.raids.states import Joiner

if TYPE_CHECKING:
    from bot.client import CommunityBot

BULK_NEEDS = ("ban_members", "manage_guild")
"""What Discord demands for banning many at once."""


@dataclass(frozen=True, slots=True)
class Judged:
    """``banned`` are those a ban would reach; each of the others with the reason."""

    banned: tuple[Joiner, ...]
    spared: tuple[tuple[Joiner, Spared], ...]

    @property
    def digest(self) -> str:
        """Eight characters that stand for exactly these people."""
        ids = ",".join(str(one.user_id) for one in sorted(self.banned, key=lambda one: one.user_id))
        return hashlib.sha256(ids.encode()).hexdigest()[:8]


def judge(
    bot: "CommunityBot",
    guild: discord.Guild,
    actor: discord.Member | None,
    joiners: Iterable[Joiner],
    *,
    decided: bool = False,
) -> Judged:
    """``actor`` wants the ban; None when they are gone by now. ``decided``: it is about to be done."""
    banned, left_out = [], []
    for one in joiners:
        member = guild.get_member(one.user_id)
        suspect = Suspect(
            banned=one.banned or (one.ban_wanted and not decided),
            young=one.young,
            staff=member is not None and is_staff(bot, member),
            answered=one.answered,
            below_actor=member is None or actor is None or outranks(person(actor), person(member)),
            below_bot=member is None or outranks(person(guild.me), person(member)),
        )
        reason = spared(suspect)
        if reason is None:
            banned.append(one)
        else:
            left_out.append((one, reason))
    return Judged(tuple(banned), tuple(left_out))


def lacking(guild: discord.Guild, *needs: str) -> list[str]:
    """Which of the permissions the bot does not have in the server."""
    granted = guild.me.guild_permissions
    return [name for name in needs if not getattr(granted, name)]
