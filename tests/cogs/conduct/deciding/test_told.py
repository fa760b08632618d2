"""An answer waits for what becomes of the notice, however soon or late that is known."""

import aiohttp
import discord
import pytest

from cogs.conduct.cases.events import NoticeSettled
from cogs.conduct.deciding.told import Answers
from cogs.conduct.reports.refusals import ReportGone
from cogs.conduct.screens import REMEMBERED


async def test_an_answer_is_drawn_once_and_only_for_its_own_case():
    answers, drawn = Answers(), []

    async def draw():
        drawn.append(1)

    answers.wait(7, draw)
    await answers.on_settled(NoticeSettled(1, 8))
    assert drawn == []
    await answers.on_settled(NoticeSettled(1, 7))
    await answers.on_settled(NoticeSettled(1, 7))
    assert drawn == [1]
    answers.wait(9, draw)
    answers.forget(9)
    await answers.on_settled(NoticeSettled(1, 9))
    assert drawn == [1], "the answer shows something else by now"


async def test_only_so_many_wait_and_one_that_is_gone_hurts_nobody():
    answers, drawn = Answers(), []

    def drawing(number):
        async def draw():
            drawn.append(number)
            response = type("Response", (), {"status": 404, "reason": "gone"})()
            raise discord.NotFound(response, "Unknown Webhook")

        return draw

    for number in range(REMEMBERED + 1):
        answers.wait(number + 1, drawing(number + 1))
    await answers.on_settled(NoticeSettled(1, 1))
    await answers.on_settled(NoticeSettled(1, 2))
    assert drawn == [2]


@pytest.mark.parametrize("failure", [ReportGone, aiohttp.ServerDisconnectedError, TimeoutError])
async def test_an_answer_that_cannot_be_drawn_leaves_no_other_as_it_was(failure):
    answers, drawn = Answers(), []

    async def fail():
        raise failure

    async def draw():
        drawn.append(1)

    answers.wait(7, fail)
    answers.wait(7, draw)
    await answers.on_settled(NoticeSettled(1, 7))
    assert drawn == [1]
