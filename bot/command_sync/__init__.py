"""Registers with Discord, server by server, the commands of the capabilities that are on there."""

from bot.command_sync.payloads import Payload
from bot.command_sync.service import CommandSync, State, Status

__all__ = ["CommandSync", "Payload", "State", "Status"]
