"""A stateful loopback Discord for what needs a process of its own: kill -9, lost sessions, storms of 429 and 5xx."""

from .acts import Impossible
from .interactions import InteractionRecord
from .models import Message
from .people import GuildHandle, MemberHandle
from .server import TOKEN, LoopbackDiscord

__all__ = ["TOKEN", "GuildHandle", "Impossible", "InteractionRecord", "LoopbackDiscord", "MemberHandle", "Message"]
