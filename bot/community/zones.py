"""Keeps the history of a server's time zones, so that a day once counted stays the same day."""

from bot.clock import Clock, now
from bot.community.ledger import Ledger
from bot.community.models import TimeZoneChange
from bot.community.rules import Calendar, ZoneChange
from bot.contracts.events import SettingsChanged
from bot.database import Transaction
from bot.guilds.models import GuildSection
from bot.guilds.sections import CommunitySettings
from bot.guilds.service import GuildSettings


class Zones:
    """Follows the setting, in the transaction that changes it."""

    def __init__(self, ledger: Ledger, settings: GuildSettings, clock: Clock = now) -> None:
        self._ledger = ledger
        self._settings = settings
        self._clock = clock

    async def on_settings_changed(self, event: SettingsChanged, tx: Transaction) -> None:
        """A new zone takes effect at the next local midnight."""
        counts = self._ledger.guilds.get(event.guild_id)
        if event.section != CommunitySettings.key or counts is None:
            return  # a server that is not counted yet begins with the zone it has by then
        row = await tx.session.get(GuildSection, (event.guild_id, CommunitySettings.key))
        unset = self._settings.default(CommunitySettings).time_zone
        zone = (row.value if row else {}).get("time_zone", unset)
        calendar = counts.calendar
        if zone == calendar.zone:
            return
        change = calendar.change(self._clock(), zone)
        await self._store(tx, event.guild_id, calendar, change)
        tx.once_committed(lambda: counts.use_calendar(calendar.with_change(change)))

    async def _store(self, tx: Transaction, guild_id: int, calendar: Calendar, change: ZoneChange) -> None:
        # The server may not have been flushed yet; its first zone must not be lost.
        for kept in (*calendar.changes[-1:], change):
            row = await tx.session.get(TimeZoneChange, (guild_id, kept.at), with_for_update=True)
            if row is None:
                tx.session.add(TimeZoneChange(guild_id=guild_id, at=kept.at, zone=kept.zone))
            else:
                row.zone = kept.zone
        await tx.session.flush()
