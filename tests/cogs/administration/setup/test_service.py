"""The draft and the runs, on both databases."""

import asyncio

import pytest

from bot.timers import Timers
from cogs.administration.setup.drafts import Drafts
from cogs.administration.setup.operations import Kind, Operation, State
from cogs.administration.setup.problems import NothingToUndo, UnderWay
from cogs.administration.setup.runs import Runs

GUILD = 1477953611366400002
MADE = Operation(Kind.TEXT, "welcome.panel_channel", name="start-here")
SET = Operation(Kind.SETTINGS, "welcome", values={"enabled": True}, made=("panel_channel",))


async def test_answers_given_at_once_are_all_kept_and_read_back(db, clock):
    drafts = Drafts(db, clock)
    await asyncio.gather(
        *(drafts.change(GUILD, 7, lambda answers, n=n: {**answers, f"answer{n}": n}) for n in range(20))
    )
    assert drafts.get(GUILD).answers == {f"answer{n}": n for n in range(20)}
    again = Drafts(db, clock)
    await again.load()
    assert again.get(GUILD) == drafts.get(GUILD)
    assert again.get(GUILD).revision == 20


async def test_of_many_who_press_apply_at_once_one_begins_and_the_others_are_told_who(db, clock):
    drafts = Drafts(db, clock)
    runs = Runs(db, Timers(db, clock), drafts, clock)
    begun = await asyncio.gather(
        *(runs.begin(GUILD, by, [MADE, SET], {"places": {}}) for by in range(1, 9)), return_exceptions=True
    )
    (run,) = [one for one in begun if not isinstance(one, UnderWay)]
    assert {one.params["who"] for one in begun if isinstance(one, UnderWay)} == {f"<@{run.acting}>"}
    again = Runs(db, Timers(db, clock), drafts, clock)
    await again.load()
    assert again.latest(GUILD) == runs.latest(GUILD) == run
    with pytest.raises(UnderWay):
        await runs.begin_undo(GUILD, run.id, 1)


async def test_what_was_done_is_no_answer_any_more_and_what_failed_stays_one(db, clock):
    from dataclasses import replace

    drafts = Drafts(db, clock)
    runs = Runs(db, Timers(db, clock), drafts, clock)
    wish = {"ids": [], "create": True}
    other = Operation(Kind.ROLE, "welcome.member_role", name="Member")
    answers = {"language": "fr", "capabilities": {"welcome": True}}
    answers["places"] = {MADE.key: wish, other.key: wish, "community.staff_channel": {"ids": [5], "create": False}}
    run = await runs.begin(GUILD, 1, [MADE, other, SET], answers)
    run = await runs.record(run, replace(MADE, state=State.DONE, id=9), other.failed())
    await runs.finish(await runs.record(run, replace(SET, state=State.DONE, after={"enabled": True})))
    kept = drafts.get(GUILD).answers
    assert kept["places"][other.key] == wish
    assert kept["places"][MADE.key] == {"ids": [9], "create": False, "again": True}, "created, and not set yet"
    assert "community.staff_channel" not in kept["places"]
    assert "language" not in kept
    # Undone once, and only the latest.
    await runs.begin_undo(GUILD, run.id, 2)
    await runs.finish(runs.latest(GUILD))
    with pytest.raises(NothingToUndo):
        await runs.begin_undo(GUILD, run.id, 2)


async def test_an_operation_is_read_as_it_was_written():
    told = SET.failed({"message": "x", "params": {}})
    assert Operation.read(told.written()) == told
