"""Runs the bot with its clock moved: `python -m tests.loopback.launch SECONDS run` is `python -m bot run`, later."""

import datetime as dt
import runpy
import sys

import discord

if __name__ == "__main__":
    offset = dt.timedelta(seconds=float(sys.argv.pop(1)))
    discord.utils.utcnow = lambda: dt.datetime.now(dt.UTC) + offset
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
