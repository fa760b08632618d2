"""The story as the real bot lived it: what it counted is what people did, and it is told the same each time."""

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.community.models import ActivityDay, Contribution
from bot.timers import DueTimer
from cogs.conduct.cases.models import Case
from demo import scenes
from demo.casework import DECIDE
from demo.community import LANGUAGES, load_community
from demo.headless import tell_everything
from demo.journey import START, TAKE
from demo.languages import localizers
from demo.simulation import Simulation, Where
from demo.stage import living_community

WEEKS = 1


async def counted(story: Simulation, column: str) -> Counter[Where]:
    """One column of the bot's activity table, by person and channel."""
    world = story.world
    people = {user.id: key for key, user in world.users.items()}
    channels = {handle.id: key for key, handle in world.channels.items()}
    total = func.sum(getattr(ActivityDay, column))
    query = select(ActivityDay.user_id, ActivityDay.channel_id, total).group_by(
        ActivityDay.user_id, ActivityDay.channel_id
    )
    async with world.bot.db.read() as session:
        rows = (await session.execute(query)).all()
    return Counter({(people[user], channels[channel]): count for user, channel, count in rows if count})


async def facts(story: Simulation, kind: str) -> list[tuple[str, str | None]]:
    """Who earned facts of a kind, and for whom."""
    people = {user.id: key for key, user in story.world.users.items()}
    query = select(Contribution).where(Contribution.kind == kind, Contribution.revoked_at.is_(None))
    async with story.world.bot.db.read() as session:
        rows = (await session.scalars(query)).all()
    return sorted((people[row.user_id], people.get(row.for_member or 0)) for row in rows)


async def cases(story: Simulation) -> list[tuple[str, str, str]]:
    """Who decided what about whom, in the order of the cases."""
    people = {user.id: key for key, user in story.world.users.items()}
    async with story.world.bot.db.read() as session:
        rows = (await session.scalars(select(Case).order_by(Case.number))).all()
    assert all(row.noticed_at for row in rows), "everybody was told"
    return [(people[row.moderator_id or 0], row.kind.value, people[row.user_id]) for row in rows]


async def test_what_the_bot_counted_is_what_people_did_and_the_story_is_told_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "there-is-none"))
    scenes.load()
    told: list[str] = []
    for turn in ("first", "second"):
        async with living_community(load_community(), seed=7, weeks=WEEKS) as story:
            await story.world.env.pass_time(minutes=10)
            assert story.world.env.errors == []
            if turn == "first":
                await hold_against_the_database(story)
            out = tmp_path / turn
            out.mkdir()
            written, pictured = await tell_everything(story.world, localizers(), out, lambda done, total: None)
            assert story.world.env.errors == []
            assert not pictured
            assert [path.name for path in written] == ["transcript-en.md", "transcript-fr.md"]
            told += [path.read_text(encoding="utf-8") for path in written]
    assert told[:2] == told[2:]
    for transcript in told:
        assert not re.search(r"\d{15,}", transcript), "readers meet no ids"
        assert transcript.count("\n## ") == len(scenes.scenes())


async def hold_against_the_database(story: Simulation) -> None:
    tally = story.tally
    assert sum(tally.messages.values()) > 500
    assert await counted(story, "messages") == tally.messages
    assert await counted(story, "reactions_given") == tally.reactions_given
    assert await counted(story, "reactions_received") == tally.reactions_received
    assert sum(tally.voice_minutes.values()) > 100
    assert await counted(story, "voice_minutes") == +tally.voice_minutes
    assert len(tally.introduced) >= 3
    assert [who for who, _ in await facts(story, "introduced")] == sorted(tally.introduced)
    assert set(tally.answered_calls) == {"nils"}, "a greeter was asked, and answered"
    assert (tally.answered_calls["nils"], "nils") in await facts(story, "greeted")
    assert await cases(story) == tally.decided
    assert tally.contested == ["priya"], "an appeal waits for whoever moderates"
    [appeal] = story.casework.appeals()
    assert DECIDE in str(appeal.components)
    greeted = {newcomer for _, newcomer in await facts(story, "greeted")}
    assert greeted == set(tally.greeted)


async def test_an_act_is_over_before_what_is_due_seconds_later_which_happens_when_its_time_has_come() -> None:
    rung: list[str] = []

    async def ring(timer: DueTimer) -> None:
        rung.append(timer.key)

    async with living_community(load_community(), seed=1, weeks=0) as story:
        env, bot = story.world.env, story.world.bot
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


async def test_progress_is_told_from_nothing_to_everything() -> None:
    seen: list[tuple[int, int]] = []
    note: Callable[[int, int], None] = lambda done, total: seen.append((done, total))  # noqa: E731
    async with living_community(load_community(), seed=1, weeks=0, progress=note) as story:
        assert story.world.env.now() == story.world.community.arrival
    assert seen == []


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
