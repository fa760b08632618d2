"""The screens of the inbox; importing them registers them."""

from cogs.administration.inbox.screens import hours, item, waiting

__all__ = ["hours", "item", "waiting"]
