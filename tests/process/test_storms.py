"""Promise 10: a storm of refusals opens the circuit breaker of the real bot, over real sockets."""

import asyncio

import aiohttp
import discord
import pytest

from bot.circuit import OPENS_AT, CircuitOpen
from bot.client import CommunityBot
from bot.settings import Settings
from tests.loopback import LoopbackDiscord

pytestmark = pytest.mark.process
AT_ONCE = 50


@pytest.fixture
async def bot(loopback: LoopbackDiscord, sqlite_url: str, pointed: None):
    """The real bot, logged in to the loopback Discord, without features."""
    async with CommunityBot(Settings(_env_file=None, database_url=sqlite_url, features=(), health_port=None)) as bot:
        await bot.login(loopback.token)
        yield bot


async def ask(bot: CommunityBot, number: int) -> BaseException | None:
    """One request; returns what it raised."""
    try:
        await bot.http.get_user(number)
    except (discord.HTTPException, OSError) as error:
        return error
    return None


async def ask_many(bot: CommunityBot, times: int) -> list[BaseException | None]:
    """Many requests, each of a bucket of its own, some at a time."""
    found: list[BaseException | None] = []
    for start in range(0, times, AT_ONCE):
        found += await asyncio.gather(*(ask(bot, n) for n in range(start, min(start + AT_ONCE, times))))
    return found


@pytest.mark.parametrize("status", [401, 403])
async def test_after_a_thousand_refusals_nothing_more_is_sent_but_answers_to_people(loopback, bot, status):
    loopback.faults.fail("GET", "/users/{user_id}", status, 50001)
    errors = await ask_many(bot, OPENS_AT + 200)
    sent = loopback.count("GET", "/users/{user_id}")
    assert OPENS_AT <= sent < OPENS_AT + AT_ONCE
    assert [type(error) for error in errors[-100:]] == [CircuitOpen] * 100
    assert bot.circuit.open
    before = len(loopback.requests.requests)
    with pytest.raises(CircuitOpen):
        await bot.fetch_guild(1)
    assert len(loopback.requests.requests) == before
    with pytest.raises(discord.HTTPException):  # an answer to a person is still sent, and only Discord refuses it
        await bot.http.request(discord.http.Route("POST", "/interactions/1/token/callback"), json={"type": 6})
    assert len(loopback.requests.requests) == before + 1


async def test_a_storm_of_rate_limits_opens_it_too(loopback, bot):
    loopback.faults.rate_limit("GET", "/users/{user_id}", 0.0, times=None)
    await ask_many(bot, 400)
    sent = loopback.requests.statuses()[429]
    assert OPENS_AT <= sent < OPENS_AT + AT_ONCE
    with pytest.raises(CircuitOpen):
        await bot.http.get_user(1)


async def test_a_blocked_address_opens_it_too(loopback, bot):
    loopback.faults.blocked_address()
    await ask_many(bot, OPENS_AT + AT_ONCE)
    assert loopback.requests.statuses()[429] < OPENS_AT + AT_ONCE


async def test_server_errors_do_not(loopback, bot):
    loopback.faults.fail("GET", "/users/{user_id}", 503)
    errors = await ask_many(bot, OPENS_AT + 100)
    assert {type(error) for error in errors} == {discord.DiscordServerError}
    loopback.faults.clear()
    with pytest.raises(discord.NotFound):
        await bot.http.get_user(1)


async def test_an_open_breaker_leaves_the_gateway_alone(loopback, bot):
    for _ in range(OPENS_AT):
        bot.circuit.note(403, "GET", "users/1")
    async with (
        aiohttp.ClientSession(trace_configs=[bot.circuit.trace()]) as session,
        session.ws_connect(loopback.gateway.url) as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
