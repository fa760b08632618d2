"""Plans the weeks before the visitor: who does what and when. The same seed gives the same plan."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

from demo.acts import Act, AnswerCall, Arrive, Contest, Decide, Depart, Greet, React, Report, Say, SeekBuddy, TakeStep
from demo.chatter import Chatter
from demo.community import Community, Person
from demo.evenings import voice_evenings

HOSTS = ("sacha", "aicha", "tomek", "maelle", "noor", "colette", "karim")
"""Who presses "Say hello" first; everybody may."""
UNANSWERED_FOR = timedelta(minutes=40)
"""Longer than the bot waits before it asks the team to answer."""
REMINDED_AFTER = timedelta(days=2)
"""On this day, in the morning, the bot has reminded somebody who stopped at once, after one day and not at night."""
MORNING = time(9)
DECIDED_WITHIN = timedelta(minutes=4)
DIALOGUE_PACE = (25, 140)
"""Seconds between two lines of a written conversation."""


def plan_weeks(community: Community, *, seed: int, weeks: int) -> list[Act]:
    """Every act of the ``weeks`` before ``community.arrival``, in order of time."""
    return Planner(community, random.Random(seed), weeks).plan()  # noqa: S311 - a story, not a secret


class Planner:
    """Draws one story. Everything that is drawn comes from ``chance``, in a fixed order."""

    def __init__(self, community: Community, chance: random.Random, weeks: int) -> None:
        self.community = community
        self.chance = chance
        self.starts = community.arrival - timedelta(weeks=weeks)
        self._numbers = iter(range(1, 10**9))

    def plan(self) -> list[Act]:
        acts: list[Act] = [
            *self._dialogues(),
            *self._newcomers(),
            *self._unanswered(),
            *self._cases(),
            *self._reports(),
        ]
        silent = {text for one in self.community.cases for _, text in one.said}
        said = [act for act in acts if isinstance(act, Say) and act.text not in silent and self._answered(act)]
        for act in Chatter(self.community, self.chance, self._numbers, self.starts).acts():
            acts.append(act)
            if isinstance(act, Say):
                said.append(act)
        acts += self._reactions([act for act in said if act.at > self.starts])
        acts += voice_evenings(self.community, self.chance, self.starts)
        lived = [act for act in acts if self.starts < act.at < self.community.arrival]
        return sorted(lived, key=lambda act: act.at)

    def _answered(self, act: Say) -> bool:
        return self.community.people[act.who].way != "unanswered"

    def _dialogues(self) -> Iterator[Act]:
        for dialogue in self.community.dialogues:
            at = self.community.arrival - timedelta(hours=dialogue.before)
            if at <= self.starts:
                continue
            for who, text, reactions in dialogue.lines:
                number = next(self._numbers)
                yield Say(at, who, number, dialogue.channel, text)
                yield from self._reactions_written(at, number, who, dialogue.channel, reactions)
                at += timedelta(seconds=self.chance.randint(*DIALOGUE_PACE))

    def _reactions_written(self, at: datetime, number: int, author: str, channel: str, emojis: str) -> Iterator[React]:
        readers = [person.key for person in self._readers(at, channel) if person.key != author]
        for emoji in _emojis(emojis):
            if readers:
                reader = readers.pop(self.chance.randrange(len(readers)))
                yield React(at + timedelta(seconds=self.chance.randint(60, 1500)), reader, number, emoji)

    def _cases(self) -> Iterator[Act]:
        """What was written, then what a moderator decided about it, and what the member thought of that."""
        for one in self.community.cases:
            at = self.community.arrival - timedelta(hours=one.before)
            if at <= self.starts:
                continue
            for channel, text in one.said:
                yield Say(at, one.member, next(self._numbers), channel, text)
                at += timedelta(seconds=self.chance.randint(*DIALOGUE_PACE))
            at += DECIDED_WITHIN
            yield Decide(at, one.by, one.member, one.command, one.article, one.reason, one.duration, one.why)
            if one.contested is not None:
                yield Contest(self.community.arrival - timedelta(hours=one.contested), one.member, one.words)

    def _reports(self) -> Iterator[Report]:
        for one in self.community.reports:
            at = self.community.arrival - timedelta(hours=one.before)
            if at > self.starts:
                yield Report(at, one.by, one.member, one.article, one.details)

    def _newcomers(self) -> Iterator[Act]:
        for person in self.community.people.values():
            if person.joined is not None and person.way not in {"visitor", "unanswered"}:
                at = self._arrives(person)
                if at > self.starts:
                    yield Arrive(at, person.key)
                    yield from self._way(person, at)

    def _unanswered(self) -> Iterator[Act]:
        """Somebody writes where nobody else talks, and the visitor finds that nobody has answered."""
        for person in self.community.people.values():
            if person.way == "unanswered":
                at = self.community.arrival - UNANSWERED_FOR
                yield Arrive(at - timedelta(minutes=2), person.key)
                yield Say(at, person.key, next(self._numbers), "introductions", person.lines[0])

    def _arrives(self, person: Person) -> datetime:
        """In the afternoon of their day, or the evening before."""
        return self.community.arrival - timedelta(days=person.joined or 0, minutes=self.chance.randint(45, 400))

    def _way(self, person: Person, at: datetime) -> Iterator[Act]:
        def later(low: int, high: int) -> datetime:
            return at + timedelta(minutes=self.chance.randint(low, high))

        if person.way == "left":
            yield Depart(at + timedelta(days=2), person.key)
        if person.way == "nudged":
            yield TakeStep(later(1, 3), person.key, "start")
            at = datetime.combine((at + REMINDED_AFTER).date(), MORNING, UTC)
            yield TakeStep(later(1, 60), person.key, "resume")
            at += timedelta(hours=1)
        if person.way in {"accepted", "whole", "awaited", "nudged"}:
            yield TakeStep(later(1, 3), person.key, "accept")
        if person.way in {"whole", "awaited", "nudged"}:
            yield TakeStep(later(4, 6), person.key, "groups")
            yield TakeStep(later(7, 12), person.key, "introduce")
        if person.way == "nudged":
            yield SeekBuddy(later(13, 13), person.key)
        if person.way == "awaited":
            yield AnswerCall(later(48, 55), person.key)
        elif person.way in {"whole", "nudged"}:
            yield from self._greetings(person, later)

    def _greetings(self, person: Person, later: Callable[[int, int], datetime]) -> Iterator[Greet]:
        hosts = [host for host in HOSTS if host != person.key]
        for host in self.chance.sample(hosts, self.chance.randint(1, 3)):
            yield Greet(later(14, 40), host, person.key)

    def _reactions(self, said: list[Say]) -> Iterator[React]:
        dialogue_lines = {text for dialogue in self.community.dialogues for _, text, _ in dialogue.lines}
        for message in said:
            if message.text in dialogue_lines or self.chance.random() > 0.42:
                continue
            readers = [person for person in self._readers(message.at, message.channel) if person.key != message.who]
            for reader in self.chance.sample(readers, min(len(readers), self.chance.choice((1, 1, 1, 2, 2, 3)))):
                emoji = self.chance.choice(("👍", "❤️", "👏", "😄", reader.emoji))
                yield React(
                    message.at + timedelta(seconds=self.chance.randint(40, 5400)), reader.key, message.number, emoji
                )

    def _readers(self, at: datetime, channel: str) -> list[Person]:
        return [person for person in present(self.community, at) if channel != "staff" or person.role != "member"]


def present(community: Community, at: datetime) -> list[Person]:
    """Who takes part at that instant."""
    return [person for person in community.people.values() if person.is_at_home(at, community.arrival)]


def _emojis(text: str) -> list[str]:
    """Split "👍❤️" into emojis: a variation selector or a joiner belongs to what is before it."""
    found: list[str] = []
    for character in text:
        if found and (character == "\ufe0f" or character == "\u200d" or found[-1].endswith("\u200d")):
            found[-1] += character
        else:
            found.append(character)
    return found
