"""The simulated Discord behaves as Discord does where Parvis depends on it, shown with a plain bot."""

import contextlib
from datetime import UTC, datetime, timedelta

import discord
import pytest
import simcord
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from discord import app_commands
from discord.ext import commands

from demo.simdiscord import NONCE_MEMORY, Refused, SimDiscord

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


class WrongAnswer(Exception):
    """What the plain bot raises for what a person did wrong."""


class Button(discord.ui.Button):
    def __init__(self):
        super().__init__(label="Press", custom_id="press")

    async def callback(self, interaction):
        await interaction.response.send_message(f"{interaction.locale} {interaction.guild_locale}", ephemeral=True)


class Tree(app_commands.CommandTree):
    async def on_error(self, interaction, error, /):
        await interaction.response.send_message("no", ephemeral=True)


class Listening:
    """Notes every event it hears, in order."""

    def __init__(self, **options):
        super().__init__("!", intents=discord.Intents.all(), tree_cls=Tree, **options)
        self.heard = []

    def dispatch(self, event_name, /, *args, **kwargs):
        self.heard.append((event_name, *args))
        super().dispatch(event_name, *args, **kwargs)

    def names(self):
        return [name for name, *_ in self.heard]

    def last(self, name):
        return next(event for event in reversed(self.heard) if event[0] == name)


class ShardedBot(Listening, commands.AutoShardedBot):
    """A bot whose servers are spread over shards."""


class PlainBot(Listening, commands.Bot):
    """Has a panel with a button, and two commands."""

    async def setup_hook(self):
        self.add_view(self.panel())

        @self.tree.command()
        async def language(interaction: discord.Interaction):
            await interaction.response.send_message(f"{interaction.locale} {interaction.guild_locale}")

        @self.tree.command()
        async def fail(interaction: discord.Interaction, how: str):
            raise WrongAnswer if how == "politely" else ZeroDivisionError

        await self.tree.sync()

    @staticmethod
    def panel():
        view = discord.ui.View(timeout=None)  # noqa: TID251 - a plain bot
        view.add_item(Button())
        return view


@contextlib.asynccontextmanager
async def running(bot, **options):
    env = SimDiscord(bot, expected=(WrongAnswer,), starts_at=START, **options)
    await env.start()
    yield env
    assert await env.stop_bot() == []
    await env.shutdown()
    env.raise_unread_errors()


@pytest.fixture
async def bot():
    return PlainBot()


@pytest.fixture
async def env(bot):
    async with running(bot) as environment:
        yield environment


@pytest.fixture
async def guild(env):
    return env.create_guild("Agora", preferred_locale="fr")


@pytest.fixture
async def hall(guild):
    return guild.create_text_channel("hall")


@pytest.fixture
async def ada(env, guild):
    """A moderator."""
    role = guild.create_role(
        "team",
        permissions=discord.Permissions(ban_members=True, kick_members=True, moderate_members=True, manage_roles=True),
        position=50,
    )
    return guild.add_member(env.create_user("ada"), roles=[role])


@pytest.fixture
async def bob(env, guild):
    return guild.add_member(env.create_user("bob"))


async def test_time_starts_where_it_is_told_and_passes_in_days(env):
    assert discord.utils.utcnow() == START
    await env.pass_time(days=40)
    assert discord.utils.utcnow() == START + timedelta(days=40)


async def test_an_interaction_carries_the_locales_of_the_person_and_of_the_server(env, hall, bob):
    assert (await bob.slash(hall, "language")).response.content == "en-US fr"
    env.set_locale(bob, discord.Locale.german)
    assert (await bob.slash(hall, "language")).response.content == "de fr"


async def test_history_after_a_message_begins_with_the_oldest(env, bot, hall, bob):
    first = await bob.send(hall, "0")
    for n in range(1, 120):
        env.backend.create_message(hall.id, bob.id, str(n))
    await env.settle()
    channel = bot.get_channel(hall.id)
    assert [m.content async for m in channel.history(after=first, limit=3, oldest_first=True)] == ["1", "2", "3"]
    assert [m.content async for m in channel.history(after=first, limit=None)] == [str(n) for n in range(1, 120)]


async def test_a_server_the_bot_is_not_in_is_silent_until_it_is_invited(env, bot):
    guild = env.create_guild("Forum", with_bot=False)
    channel = guild.create_text_channel("hall")
    await guild.add_member(env.create_user("bob")).send(channel, "hello")
    await env.settle()
    assert list(bot.guilds) == []
    assert "message" not in bot.names()
    await env.invite_bot(guild, discord.Permissions(view_channel=True, send_messages=True))
    _, joined = bot.last("guild_join")
    assert joined.text_channels[0].name == "hall"
    assert not joined.me.guild_permissions.manage_roles
    assert "guild_available" not in bot.names()


