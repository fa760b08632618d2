"""The short way of nearly every message: plain words of a member, in which nothing can be found.

Amid other work most of a look is waiting for memory. So messages that come together take each step together, with what
the one before needed still at hand; and the steps are loops, as a call for each message would cost as much as its step.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import discord
from discord import Member, MessageType

from cogs.conduct.filters import adapter
from cogs.conduct.filters.screening import Examined, GuildScreen, Postponed, Screening, Verdict

log = logging.getLogger(__name__)

LONGEST = 2_000
"""Characters; longer texts take the other way, which has its own limits."""
_EPOCH = adapter.EPOCH
_TEXT, _REPLY = MessageType.default, MessageType.reply
_FOREVER = float("inf")
IsStaff = Callable[[Member], bool]
_Glance = tuple[discord.Message, GuildScreen, str | None, int]
"""A message, what it is looked at for, its text unless the long way has to look, and how many it mentions."""


@dataclass(frozen=True, slots=True)
class Looked:
    """``found``: messages in which something was found, and what. ``left``: those for which there was no time."""

    found: list[tuple[discord.Message, Verdict | Postponed]]
    left: Sequence[discord.Message]


def screen_message(
    screening: Screening, message: discord.Message, is_staff: IsStaff, *, edited: bool = False
) -> Verdict | Postponed | None:
    """What ``screening`` finds in one message, in some microseconds where that is nothing."""
    looked = screen_messages(screening, [message], is_staff, edited=edited)
    return looked.found[0][1] if looked.found else None


def screen_messages(
    screening: Screening,
    messages: Sequence[discord.Message],
    is_staff: IsStaff,
    *,
    edited: bool = False,
    until: float = _FOREVER,
) -> Looked:
    """What ``screening`` finds in messages, the oldest first, that are at hand together.

    ``until`` is a time of ``time.perf_counter``: past it no further message is looked at, but one is in any case.
    A message that cannot be looked at is logged, and no other waits for it.
    """
    glances = _glances(screening, messages, edited=edited)
    prints = _fingerprints(glances, until)
    closely, done = _examined(screening, glances, prints, is_staff, until, edited=edited)
    found = _judged(screening, glances[:done], prints, closely, is_staff)
    return Looked(found, [one[0] for one in glances[done:]])


def _glances(screening: Screening, messages: Iterable[discord.Message], *, edited: bool) -> list[_Glance]:
    """Messages that something is looked for in."""
    glances: list[_Glance] = []
    screens = screening.screens
    for message in messages:
        try:
            guild = message.guild
            if guild is None or (screen := screens.get(guild.id)) is None:
                continue
            author, text, kind = message.author, message.content, message.type
            mentions = 0
            if message.mentions or message.role_mentions or message.mention_everyone:
                mentions = adapter.mentions(message)
            is_plain = not (
                edited
                or (kind is not _TEXT and kind is not _REPLY)
                or not isinstance(author, Member)
                or author.bot
                or message.embeds
                or message.attachments
                or message.stickers
                or message.poll is not None
                or message.message_snapshots
                or mentions > screen.fewest_mentions
                or len(text) > LONGEST
            )
            glances.append((message, screen, text if is_plain else None, mentions))
        except Exception:
            log.exception("message %d could not be looked at", message.id)
    return glances


def _fingerprints(glances: list[_Glance], until: float) -> list[int | None]:
    """Of each text in which nothing can be found; None where the long way has to look. Fewer when time is up."""
    prints: list[int | None] = []
    clock = time.perf_counter
    for message, screen, text, _ in glances:
        try:
            prints.append(None if text is None else screen.compiled.passes(text) if text else 0)
        except Exception:
            log.exception("message %d could not be read", message.id)
            prints.append(None)
        if clock() > until:
            break
    return prints


def _examined(
    screening: Screening,
    glances: list[_Glance],
    prints: list[int | None],
    is_staff: IsStaff,
    until: float,
    *,
    edited: bool,
) -> tuple[dict[int, Examined], int]:
    """The long way: what stands in messages, by their places in the list; and how many there was time for."""
    closely: dict[int, Examined] = {}
    for place, fingerprint in enumerate(prints):
        if fingerprint is not None:
            continue
        message = glances[place][0]
        try:
            seen = adapter.seen(message, is_staff, edited=edited)
            examined = None if seen is None else screening.examine(seen)
        except Exception:
            log.exception("message %d could not be looked at", message.id)
            continue
        if examined is not None:
            closely[place] = examined
        if time.perf_counter() > until:
            return closely, place + 1
    return closely, len(prints)


def _judged(
    screening: Screening,
    glances: list[_Glance],
    prints: list[int | None],
    closely: dict[int, Examined],
    is_staff: IsStaff,
) -> list[tuple[discord.Message, Verdict | Postponed]]:
    """Count the messages, in their order, and what everything comes to."""
    found: list[tuple[discord.Message, Verdict | Postponed]] = []
    add = screening.counters.add
    for place, ((message, screen, text, mentions), fingerprint) in enumerate(zip(glances, prints, strict=False)):
        try:
            verdict: Verdict | Postponed | None = None
            if fingerprint is None or text is None:
                if place in closely:
                    verdict = screening.judge(closely[place])
            elif screen.spam:
                guild, author, channel, number = message.guild, message.author, message.channel, message.id
                assert guild is not None
                assert isinstance(author, Member)
                if screen.is_narrowed and screen.spares(adapter.places(channel), author.get_role):
                    continue
                sample = (number >> 22) * 0.001 + _EPOCH, number, channel.id, fingerprint, mentions, 0, len(text)
                burst = add(guild.id, author.id, sample, screen.limits)
                if burst is None:
                    continue
                seen = adapter.seen(message, is_staff)
                verdict = None if seen is None else screening.flooded(seen, burst)
            if verdict is not None:
                found.append((message, verdict))
        except Exception:
            log.exception("message %d could not be judged", message.id)
    return found
