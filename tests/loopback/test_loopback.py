"""The loopback Discord itself, proven with a bare discord.py client: nothing of Parvis but the pointing."""

import asyncio
import datetime as dt
import time

import aiohttp
import discord
import pytest
from discord import app_commands

from bot import discord_endpoint
from tests.loopback import TOKEN, GuildHandle, Impossible
from tests.loopback.bodies import complaint
from tests.loopback.client import Client
from tests.loopback.process import BotProcess


@pytest.fixture
def guild(loopback) -> GuildHandle:
    return loopback.create_guild("Agora")


# pointing discord.py


@pytest.mark.parametrize(
    "address",
    [
        "https://discord.com",
        "http://discord.com",
        "http://localhost:8000",
        "http://10.0.0.1:80",
        "https://127.0.0.1:80",
        "http://127.0.0.1",
        "http://127.0.0.1:80@discord.com",
        "http://127.0.0.1:80/elsewhere",
        "http://0.0.0.0:80",
        "",
    ],
)
def test_the_token_can_only_be_pointed_at_this_machine(address):
    before = discord.http.Route.BASE
    with pytest.raises(ValueError, match="may stand in for Discord"):
        discord_endpoint.use(address)
    assert before == discord.http.Route.BASE


# login, guilds, members


async def test_a_client_logs_in_and_knows_guilds_roles_channels_and_members(loopback, guild, connect):
    vip = guild.role("VIP", "send_messages")
    lounge = guild.text_channel("lounge")
    guild.overwrite(lounge, vip, allow="send_messages", deny="add_reactions")
    alice = guild.add_member("alice", roles=(vip,), pending=True)
    client = await connect()
    seen = client.get_guild(guild.id)
    assert seen is not None
    assert seen.chunked
    member = seen.get_member(alice.id)
    assert member is not None
    assert member.pending
    assert [role.name for role in member.roles] == ["@everyone", "VIP"]
    channel = seen.get_channel(lounge.id)
    assert isinstance(channel, discord.TextChannel)
    assert channel.overwrites_for(seen.get_role(vip.id)).add_reactions is False
    assert seen.me.guild_permissions.manage_roles
    assert len(loopback.gateway.identifies) == 1


async def test_the_whole_member_list_comes_in_chunks_of_a_thousand(loopback, guild, connect):
    for number in range(2500):
        guild.add_member(f"member{number}")
    client = await connect()
    seen = client.get_guild(guild.id)
    assert seen is not None
    assert len(seen.members) == 2502
    assert len(loopback.gateway.chunk_requests) == 1
    found = await seen.query_members("member2499")
    assert [m.name for m in found] == ["member2499"]
    assert len([m async for m in seen.fetch_members(limit=None)]) == 2502


@pytest.mark.parametrize("compress", [True, False])
async def test_events_arrive_with_and_without_compression(loopback, guild, connect, monkeypatch, compress):
    plain = discord.gateway.DiscordWebSocket.from_client.__func__

    async def from_client(cls, *args, **options):
        return await plain(cls, *args, **{**options, "compress": compress})

    monkeypatch.setattr(discord.client.DiscordWebSocket, "from_client", classmethod(from_client))
    channel = guild.text_channel("general")
    client = await connect()
    await guild.owner.say(channel, "é" * 1000)
    await loopback.caught_up()
    await asyncio.sleep(0)
    assert client.heard == ["é" * 1000]


async def test_a_bad_token_is_refused_at_login(loopback, connect):
    client = Client()
    with pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()
    assert loopback.requests.statuses() == {401: 1}


async def test_an_intent_that_the_portal_has_not_switched_on_closes_with_4014(loopback, guild, connect):
    loopback.world.application.members_intent = False
    client = Client()
    await client.login(loopback.token)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.connect()
    await client.close()
    assert [i.accepted for i in loopback.gateway.identifies] == [False]


async def test_without_the_content_intent_text_is_empty_but_for_mentions_and_private_messages(loopback, guild, connect):
    loopback.world.application.content_intent = False
    channel = guild.text_channel("general")
    alice = guild.add_member("alice")
    intents = discord.Intents.default() | discord.Intents(members=True)
    client = await connect(Client(intents=intents))
    await alice.say(channel, "hidden")
    await alice.say(channel, f"<@{client.user.id}> hello")
    await alice.write_dm("private")
    await loopback.caught_up()
    await asyncio.sleep(0)
    assert client.heard == ["", f"<@{client.user.id}> hello", "private"]
    history = [m.content async for m in client.get_channel(channel.id).history(limit=10)]
    assert history == [f"<@{client.user.id}> hello", ""]


