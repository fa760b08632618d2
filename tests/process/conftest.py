"""The fixtures of the loopback Discord, imported here so that tests elsewhere do not wait for them."""

from tests.loopback.fixtures import bot_process, loopback

__all__ = ["bot_process", "loopback"]
