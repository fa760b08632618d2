"""What people wrote, made harmless before it is shown."""

import discord

_ZERO_WIDTH = "\u200b"


def escaped(text: str) -> str:
    """User text shown as it was typed: no markdown, no mention, no masked link.

    Mentions are already powerless (``allowed_mentions`` is none); this also keeps them from being rendered.
    """
    safe = discord.utils.escape_markdown(text)
    safe = discord.utils.escape_mentions(safe)
    return safe.replace("<@&", f"<@{_ZERO_WIDTH}&").replace("](", f"]{_ZERO_WIDTH}(").replace("<#", f"<{_ZERO_WIDTH}#")


def shortened(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, with an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
