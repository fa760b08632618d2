"""The shared kernel: members, activity and contributions of each server."""

from bot.community.kernel import Community

__all__ = ["Community"]
