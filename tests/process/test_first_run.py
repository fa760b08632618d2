"""`parvis init` asks for the token without showing it, checks it, and writes a file that only its owner can read."""

import asyncio
import contextlib
import os
import pty
import signal
import stat
import sys
import termios

import pytest

from tests.loopback.nursery import fork
from tests.loopback.process import ROOT

pytestmark = pytest.mark.process


class Terminal:
    """`parvis init` in a terminal of its own, with what it showed.

    `afresh`: by a new Python with all its imports, as people start it, instead of a fork of one that has done them.
    """

    def __init__(self, loopback, folder, **environment):
        self.shown = ""
        self.folder = folder
        kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        self.environment = {**kept, "PARVIS_DISCORD_URL": loopback.url, **environment}

    async def start(self, *, afresh):
        self.file, theirs = pty.openpty()
        settings = termios.tcgetattr(theirs)
        settings[3] |= termios.ECHO  # what is typed is shown unless the program turns it off
        termios.tcsetattr(theirs, termios.TCSANOW, settings)
        if afresh:
            self.process = await self._from_nothing(theirs)
        else:
            self.process = await fork(["bot", "init"], cwd=self.folder, env=self.environment, terminal=theirs)
        os.close(theirs)
        os.set_blocking(self.file, False)

    async def _from_nothing(self, theirs):
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "import fcntl, signal, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
            # a test run in the background of a shell hands down that Ctrl-C is ignored
            "signal.signal(signal.SIGINT, signal.default_int_handler); import bot.cli; bot.cli.main()",
            "init",
            cwd=self.folder,
            env=self.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )

    async def read_until(self, words, seconds=30):
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while words not in self.shown:
            assert loop.time() < end, f"it never said {words!r}: {self.shown}"
            self._read()
            await asyncio.sleep(0.02)

    def _read(self):
        try:
            self.shown += os.read(self.file, 65536).decode().replace("\r\n", "\n")
        except (BlockingIOError, OSError):
            return

    async def type(self, text):
        await asyncio.sleep(0.2)  # getpass throws away what was typed before it asks
        os.write(self.file, f"{text}\n".encode())

    async def ended(self, seconds=60):
        end = asyncio.get_running_loop().time() + seconds
        while self.process.returncode is None:
            assert asyncio.get_running_loop().time() < end, f"it did not end: {self.shown}"
            self._read()
            await asyncio.sleep(0.02)
        self._read()
        return self.process.returncode

    async def close(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()
        os.close(self.file)


@pytest.fixture
async def terminal(loopback, tmp_path):
    made = []

    async def make(*, afresh=False, **environment):
        made.append(Terminal(loopback, tmp_path, **environment))
        await made[-1].start(afresh=afresh)
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def test_the_first_run_writes_the_token_for_its_owner_alone_and_never_shows_it(loopback, terminal, tmp_path):
    loopback.world.application.members_intent = False
    screen = await terminal()
    await screen.read_until("Token (hidden)")
    await screen.type(loopback.token)
    await screen.read_until("Waiting until the bot is in a server")
    loopback.create_guild("Agora\x1b[31m")
    assert await screen.ended() == 0, screen.shown
    assert "The bot has joined Agora[31m." in screen.shown
    assert "Still off: Server Members Intent" in screen.shown
    assert screen.shown.rstrip().endswith("press Set up there.")
    assert (screen.shown.count("(hidden)"), "[y/N]" in screen.shown) == (1, False), "only the token is asked for"
    file = tmp_path / ".env"
    assert file.read_text() == f"DISCORD_TOKEN={loopback.token}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    application = str(loopback.world.application.id)
    assert loopback.token not in screen.shown
    assert f"https://discord.com/developers/applications/{application}/bot" in screen.shown
    assert "Server Members Intent (off, turn it on)" in screen.shown
    assert "Message Content Intent (on)" in screen.shown
    assert f"client_id={application}&scope=bot+applications.commands&permissions=" in screen.shown
    assert "Manage Roles: to give newcomers" in screen.shown
    assert "administrator" not in screen.shown.lower()


async def test_a_wrong_value_is_recognised_and_asked_for_again(loopback, terminal, tmp_path):
    loopback.create_guild("Agora")
    screen = await terminal()
    await screen.read_until("Token (hidden)")
    await screen.type("123456789012345678")
    await screen.read_until("application ID")
    assert not (tmp_path / ".env").exists()
    await screen.type(loopback.token)
    assert await screen.ended() == 0, screen.shown
    assert "The bot is already in: Agora." in screen.shown
    assert (tmp_path / ".env").exists()


async def test_a_token_that_is_there_is_replaced_only_after_a_yes_and_the_rest_of_the_file_stays(
    loopback, terminal, tmp_path
):
    file = tmp_path / ".env"
    file.write_text("# mine\nDISCORD_TOKEN=old\nPARVIS_LOG_LEVEL=DEBUG\n")
    screen = await terminal(LANG="fr_FR.UTF-8")
    await screen.read_until("Le remplacer")
    await screen.type("n")
    assert await screen.ended() == 0
    assert "old" in file.read_text()
    screen = await terminal(LANG="fr_FR.UTF-8", afresh=True)
    await screen.read_until("Le remplacer")
    await screen.type("o")
    await screen.read_until("Jeton (caché)")
    await screen.type(loopback.token)
    await screen.read_until("En attente")
    os.write(screen.file, b"\x03")
    assert await screen.ended() == 0, screen.shown
    assert file.read_text() == f"# mine\nDISCORD_TOKEN={loopback.token}\nPARVIS_LOG_LEVEL=DEBUG\n"


async def test_giving_up_writes_nothing(loopback, terminal, tmp_path):
    screen = await terminal()
    await screen.read_until("Token (hidden)")
    await asyncio.sleep(0.2)
    os.write(screen.file, b"\x03")
    assert await screen.ended() != 0
    assert "Traceback" not in screen.shown
    assert not (tmp_path / ".env").exists()
