"""Voice: the coffee break of every working day and the workshop night of every Monday."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from demo.acts import Act, EnterVoice, LeaveVoice
from demo.community import Community, Person

WORKSHOP = time(19, 30)
COFFEE = time(10, 15)


def voice_evenings(community: Community, chance: random.Random, starts: datetime) -> Iterator[Act]:
    """Everybody's stays in voice channels, none of which overlaps another of the same person."""
    day = starts.date()
    founders = [person for person in community.people.values() if person.joined is None]
    while day <= community.arrival.date():
        if day.weekday() < 5:
            yield from _stays(
                community, chance, "coffee", datetime.combine(day, COFFEE, community.zone), founders, 4, 30
            )
        if day.weekday() == 0:
            yield from _stays(
                community, chance, "bench", datetime.combine(day, WORKSHOP, community.zone), founders, 14, 110
            )
        day += timedelta(days=1)


def _stays(
    community: Community,
    chance: random.Random,
    channel: str,
    begins: datetime,
    who: list[Person],
    most: int,
    minutes: int,
) -> Iterator[Act]:
    for person in chance.sample(who, chance.randint(most // 2, most)):
        enters = begins.astimezone(UTC) + timedelta(minutes=chance.randint(0, minutes // 3))
        leaves = enters + timedelta(minutes=chance.randint(minutes // 3, minutes))
        if leaves < community.arrival:
            yield EnterVoice(enters, person.key, channel)
            yield LeaveVoice(leaves, person.key)
