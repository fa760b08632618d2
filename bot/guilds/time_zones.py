"""Names of time zones, without reading a file outside the zone database."""

from functools import cache
from zoneinfo import available_timezones


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def is_time_zone(name: str) -> bool:
    """True for an IANA name such as ``Europe/Paris``."""
    return name in _known()
