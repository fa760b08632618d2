"""A raid whose alert no channel can show waits in the team's inbox, with a button that opens the alert there."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.contracts.inbox import InboxItem, InboxKind
from bot.database import Database, Transaction
from bot.i18n.marks import N_
from bot.inbox import Inbox
from cogs.onboarding.raids.buttons import OpenButton
from cogs.onboarding.raids.states import RaidState

if TYPE_CHECKING:
    from bot.i18n.localizer import Localizer

UNSEEN = InboxKind(
    "onboarding.raid",
    label=N_("Raids no channel shows"),
    title=N_("Many new accounts at once"),
    hint=N_(
        "Open the alert to pause invites or to hold newcomers. It appears in the staff channel as soon as `/settings` "
        "names one I can write in."
    ),
    urgent_after=timedelta(),
)


def alert_button(item: InboxItem, t: "Localizer") -> OpenButton:
    """Of the inbox: opens the alert of the raid behind an item."""
    return OpenButton(int(item.source), t(N_("Open the alert")))


class Unseen:
    """``note`` and ``shown`` say how it is with an alert, and are safe to repeat."""

    def __init__(self, db: Database, inbox: Inbox) -> None:
        self._db = db
        self._inbox = inbox
        inbox.register(UNSEEN, actions=(alert_button,))

    async def note(self, raid: RaidState, *, replaced: bool) -> None:
        """No channel can show this alert; one that was dismissed, or has a newer one, waits for nobody."""
        if raid.dismissed_at is not None or replaced:
            await self.shown(raid)
        else:
            await self._db.transaction(lambda tx: self._add(tx, raid))

    async def shown(self, raid: RaidState) -> None:
        """The team sees the alert, or it is dealt with."""
        await self._db.transaction(
            lambda tx: self._inbox.done(tx, raid.guild_id, UNSEEN, str(raid.id), raid.dismissed_by, "seen")
        )

    async def _add(self, tx: Transaction, raid: RaidState) -> None:
        await self._inbox.add(tx, raid.guild_id, UNSEEN, str(raid.id))
