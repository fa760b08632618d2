"""What reports announce to moderation itself."""

from dataclasses import dataclass

from bot.contracts.events import Event


@dataclass(frozen=True, slots=True)
class ReportClosed(Event):
    """The team has decided about a report."""

    report_id: int
