"""A connection that could not be opened leaves no thread behind that would die with a traceback on the terminal."""

import asyncio
import sys
import threading

import pytest

from bot.errors import StartupError
from bot.opening import opened


def test_a_database_that_cannot_be_opened_is_one_line_and_no_dying_thread(monkeypatch):
    died = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    before = threading.active_count()
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # the thread and the closing of the loop race each other
    try:
        for _ in range(8):
            with pytest.raises(StartupError):
                asyncio.run(_open())
    finally:
        sys.setswitchinterval(often)
    assert threading.active_count() == before
    assert died == []


async def _open():
    async with opened("sqlite+aiosqlite:////proc/nowhere.db"):
        raise AssertionError
