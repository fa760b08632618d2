"""The bot is removed from a server, comes back, or does not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.community.models import Member
from bot.community.stays import PURGE
from bot.database import Base
from bot.guilds.models import Guild
from bot.guilds.sections import CommunitySettings
from bot.timers.models import Timer
from tests.conftest import NOW


async def guild_row(bot, guild_id):
    async with bot.db.read() as session:
        return await session.get(Guild, guild_id)


async def timers(bot) -> dict[str, Timer]:
    async with bot.db.read() as session:
        return {timer.key: timer for timer in await session.scalars(select(Timer))}


@pytest.fixture
async def promise(stage):
    """A promise of a feature in this server, due in forty days."""

    async def work(tx):
        await stage.bot.timers.schedule(
            tx, kind="test", key="promise", due_at=NOW + timedelta(days=40), guild_id=stage.guild.id, payload={}
        )

    await stage.bot.db.transaction(work)


async def test_a_server_is_remembered_when_the_bot_arrives(stage):
    row = await guild_row(stage.bot, stage.guild.id)
    assert (row.name, row.left_at) == ("Agora", None)


async def test_promises_rest_while_the_bot_is_away_and_go_on_when_it_is_back(env, stage, promise):
    await env.remove_bot(stage.guild)
    found = await timers(stage.bot)
    assert found["promise"].paused
    assert f"{PURGE}:{stage.guild.id}" in found
    assert (await guild_row(stage.bot, stage.guild.id)).left_at == NOW
    await env.invite_bot(stage.guild)
    found = await timers(stage.bot)
    assert not found["promise"].paused
    assert f"{PURGE}:{stage.guild.id}" not in found
    assert (await guild_row(stage.bot, stage.guild.id)).left_at is None


async def test_a_server_that_removed_the_bot_while_it_was_down_is_noticed(env, stage, make_bot, promise):
    await env.stop_bot()
    env.backend.connected = False
    await env.remove_bot(stage.guild)
    await env.restart(make_bot(), crash=True)
    await env.pass_time(seconds=5)
    assert (await guild_row(stage.bot, stage.guild.id)).left_at is not None
    assert (await timers(stage.bot))["promise"].paused


async def test_the_data_of_a_server_is_kept_thirty_days_and_then_gone(env, stage, make_bot, promise):
    await stage.member.send(stage.general, "hello")
    await env.remove_bot(stage.guild)
    assert await rows_of(stage.bot, stage.guild.id) > 0
    await much_later(env, days=29, hours=23)
    assert (await timers(stage.bot))["promise"].paused
    async with stage.bot.db.read() as session:
        assert await session.get(Member, (stage.guild.id, stage.member.id)) is not None
    await stage.bot.guild_settings.change(stage.guild.id, CommunitySettings, by=None, time_zone="Asia/Tokyo")
    await much_later(env, hours=2)
    assert stage.bot.guild_settings.get(stage.guild.id, CommunitySettings).time_zone == "UTC"
    assert await rows_of(stage.bot, stage.guild.id) == 0


async def test_a_server_that_took_the_bot_back_loses_nothing_after_thirty_days(env, stage):
    await stage.member.send(stage.general, "hello")
    await env.remove_bot(stage.guild)
    await env.invite_bot(stage.guild)
    await much_later(env, days=31)
    assert (await stage.bot.community.activity.totals(stage.guild.id)).messages == 1


async def much_later(env, **span) -> None:
    """Jump there at once and keep what is due by then: a month in small steps would take a minute."""
    env.backend.advance_clock(timedelta(**span).total_seconds())
    await env.bot.timers.run_due()


async def rows_of(bot, guild_id) -> int:
    total = 0
    async with bot.db.read() as session:
        for table in Base.metadata.sorted_tables:
            if "guild_id" in table.c:
                query = select(func.count()).select_from(table).where(table.c.guild_id == guild_id)
                total += await session.scalar(query)
    return total
