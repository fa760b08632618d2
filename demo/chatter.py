"""Small talk: openings drawn from the exchanges of a channel, answered by others in their own language."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from demo.acts import Say
from demo.community import Community, Language, Person

HOURS = {
    "early": (6.5, 6.8, 7.5, 8.2, 9.4, 12.3),
    "day": (9.2, 10.5, 11.4, 12.6, 14.1, 15.7, 17.0),
    "evening": (12.5, 18.1, 19.0, 20.2, 21.1, 21.8),
    "night": (13.0, 20.8, 21.9, 22.6, 23.2, 23.6),
    "weekend": (9.0, 10.2, 11.5, 14.8, 16.0, 18.3),
}
"""The local hours at which people of a rhythm usually start something."""
TEMPER = {"talker": 5.0, "enthusiast": 3.6, "helper": 3.2, "joker": 3.0, "host": 2.4, "steady": 1.8, "quiet": 0.5}
"""How often people of a temper speak, relative to each other."""
OPENINGS_A_DAY = {"square": 11, "electronics": 7, "help": 6, "bikes": 5, "textile": 5, "wood": 4, "showcase": 3}
QUIET_DAYS_FACTOR = {0: 1.25, 5: 1.15, 6: 0.8}
"""Monday is workshop night; the weekend has its own pace."""


class Chatter:
    """Draws the small talk of every day. No exchange comes twice before the others of its channel came once."""

    def __init__(self, community: Community, chance: random.Random, numbers: Iterator[int], starts: datetime) -> None:
        self.community = community
        self.chance = chance
        self.numbers = numbers
        self.starts = starts
        self._told: dict[str, Counter[tuple[int, Language]]] = {channel: Counter() for channel in community.exchanges}
        self._own = {key: list(person.lines) for key, person in community.people.items()}

    def acts(self) -> Iterator[Say]:
        day = self.starts.date()
        while day <= self.community.arrival.date():
            for channel, usual in OPENINGS_A_DAY.items():
                expected = usual * QUIET_DAYS_FACTOR.get(day.weekday(), 1.0)
                for _ in range(round(expected * self.chance.uniform(0.7, 1.3))):
                    yield from self._talk(day, channel)
            day += timedelta(days=1)

    def _talk(self, day: date, channel: str) -> Iterator[Say]:
        noon = datetime.combine(day, time(12), UTC)
        opener = self._draw_person(noon, channel, ())
        if opener is None:
            return
        at = self._moment(opener, day)
        if not self._at_home(opener, at) or at >= self.community.arrival:
            return
        if self._own[opener.key] and self.chance.random() < 0.05 and channel in opener.channels:
            yield Say(at, opener.key, next(self.numbers), channel, self._own[opener.key].pop(0))
            return
        yield from self._exchange(at, channel, opener)

    def _exchange(self, at: datetime, channel: str, opener: Person) -> Iterator[Say]:
        language = opener.language if self.chance.random() < 0.75 else self.chance.choice(opener.languages)
        index = self._least_told(channel, language)
        exchange = self.community.exchanges[channel][index]
        draws = [self.chance.randrange(1000) for _ in self.community.words["en"]]
        opening = next(self.numbers)
        yield Say(at, opener.key, opening, channel, self._styled(opener, exchange.open[language], language, draws))
        count = min(len(exchange.replies["en"]), self.chance.choice((1, 1, 2, 2, 3, 3, 4)))
        spoken: tuple[str, ...] = (opener.key,)
        for position, reply in enumerate(self.chance.sample(range(len(exchange.replies["en"])), count)):
            at += timedelta(seconds=self.chance.randint(20, 600))
            replier = self._draw_person(at, channel, spoken)
            if replier is None or at >= self.community.arrival:
                return
            spoken = (*spoken, replier.key)
            tongue = language if language in replier.languages else replier.language
            text = self._styled(replier, exchange.replies[tongue][reply], tongue, draws)
            answers = opening if position > 0 and self.chance.random() < 0.5 else None
            yield Say(at, replier.key, next(self.numbers), channel, text, answers=answers)

    def _least_told(self, channel: str, language: Language) -> int:
        told = self._told[channel]
        counts = [told[index, "en"] + told[index, "fr"] for index in range(len(self.community.exchanges[channel]))]
        index = self.chance.choice([index for index, count in enumerate(counts) if count == min(counts)])
        told[index, language] += 1
        return index

    def _draw_person(self, at: datetime, channel: str, without: tuple[str, ...]) -> Person | None:
        around = [
            person
            for person in self.community.people.values()
            if person.key not in without and channel in person.channels and self._at_home(person, at)
        ]
        if not around:
            return None
        return self.chance.choices(around, [TEMPER[one.temper] * one.channels[channel] for one in around])[0]

    def _at_home(self, person: Person, at: datetime) -> bool:
        return person.is_at_home(at, self.community.arrival)

    def _moment(self, person: Person, day: date) -> datetime:
        hour = self.chance.choice(HOURS[person.rhythm]) + self.chance.uniform(-0.5, 0.7)
        if person.rhythm == "weekend" and day.weekday() < 5 and self.chance.random() < 0.8:
            hour = self.chance.uniform(18.5, 21.5)
        local = datetime.combine(day, time(0), person.zone) + timedelta(hours=hour)
        return local.astimezone(UTC)

    def _styled(self, person: Person, text: str, language: Language, draws: list[int]) -> str:
        words = self.community.words[language]
        drawn = {name: options[draw % len(options)] for draw, (name, options) in zip(draws, words.items(), strict=True)}
        filled = text.format(**drawn)
        filled = filled[:1].upper() + filled[1:]
        return f"{filled} {person.emoji}" if self.chance.random() < 0.07 else filled
