"""How a record is ordered and paged: plain values."""

from enum import StrEnum

PER_PAGE = 8
"""Entries on a page: a message has 4,000 characters, and each entry takes up to 350."""
OWN_PER_PAGE = 4
"""A member reads each of their sanctions whole, below the heading of their profile."""


class What(StrEnum):
    """What an entry of the timeline is."""

    CASE = "case"
    REPORT = "report"
    APPEAL = "appeal"


def pages(total: int, per_page: int) -> int:
    """How many pages that many entries fill: one at least."""
    return max(1, -(-total // per_page))


def page_within(page: int, total: int, per_page: int) -> int:
    """That page (from 0), or the last one where it is beyond."""
    return min(max(page, 0), pages(total, per_page) - 1)