async def test_a_bot_that_is_removed_hears_of_it_and_can_come_back(env, bot, guild, hall, bob):
    message = await bot.get_channel(hall.id).send("panel", view=bot.panel())
    await env.remove_bot(guild)
    assert bot.last("guild_remove")[1].id == guild.id
    assert bot.get_guild(guild.id) is None
    bot.heard.clear()
    await bob.send(hall, "anybody here?")
    assert bot.heard == []
    assert (await bob.click(message, custom_id="press")).acknowledged
    with pytest.raises(Refused, match="commands are gone"):
        await bob.slash(hall, "language")
    await env.invite_bot(guild)
    assert bot.last("guild_join")[1].get_member(bob.id) is not None


async def test_a_bot_that_leaves_by_itself_is_out_and_the_server_lives_on(env, bot, guild, hall):
    await bot.get_guild(guild.id).leave()
    await env.settle()
    assert "guild_remove" in bot.names()
    assert env.backend.get_channel(hall.id).name == "hall"


async def test_an_invite_counts_its_uses_and_disappears_after_the_last(env, bot, guild, hall, ada):
    code = env.create_invite(ada, hall, uses=2)
    await env.join(guild, "carl", invite=code)
    assert [(i.code, i.uses) for i in await bot.get_guild(guild.id).invites()] == [(code, 1)]
    await env.join(guild, "dora", invite=code)
    assert bot.last("invite_delete")[1].code == code
    with pytest.raises(Refused, match="no such invite"):
        await env.join(guild, "emil", invite=code)


async def test_an_old_invite_lets_nobody_in(env, guild, hall, ada):
    code = env.create_invite(ada, hall, age=timedelta(hours=1))
    await env.pass_time(hours=2)
    with pytest.raises(Refused, match="expired"):
        await env.join(guild, "carl", invite=code)


async def test_who_comes_back_is_flagged_and_who_is_banned_cannot(env, bot, guild, ada):
    user = env.create_user("carl")
    member = await env.join(guild, user)
    assert not bot.last("member_join")[1].flags.did_rejoin
    await env.leave(member)
    assert bot.last("member_remove")[1].id == user.id
    back = await env.join(guild, user)
    assert bot.last("member_join")[1].flags.did_rejoin
    await env.ban(ada, back)
    with pytest.raises(Refused, match="banned"):
        await env.join(guild, user)


async def test_a_pending_member_can_do_nothing_until_the_screening_is_over(env, bot, guild, hall):
    message = await bot.get_channel(hall.id).send("panel", view=bot.panel())
    member = await env.join(guild, "carl", pending=True)
    assert bot.last("member_join")[1].pending
    with pytest.raises(simcord.BackendError):
        await member.send(hall, "hello")
    with pytest.raises(simcord.SetupError):
        await member.slash(hall, "language")
    with pytest.raises(Refused, match="screening"):
        await member.click(message, custom_id="press")
    await env.set_pending(member, False)
    _, before, after = bot.last("member_update")
    assert (before.pending, after.pending) == (True, False)
    await member.send(hall, "hello")
    assert (await member.click(message, custom_id="press")).acknowledged


async def test_a_timed_out_member_can_neither_press_nor_run(env, bot, guild, hall, ada, bob):
    message = await bot.get_channel(hall.id).send("panel", view=bot.panel())
    await env.time_out(ada, bob, timedelta(minutes=10), "calm down")
    assert bot.get_guild(guild.id).get_member(bob.id).is_timed_out()
    with pytest.raises(Refused, match="timed out"):
        await bob.click(message, custom_id="press")
    with pytest.raises(simcord.SetupError):
        await bob.slash(hall, "language")
    await env.pass_time(minutes=11)
    assert (await bob.click(message, custom_id="press")).acknowledged


