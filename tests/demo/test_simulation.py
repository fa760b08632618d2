"""The simulated community: what an act waits for, and what four weeks of it hold."""

import time
from datetime import timedelta

import pytest

from bot.timers import DueTimer
from demo.community import LANGUAGES, load_community
from demo.journey import START, TAKE
from demo.stage import living_community
from tests.demo.counting import cases


async def test_an_act_is_over_before_what_is_due_seconds_later_which_happens_when_its_time_has_come() -> None:
    rung: list[str] = []

    async def ring(timer: DueTimer) -> None:
        rung.append(timer.key)

    async with living_community(load_community(), seed=1, weeks=0) as story:
        env, bot = story.world.env, story.world.bot
        assert env.now() == story.world.community.arrival
        bot.timers.handle("bell", ring)
        with env.time_context():
            due = env.now() + timedelta(seconds=12)
            await bot.db.transaction(
                lambda tx: bot.timers.schedule(tx, kind="bell", key="b", due_at=due, guild_id=None, payload={})
            )
        before = time.monotonic()
        await story.world.members["noor"].send(story.world.channels["square"], "Hello.")
        assert time.monotonic() - before < 6
        assert rung == []
        await env.pass_time(seconds=13)
        assert rung == ["b"]


@pytest.mark.soak
async def test_in_the_end_each_language_has_somebody_who_was_stuck_helped_on_and_asked_about_a_buddy() -> None:
    async with living_community(load_community(), seed=1, weeks=4) as story:
        assert story.world.env.errors == []
        assert await cases(story) == story.tally.decided
        assert ("sacha", "timeout", "bastien") in story.tally.decided, "not what was proposed, and said why"
        assert set(story.tally.answered_calls) == {"swann", "nils"}
        for language in LANGUAGES:
            key = story.world.community.behind("settling", language)
            reminder, question = (story.journey.letter_of(key, start) for start in (START, "buddies:notyet:"))
            assert reminder is not None
            assert question is not None
            assert reminder.id < question.id
            assert story.journey.together_of(key) is not None
        call = story.journey.call_about("zelie")
        assert call is not None
        assert TAKE in str(call.components), "the visitor finds somebody who waits"
