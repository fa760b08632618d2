"""Wires the kernel to the bot."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.clock import now
from bot.community.activity import Activity
from bot.community.catch_up import CatchUp
from bot.community.counting import Counting
from bot.community.facts import Facts
from bot.community.flush import Flush
from bot.community.ledger import Ledger
from bot.community.listener import CommunityListener
from bot.community.members import Members
from bot.community.options import Option
from bot.community.people import seen
from bot.community.reconcile import Reconciler
from bot.community.rules import to_ms
from bot.community.settings import ActivitySettings
from bot.community.stays import Stays
from bot.community.voice import Voice
from bot.community.zones import Zones
from bot.contracts.events import SettingsChanged
from bot.database import Transaction
from bot.messages import HotEvent
from bot.privacy import Erased, erase_member, export_member

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

RETRY_PARKED_SECONDS = 3600


class Community:
    """What every feature may ask about members, activity and contributions.

    ``facts`` records contributions, ``members`` and ``activity`` answer questions, ``reconcile.register`` adds what a
    feature does after an outage.
    """

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        bot.sections.register(ActivitySettings)
        self.facts = Facts(bot.db)
        self.members = Members(bot.db)
        self.activity = Activity(bot.db)
        self.ledger = Ledger(bot.guild_settings)
        self.counting = Counting(bot, self.ledger, self._missed)
        self.voice = Voice(bot, self.ledger)
        self.flush = Flush(bot.db, self.ledger, self.facts, self.counting.tidy)
        self.catch_up = CatchUp(bot, self.ledger, self.counting)
        self.reconcile = Reconciler(bot, bot.db, self.ledger, self.catch_up, self.members, self.flush)
        self.stays = Stays(bot, self)
        self._zones = Zones(self.ledger, bot.guild_settings)
        self._dropped_at: datetime | None = None

    async def start(self) -> None:
        """Begin to count: called before the gateway connects."""
        await self.ledger.load(self._bot.db)
        path = self._bot.messages
        path.tap(self.counting.on_message, HotEvent.MESSAGE)
        path.tap(self.counting.on_message_delete, HotEvent.MESSAGE_DELETE)
        path.tap(self.counting.on_bulk_delete, HotEvent.BULK_DELETE)
        path.tap(self.counting.on_reaction_add, HotEvent.REACTION_ADD)
        path.tap(self.counting.on_reaction_remove, HotEvent.REACTION_REMOVE)
        for event, observer in (
            ("connect", self._connected),
            ("resumed", self._resumed),
            ("disconnect", self._disconnected),
            ("guild_unavailable", self._unavailable),
        ):
            path.observe(event, observer)
        self._bot.bus.on(SettingsChanged, self._zones.on_settings_changed)
        self._bot.bus.after(SettingsChanged, self._settings_changed)
        await self._bot.add_cog(CommunityListener(self._bot, self))
        self._bot.timers.every("parked activity", RETRY_PARKED_SECONDS, self._retry_parked)

    async def stop(self) -> None:
        """Keep what was counted. Where the database refuses, the next process counts it again from history."""
        await self.reconcile.stop()
        self.voice.stop()
        try:
            await self.flush.stop()
        except Exception:
            log.exception("the last counts could not be stored; the next start reads them from history")

    async def export(self, guild_id: int | None, user_id: int) -> dict[str, Any]:
        """Everything stored about a member, the last seconds included; see ``bot.privacy.export_member``."""
        await self.flush.flush()
        return await export_member(self._bot.db, guild_id, user_id)

    async def erase(self, guild_id: int | None, user_id: int) -> Erased:
        """Erase a member, what is still in memory included; see ``bot.privacy.erase_member``."""
        self.voice.forget_member(guild_id, user_id)
        self.counting.forget_member(guild_id, user_id)
        await self.flush.flush()
        erased = await erase_member(self._bot.db, guild_id, user_id)
        self.flush.forget_member(user_id)
        self._bot.inbox.people.erased(guild_id, user_id)
        for counts in self.ledger.guilds.values():
            if guild_id in (None, counts.guild_id):
                counts.opted_out.discard(user_id)
        return erased

    async def count_anonymously(self, guild_id: int, user_id: int, anonymous: bool) -> None:
        """From now on this member is counted without a name (or with it again)."""
        await self.choose(guild_id, user_id, Option.ANONYMOUS, anonymous)

    async def choose(self, guild_id: int, user_id: int, option: Option, on: bool) -> bool:
        """Keep what a member chose. False for somebody who neither is a member nor is known as a former one."""
        await self.know(guild_id, user_id)

        async def work(tx: Transaction) -> bool:
            kept = await self.members.set_option(tx, guild_id, user_id, option.value, on or None)
            if kept and option is Option.ANONYMOUS:
                tx.once_committed(lambda: self._opt_out(guild_id, user_id, on))
            return kept

        return await self._bot.db.transaction(work)

    async def know(self, guild_id: int, user_id: int) -> None:
        """See to it that a present member has a row: it is gone once they were erased."""
        guild = self._bot.get_guild(guild_id)
        member = None if guild is None else guild.get_member(user_id)
        if member is None or member.bot or await self.members.get(guild_id, user_id) is not None:
            return
        async with self.members.turn(guild_id):
            await self.members.join(guild_id, seen(member, now()))

    def present_ms(self) -> int:
        """Now, in milliseconds since 1970."""
        return to_ms(now())

    def _opt_out(self, guild_id: int, user_id: int, anonymous: bool) -> None:
        counts = self.ledger.guilds.get(guild_id)
        if counts is not None:
            (counts.opted_out.add if anonymous else counts.opted_out.discard)(user_id)

    # Sessions: these run on the gateway's own call stack, before any event of the new session

    def _connected(self) -> None:
        """A session began. Unless it is the first of this process, the one before was lost."""
        lost_at = self._dropped_at or now()
        self._dropped_at = None
        self.counting.lose()
        self.voice.lose(None, to_ms(lost_at))
        for counts in self.ledger.guilds.values():
            counts.lost_at = counts.lost_at or lost_at

    def _resumed(self) -> None:
        self._dropped_at = None

    def _disconnected(self) -> None:
        self._dropped_at = self._dropped_at or now()

    def _unavailable(self, guild: Any) -> None:
        counts = self.ledger.guilds.get(guild.id)
        if counts is not None:
            counts.lost_at = counts.lost_at or now()
        self.counting.lose(guild.id)
        self.voice.lose(guild.id, self.present_ms())

    def _missed(self, guild_id: int) -> None:
        self.reconcile.request(guild_id, lost=False)

    async def _settings_changed(self, event: SettingsChanged) -> None:
        if event.section == ActivitySettings.key:
            self.counting.look_again(event.guild_id)
            self.voice.lose(event.guild_id, self.present_ms())
            guild = self._bot.get_guild(event.guild_id)
            if guild is not None:
                self.voice.begin(guild)

    async def _retry_parked(self) -> None:
        taken = await self.flush.retry_parked()
        if taken:
            log.info("%d parked batches were taken after all", taken)
