"""What a lockdown would change, as plain values."""

from dataclasses import dataclass, field

from cogs.conduct.lockdown.models import Target


@dataclass(frozen=True, slots=True)
class Step:
    """One change, as plain values; columns are explained in ``models``."""

    channel_id: int
    target: Target
    target_id: int
    before: list[int]
    after: list[int]
    mask: int = 0
    existed: bool = True


@dataclass
class Plan:
    """Everything a lockdown would change."""

    closes: bool
    steps: list[Step] = field(default_factory=list)
    skipped: dict[int, list[str]] = field(default_factory=dict)
    """Channels in which the bot lacks these permissions."""
    pauses: bool = False
    holds: bool | None = None
    """Newcomers wait for their role; False: they are to, and nobody can make them; None: they are not to."""
    lacks_server: bool = False
    """Invites or the level are to be touched, and the bot does not manage the server."""

    @property
    def channels(self) -> list[int]:
        """The channels that it changes."""
        return list(dict.fromkeys(step.channel_id for step in self.steps if step.channel_id))

    @property
    def level(self) -> int | None:
        return next((step.after[0] for step in self.steps if step.target is Target.LEVEL), None)

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.pauses and not self.holds
