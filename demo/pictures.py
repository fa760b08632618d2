"""Takes pictures of the demo with a Chromium on this machine, through the very page a visitor sees."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import discord
from PIL import Image
from playwright.async_api import Browser, BrowserContext, FloatRect, Locator, Page
from simcord import InteractionResult, ResponseMessage

from demo.community import Language
from demo.page.server import DemoServer
from demo.scenes import Door
from demo.world import World

WIDTH, HEIGHT = 720, 900
"""Of the conversation; what is taller is scrolled to and grows the window."""
MARGIN = 14
SHARPNESS = 2
"""Device pixels for each CSS pixel, so that texts stay crisp in a README."""
ALONE = """shown => {
  const others = [...document.querySelectorAll(".channel-message")].filter((one) => one !== shown);
  for (const other of others) other.style.visibility = "hidden";
}"""
"""Hides the messages above and below, whose edges would show in the margin."""
COLOURS, LARGE = (256, 48, 24), 150_000
"""Fewer colours for a picture of more bytes: a long text has few of them."""
PATIENCE = 20_000.0
"""Milliseconds for a slow machine to draw."""


async def windows_in(browser: Browser, language: Language) -> BrowserContext:
    """Windows of a reader of that language. They share what they have loaded."""
    return await browser.new_context(
        device_scale_factor=SHARPNESS, locale=language, reduced_motion="reduce", bypass_csp=True
    )


class NoCamera:
    """Where there is no browser: the transcript goes without pictures."""

    async def message(
        self, name: str, door: Door, shown: ResponseMessage | discord.Message, who: str | None = None
    ) -> Path | None:
        return None

    async def form(
        self, name: str, door: Door, shown: InteractionResult, text: str, who: str | None = None
    ) -> Path | None:
        return None

    def elsewhere(self, world: World) -> Self:
        return self


@dataclass
class Camera:
    """Writes PNG files into ``folder``, in one language, of what is seen in one server."""

    windows: BrowserContext
    server: DemoServer
    language: Language
    folder: Path
    world: World
    width: int = WIDTH

    def elsewhere(self, world: World) -> Self:
        return replace(self, world=world)

    async def message(
        self, name: str, door: Door, shown: ResponseMessage | discord.Message, who: str | None = None
    ) -> Path | None:
        """A message as the person behind a door sees it, or somebody else (a key)."""
        channel_id = shown.channel_id if isinstance(shown, ResponseMessage) else shown.channel.id
        async with self._looking(door, channel_id, shown, who) as page:
            message = page.locator(f'.channel-message[data-message-id="{shown.id}"]')
            await message.wait_for(timeout=PATIENCE)
            await self._settled(page)
            await message.evaluate(ALONE)
            return await self._take(page, message, name)

    async def form(
        self, name: str, door: Door, shown: InteractionResult, text: str, who: str | None = None
    ) -> Path | None:
        """A form that was opened, with a text written into its first field."""
        async with self._looking(door, shown._interaction.channel_id, shown, who) as page:
            form = page.locator("dialog.modal-card, .modal-card, [role=dialog]").first
            await form.wait_for(timeout=PATIENCE)
            await form.locator("textarea, input").first.fill(text)
            await self._settled(page)
            return await self._take(page, form, name)

    async def page(self, name: str, door: Door | None, channel: str, *, width: int, height: int) -> Path:
        """The demo's own page: the doors, or a channel behind one of them."""
        self.server.visit.world = self.world
        async with self._window(width, height) as page:
            await page.goto(f"{self.server.url}?lang={self.language}")
            if door is not None:
                await page.locator(f'.card[data-door="{door}"]').click()
                await page.locator(f'.tasks:not([hidden]) [data-go="{channel}"]').first.click()
                frame = page.frame_locator("#frame")
                await frame.locator(".channel-message").last.wait_for(timeout=PATIENCE)
                await page.locator("#guide").evaluate("guide => guide.scrollTop = 0")
                await page.wait_for_timeout(900)
            await page.evaluate("document.fonts.ready")
            await page.evaluate("sessionStorage.clear()")  # the next visitor of this window chooses a door again
            return self._kept(name, await page.screenshot())

    @asynccontextmanager
    async def _looking(self, door: Door, channel_id: int, shown: object, who: str | None = None) -> AsyncIterator[Page]:
        visit = self.server.visit
        visit.world = self.world
        await visit.open(door, self.language, channel_id, who)
        assert visit.preview is not None
        await visit.preview.show(shown)
        async with self._window(self.width, HEIGHT) as page:
            address = self.server.discord.address or ""
            await page.goto(self.server.url.rstrip("/") + address.replace("?", "?plain&", 1))
            yield page

    @asynccontextmanager
    async def _window(self, width: int, height: int) -> AsyncIterator[Page]:
        """The one window: a new one for each picture would cost a process of the browser each."""
        page = self.windows.pages[0] if self.windows.pages else await self.windows.new_page()
        try:
            await page.set_viewport_size({"width": width, "height": height})
            yield page
        finally:
            await self.server.visit.close()

    async def _settled(self, page: Page) -> None:
        """Fonts and avatars are there, and nothing is being drawn."""
        await page.wait_for_function("window.simcordPreview?.ready === true", timeout=PATIENCE)
        await page.evaluate("document.fonts.ready")
        await page.mouse.move(1, 1)
        await page.evaluate("document.activeElement?.blur()")
        await page.wait_for_timeout(120)

    async def _take(self, page: Page, what: Locator, name: str) -> Path:
        box = await what.bounding_box()
        if box is not None and box["height"] + 2 * MARGIN > HEIGHT:
            await page.set_viewport_size({"width": self.width, "height": int(box["height"]) + 200})
            await page.wait_for_timeout(300)
        await what.evaluate("shown => shown.scrollIntoView({block: 'center'})")
        box = await what.bounding_box()
        assert box is not None
        return self._kept(name, await page.screenshot(clip=_around(box, self.width)))

    def _kept(self, name: str, png: bytes) -> Path:
        """Write a picture with a palette: a third of the bytes, and nobody sees the difference on a dark page."""
        path = self.folder / f"{name}.png"
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        for colours in COLOURS:
            small = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            small.save(path, optimize=colours < COLOURS[0])  # it saves a twelfth of the bytes and takes as long again
            if path.stat().st_size <= LARGE:
                break
        return path


def _around(box: FloatRect, width: int) -> FloatRect:
    left, top = max(0.0, box["x"] - MARGIN), max(0.0, box["y"] - MARGIN)
    right, bottom = min(width, box["x"] + box["width"] + MARGIN), box["y"] + box["height"] + MARGIN
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}
