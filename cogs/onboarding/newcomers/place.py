"""Where somebody is in the list of people who are stuck. It travels in custom_ids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from cogs.onboarding.newcomers.waiting import Stuck
from cogs.onboarding.rules import Step

ALL = "all"
STEP = "|".join(step.value for step in Step)
PLACE = rf"(?:{ALL}|{STEP}):\d{{1,4}}"
"""The pattern of a written ``Place``."""
PER_PAGE = 4
"""People of a page. With three buttons each they leave room within Discord's 40 components."""


@dataclass(frozen=True, slots=True)
class Place:
    """``which`` is one step, or all; ``page`` counts from 0."""

    which: str = ALL
    page: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str`` wrote; the text fits ``PLACE``."""
        which, _, page = text.rpartition(":")
        return cls(which, int(page))

    def __str__(self) -> str:
        return f"{self.which}:{self.page}"

    def at(self, page: int) -> Self:
        return replace(self, page=page)

    def of(self, people: Sequence[Stuck]) -> tuple[Sequence[Stuck], Self, int]:
        """The people of this page, the place as it is (the last page for one beyond it), and how many pages."""
        chosen = [one for one in people if self.which in (ALL, one.step.value)]
        pages = max(1, -(-len(chosen) // PER_PAGE))
        here = self.at(min(self.page, pages - 1))
        return chosen[here.page * PER_PAGE : (here.page + 1) * PER_PAGE], here, pages
