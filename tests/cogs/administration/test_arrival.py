"""The bot's first word in a server: once (promises 6, 24), in its language, where it may, for those who manage it."""

import asyncio
import json

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from simcord.results import to_discord_message
from sqlalchemy import func, select

from bot.community.stays import PURGE
from bot.database import Base
from bot.guilds.models import Guild
from bot.guilds.sections import CommunitySettings, Language
from bot.timers.models import Timer
from cogs.administration.arrival import first_channel
from tests.bot.community.test_stays import much_later


class Town:
    """A server the bot is not in yet, with what it says there once it is."""

    def __init__(self, env, locale="fr", channels=("rules", "general")):
        self.env = env
        self.guild = env.create_guild("Les Pavés", with_bot=False, preferred_locale=locale)
        role = self.guild.create_role("Chefs", permissions=discord.Permissions(manage_guild=True))
        self.channels = [self.guild.create_text_channel(name) for name in channels]
        self.builder = self.guild.add_member(env.create_user("ada"), roles=[role])
        self.member = self.guild.add_member(env.create_user("bob"))
        for person in (self.builder, self.member):
            env.set_locale(person, "fr")

    @property
    def bot(self):
        return self.env.bot

    def said(self):
        """(channel, message) of everything the bot has posted, oldest first."""
        me = self.env.bot.user.id
        found = [
            (channel.name, message)
            for channel in self.channels
            for message in self.env.backend.messages.get(channel.id, {}).values()
            if message.author_id == me and not message.is_ephemeral
        ]
        return sorted(found, key=lambda pair: pair[1].id)

    def texts(self):
        return [json.dumps(message.components, ensure_ascii=False) for _, message in self.said()]

    async def press(self, person, which=-1):
        _, message = self.said()[which]
        [key] = [part["custom_id"] for part in _parts(message.components) if part.get("custom_id")]
        return await person.click(to_discord_message(self.env, message), custom_id=key)


def _parts(components):
    for part in components:
        yield part
        yield from _parts(part.get("components", []))


@pytest.fixture
async def town(env):
    return Town(env)


async def test_a_french_server_is_greeted_once_in_french_with_a_button_for_those_who_manage_it(env, town, make_bot):
    await env.invite_bot(town.guild)
    [(channel, _)], [text] = town.said(), town.texts()
    assert channel == "rules"
    assert "Parvis est arrivé" in text
    assert "Installer" in text
    [change] = await town.bot.guild_settings.history(town.guild.id, CommunitySettings)
    assert (change.by, change.after) == (None, {"language": "fr"})
    refused = await town.press(town.member)
    assert "n’est pas" in refused.response.content or "pas le droit" in refused.response.content
    opened = await town.press(town.builder)
    assert "étape 1" in json.dumps(opened.response.components, ensure_ascii=False).lower()
    env.refusals.clear()
    for _ in range(3):
        env._identify_again()
        await env.pass_time(minutes=4)
    await env.outage()
    await env.reconnect(resumed=True)
    await env.restart(make_bot())
    await env.restart(make_bot(), crash=True)
    await env.pass_time(hours=7)
    assert len(town.said()) == 1
    assert (await town.press(town.builder)).response.components, "the button of the first process still answers"


async def test_a_language_that_somebody_chose_is_kept_and_english_is_no_choice(env):
    town, other = Town(env), Town(env, locale="en-US")
    await town.bot.guild_settings.change(town.guild.id, CommunitySettings, by=town.builder.id, time_zone="Europe/Paris")
    await env.invite_bot(town.guild)
    await env.invite_bot(other.guild)
    for one in (town, other):
        assert one.bot.guild_settings.get(one.guild.id, CommunitySettings).language is Language.ENGLISH
        assert "Set up" in one.texts()[0]
    assert await town.bot.guild_settings.history(other.guild.id) == []


async def test_a_server_that_invited_the_bot_while_it_was_down_is_greeted_too(env, town, make_bot):
    await env.stop_bot()
    env.backend.connected = False
    await env.invite_bot(town.guild)
    await env.restart(make_bot(), crash=True)
    await env.pass_time(seconds=5)
    assert len(town.said()) == 1


