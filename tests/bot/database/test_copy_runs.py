"""The bot starts on a copied database and goes on where it stood."""

import sqlite3

from sqlalchemy.engine import make_url

from bot.client import CommunityBot
from bot.database.copy import copy_database
from bot.database.migrations import head
from bot.guilds.sections import CommunitySettings
from bot.settings import Settings


async def test_a_community_that_moved_to_postgresql_goes_on_there(empty_postgres_url, env, stage, sqlite_url):
    await stage.member.send(stage.general, "hello")
    await stage.bot.guild_settings.change(stage.guild.id, CommunitySettings, by=stage.admin.id, time_zone="Asia/Tokyo")
    await env.pass_time(seconds=5)
    await env.stop_bot()
    with sqlite3.connect(make_url(sqlite_url).database) as connection:  # the tests' schema has no revision
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (head(),))
    connection.close()
    await copy_database(sqlite_url, empty_postgres_url)
    settings = Settings(_env_file=None, token="simulated", health_port=None, database_url=empty_postgres_url)
    moved = CommunityBot(settings)
    said = len(env.backend.messages[stage.general.id])
    await env.restart(moved, crash=True)
    await stage.member.send(stage.general, "and on")
    await moved.community.flush.flush()
    assert moved.guild_settings.get(stage.guild.id, CommunitySettings).time_zone == "Asia/Tokyo"
    assert (await moved.community.activity.totals(stage.guild.id, stage.member.id)).messages == 2
    [change] = await moved.guild_settings.history(stage.guild.id, CommunitySettings)
    assert change.by == stage.admin.id
    assert len(env.backend.messages[stage.general.id]) == said + 1, "it has not just arrived"
    result = await stage.admin.slash(stage.general, "settings")
    assert result.response.components
