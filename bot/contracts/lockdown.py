"""What lockdowns tell other features, and what they ask of whoever welcomes newcomers."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.contracts.events import Event

if TYPE_CHECKING:
    from discord import ui

    from bot.i18n.localizer import Localizer


@dataclass(frozen=True, slots=True)
class LockdownStarted(Event):
    """A server was locked down. ``holds``: newcomers are to wait until it is over."""

    lockdown_id: int
    holds: bool


@dataclass(frozen=True, slots=True)
class LockdownEnded(Event):
    """Its time is up, or somebody ended it: from now on everything is put back. ``held``: newcomers waited."""

    lockdown_id: int
    held: bool


class LockdownDoor(Protocol):
    """Whoever locks servers down."""

    def button(self, guild_id: int, t: "Localizer") -> "ui.Item[Any] | None":
        """A new button that opens the preview of a lockdown in private; None where the server has that off.

        It checks by itself, at each click, who may.
        """
        ...

    def holding_since(self, guild_id: int) -> datetime | None:
        """When the lockdown began that holds newcomers; None without one. From memory."""
        ...


class NewcomerHold(Protocol):
    """Whoever gives newcomers their roles, and can wait with that."""

    def works(self, guild_id: int) -> bool:
        """Whether there is a role that newcomers could be kept waiting for."""
        ...
