"""Failures of a request to Discord that say nothing about the request: it is made again later."""

import aiohttp
import discord

PASSING = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What Discord refuses too: permissions, limits and outages come and go. A timeout is an OSError."""
