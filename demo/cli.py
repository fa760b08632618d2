"""`parvis demo`: lives the weeks, then opens the page, or writes pictures and transcripts."""

import asyncio
import contextlib
import errno
import signal
import socket
import webbrowser
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.terminal import console, say, spoken
from bot.errors import StartupError
from bot.i18n.marks import N_
from demo import scenes
from demo.community import Language, load_community
from demo.headless import tell_everything
from demo.languages import localizers
from demo.page.server import HOST, DemoServer
from demo.page.visit import Visit
from demo.stage import living_community

NO_PICTURES = N_(
    "No Chromium was found, so there are no pictures. On Debian: apt install chromium. Elsewhere set CHROMIUM to a "
    "browser’s path."
)


class Stopped(Exception):
    """Ctrl-C while the weeks are still being lived."""


def demo(*, port: int, lang: Language | None, headless: bool, out: Path | None, seed: int, weeks: int) -> int:
    """Run the demo; the exit code. Raises StartupError when it cannot start."""
    scenes.load()
    if headless:
        assert out is not None
        return asyncio.run(_headless(_folder(out), seed, weeks))
    _require_free(port)
    with contextlib.suppress(KeyboardInterrupt, Stopped):
        asyncio.run(_serve(port, lang, seed, weeks))
    return 0


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartupError(
            N_("The folder {path} cannot be written: {reason}."), exit_code=1, path=out, reason=error.strerror
        ) from None
    return out


def _require_free(port: int) -> None:
    """Say so before weeks are simulated for nothing."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise _taken(port) from None


def _taken(port: int) -> StartupError:
    return StartupError(N_("Port {port} is taken. Choose another one with --port."), exit_code=1, port=port)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console(),
    )


async def _headless(out: Path, seed: int, weeks: int) -> int:
    with _bar() as bar:
        living = bar.add_task(spoken().plural("Living {n} week", "Living {n} weeks", weeks))
        telling = bar.add_task(spoken()(N_("Telling them in two languages")), total=2)
        async with living_community(
            load_community(),
            seed=seed,
            weeks=weeks,
            progress=lambda done, total: bar.update(living, completed=done, total=total),
        ) as story:
            count = len(scenes.scenes())
            written, pictured = await tell_everything(
                story.world,
                localizers(),
                out,
                lambda turn, done: bar.update(telling, completed=turn + done / count),
            )
    for path in written:
        say(N_("Written: {path}"), path=path)
    if not pictured:
        say(NO_PICTURES)
    return 0


async def _serve(port: int, lang: Language | None, seed: int, weeks: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows raises KeyboardInterrupt instead
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        with _bar() as bar:
            task = bar.add_task(spoken().plural("Living {n} week", "Living {n} weeks", weeks))

            def lived(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)
                if stop.is_set():
                    raise Stopped

            living = living_community(load_community(), seed=seed, weeks=weeks, language=lang, progress=lived)
            story = await stack.enter_async_context(living)
        server = DemoServer(Visit(story.world, lang or "en"), localizers(), lang)
        stack.push_async_callback(server.stop)
        try:
            await server.start(port)
        except OSError:
            raise _taken(port) from None
        say(N_("The demo is open at {url} Stop it with Ctrl-C."), url=server.url)
        await asyncio.to_thread(webbrowser.open, server.url)
        await stop.wait()
