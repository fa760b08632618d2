"""The one path of message and reaction events."""

import asyncio

import pytest
from discord.ext import commands

from bot.messages import HotEvent


@pytest.fixture
def bot_options():
    return {"features": ()}


async def test_a_tap_sees_every_message_on_the_gateways_own_stack(stage):
    seen = []

    def tap(message):
        seen.append((message.content, asyncio.current_task()))

    stage.bot.messages.tap(tap)
    before = asyncio.all_tasks()
    await stage.member.send(stage.general, "bonjour")
    assert [content for content, _ in seen] == ["bonjour"]
    assert seen[0][1] in before, "a task was started for a tap that had no work"


async def test_a_tap_with_work_gets_a_task_of_its_own(stage):
    done = []

    async def work(content):
        done.append(content)

    stage.bot.messages.tap(lambda message: work(message.content) if message.content == "work" else None)
    await stage.member.send(stage.general, "idle")
    await stage.member.send(stage.general, "work")
    await stage.env.settle()
    assert done == ["work"]


async def test_a_tap_that_raises_hurts_no_other(stage, logged_errors):
    seen = []

    def broken(message):
        raise ZeroDivisionError

    async def failing():
        raise ZeroDivisionError

    stage.bot.messages.tap(broken)
    stage.bot.messages.tap(lambda message: failing())
    stage.bot.messages.tap(lambda message: seen.append(message.content))
    await stage.member.send(stage.general, "hello")
    await stage.env.settle()
    assert seen == ["hello"]
    assert len(logged_errors) == 2
    logged_errors.clear()


async def test_wait_for_still_works(stage):
    waiting = asyncio.ensure_future(stage.bot.wait_for("message", check=lambda m: m.content == "now"))
    await stage.member.send(stage.general, "not yet")
    assert not waiting.done()
    await stage.member.send(stage.general, "now")
    assert (await waiting).content == "now"


async def test_a_wait_for_whose_condition_fails_gets_the_error_and_a_cancelled_one_is_dropped(stage):
    cancelled = asyncio.ensure_future(stage.bot.wait_for("message"))
    broken = asyncio.ensure_future(stage.bot.wait_for("message", check=lambda m: 1 / 0))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.sleep(0)
    await stage.member.send(stage.general, "hello")
    with pytest.raises(ZeroDivisionError):
        await broken


async def test_reactions_and_deletions_reach_taps(stage):
    seen = []
    for event in (HotEvent.REACTION_ADD, HotEvent.REACTION_REMOVE, HotEvent.MESSAGE_DELETE):
        stage.bot.messages.tap(lambda payload, event=event: seen.append(event), event)
    message = await stage.admin.send(stage.general, "vote")
    await stage.member.react(message, "👍")
    await stage.member.unreact(message, "👍")
    await stage.admin.delete(message)
    assert seen == [HotEvent.REACTION_ADD, HotEvent.REACTION_REMOVE, HotEvent.MESSAGE_DELETE]


async def test_other_events_go_their_usual_way(stage):
    joined = asyncio.ensure_future(stage.bot.wait_for("member_join"))
    await asyncio.sleep(0)
    await stage.env.join(stage.guild, "newcomer")
    assert (await joined).name == "newcomer"


async def test_a_cog_that_would_be_silently_dead_stops_the_start(make_bot):
    class Deaf(commands.Cog):
        @commands.Cog.listener()
        async def on_message(self, message):
            """Never called."""

    bot = make_bot()
    await bot.add_cog(Deaf())
    with pytest.raises(RuntimeError, match="on_message never fires"):
        bot.messages.refuse_listeners()