async def test_what_moderators_do_reaches_the_bot_and_the_audit_log(env, bot, guild, ada, bob):
    role = guild.create_role("friend")
    await env.give_role(ada, bob, role)
    assert bot.last("member_update")[2].get_role(role.id) is not None
    await env.take_role(ada, bob, role)
    await env.time_out(ada, bob, timedelta(hours=1))
    await env.time_out(ada, bob, None)
    await env.kick(ada, bob, "go")
    await env.ban(ada, bob.user, "stay away")
    await env.unban(ada, bob.user)
    action = discord.AuditLogAction
    entries = [event[1] for event in bot.heard if event[0] == "audit_log_entry_create"]
    assert [(entry.user_id, entry.action) for entry in entries] == [
        (ada.id, action.member_role_update),
        (ada.id, action.member_role_update),
        (ada.id, action.member_update),
        (ada.id, action.member_update),
        (ada.id, action.kick),
        (ada.id, action.ban),
        (ada.id, action.unban),
    ]
    assert entries[0].after.roles[0].id == role.id
    assert entries[2].after.timed_out_until == START + timedelta(hours=1)
    assert entries[5].reason == "stay away"


async def test_a_moderator_without_right_or_rank_is_refused(env, ada, bob):
    for act in (env.ban, env.kick):
        with pytest.raises(simcord.BackendError, match="50013"):
            await act(bob, ada)
    with pytest.raises(simcord.BackendError, match="50013"):
        await env.ban(ada, ada.guild.add_member(env.create_user("eve"), roles=[ada.guild.roles["team"]]))


async def test_a_forum_post_is_a_thread_whose_first_message_has_its_id(env, bot, guild, bob):
    forum = guild.create_forum_channel("help")
    thread, message = await env.post(bob, forum, "How do I?", "I tried this.")
    created = bot.last("thread_create")[1]
    assert (created.id, created.owner_id, created.name) == (thread.id, bob.id, "How do I?")
    assert message.id == thread.id
    assert bot.last("message")[1].content == "I tried this."
    assert [m.content for m in thread.history()] == ["I tried this."]
    await bob.send(thread, "Somebody?")


async def test_a_thread_edit_by_a_person_reaches_the_bot(env, bot, guild, bob):
    thread, _ = await env.post(bob, guild.create_forum_channel("help"), "How do I?", "I tried this.")
    await env.edit_thread(thread, name="Solved", archived=True, locked=True)
    _, before, after = bot.last("thread_update")
    assert (before.archived, after.archived, after.locked, after.name) == (False, True, True, "Solved")


async def test_a_private_thread_leaves_no_line_in_its_channel(env, bot, hall):
    thread = await bot.get_channel(hall.id).create_thread(name="welcome", type=discord.ChannelType.private_thread)
    await env.settle()
    assert bot.get_channel(hall.id).get_thread(thread.id) is not None
    assert hall.history() == []


async def test_closed_dms_are_refused_until_they_open(env, bot, guild, bob):
    user = bot.get_guild(guild.id).get_member(bob.id)
    env.close_dms(bob)
    with pytest.raises(discord.Forbidden) as refusal:
        await user.send("hello")
    assert refusal.value.code == 50007
    env.open_dms(bob)
    await user.send("hello")
    assert bob.user.dm_channel.last_message.content == "hello"


async def test_a_dm_without_a_common_server_is_refused(env, bot, guild, ada, bob):
    await env.ban(ada, bob)
    with pytest.raises(discord.Forbidden) as refusal:
        await (await bot.fetch_user(bob.id)).send("you may appeal")
    assert refusal.value.code == 50278


async def test_a_nonce_gives_one_message_for_some_minutes(env, bot, hall):
    channel = bot.get_channel(hall.id)
    first = await channel.send("digest", nonce="digest:2026-W45")
    again = await channel.send("digest", nonce="digest:2026-W45")
    await env.settle()
    assert (again.id, again.nonce) == (first.id, "digest:2026-W45")
    assert len(hall.history()) == 1
    await env.pass_time(seconds=NONCE_MEMORY.total_seconds() + 1)
    assert (await channel.send("digest", nonce="digest:2026-W45")).id != first.id
    with pytest.raises(discord.HTTPException, match="25 or fewer"):
        await channel.send("digest", nonce="x" * 26)


async def test_invites_can_be_paused_for_a_day_at_most(env, bot, guild):
    server = bot.get_guild(guild.id)
    await server.edit(invites_disabled_until=START + timedelta(hours=2))
    await env.settle()
    assert server.invites_paused()
    with pytest.raises(Refused, match="paused"):
        await env.join(guild, "carl")
    with pytest.raises(discord.HTTPException, match="24 hours"):
        await server.edit(invites_disabled_until=START + timedelta(hours=25))
    await env.pass_time(hours=3)
    assert not server.invites_paused()
    await env.join(guild, "carl")


