"""The one clock. Under simcord it is virtual, because simcord patches ``discord.utils.utcnow``."""

from collections.abc import Callable
from datetime import datetime

import discord

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return discord.utils.utcnow()
