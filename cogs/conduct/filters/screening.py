"""The one look at every message: in memory, synchronous, exemptions first. It finds; it does nothing to anybody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cogs.conduct.filters.compiled import Compiled, Look
from cogs.conduct.filters.model import Filter, FilterKind, Hit, Mode, Where, by_severity
from cogs.conduct.filters.patternfilters import Rest
from cogs.conduct.filters.seen import Seen
from cogs.conduct.filters.spam import Burst, Sample, SpamCounters, SpamLimits


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one message: every hit, the most severe first, and the flood that it completes, if any."""

    hits: tuple[Hit, ...]
    burst: Burst | None = None

    @property
    def worst(self) -> Hit:
        """The only one that is acted on."""
        return self.hits[0]

    @property
    def acts(self) -> bool:
        """Whether the worst hit is one of an armed filter, and no guess."""
        return self.worst.filter.mode is Mode.ARMED and not self.worst.review


@dataclass(frozen=True, slots=True)
class Postponed:
    """Patterns that may take long on this text. Call ``finish`` in a thread; it gives what ``screen`` would have."""

    finish: Callable[[], Verdict | None]


_NOTHING = Look([], 0)
_NAME = 100
"""Characters of a name; Discord's are no longer."""


class GuildScreen:
    """What one server's messages are looked at for. Made anew when its filters change, and never changed."""

    def __init__(
        self, compiled: Compiled, limits: SpamLimits | None = None, exempt_channels: Iterable[int] = ()
    ) -> None:
        """``exempt_channels``: channels and categories that no filter looks into."""
        self.compiled = compiled
        self.limits = limits or SpamLimits()
        self.exempt_channels = frozenset(exempt_channels)
        self.mentions = [one for one in compiled.filters if one.kind is FilterKind.MENTIONS and one.limit > 0]
        self.spam = [one for one in compiled.filters if one.kind is FilterKind.SPAM]
        self.fewest_mentions = min((one.limit for one in self.mentions), default=1 << 30)
        self.is_narrowed = bool(self.exempt_channels) or all(
            one.exempt_roles or one.exempt_channels for one in self.spam
        )
        """Whether somebody, or a channel, is out of reach of all rules against floods."""

    def spares(self, places: tuple[int, ...], has_role: Callable[[int], object]) -> bool:
        """Whether no rule against floods is for messages there, of somebody with such roles."""
        return not self.exempt_channels.isdisjoint(places) or all(_exempt(one, places, has_role) for one in self.spam)


class Examined(NamedTuple):
    """What stands in one message, before anything is counted or anybody is spared."""

    seen: Seen
    screen: GuildScreen
    hits: list[Hit]
    rests: list[Rest]
    fingerprint: int


class Screening:
    """The screens of all servers of this process, and the counts of their members."""

    def __init__(self) -> None:
        self.counters = SpamCounters()
        self.screens: dict[int, GuildScreen] = {}
        """What each server's messages are looked at for."""

    def use(self, guild_id: int, screen: GuildScreen | None) -> None:
        """From now on look at this server's messages with this; None looks at nothing."""
        if screen is None:
            self.screens.pop(guild_id, None)
            self.counters.forget(guild_id)
        else:
            self.screens[guild_id] = screen

    def watches(self, guild_id: int) -> bool:
        """Whether there is anything to look for in this server: the cheapest question, asked first."""
        return guild_id in self.screens

    def flooded(self, seen: Seen, burst: Burst) -> Verdict | None:
        """What a flood that was counted elsewhere comes to."""
        screen = self.screens[seen.guild_id]
        return _verdict(seen, [Hit(one, Where.MESSAGE, burst.flood.value, one.severity) for one in screen.spam], burst)

    def screen(self, seen: Seen) -> Verdict | Postponed | None:
        """Look at a message, in some microseconds."""
        examined = self.examine(seen)
        return None if examined is None else self.judge(examined)

    def examine(self, seen: Seen) -> Examined | None:
        """The first half of ``screen``: what stands in the message. None where nothing is looked for."""
        screen = self.screens.get(seen.guild_id)
        if screen is None or seen.automatic:
            return None
        if not screen.exempt_channels.isdisjoint(seen.places):
            return None
        compiled, content = screen.compiled, seen.content
        look = compiled.look(content) if compiled.reads and content else _NOTHING
        hits, rests = look.hits, [look.rest] if look.rest else []
        if seen.others and compiled.reads:
            looks = [compiled.look(text, where) for where, text in seen.others]
            hits = [*hits, *(hit for one in looks for hit in one.hits)]
            rests += [one.rest for one in looks if one.rest]
        for one in screen.mentions:
            if seen.mentions > one.limit:
                hits = [*hits, Hit(one, Where.MESSAGE, str(seen.mentions), one.severity)]
        return Examined(seen, screen, hits, rests, look.fingerprint)

    def judge(self, examined: Examined) -> Verdict | Postponed | None:
        """The second half: count the message; what it all comes to."""
        seen, screen, hits, rests, fingerprint = examined
        burst = self._flood(seen, screen, fingerprint) if screen.spam and not seen.edited else None
        if burst is not None:
            hits = [*hits, *(Hit(one, Where.MESSAGE, burst.flood.value, one.severity) for one in screen.spam)]
        if rests:
            return Postponed(lambda: _verdict(seen, [*hits, *(hit for rest in rests for hit in rest())], burst))
        return _verdict(seen, hits, burst) if hits else None

    def screen_name(self, guild_id: int, name: str, where: Where, *, roles: Iterable[int] = ()) -> tuple[Hit, ...]:
        """Look at a nickname or the name of a thread; hits of filters that exempt one of ``roles`` are left out.

        Not for every message: what patterns cost is paid at once, for at most 100 characters.
        """
        screen = self.screens.get(guild_id)
        if screen is None or not screen.compiled.reads:
            return ()
        held = frozenset(roles)
        hits = screen.compiled.test(name[:_NAME], where)
        return tuple(hit for hit in hits if held.isdisjoint(hit.filter.exempt_roles))

    def _flood(self, seen: Seen, screen: GuildScreen, fingerprint: int) -> Burst | None:
        if screen.is_narrowed and screen.spares(seen.places, seen.has_role):
            return None
        text = seen.content
        if text and not fingerprint:
            fingerprint = screen.compiled.fingerprint(text)
        links = text.count("://")
        sample = Sample(seen.at, seen.message_id, seen.channel_id, fingerprint, seen.mentions, links, len(text))
        return self.counters.add(seen.guild_id, seen.author_id, sample, screen.limits)


def _exempt(one: Filter, places: tuple[int, ...], has_role: Callable[[int], object]) -> bool:
    if one.exempt_channels and not one.exempt_channels.isdisjoint(places):
        return True
    return any(has_role(role) for role in one.exempt_roles)


def _verdict(seen: Seen, hits: list[Hit], burst: Burst | None) -> Verdict | None:
    """Staff and what a filter exempts are asked only now: it costs more than to find nothing."""
    hits = [hit for hit in hits if not _exempt(hit.filter, seen.places, seen.has_role)]
    if not hits or seen.is_staff():
        return None
    ordered = by_severity(hits)
    return Verdict(ordered, burst if any(hit.filter.kind is FilterKind.SPAM for hit in ordered) else None)
