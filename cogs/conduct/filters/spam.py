"""Who floods: counts of the last seconds per member, in memory only. No text is kept, only what it hashes to."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


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

    def __post_init__(self) -> None:
        rules = (self.messages, self.duplicates, self.mentions, self.links, self.characters)
        object.__setattr__(self, "longest", max(limit.seconds for limit in rules))


class Sample(NamedTuple):
    """What counts of one message. ``at``: seconds of the message's own id. ``fingerprint``: 0 for no text."""

    at: float
    message_id: int
    channel_id: int
    fingerprint: int
    mentions: int
    links: int
    characters: int


@dataclass(frozen=True, slots=True)
class Burst:
    """A flood: what it was, how many, and its messages as (channel id, message id), oldest first."""

    flood: Flood
    count: int
    limit: Limit
    messages: tuple[tuple[int, int], ...]


class _Member:
    """The samples of the longest span and their sums, so that most messages are judged without a loop."""

    __slots__ = ("characters", "links", "mentions", "quiet_until", "samples", "texts")

    def __init__(self) -> None:
        self.samples: deque[Sample] = deque()
        self.texts: dict[int, int] = {}
        """How often each text was sent, by fingerprint."""
        self.quiet_until = 0.0
        self.mentions = self.links = self.characters = 0

    def add(self, sample: Sample, longest: float) -> None:
        samples, since = self.samples, sample.at - longest
        while samples and (samples[0].at <= since or len(samples) >= MOST_SAMPLES):
            self._drop(samples.popleft())
        samples.append(sample)
        self.texts[sample.fingerprint] = self.texts.get(sample.fingerprint, 0) + 1
        self.mentions += sample.mentions
        self.links += sample.links
        self.characters += sample.characters

    def start_anew(self) -> None:
        self.samples.clear()
        self.texts.clear()
        self.mentions = self.links = self.characters = 0

    def could_flood(self, limits: SpamLimits) -> bool:
        """False when no rule can be broken even if every sample counts for it."""
        return (
            len(self.samples) >= limits.messages.count
            or self.texts[self.samples[-1].fingerprint] >= limits.duplicates.count
            or self.mentions >= limits.mentions.count
            or self.links >= limits.links.count
            or self.characters >= limits.characters.count
        )

    def _drop(self, sample: Sample) -> None:
        left = self.texts[sample.fingerprint] - 1
        if left:
            self.texts[sample.fingerprint] = left
        else:
            del self.texts[sample.fingerprint]
        self.mentions -= sample.mentions
        self.links -= sample.links
        self.characters -= sample.characters


MOST_SAMPLES = 60
"""Messages kept for one member: more within the longest span are a flood under any sensible limit."""
MOST_MEMBERS = 20_000
"""Members kept, in all servers; about 1 KB each. Whoever was silent longest is forgotten first."""


class SpamCounters:
    """The counts of one process. A verdict is given once for a burst, then the member's counts start anew."""

    def __init__(self, most_members: int = MOST_MEMBERS) -> None:
        self._members: OrderedDict[tuple[int, int], _Member | Sample] = OrderedDict()
        """Of whom only one message counts at present, that one: which is nearly everybody."""
        self._most = most_members

    def __len__(self) -> int:
        return len(self._members)

    def add(self, guild_id: int, member_id: int, sample: Sample, limits: SpamLimits) -> Burst | None:
        """Count a message; the burst that it completes. The same message counts once, however often it is told."""
        members, key = self._members, (guild_id, member_id)
        known = members.get(key)
        if known is None or (type(known) is Sample and known.at <= sample.at - limits.longest):
            if not _floods_alone(sample, limits):
                members[key] = sample
                members.move_to_end(key)
                if len(members) > self._most:
                    members.popitem(last=False)
                return None
            known = None
        member = known if isinstance(known, _Member) else _Member()
        if isinstance(known, Sample):
            member.add(known, limits.longest)
        members[key] = member
        members.move_to_end(key)
        if len(members) > self._most:
            members.popitem(last=False)
        if sample.at < member.quiet_until or _told_before(member.samples, sample.message_id):
            return None
        member.add(sample, limits.longest)
        burst = _burst(member.samples, sample, limits) if member.could_flood(limits) else None
        if burst is not None:
            member.start_anew()
            member.quiet_until = sample.at + limits.quiet_seconds
        return burst

    def forget(self, guild_id: int, member_id: int | None = None) -> None:
        """Forget a member, or everybody of a server."""
        for key in [key for key in self._members if key[0] == guild_id and member_id in (None, key[1])]:
            del self._members[key]


def _floods_alone(sample: Sample, limits: SpamLimits) -> bool:
    """Whether one message could be a flood by itself."""
    _, _, _, _, mentions, links, characters = sample
    return (
        limits.messages.count <= 1
        or limits.duplicates.count <= 1
        or mentions >= limits.mentions.count
        or links >= limits.links.count
        or characters >= limits.characters.count
    )


def _told_before(samples: deque[Sample], message_id: int) -> bool:
    """Ids grow, so almost every message is told from its predecessors by the last of them."""
    return bool(samples) and message_id <= samples[-1].message_id and any(s.message_id == message_id for s in samples)


def _burst(samples: deque[Sample], latest: Sample, limits: SpamLimits) -> Burst | None:
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
