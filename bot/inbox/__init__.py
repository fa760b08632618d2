"""What waits for a human, whatever the feature."""

from bot.inbox.service import Inbox

__all__ = ["Inbox"]
