"""Health and figures can be read on loopback, and tell the truth."""

import asyncio
import re
import socket

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.contracts.events import Event
from bot.errors import StartupError, UserError
from bot.observability.health import HealthServer
from bot.observability.metrics import MAX_NAMES


@pytest.fixture
def bot_options():
    return {"features": (), "health_port": 0}


async def asked(port, path):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def nothing():
    return b""


@pytest.fixture
async def server():
    made = HealthServer(0, nothing)
    await made.start()
    yield made
    await made.stop()


async def test_a_free_port_is_taken_when_any_will_do(server):
    assert server.port > 0
    assert await asked(server.port, "/livez") == (200, "alive\n")


async def test_nothing_answers_outside_loopback(server):
    name = socket.gethostbyname(socket.gethostname())
    if not name.startswith("127."):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(name, server.port)
    assert [site._host for site in server._runner.sites] == ["127.0.0.1"]


async def test_a_port_that_is_taken_is_one_clear_line(server):
    with pytest.raises(StartupError) as refusal:
        await HealthServer(server.port, nothing).start()
    assert refusal.value.params == {"port": server.port}
    assert "PARVIS_HEALTH_PORT" in refusal.value.message
    assert await asked(server.port, "/livez") == (200, "alive\n")


async def test_ready_only_while_every_check_says_so(server):
    state = {"one": True, "two": True}

    async def one():
        return state["one"]

    async def two():
        if not state["two"]:
            raise ConnectionError
        return True

    server.add_check("one", one)
    server.add_check("two", two)
    assert await asked(server.port, "/readyz") == (200, "one: ok\ntwo: ok\n")
    state["one"] = False
    assert await asked(server.port, "/readyz") == (503, "one: no\ntwo: ok\n")
    state.update(one=True, two=False)
    assert await asked(server.port, "/readyz") == (503, "one: ok\ntwo: no\n")


async def test_a_check_that_hangs_says_no_within_a_second(server, monkeypatch):
    monkeypatch.setattr("bot.observability.health.CHECK_SECONDS", 0.05)
    server.add_check("database", asyncio.Event().wait)
    assert await asked(server.port, "/readyz") == (503, "database: no\n")


# With the real bot: its health server runs in the simulation, where only scrapes by hand settle


class Refused(UserError):
    def __init__(self):
        super().__init__("no")


@app_commands.command()
async def measured(interaction: discord.Interaction, how: str):
    """A command."""
    if how == "refuse":
        raise Refused
    if how == "fail":
        raise ZeroDivisionError
    await interaction.response.send_message("done", ephemeral=True)


def figure(exposition, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", exposition, re.M)
    assert found, f"{name} is not in\n{exposition}"
    return float(found[1])


async def scrape(bot):
    return (await bot.observability._exposition()).decode()


async def test_figures_of_the_real_bot(env, stage, make_bot, logged_errors):
    bot = stage.bot
    bot.tree.add_command(measured)
    await bot.tree.sync()
    for _ in range(3):
        await stage.member.send(stage.general, "bonjour")
    for how in ("work", "work", "refuse", "fail"):
        await stage.member.slash(stage.general, "measured", how=how)
    due_at = env.now()
    await bot.db.transaction(
        lambda tx: bot.timers.schedule(tx, kind="off", key="a", due_at=due_at, guild_id=None, payload={})
    )
    text = await scrape(bot)
    assert figure(text, "parvis_messages_total") == 3
    assert figure(text, 'parvis_interactions_total{name="/measured",outcome="done"}') == 2
    assert figure(text, 'parvis_interactions_total{name="/measured",outcome="refused"}') == 1
    assert figure(text, 'parvis_interactions_total{name="/measured",outcome="failed"}') == 1
    assert figure(text, 'parvis_interaction_seconds_count{name="/measured"}') == 4
    assert figure(text, 'parvis_timers{state="pending"}') == 1
    assert figure(text, "parvis_events_total") >= 1
    assert figure(text, "parvis_memory_bytes") > 10_000_000
    assert figure(text, "parvis_guilds") == 1
    logged_errors.clear()
    env.errors.clear()


async def test_reconnects_are_counted_and_wake_the_timers(env, stage):
    woken = []
    stage.bot.timers.wake = lambda: woken.append(1)
    await env.outage()
    await env.reconnect(resumed=True)
    assert figure(await scrape(stage.bot), "parvis_gateway_reconnects_total") == 1
    assert woken == [1]


async def test_readiness_of_the_real_bot(env, stage):
    checks = stage.bot.observability.health._checks
    assert {name: await check() for name, check in checks.items()} == {"gateway": True, "database": True}


async def test_figures_go_on_without_a_database(env, stage, monkeypatch):
    async def away():
        raise ConnectionError

    monkeypatch.setattr(stage.bot.timers, "counts", away)
    text = await scrape(stage.bot)
    assert "parvis_timers{" not in text
    assert figure(text, "parvis_guilds") == 1


async def test_each_bot_has_figures_of_its_own(make_bot):
    one, two = make_bot(health_port=None), make_bot(health_port=None)
    one.messages.seen = 5
    one.bus.publish([Event(1)])
    assert figure(one.observability.metrics.exposition().decode(), "parvis_messages_total") == 5
    assert figure(two.observability.metrics.exposition().decode(), "parvis_messages_total") == 0


async def test_names_are_bounded(make_bot):
    metrics = make_bot(health_port=None).observability.metrics
    names = {metrics._bounded(f"name {n}") for n in range(MAX_NAMES + 50)}
    assert len(names) == MAX_NAMES + 1
    assert "other" in names
