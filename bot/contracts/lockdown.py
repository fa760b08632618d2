"""Where a lockdown can be offered by whoever sees trouble."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from discord import ui

    from bot.i18n.localizer import Localizer


class LockdownDoor(Protocol):
    """Whoever locks servers down."""

    def button(self, guild_id: int, t: "Localizer") -> "ui.Item[Any] | None":
        """A new button that opens the preview of a lockdown in private; None where the server has that off.

        It checks by itself, at each click, who may.
        """
        ...
