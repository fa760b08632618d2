"""The fixtures of the loopback Discord, imported here so that tests elsewhere do not wait for them."""

from tests.loopback.client import connect, move_both, pointed
from tests.loopback.fixtures import bot_process, loopback

__all__ = ["bot_process", "connect", "loopback", "move_both", "pointed"]
