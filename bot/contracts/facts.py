"""Kinds of contribution and the track each counts for. A kind exists when a feature records it."""

from dataclasses import dataclass
from enum import StrEnum


class Track(StrEnum):
    """What a contribution shows about a member; tiers are read per track."""

    WELCOME = "welcome"
    HELP = "help"
    PRESENCE = "presence"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contribution. ``track`` is None for steps that are about the member alone, and for what is only
    counted: a report that was upheld is worth nothing, so that nobody reports for a reward."""

    name: str
    track: Track | None


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("onboarded", None),
        Kind("introduced", Track.PRESENCE),
        Kind("greeted", Track.WELCOME),
        Kind("buddy_success", Track.WELCOME),
        Kind("active_day", Track.PRESENCE),
        Kind("report_upheld", None),
    )
}
