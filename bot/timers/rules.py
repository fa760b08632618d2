"""How long to wait after a failure, and when staff are told."""

from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
STUCK_AFTER = 5
"""Failures in a row after which staff are told: with the pauses above, about eight minutes after the first try."""


def pause_after(failures: int) -> timedelta:
    """How long to wait after this many failures in a row (at least one): doubling, never more than an hour."""
    doublings = min(failures - 1, 16)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def described(error: BaseException) -> str:
    """The kind of a failure for staff: its class and Discord's numbers. Never its text, which may quote a member."""
    numbers = {name: getattr(error, name, None) for name in ("status", "code")}
    said = [f"{name} {value}" for name, value in numbers.items() if isinstance(value, int) and value]
    return ", ".join([type(error).__name__, *said])