async def test_invites_can_be_disabled_by_a_feature_flag(env, bot, guild):
    server = bot.get_guild(guild.id)
    await env.set_features(guild, "COMMUNITY")
    await server.edit(invites_disabled=True)
    await env.settle()
    assert set(server.features) == {"COMMUNITY", "INVITES_DISABLED"}
    with pytest.raises(Refused, match="paused"):
        await env.join(guild, "carl")


async def test_the_gateway_says_how_many_sessions_are_left(env, bot):
    env.backend.sessions_left = 3
    shards, _, limit = await bot.http.get_bot_gateway()
    assert (shards, limit["remaining"], limit["max_concurrency"]) == (1, 3, 1)


async def test_a_resumed_session_replays_what_was_missed_in_order(env, bot, hall, bob):
    await env.outage()
    bot.heard.clear()
    await bob.send(hall, "one")
    await bob.send(hall, "two")
    assert "message" not in bot.names()
    await env.reconnect(resumed=True)
    assert [event[1].content for event in bot.heard if event[0] == "message"] == ["one", "two"]
    assert bot.names()[-1] == "resumed"
    assert "ready" not in bot.names()


async def test_a_lost_session_loses_the_events_and_begins_anew(env, bot, guild, hall, ada, bob):
    await env.outage()
    assert bot.last("disconnect")
    bot.heard.clear()
    await bob.send(hall, "one")
    await env.ban(ada, bob)
    await env.reconnect(resumed=False)
    assert "message" not in bot.names()
    assert bot.names().count("ready") == 1
    assert bot.get_guild(guild.id).get_member(bob.id) is None
    assert bot.get_channel(hall.id).last_message_id == hall.last_message.id
    await ada.send(hall, "two")
    assert bot.last("message")[1].content == "two"


async def test_a_button_answers_after_a_restart_and_the_old_bot_is_closed(env, bot, hall, bob):
    message = await bot.get_channel(hall.id).send("panel", view=bot.panel())
    successor = PlainBot()
    await env.restart(successor)
    assert bot.is_closed()
    env.set_locale(bob, "fr")
    assert (await bob.click(message, custom_id="press")).response.content == "fr fr"
    assert successor.last("interaction")


async def test_after_a_restart_the_bot_knows_its_servers_and_their_members_when_it_is_ready(env, guild, bob):
    successor = PlainBot()
    await env.restart(successor)
    names = successor.names()
    assert names.index("guild_available") < names.index("ready")
    assert successor.get_guild(guild.id).chunked
    assert successor.get_guild(guild.id).get_member(bob.id) is not None


async def test_a_crash_does_not_close_the_old_bot(env, bot):
    await env.restart(PlainBot(), crash=True)
    assert not bot.is_closed()
    await bot.close()


async def test_apscheduler_fires_in_virtual_time(env):
    fired = []
    with env._bot_scope():
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.start()
        scheduler.add_job(lambda: fired.append(discord.utils.utcnow()), "interval", hours=1)
    await env.pass_time(hours=3, minutes=1)
    scheduler.shutdown()
    await env.settle()
    assert fired == [START + timedelta(hours=n) for n in (1, 2, 3)]


async def test_refusals_are_not_errors_but_crashes_are(env, hall, bob):
    await bob.slash(hall, "fail", how="politely")
    assert [type(refusal) for refusal in env.refusals] == [WrongAnswer]
    env.raise_unread_errors()
    await bob.slash(hall, "fail", how="badly")
    with pytest.raises(ExceptionGroup):
        env.raise_unread_errors()


async def test_tasks_left_behind_are_named(bot):
    env = SimDiscord(bot)
    await env.start()

    async def forgotten():
        await discord.utils.sleep_until(discord.utils.utcnow() + timedelta(days=1))

    with env._bot_scope():
        task = bot.loop.create_task(forgotten())
    await env.settle()
    assert [name.rpartition(".")[2] for name in await env.stop_bot()] == ["forgotten"]
    await env.shutdown()
    assert task.cancelled()


async def test_a_sharded_bot_lives_here_too():
    bot = ShardedBot(shard_count=2)
    async with running(bot) as env:
        guilds = [env.create_guild(f"G{n}", shard_id=n) for n in range(2)]
        hall = guilds[1].create_text_channel("hall")
        bob = guilds[1].add_member(env.create_user("bob"))
        await env.outage()
        await bob.send(hall, "lost")
        await env.reconnect(resumed=False)
        await bob.send(hall, "heard")
        assert [event[1].content for event in bot.heard if event[0] == "message"] == ["heard"]
        assert {(guild.shard_id, guild.chunked) for guild in bot.guilds} == {(0, True), (1, True)}
