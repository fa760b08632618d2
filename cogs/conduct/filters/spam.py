"""Who floods: counts of the last seconds per member, in memory only. No text is kept, only what it hashes to."""

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

_OFF = 1 << 30
_EACH = 7
"""Numbers of a sample."""
_SWEPT = 8
"""After so many messages the oldest are looked through: for each message it would take as long as to count it."""


class Flood(StrEnum):
    """What there was too much of."""

    MESSAGES = "messages"
    DUPLICATES = "duplicates"
    MENTIONS = "mentions"
    LINKS = "links"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` within ``seconds`` is a flood. A count of 0 switches the rule off."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SpamLimits:
    """The rules of a server. ``quiet_seconds``: after a verdict a member gets no other one for that long."""

    messages: Limit = Limit(7, 10)
    duplicates: Limit = Limit(3, 10)
    mentions: Limit = Limit(5, 10)
    links: Limit = Limit(10, 10)
    characters: Limit = Limit(4_200, 5)
    quiet_seconds: float = 30

    longest: float = field(init=False)
    """Seconds after which a message counts for nothing."""
    bounds: tuple[int, float, int, int, int, int] = field(init=False)
    """Messages, their seconds, duplicates, mentions, links, characters; past all reach where a rule is off."""
    fewest: int = field(init=False)
    """Messages that are never a flood for being many or the same are fewer."""

    def __post_init__(self) -> None:
        rules = (self.messages, self.duplicates, self.mentions, self.links, self.characters)
        messages, duplicates, *others = (limit.count or _OFF for limit in rules)
        object.__setattr__(self, "longest", max(limit.seconds for limit in rules))
        object.__setattr__(self, "bounds", (messages, self.messages.seconds, duplicates, *others))
        object.__setattr__(self, "fewest", min(messages, duplicates, _SWEPT))


class Sample(NamedTuple):
    """What counts of one message. ``at``: seconds of the message's own id. ``fingerprint``: 0 for no text."""

    at: float
    message_id: int
    channel_id: int
    fingerprint: int
    mentions: int
    links: int
    characters: int


Counted = tuple[float, int, int, int, int, int, int]
"""A sample without its names, which take as long to make as to count it."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A flood: what it was, how many, and its messages as (channel id, message id), oldest first."""

    flood: Flood
    count: int
    limit: Limit
    messages: tuple[tuple[int, int], ...]


class _Member:
    """The last samples. They stand as bare numbers in one list: an object for each would keep the collector busy."""

    __slots__ = ("characters", "numbers")

    def __init__(self) -> None:
        self.numbers: list[Any] = []
        """``_EACH`` of every sample, one behind the other, the oldest first."""
        self.characters = 0
        """No fewer than those of the longest span."""

    @property
    def samples(self) -> list[Sample]:
        """The oldest first."""
        return [Sample(*self.numbers[place : place + _EACH]) for place in range(0, len(self.numbers), _EACH)]

    def could_flood(self, latest: Counted, limits: SpamLimits) -> bool:
        """False when no rule is broken by the latest sample, even if what is too old still counts for some."""
        at, _, _, fingerprint, mentions, links, _ = latest
        most, seconds, duplicates, most_mentions, most_links, characters = limits.bounds
        numbers = self.numbers
        return (
            numbers[3::_EACH].count(fingerprint) >= duplicates
            or (len(numbers) >= most * _EACH and numbers[-most * _EACH] > at - seconds)
            or self.characters >= characters
            or (mentions > 0 and sum(numbers[4::_EACH]) >= most_mentions)
            or (links > 0 and sum(numbers[5::_EACH]) >= most_links)
        )

    def forget(self, until: float) -> None:
        """Drop what is too old and what is too much."""
        ages = self.numbers[::_EACH]
        gone = max(bisect_right(ages, until), len(ages) - MOST_SAMPLES)
        del self.numbers[: gone * _EACH]
        self.characters = sum(self.numbers[_EACH - 1 :: _EACH])

    def start_anew(self) -> None:
        self.numbers.clear()
        self.characters = 0


MOST_SAMPLES = 60
"""Messages kept for one member: more within the longest span are a flood under any sensible limit."""
MOST_MEMBERS = 20_000
"""Members kept for one server; about 1 KB each. Past it the older half is forgotten, though it may still count."""


class _Server:
    """Who wrote lately. What is too old leaves with everything of its time: what there is stays small and at hand."""

    __slots__ = ("before", "began", "lately", "quiet")

    def __init__(self, at: float) -> None:
        self.began = at
        """When ``lately`` began, in seconds."""
        self.lately: dict[int, Counted | _Member] = {}
        """By member. Of nearly everybody only the last sample: before it is too old, most write no second message."""
        self.before: dict[int, Counted | _Member] = {}
        self.quiet: dict[int, float] = {}
        """Until when a member gets no other verdict."""

    def turn(self, at: float) -> None:
        """From now on forget what was before ``lately``."""
        self.began, self.before, self.lately = at, self.lately, {}
        if self.quiet:
            self.quiet = {member: until for member, until in self.quiet.items() if until > at}


class SpamCounters:
    """The counts of one process. A verdict is given once for a burst, then the member's counts start anew."""

    def __init__(self, most_members: int = MOST_MEMBERS) -> None:
        self._servers: dict[int, _Server] = {}
        self._half = max(1, most_members // 2)

    def __len__(self) -> int:
        return sum(len(one.lately) + len(one.before) for one in self._servers.values())

    def add(self, guild_id: int, member_id: int, sample: Counted, limits: SpamLimits) -> Burst | None:
        """Count a message, a ``Sample``; the burst that it completes. Told twice, a message counts once."""
        at, number, _, _, mentions, links, characters = sample
        server = self._servers.get(guild_id)
        if server is None:
            server = self._servers[guild_id] = _Server(at)
        elif at - server.began > limits.longest or len(server.lately) >= self._half:
            server.turn(at)
        if server.quiet and at < server.quiet.get(member_id, 0.0):
            return None
        lately = server.lately
        found = lately.get(member_id)
        if found is None:
            found = server.before.pop(member_id, None)
        # No flood where it is the only one
        alone = not mentions and not links and characters < limits.bounds[-1] and limits.fewest > 1
        if alone and (found is None or (type(found) is tuple and found[0] <= at - limits.longest)):
            lately[member_id] = sample
            return None
        member = lately[member_id] = found if isinstance(found, _Member) else _several(found)
        numbers = member.numbers
        if numbers:
            if numbers[-_EACH] <= at - limits.longest:
                if alone:
                    lately[member_id] = sample
                    return None
                member.start_anew()
            elif number <= numbers[1 - _EACH] and number in numbers[1::_EACH]:  # ids grow
                return None
        numbers += sample
        member.characters += characters
        count = len(numbers) // _EACH
        if count < limits.fewest and member.characters < limits.bounds[-1] and alone:
            return None
        flooding = member.could_flood(sample, limits)
        if not flooding and count % _SWEPT and count <= MOST_SAMPLES:
            return None
        member.forget(at - limits.longest)
        burst = _burst(member.samples, Sample(*sample), limits) if flooding else None
        if burst is not None:
            member.start_anew()
            server.quiet[member_id] = at + limits.quiet_seconds
        return burst

    def forget(self, guild_id: int, member_id: int | None = None) -> None:
        """Forget a member, or everybody of a server."""
        if member_id is None:
            self._servers.pop(guild_id, None)
        elif (server := self._servers.get(guild_id)) is not None:
            for kept in (server.lately, server.before, server.quiet):
                kept.pop(member_id, None)


def _several(before: Counted | None) -> _Member:
    made = _Member()
    if before is not None:
        made.numbers += before
        made.characters = before[-1]
    return made


def _burst(samples: list[Sample], latest: Sample, limits: SpamLimits) -> Burst | None:
    for flood, limit in _rules(limits):
        if not limit.count or (flood is Flood.DUPLICATES and not latest.fingerprint):
            continue
        counted = [one for one in samples if one.at > latest.at - limit.seconds and _amount(flood, one, latest)]
        count = sum(_amount(flood, one, latest) for one in counted)
        if count >= limit.count:
            return Burst(flood, count, limit, tuple((one.channel_id, one.message_id) for one in counted))
    return None


def _rules(limits: SpamLimits) -> tuple[tuple[Flood, Limit], ...]:
    """The most telling first: what is a flood of duplicates is mostly one of messages, too."""
    return (
        (Flood.DUPLICATES, limits.duplicates),
        (Flood.MENTIONS, limits.mentions),
        (Flood.LINKS, limits.links),
        (Flood.MESSAGES, limits.messages),
        (Flood.CHARACTERS, limits.characters),
    )


def _amount(flood: Flood, one: Sample, latest: Sample) -> int:
    """What a message counts for a rule."""
    match flood:
        case Flood.DUPLICATES:
            return int(one.fingerprint == latest.fingerprint)
        case Flood.MESSAGES:
            return 1
        case Flood.MENTIONS:
            return one.mentions
        case Flood.LINKS:
            return one.links
        case Flood.CHARACTERS:
            return one.characters
