"""A canary token goes through every way an error can take in the real bot, at DEBUG: the log never shows it."""

import io
import json
import logging

import discord
import pytest
from discord import app_commands
from sqlalchemy import select

from bot.contracts.events import Event
from bot.observability.logs import QUIET, configure_logging, secrets_of
from bot.permissions import EVERYONE
from bot.timers.models import Timer
from bot.ui import PersistentItem, View
from tests.bot.observability.test_redaction import TOKEN


class Leak(Exception):
    def __init__(self):
        super().__init__(f"Authorization: Bot {TOKEN}")


@app_commands.command()
async def leak(interaction: discord.Interaction):
    """A command that fails."""
    raise Leak


@app_commands.command()
async def show(interaction: discord.Interaction):
    """A command that shows a button."""
    view = View()
    view.add_item(LeakingButton())
    await interaction.response.send_message("press", view=view)


class LeakingButton(PersistentItem[discord.ui.Button], template="canary:leak"):
    access = EVERYONE

    def __init__(self):
        super().__init__(discord.ui.Button(label="Press", custom_id="canary:leak"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match):
        return cls()

    async def run(self, interaction):
        raise Leak


@pytest.fixture
def bot_options():
    return {"features": (), "token": TOKEN}


@pytest.fixture
def written(env, restored):
    """The log at DEBUG, foreign loggers included."""
    stream = io.StringIO()
    configure_logging("DEBUG", "json", secrets=secrets_of(env.bot.settings), stream=stream)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    return stream


async def test_no_way_out_shows_the_token(env, stage, written):
    bot = stage.bot
    bot.tree.add_command(leak)
    bot.tree.add_command(show)
    bot.add_persistent(LeakingButton)
    await bot.tree.sync()

    async def failing(*_):
        raise Leak

    def tap(_):
        raise Leak

    bot.messages.tap(tap)
    bot.messages.tap(failing)
    bot.timers.handle("canary", failing)
    bot.bus.after(Event, failing)
    bot.add_listener(failing, "on_typing")

    async def work(tx):
        await bot.timers.schedule(tx, kind="canary", key="a", due_at=env.now(), guild_id=None, payload={})
        await tx.emit(Event(stage.guild.id))

    replies = [await stage.member.slash(stage.general, "leak")]
    shown = await stage.member.slash(stage.general, "show")
    replies.append(await stage.member.click(shown.response, custom_id="canary:leak"))
    await stage.member.send(stage.general, "hello")
    await bot.db.transaction(work)
    bot.dispatch("typing", None, None, None)
    await env.pass_time(hours=1)
    logging.getLogger("bot").debug("%r %s", bot.settings, bot.settings.model_dump())
    logging.getLogger("bot").debug("%s", bot.http.__dict__)

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    failures = {line["event"].split()[0] for line in lines if "Leak" in line.get("exception", "")}
    assert {"unhandled", "tap", "work", "timer", "effect", "listener"} <= failures
    assert TOKEN not in written.getvalue()
    assert all(TOKEN not in str(reply.response.content) for reply in replies)
    (stuck_later,) = await rows(bot)
    assert stuck_later.last_error == "Leak"
    env.errors.clear()


async def rows(bot):
    async with bot.db.read() as session:
        return (await session.scalars(select(Timer))).all()
