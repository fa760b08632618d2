"""One palette and one set of emoji for everything the bot shows."""

import discord

ACCENT = discord.Colour(0x4F7DF3)
GOOD = discord.Colour(0x3BA55D)
ATTENTION = discord.Colour(0xE0A82E)
BAD = discord.Colour(0xD8504D)
QUIET = discord.Colour(0x80848E)

DONE = "✅"
OPEN = "⬜"
NEXT = "➡️"
WAVE = "👋"
WARNING = "⚠️"
BACK = "↩️"
HISTORY = "🕘"
