"""Where newcomers said their first words, in memory: the next message there is an answer."""

from collections import defaultdict

from cogs.onboarding.replies.rules import Heard, How, Words, answer_to

Person = tuple[int, int]
"""Server and member."""


class Nearby:
    """A look costs one look into a dictionary where nobody waits in that channel."""

    def __init__(self) -> None:
        self._words: defaultdict[Person, dict[int, Words]] = defaultdict(dict)
        self._places: defaultdict[int, set[Person]] = defaultdict(set)

    def note(self, guild_id: int, user_id: int, channel_id: int, message_id: int) -> None:
        """They said their first words there. What they write there later changes nothing."""
        person = (guild_id, user_id)
        if channel_id in self._words[person]:
            return
        self._words[person][channel_id] = Words(user_id, channel_id, message_id)
        for place in (channel_id, message_id):
            self._places[place].add(person)

    def forget(self, guild_id: int, user_id: int) -> None:
        """They wait no longer."""
        person = (guild_id, user_id)
        for words in self._words.pop(person, {}).values():
            for place in (words.channel_id, words.message_id):
                self._places[place].discard(person)
                if not self._places[place]:
                    del self._places[place]

    def answered(self, heard: Heard) -> dict[int, How]:
        """Newcomers whom this message answers, by its place."""
        if heard.channel_id not in self._places:
            return {}
        found = {}
        for person in self._places[heard.channel_id]:
            for words in self._words[person].values():
                if how := answer_to(words, heard):
                    found[person[1]] = how
        return found
