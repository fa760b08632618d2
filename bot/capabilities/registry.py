"""The capabilities of the features that are loaded."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.capabilities.contract import Capability
from bot.errors import UserError
from bot.guilds.service import GuildSettings
from bot.i18n.marks import N_

if TYPE_CHECKING:
    from bot.i18n.localizer import Localizer


Report = Callable[[int, "Localizer"], Awaitable[str | None]]
"""A line about a server, in the reader's language; None where there is nothing to say."""


class UnknownCapability(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such capability."))


class Capabilities:
    """In the order they were registered. ``on`` and ``commands_off`` look at memory only."""

    def __init__(self, settings: GuildSettings) -> None:
        self._settings = settings
        self._by_key: dict[str, Capability] = {}
        self.reports: list[Report] = []
        """Lines that features add to `/status`."""

    def register(self, capability: Capability) -> None:
        """Raises ValueError when its key is taken or another capability has one of its commands."""
        claimed = {command for other in self._by_key.values() for command in other.commands}
        if taken := claimed & capability.commands:
            raise ValueError(f"capability {capability.key} claims {sorted(taken)}, which another has")
        if self._by_key.setdefault(capability.key, capability) is not capability:
            raise ValueError(f"two capabilities are called {capability.key}")

    def all(self) -> list[Capability]:
        return list(self._by_key.values())

    def named(self, key: str) -> Capability:
        """Raises UnknownCapability."""
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownCapability from None

    @property
    def deciding(self) -> frozenset[str]:
        """Keys of the sections that turn a capability on or off."""
        parts = (one.switch or one.content for one in self._by_key.values())
        return frozenset(part.section.key for part in parts if part is not None)

    def shown(self, key: str) -> Callable[[int], bool]:
        """Whether the capability called ``key`` is on in a server, as other registries ask it (see ``Inbox``)."""
        return lambda guild_id: self.on(guild_id, self.named(key))

    def on(self, guild_id: int, capability: Capability) -> bool:
        """Whether the server turned it on, or gave it what it lives by; what needs neither always is."""
        deciding = capability.switch or capability.content
        return deciding is None or bool(getattr(self._settings.get(guild_id, deciding.section), deciding.field))

    def commands_off(self, guild_id: int) -> frozenset[str]:
        """English names of the commands that do not exist in this server at present."""
        off = (one.commands for one in self._by_key.values() if not self.on(guild_id, one))
        return frozenset[str]().union(*off)