async def test_member_events_need_their_intent(loopback, guild, connect):
    client = await connect(Client(intents=discord.Intents(guilds=True, guild_messages=True)))
    joined = []
    client.on_member_join = lambda member: joined.append(member)
    guild.add_member("bob")
    await loopback.caught_up()
    assert joined == []


# messages


async def test_history_pages_like_discord(loopback, guild, connect):
    channel = guild.text_channel("general")
    posted = [await guild.owner.say(channel, str(number)) for number in range(250)]
    client = await connect()
    seen = client.get_channel(channel.id)
    after = [m.content async for m in seen.history(limit=None, after=discord.Object(posted[20].id))]
    assert after == [str(number) for number in range(21, 250)]
    raw = await client.http.logs_from(channel.id, 3, after=posted[20].id)
    assert [m["content"] for m in raw] == ["23", "22", "21"]
    raw = await client.http.logs_from(channel.id, 3, before=posted[20].id)
    assert [m["content"] for m in raw] == ["19", "18", "17"]
    raw = await client.http.logs_from(channel.id, 4, around=posted[20].id)
    assert [m["content"] for m in raw] == ["21", "20", "19", "18"]
    assert seen.last_message_id == posted[-1].id


async def test_one_nonce_makes_one_message_for_some_minutes(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    seen = client.get_channel(channel.id)
    first = await seen.send("once", nonce="key")
    assert (await seen.send("once", nonce="key")).id == first.id
    assert len(channel.messages) == 1
    loopback.move_clock(minutes=6)
    assert (await seen.send("once", nonce="key")).id != first.id


async def test_messages_are_edited_pinned_reacted_to_and_deleted(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    seen = client.get_channel(channel.id)
    message = await seen.send("draft", embed=discord.Embed(title="t"))
    await message.edit(content="final")
    await message.pin()
    assert [m.id async for m in seen.pins()] == [message.id]
    await message.add_reaction("👍")
    alice = guild.add_member("alice")
    await alice.react(channel.messages[message.id], "👍")
    fetched = await seen.fetch_message(message.id)
    assert (fetched.content, fetched.reactions[0].count, fetched.pinned) == ("final", 2, True)
    assert {u.name async for u in fetched.reactions[0].users()} == {"parvis", "alice"}
    await message.delete()
    with pytest.raises(discord.NotFound) as gone:
        await seen.fetch_message(message.id)
    assert gone.value.code == 10008


async def test_a_file_is_kept_and_can_be_fetched(loopback, guild, connect, tmp_path):
    channel = guild.text_channel("general")
    path = tmp_path / "chart.png"
    path.write_bytes(b"picture")
    client = await connect()
    message = await client.get_channel(channel.id).send(file=discord.File(path, description="a chart"))
    assert message.attachments[0].description == "a chart"
    async with aiohttp.ClientSession() as session, session.get(message.attachments[0].url) as answer:
        assert await answer.read() == b"picture"


async def test_private_messages_are_refused_as_discord_refuses_them(loopback, guild, connect):
    alice, bob = guild.add_member("alice"), guild.add_member("bob")
    client = await connect()
    await client.get_user(alice.id).send("hello")
    assert [m.content for m in alice.dms] == ["hello"]
    bob.user.dms_open = False
    with pytest.raises(discord.Forbidden) as closed:
        await client.get_user(bob.id).send("hello")
    assert closed.value.code == 50007
    alice.leave()
    stranger = await client.fetch_user(alice.id)
    with pytest.raises(discord.Forbidden) as apart:
        await stranger.send("hello")
    assert apart.value.code == 50278


# permissions and hierarchy


async def test_what_the_bot_may_not_do_is_refused(loopback, guild, connect):
    channel, secret = guild.text_channel("general"), guild.text_channel("secret")
    below, above = guild.role("below"), guild.role("above", above_bot=True)
    guild.overwrite(secret, guild.bot_role, deny="view_channel")
    guild.overwrite(channel, guild.bot_role, deny="send_messages")
    boss = guild.add_member("boss", roles=(above,))
    client = await connect()
    seen = client.get_guild(guild.id)
    member = seen.get_member(boss.id)
    attempts = {
        50001: lambda: client.http.send_message(
            secret.id, params=discord.http.handle_message_parameters(content="hi").__enter__()
        ),
        50013: lambda: seen.get_channel(channel.id).send("hi"),
    }
    for code, attempt in attempts.items():
        with pytest.raises(discord.Forbidden) as refused:
            await attempt()
        assert refused.value.code == code
    for attempt in (
        lambda: member.add_roles(discord.Object(above.id)),
        lambda: member.kick(),
        lambda: member.ban(),
        lambda: member.timeout(dt.timedelta(hours=1)),
        lambda: member.edit(nick="small"),
    ):
        with pytest.raises(discord.Forbidden) as refused:
            await attempt()
        assert refused.value.code == 50013
    await member.add_roles(discord.Object(below.id))
    assert boss.has(below)
    with pytest.raises(discord.NotFound) as unknown:
        await member.add_roles(discord.Object(1))
    assert unknown.value.code == 10011
    assert loopback.requests.statuses()[403] == 7


async def test_moderation_is_remembered_and_written_to_the_audit_log(loopback, guild, connect):
    alice, bob = guild.add_member("alice"), guild.add_member("bob")
    client = await connect()
    seen = client.get_guild(guild.id)
    await seen.get_member(alice.id).timeout(dt.timedelta(hours=1), reason="calm")
    with pytest.raises(Impossible):
        await alice.say(guild.text_channel("general"), "hm")
    await seen.ban(discord.Object(bob.id), reason="spam")
    guild.owner.kick(alice)
    assert [entry.user.name async for entry in seen.bans()] == ["bob"]
    entries = [(e.action.name, e.reason) async for e in seen.audit_logs()]
    assert entries == [("kick", None), ("ban", "spam"), ("member_update", "calm")]
    since = discord.Object(guild.state.audit[0].id)
    assert [e.action.name async for e in seen.audit_logs(after=since, oldest_first=True)] == ["ban", "kick"]
    await seen.unban(discord.Object(bob.id))
    assert guild.state.bans == {}


async def test_threads_open_take_people_archive_and_go(loopback, guild, connect):
    channel = guild.text_channel("welcome")
    alice = guild.add_member("alice")
    client = await connect()
    seen = client.get_channel(channel.id)
    thread = await seen.create_thread(name="hello", auto_archive_duration=60, invitable=False)
    assert thread.is_private()
    await thread.add_user(discord.Object(alice.id))
    await thread.send("hi")
    state = loopback.world.channels[thread.id]
    assert set(state.thread.members) == {alice.id, client.user.id}
    assert [m.kind for m in state.messages.values()] == [1, 0]
    await thread.edit(archived=True)
    assert [t.id async for t in seen.archived_threads(private=True)] == [thread.id]
    await thread.delete()
    assert thread.id not in loopback.world.channels
    loopback.max_active_threads = 0
    with pytest.raises(discord.HTTPException) as full:
        await seen.create_thread(name="one more")
    assert full.value.code == 160006


async def test_a_forum_post_is_a_thread_with_its_first_message(loopback, guild, connect):
    forum = guild.forum("questions")
    client = await connect()
    made = await client.get_channel(forum.id).create_thread(name="How?", content="Like this?")
    assert made.message.id == made.thread.id
    assert guild.threads()[0].messages[made.thread.id].content == "Like this?"


# sessions


async def test_a_cut_line_is_resumed_and_nothing_is_missed(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    with loopback.outage(resume=True):
        for number in range(20):
            await guild.owner.say(channel, str(number))
    await asyncio.wait_for(client.resumed.wait(), 5)
    await loopback.caught_up()
    await asyncio.sleep(0)
    assert client.heard == [str(number) for number in range(20)]
    assert (loopback.gateway.resumes, client.connections) == (1, 1)


async def test_a_lost_session_misses_events_that_rest_still_knows(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    await guild.owner.say(channel, "before")
    await loopback.caught_up()
    with loopback.outage(resume=False):
        await guild.owner.say(channel, "meanwhile")
    ready = client.wait_for("ready", timeout=5)
    await ready
    await guild.owner.say(channel, "after")
    await loopback.caught_up()
    await asyncio.sleep(0)
    assert client.heard == ["before", "after"]
    assert len(loopback.gateway.identifies) == 2
    history = [m.content async for m in client.get_channel(channel.id).history(limit=5)]
    assert history == ["after", "meanwhile", "before"]


async def test_a_client_asked_to_reconnect_resumes(loopback, guild, connect):
    client = await connect()
    loopback.gateway.ask_to_reconnect()
    await asyncio.wait_for(client.resumed.wait(), 5)
    assert len(loopback.gateway.identifies) == 1


async def test_guilds_are_spread_over_shards(loopback, connect):
    guilds = [
        loopback.create_guild(f"g{number}", created_at=loopback.now - dt.timedelta(days=number))
        for number in range(1, 5)
    ]
    client = await connect(Client(shard_id=1, shard_count=2))
    assert {g.id for g in client.guilds} == {g.id for g in guilds if (g.id >> 22) % 2 == 1}
    assert loopback.gateway.identifies[0].shard == (1, 2)


async def test_a_guild_that_the_bot_joins_or_leaves_is_announced(loopback, guild, connect):
    client = await connect()
    joined = client.wait_for("guild_join", timeout=5)
    new = loopback.create_guild("New", silent=False)
    assert (await joined).id == new.id
    left = client.wait_for("guild_remove", timeout=5)
    new.remove_bot()
    assert (await left).id == new.id


# faults


async def test_a_rate_limit_is_waited_out_and_retried(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    loopback.faults.rate_limit("POST", "/channels/{id}/messages", 0.05, times=2)
    loopback.faults.rate_limit("GET", "*", 0.05, everywhere=True)
    await client.get_channel(channel.id).send("hi")
    await client.fetch_guild(guild.id)
    assert [r.status for r in loopback.requests.find("POST", "/channels/{id}/messages")] == [429, 429, 200]
    assert [r.status for r in loopback.requests.find("GET", f"/guilds/{guild.id}")] == [429, 200]
    assert len(channel.messages) == 1


async def test_a_limited_route_is_paced_by_its_headers_without_a_single_429(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    loopback.buckets.limit("POST", "/channels/{id}/messages", 5, 0.3)
    started = time.monotonic()
    await asyncio.gather(*(client.get_channel(channel.id).send(str(number)) for number in range(11)))
    assert time.monotonic() - started > 0.5
    assert loopback.requests.invalid() == []


async def test_injected_refusals_last_as_long_as_told(loopback, guild, connect):
    client = await connect()
    fault = loopback.faults.fail("GET", "/guilds/{guild_id}/bans", 403, 50013, times=2)
    seen = client.get_guild(guild.id)
    for _ in range(2):
        with pytest.raises(discord.Forbidden):
            await anext(seen.bans())
    assert [b async for b in seen.bans()] == []
    assert len(fault.hits) == 2


async def test_an_answer_that_never_comes_leaves_its_effect(loopback, guild, connect):
    channel = guild.text_channel("general")
    client = await connect()
    cut = loopback.faults.swallow_answer("POST", "/channels/{id}/messages", hang=False)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await client.get_channel(channel.id).send("lost")
    hung = loopback.faults.swallow_answer("POST", "/channels/{id}/messages")
    waiting = asyncio.create_task(client.get_channel(channel.id).send("hung"))
    await hung.happened()
    await asyncio.sleep(0.05)
    assert not waiting.done()
    waiting.cancel()
    assert [m.content for m in channel.messages.values()] == ["lost", "hung"]
    assert [r.status for r in cut.hits + hung.hits] == [0, 0]


async def test_a_blocked_address_gets_html_that_discord_py_does_not_retry(loopback, guild, connect):
    client = await connect()
    loopback.faults.blocked_address(times=1)
    with pytest.raises(discord.HTTPException) as blocked:
        await client.fetch_guild(guild.id)
    assert blocked.value.status == 429


# interactions


def with_commands(client: Client) -> Client:
    @client.tree.command()
    @app_commands.describe(who="somebody", times="how often")
    async def greet(interaction: discord.Interaction, who: discord.Member, times: app_commands.Range[int, 1, 3] = 1):
        await interaction.response.send_message(
            f"hello {who.display_name} x{times} {interaction.locale}", ephemeral=True
        )
        await interaction.followup.send("and more")

    @client.tree.command()
    async def slow(interaction: discord.Interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.05)
        await interaction.edit_original_response(content="done")

    @client.tree.command()
    async def form(interaction: discord.Interaction):
        await interaction.response.send_modal(Form())

    @client.tree.command()
    @app_commands.default_permissions(manage_guild=True)
    async def panel(interaction: discord.Interaction):
        await interaction.response.send_message("panel", view=Panel())

    return client


class Form(discord.ui.Modal, title="Introduce yourself"):  # noqa: TID251 - nothing of Parvis here
    name = discord.ui.TextInput(label="Name", custom_id="name", max_length=10)

    async def on_submit(self, interaction):
        await interaction.response.send_message(f"hello {self.name.value}")


class Panel(discord.ui.View):  # noqa: TID251 - nothing of Parvis here
    @discord.ui.button(label="Press", custom_id="press:1")
    async def press(self, interaction, button):
        await interaction.response.edit_message(content="pressed")

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="roles:1")
    async def roles(self, interaction, select):
        await interaction.response.send_message(", ".join(role.name for role in select.values), ephemeral=True)


@pytest.fixture
async def commanded(loopback, guild, connect):
    guild.text_channel("general")
    client = await connect(with_commands(Client()))
    await client.tree.sync()
    return client


async def test_a_slash_command_is_answered_to_one_person_and_followed_up(loopback, guild, commanded):
    alice, bob = guild.add_member("alice"), guild.add_member("bob")
    alice.locale = "fr"
    record = await alice.slash("greet", who=bob, times=2)
    assert record.response.content == "hello Bob x2 fr"
    assert record.ephemeral
    assert record.first_response_seconds < 1
    while not record.followups:
        await asyncio.sleep(0.01)
    assert record.text.endswith("and more")
    general = next(c for c in guild.state.channels.values() if c.name == "general")
    assert [m.content for m in general.messages.values()] == ["and more"]


async def test_a_deferred_answer_counts_when_it_can_be_read(loopback, guild, commanded):
    record = await guild.add_member("alice").slash("slow")
    assert (record.text, record.ephemeral) == ("done", True)


async def test_a_modal_is_filled_in_and_submitted(loopback, guild, commanded):
    alice = guild.add_member("alice")
    opened = await alice.slash("form")
    assert opened.modal["title"] == "Introduce yourself"
    assert (await alice.submit(opened, {"name": "Ada"})).text == "hello Ada"
    for wrong in ({"name": "far too long a name"}, {"name": ""}, {"nickname": "x"}):
        with pytest.raises(Impossible):
            await alice.submit(opened, wrong)


async def test_buttons_and_selects_are_used(loopback, guild, commanded):
    alice, vip = guild.add_member("alice"), guild.role("VIP")
    with pytest.raises(Impossible, match="does not see"):
        await alice.slash("panel")
    panel = (await guild.owner.slash("panel")).response
    await alice.click(panel, "press:")
    assert panel.content == "pressed"
    assert (await alice.click(panel, "roles:1", vip)).text == "VIP"
    with pytest.raises(Impossible):
        await alice.click(panel, "gone")


async def test_a_late_or_second_first_response_is_refused(loopback, guild, commanded):
    loopback.interaction_seconds = 0
    caught = []

    async def on_error(interaction, error):
        caught.append(error.original.code)

    commanded.tree.on_error = on_error
    with pytest.raises(TimeoutError):
        await guild.owner.slash("form", wait=0.3)
    assert caught == [10062]


async def test_bodies_that_discord_does_not_describe_are_noticed(loopback, guild, connect):
    good = {"content": "hi", "allowed_mentions": {"parse": []}}
    assert complaint("POST", "/channels/{channel_id}/messages", good) is None
    bad = {"content": "hi", "components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81}]}]}
    assert "POST /channels/{channel_id}/messages" in complaint("POST", "/channels/{channel_id}/messages", bad)
    client = await connect()
    await client.http.request(discord.http.Route("PATCH", "/guilds/{guild_id}", guild_id=guild.id), json={"name": 5})
    with pytest.raises(AssertionError, match="do not fit"):
        loopback.check()
    loopback.invalid_bodies.clear()
    with pytest.raises(discord.NotFound):
        await client.http.request(discord.http.Route("GET", "/nowhere"))
    with pytest.raises(AssertionError, match="not imitate"):
        loopback.check()
    loopback.unserved.clear()


# the bot as a process


async def test_a_process_is_watched_stopped_and_never_left_behind(loopback, tmp_path):
    (tmp_path / "bot.py").write_text(
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    async with BotProcess(loopback, folder=tmp_path, PYTHONPATH=str(tmp_path)) as process:
        await process.said("up")
        assert (await process.sigterm()).code == 7
        assert not process.running
        await process.start()
        with pytest.raises(AssertionError, match="never identified"):
            await process.ready(timeout=0.2)
    assert process.code == -9
    assert TOKEN not in " ".join(process.module)
