"""Attention is a budget: at most one unasked private message per member and week, whatever the feature.

Through the budget goes every private message, and through ``may_ping`` every public ping, that nobody asked for.
Exempt, because the member caused them or must hear of them, are: sanctions, appeals, and answers to the member's own
action. Of what exists today:

* The private welcome (``cogs.onboarding.effects.welcome``, a thread or a DM) answers the member's own joining: it is
  exempt, and comes once a stay.
* A new edition of the code of conduct writes to nobody: the checklist shows it at the member's next visit. A feature
  that wants to ask members for it proposes that here.
* Answers to a command, a button or a form are ephemeral replies and no messages.
* What the team is told in its own channel pings nobody.

The budget is counted per server: two servers that share the bot know nothing of each other.
"""

from typing import TYPE_CHECKING

from bot.attention.buttons import PARTS
from bot.attention.delivery import Delivery
from bot.attention.kinds import AttentionKind, Telling
from bot.attention.service import Attention

if TYPE_CHECKING:
    from bot.client import CommunityBot

__all__ = ["Attention", "AttentionKind", "Telling", "open_attention"]


def open_attention(bot: "CommunityBot") -> Attention:
    """The service of this bot; its buttons answer from now on."""
    bot.add_persistent(*PARTS)
    return Attention(bot.db, bot.timers, bot.inbox.people, bot.time_zone_of, Delivery(bot))
