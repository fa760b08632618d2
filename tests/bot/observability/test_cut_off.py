"""What the log says of a task that nobody waits for."""

import asyncio
import gc
import logging

from aiohttp import ClientConnectionResetError

from bot.observability.cut_off import report_cut_off


async def failing(error: Exception) -> None:
    raise error


async def left_alone(error: Exception) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(report_cut_off)
    task = asyncio.ensure_future(failing(error))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    loop.set_exception_handler(None)


async def test_a_lost_connection_is_one_line_without_a_traceback(caplog):
    with caplog.at_level(logging.INFO):
        await left_alone(ClientConnectionResetError("Cannot write to closing transport"))
    assert [(r.levelname, r.exc_info) for r in caplog.records if "cut off" in r.getMessage()] == [("INFO", None)]
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_any_other_error_keeps_its_traceback(caplog):
    await left_alone(ValueError("a bug of ours"))
    assert [type(r.exc_info[1]) for r in caplog.records if r.levelno >= logging.ERROR] == [ValueError]
