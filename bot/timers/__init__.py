"""Durable timers: anything promised for later is a row, claimed with a lease."""

from bot.timers.claims import DueTimer, StuckTimer, TimerCounts
from bot.timers.ownership import Share
from bot.timers.schedule import Daily, Weekly
from bot.timers.service import Timers

__all__ = ["Daily", "DueTimer", "Share", "StuckTimer", "TimerCounts", "Timers", "Weekly"]
