"""Where somebody is in the inbox: which items they look at, and which page of them. It travels in custom_ids."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from bot.contracts.inbox import InboxItem

ALL, MINE, FREE = "a", "m", "u"
OF_KIND = "k."
PLACE = r"(?:[amu]|k\.[a-z_.]{1,40}):\d{1,4}"
"""The pattern of a written ``Place``."""
PER_PAGE = 5
"""Items of a page: three components each, and a phone shows them without much scrolling."""


@dataclass(frozen=True, slots=True)
class Place:
    """``which`` is all items, one's own, those nobody has, or those of a kind; ``page`` counts from 0."""

    which: str = ALL
    page: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str`` wrote; the text fits ``PLACE``."""
        found = re.fullmatch(PLACE, text)
        assert found is not None, text
        which, _, page = text.rpartition(":")
        return cls(which, int(page))

    def __str__(self) -> str:
        return f"{self.which}:{self.page}"

    def at(self, page: int) -> Self:
        return replace(self, page=page)

    def holds(self, item: InboxItem, viewer: int) -> bool:
        """Whether this person looks at the item here."""
        if self.which == MINE:
            return item.holder == viewer
        if self.which == FREE:
            return item.holder is None
        return self.which == ALL or item.kind.name == self.which.removeprefix(OF_KIND)


FIRST = Place()


def page_of(items: list[InboxItem], place: Place) -> tuple[list[InboxItem], Place, int]:
    """The items of the page, the place as it is (the last page for one beyond it), and how many pages there are."""
    pages = max(1, -(-len(items) // PER_PAGE))
    here = place.at(min(place.page, pages - 1))
    return items[here.page * PER_PAGE : (here.page + 1) * PER_PAGE], here, pages


def kinds_of(items: Iterable[InboxItem]) -> dict[str, list[InboxItem]]:
    """Items by the name of their kind, in the order in which they stand."""
    found: dict[str, list[InboxItem]] = {}
    for item in items:
        found.setdefault(item.kind.name, []).append(item)
    return found
