"""Plays every scene in both languages and writes pictures and transcripts."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from demo.browser import chromium, find_chromium
from demo.community import LANGUAGES, Language
from demo.furnishing import furnish
from demo.journey import Journey
from demo.page.server import DemoServer
from demo.page.visit import Visit
from demo.pictures import Camera, NoCamera, windows_in
from demo.scenes import DOORS, scenes
from demo.telling import Telling
from demo.world import LOCALES, World

INTRODUCTION = N_(
    "The real bot, unmodified, on a simulated Discord. {members} members wrote {messages} messages in the weeks "
    "before; the community is invented, what the bot says is not."
)

Progress = Callable[[int, int], None]


async def tell_everything(
    world: World, languages: dict[Language, Localizer], out: Path, progress: Progress
) -> tuple[list[Path], bool]:
    """Write ``transcript-<language>.md`` and the pictures below ``out``; the files, and whether there are pictures."""
    path = find_chromium()
    written: list[Path] = []
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium(path)) if path else None
        server = DemoServer(Visit(world, "en"), languages, lively=False)
        await server.start(0)
        stack.push_async_callback(server.stop)
        for turn, language in enumerate(LANGUAGES):
            folder = out / language
            if browser is not None:
                folder.mkdir(parents=True, exist_ok=True)
            await furnish(world, language, bilingual=False)
            await _greet_readers(world, language)
            camera: Camera | NoCamera = NoCamera()
            if browser is not None:
                camera = Camera(await windows_in(browser, language), server, language, folder, world)
            telling = Telling(world, Journey(world), language, languages[language], camera)
            written += await _play(telling, out, partial(progress, turn))
            if isinstance(camera, Camera):
                written += await _pages(camera)
    return written, path is not None


async def _greet_readers(world: World, language: Language) -> None:
    """Whoever is seen or asked in this telling reads its language; the newcomer joins."""
    seen = {world.community.behind(door, language) for door in DOORS}
    for key, person in world.community.people.items():
        if key in seen or person.duties:
            world.env.set_locale(world.users[key], LOCALES[language])
    await world.arrive(world.community.behind("newcomer", language))


async def _play(telling: Telling, out: Path, progress: Callable[[int], None]) -> list[Path]:
    t, life = telling.t, telling.world.life
    telling.lines += [f"# {telling.world.community.name}", ""]
    telling.tell(INTRODUCTION, members=t.number(life["members"]), messages=t.number(life["messages"]))
    for done, scene in enumerate(scenes(), start=1):
        telling.heading(scene.title)
        await scene.play(telling)
        progress(done)
    transcript = out / f"transcript-{telling.language}.md"
    transcript.write_text("\n".join(telling.lines).rstrip() + "\n", encoding="utf-8")
    return [transcript, *sorted((out / telling.language).glob("*.png"))]


async def _pages(camera: Camera) -> list[Path]:
    return [
        await camera.page("page-doors", None, "", width=1280, height=800),
        await camera.page("page", "newcomer", "square", width=1280, height=800),
        await camera.page("page-phone", None, "", width=390, height=844),
    ]