@pytest.mark.parametrize("pause", [45, 93600])
async def test_a_crash_after_discord_accepted_the_message_makes_no_second_one(env, town, make_bot, monkeypatch, pause):
    async def die(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(town.bot.posts, "_keep", die)
        await env.invite_bot(town.guild)
    assert len(town.said()) == 1
    env.backend.advance_clock(pause)
    await env.restart(make_bot(), crash=True)
    await env.bot.timers.run_due()
    assert len(town.said()) == 1
    assert await _timers(town.bot, "arrival") == []


async def test_where_nothing_may_be_written_it_is_said_as_soon_as_it_may(env, town):
    for channel in town.channels:
        _forbid(town, channel)
    await env.invite_bot(town.guild)
    assert town.said() == []
    assert len(await _timers(town.bot, "arrival")) == 1
    async with env._acting("allow") as world:
        world.set_overwrite(town.channels[1].id, Overwrite(env.bot.user.id, OverwriteType.MEMBER, 0, 0))
    assert [channel for channel, _ in town.said()] == ["general"]
    assert await _timers(town.bot, "arrival") == []


async def test_the_channel_for_discords_own_messages_comes_first(env, town):
    await env.invite_bot(town.guild)
    server = town.bot.get_guild(town.guild.id)
    assert first_channel(server).name == "rules"
    server._system_channel_id = town.channels[1].id
    assert first_channel(server).name == "general"


async def test_a_whole_stay_and_two_returns(env, town):
    """Removed and back on day 29: everything goes on. Removed and back on day 31: nothing of it is left."""
    await env.invite_bot(town.guild)
    bot, guild_id = town.bot, town.guild.id
    await bot.guild_settings.change(guild_id, CommunitySettings, by=town.builder.id, staff_channel=town.channels[1].id)
    due = bot.timers._clock()

    async def promise(tx):
        for kind in bot.timers._handlers:
            await bot.timers.schedule(
                tx, kind="test." + kind, key=f"test.{kind}", due_at=due, guild_id=guild_id, payload={}
            )

    await bot.db.transaction(promise)
    await env.remove_bot(town.guild)
    resting = [timer for timer in await _timers(bot) if timer.guild_id == guild_id]
    assert len(resting) >= len(bot.timers._handlers)
    assert all(timer.paused for timer in resting)
    await much_later(env, days=29)
    assert bot.guild_settings.get(guild_id, CommunitySettings).staff_channel == town.channels[1].id
    await env.invite_bot(town.guild)
    assert not any(timer.paused for timer in await _timers(bot))
    assert await _timers(bot, PURGE) == []
    assert "de retour" in town.texts()[-1]
    assert "Installer" not in town.texts()[-1]
    assert len(town.said()) == 2

    await env.remove_bot(town.guild)
    await much_later(env, days=31)
    assert await rows_of(bot, guild_id) == 0
    assert bot.guild_settings.get(guild_id, CommunitySettings).staff_channel is None
    await env.invite_bot(town.guild)
    assert "Installer" in town.texts()[-1]
    assert len(town.said()) == 3
    async with bot.db.read() as session:
        assert (await session.get(Guild, guild_id)).left_at is None
    await much_later(env, days=40)
    assert await rows_of(bot, guild_id) > 0


async def test_a_return_that_nobody_saw_is_a_return(env, town, make_bot):
    """Removed and invited again while the bot was down."""
    await env.invite_bot(town.guild)
    await env.stop_bot()
    env.backend.connected = False
    await env.remove_bot(town.guild)
    env.backend.advance_clock(3600)
    await env.invite_bot(town.guild)
    await env.restart(make_bot(), crash=True)
    await env.pass_time(seconds=5)
    assert len(town.said()) == 2


def _forbid(town, channel):
    denied = discord.Permissions(send_messages=True).value
    overwrite = Overwrite(town.env.bot.user.id, OverwriteType.MEMBER, 0, denied)
    with town.env.backend.unseen():
        town.env.backend.set_overwrite(channel.id, overwrite)


async def _timers(bot, kind=None):
    async with bot.db.read() as session:
        query = select(Timer) if kind is None else select(Timer).where(Timer.kind == kind)
        return list(await session.scalars(query))


async def rows_of(bot, guild_id):
    async with bot.db.read() as session:
        found = 0
        for table in Base.metadata.sorted_tables:
            if "guild_id" in table.c:
                query = select(func.count()).select_from(table).where(table.c.guild_id == guild_id)
                found += await session.scalar(query)
        return found
