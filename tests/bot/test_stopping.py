"""The program ends when it is told to: cleanly, in time even when something hangs, and at once when told twice."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import asyncio, sys, threading, time
from bot import stopping
stopping.STOP_SECONDS = 2

async def work(kind):
    print("at work", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        print("closing", flush=True)
        if kind == "hangs":
            await asyncio.sleep(60)
        if kind == "blocks":
            time.sleep(60)
        if kind == "thread":
            threading.Thread(target=time.sleep, args=(60,)).start()
        print("closed", flush=True)

async def main(kind):
    stop = stopping.Stopping()
    if kind == "fails":
        await stop.run(fails())
    await stop.run(work(kind))
    print(stop.reason, flush=True)

async def fails():
    raise ValueError("as it is")

with asyncio.Runner() as runner:
    runner.run(main(sys.argv[1]))
"""


class Program:
    def __init__(self, kind):
        command = [sys.executable, "-c", PROGRAM, kind]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "at work\n"

    def tell(self, number):
        self.process.send_signal(number)

    def closing(self):
        assert self.process.stdout.readline() == "closing\n"

    def end(self):
        """Exit code, seconds, and what it said after."""
        began = time.monotonic()
        said, error = self.process.communicate(timeout=30)
        assert "Traceback" not in error
        return self.process.returncode, time.monotonic() - began, said


@pytest.fixture
def program():
    made = []

    def start(kind):
        made.append(Program(kind))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_work_close_what_it_opened_and_ends_with_0(program, number):
    running = program("closes")
    running.tell(number)
    code, seconds, said = running.end()
    assert (code, said) == (0, "closing\nclosed\nsignal\n")
    assert seconds < 2


@pytest.mark.parametrize("kind", ["hangs", "blocks", "thread"])
def test_what_hangs_is_abandoned_when_the_time_is_over(program, kind):
    running = program(kind)
    running.tell(signal.SIGTERM)
    running.closing()
    code, seconds, _ = running.end()
    assert code == 1
    assert seconds < 8


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(program, second):
    running = program("hangs")
    running.tell(signal.SIGTERM)
    running.closing()
    running.tell(second)
    code, seconds, said = running.end()
    assert (code, said) == (1, "")
    assert seconds < 1.5


def test_an_error_of_the_work_is_raised_as_it_is():
    command = [sys.executable, "-c", PROGRAM, "fails"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "ValueError: as it is" in ended.stderr
