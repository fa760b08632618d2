"""Who may open the inbox: the team, and whoever may act on something in it. Each sees what they may act on."""

from typing import TYPE_CHECKING

from bot.permissions import STAFF, Access

if TYPE_CHECKING:
    from bot.client import CommunityBot


def _further(bot: "CommunityBot", guild_id: int) -> frozenset[str]:
    return bot.inbox.kinds.permissions(guild_id)


INBOX = Access("inbox", STAFF.permissions, staff=True, further=_further)
