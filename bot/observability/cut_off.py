"""Errors of tasks nobody waits for: a lost connection is news of one line, anything else keeps its traceback."""

import asyncio
import logging
from typing import Any

import aiohttp
import discord

log = logging.getLogger(__name__)

LOST = (ConnectionError, aiohttp.ClientError, discord.ConnectionClosed)
"""discord.py asks for members in a task of its own, which fails when the gateway closes meanwhile."""


def report_cut_off(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An exception handler for the running loop."""
    error = context.get("exception")
    if isinstance(error, LOST):
        log.info("cut off by the loss of a connection: %s", type(error).__name__)
    else:
        loop.default_exception_handler(context)
