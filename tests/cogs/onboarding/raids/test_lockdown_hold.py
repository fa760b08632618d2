"""Newcomers wait for the end of a lockdown, in the real bot."""

import asyncio

import aiohttp
import discord
import pytest
from sqlalchemy import select

from bot.timers.models import Timer
from cogs.onboarding.service import REPAIR
from tests.cogs.onboarding.conftest import buttons, shown


@pytest.fixture
async def siege(house):
    """Somebody who may lock the server down, and does."""
    stage = house.stage
    await house.change("community", staff_channel=stage.staff.id, staff_roles=[stage.team.id])
    await house.require("code")
    powers = discord.Permissions(manage_channels=True, manage_guild=True)
    lead = stage.person("lea", stage.guild.create_role("Leads", permissions=powers), stage.team)
    await house.change("lockdown", enabled=True, mode="none", pause_invites=False, level="same")

    async def start() -> str:
        page = (await lead.slash(stage.staff, "lockdown start", minutes=60)).response
        said = shown(page)
        await lead.click(page, custom_id=buttons(page)["Lock down"])
        return said

    async def end() -> None:
        await lead.slash(stage.staff, "lockdown end")

    return lead, start, end


async def finish(newcomer):
    await newcomer.open()
    await newcomer.press(next(one for one in ("Read", "Lire") if one in buttons(newcomer.screen)))
    await newcomer.press(next(one for one in ("I accept", "J’accepte") if one in buttons(newcomer.screen)))
    return newcomer.text


async def test_newcomers_wait_for_their_role_until_the_lockdown_is_over_also_through_restarts_and_deaths(
    house, siege, restart, monkeypatch
):
    env, (lead, start, end) = house.env, siege
    await house.change("welcome", member_role=None)
    refused = await lead.slash(house.stage.staff, "lockdown start")
    assert "would change nothing" in str(env.refusals), refused
    env.refusals.clear()
    await house.change("welcome", member_role=house.member_role.id, places=[house.stage.general.id])

    old, early = await house.join("old"), await house.join("early")
    assert "Good places to go on" in await finish(old)
    assert house.member_role.id in old.roles
    assert "Newcomers wait for their role until it is over." in await start()
    (post,) = [one for one in house.stage.staff.history() if "lockdown:end" in str(buttons(one))]
    assert "Newcomers wait for their role" in shown(post)
    late = await house.join("late", locale="fr")
    assert "closed to newcomers for a while" in await finish(early), "who had come before it is no member either"
    assert "Good places to go on" not in early.text, "they cannot write there yet"
    assert "Le serveur est fermé pour un moment" in await finish(late)
    await late.open("groups")
    await late.choose(house.chess)
    assert "quand le serveur rouvrira" in late.text
    await restart(crash=True)
    await env.pass_time(minutes=5)
    assert house.member_role.id in old.roles, "nobody loses what they have"
    assert early.roles | late.roles == set()
    await env.pass_time(minutes=61)
    assert early.roles == {house.member_role.id}
    assert late.roles == {house.member_role.id, house.chess.id}

    # Killed at the moment at which it ends: a start makes up for it
    await start()
    last = await house.join("last")
    await finish(last)

    async def die(*_args):
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr("cogs.onboarding.effects.bringing.Bringing.server", die)
        await end()
    assert last.roles == set()
    await restart(crash=True)
    assert last.roles == {house.member_role.id}


async def test_a_lost_connection_at_the_end_of_a_lockdown_keeps_one_waiting_until_the_repair_and_nobody_behind_them(
    house, siege, monkeypatch, logged_errors
):
    env, (_, start, end) = house.env, siege
    await house.change("welcome", member_role=house.member_role.id, places=[house.stage.general.id])
    await start()
    first, behind = await house.join("first"), await house.join("behind")
    for one in (first, behind):
        await finish(one)
    add_role = discord.http.HTTPClient.add_role

    def lost(http, guild_id, user_id, role_id, **options):
        if user_id == first.actor.id:
            raise aiohttp.ServerDisconnectedError
        return add_role(http, guild_id, user_id, role_id, **options)

    with monkeypatch.context() as away:
        away.setattr(discord.http.HTTPClient, "add_role", lost)
        await end()
        assert (first.roles, behind.roles) == (set(), {house.member_role.id})
        async with house.stage.bot.db.read() as session:
            promised = select(Timer.guild_id, Timer.attempts).where(Timer.kind == REPAIR)
            assert (await session.execute(promised)).all() == [(house.guild.id, 0)]
        await env.pass_time(minutes=1)
        assert [one.count("onboarding.repair") for one in logged_errors] == [1], "it fails again, and is not given up"
        logged_errors.clear()
    await env.pass_time(minutes=1)
    assert first.roles == {house.member_role.id}
    async with house.stage.bot.db.read() as session:
        assert (await session.execute(promised)).all() == []
