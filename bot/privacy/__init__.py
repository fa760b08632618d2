"""A member's data: exported and erased as each table declares it."""

from bot.privacy.erase import Erased, erase_member
from bot.privacy.erasures import ErasureLog, erased_at, hashed, read_erasures, replay_erasures
from bot.privacy.export import export_member
from bot.privacy.purge import purge_guild

__all__ = [
    "Erased",
    "ErasureLog",
    "erase_member",
    "erased_at",
    "export_member",
    "hashed",
    "purge_guild",
    "read_erasures",
    "replay_erasures",
]
