"""One chapter of the album: a community of its own in one language, with a camera as wide as a phone."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from simcord import InteractionResult, MemberActor, ResponseMessage

from demo.browser import chromium
from demo.community import Language, load_community
from demo.furnishing import decide, furnish
from demo.journey import Journey
from demo.languages import localizers
from demo.page.server import DemoServer
from demo.page.visit import Visit
from demo.pictures import Camera, windows_in
from demo.pressing import latest, pick, press, reply_to
from demo.stage import living_community
from demo.world import LOCALES, World


@dataclass
class Book:
    """What a chapter works with."""

    world: World
    journey: Journey
    camera: Camera
    language: Language
    newcomers: tuple[str, ...]
    """Keys of people who are not there yet; the first has an introduction to write."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path, language: Language, folder: Path, width: int) -> AsyncIterator[Self]:
        """A community on its first day. ``folder`` is there already."""
        async with (
            living_community(load_community(), seed=1, weeks=0, language=language) as story,
            chromium(path) as browser,
        ):
            world = story.world
            server = DemoServer(Visit(world, language), localizers(), lively=False)
            await server.start(0)
            try:
                await furnish(world, language, bilingual=False)
                camera = Camera(await windows_in(browser, language), server, language, folder, world, width)
                absent = [one for one in world.community.people.values() if one.key not in world.members]
                absent.sort(key=lambda one: (language not in one.introduction, language not in one.languages))
                for key in world.users:
                    world.env.set_locale(world.users[key], LOCALES[language])
                yield cls(world, Journey(world), camera, language, tuple(one.key for one in absent))
            finally:
                await server.stop()

    def person(self, door: Any) -> str:
        return self.world.community.behind(door, self.language)

    def actor(self, key: str) -> MemberActor:
        return self.world.members[key]

    async def decide(self, section: str, **fields: Any) -> None:
        await decide(self.world, section, **fields)

    async def arrive(self, place: int) -> str:
        """One of the newcomers joins; the key."""
        key = self.newcomers[place]
        await self.world.arrive(key)
        return key

    async def page(self, key: str, page: str) -> ResponseMessage:
        """A page of somebody's own profile."""
        actor = self.actor(key)
        shown = reply_to(await actor.slash(self.world.channels["square"], "profile"))
        await pick(actor, shown, "profile:page:", page)
        return latest(actor, shown)

    async def panel(self, section: str, button: str) -> ResponseMessage:
        """What a button below a section's settings opens."""
        builder = self.actor(self.person("builder"))
        shown = reply_to(await builder.slash(self.world.channels["staff"], "settings", section=section))
        return reply_to(await press(builder, shown, button))

    async def take(self, name: str, who: str, shown: ResponseMessage | None) -> None:
        """A picture of a message as somebody sees it. Raises LookupError where there is none."""
        if shown is None:
            raise LookupError(f"there is nothing to see of {name}")
        await self.camera.message(name, "builder", latest(self.actor(who), shown), who)

    async def take_form(self, name: str, who: str, form: InteractionResult, text: str) -> None:
        await self.camera.form(name, "builder", form, text, who)

    async def pressed(self, name: str, who: str, shown: ResponseMessage, starts: Sequence[str]) -> ResponseMessage:
        """Press one button after the other, and take a picture of the last answer."""
        answer = shown
        for start in starts:
            answer = reply_to(await press(self.actor(who), latest(self.actor(who), answer), start))
        await self.take(name, who, answer)
        return answer
