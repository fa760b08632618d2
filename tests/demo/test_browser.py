"""A visitor's way through the page, in Chromium: pick a door, run a command, fill the introduction."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import FrameLocator, Locator, Page, expect

from demo.browser import chromium
from demo.page.server import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
PATIENCE = 30_000.0
"""Milliseconds; a busy machine draws slowly."""
INTRODUCTION = "I mend lamps that nobody else wants."


@pytest_asyncio.fixture(loop_scope="module")
async def page(server: DemoServer, chromium_path: Path) -> AsyncIterator[Page]:
    expect.set_options(timeout=PATIENCE)
    async with chromium(chromium_path) as browser:
        context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 820})
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        await page.goto(server.url)
        yield page
        assert broken == []


def discord(page: Page) -> FrameLocator:
    return page.frame_locator("#frame")


def messages(page: Page) -> Locator:
    return discord(page).locator("#channel-message-list")


async def test_a_visitor_picks_a_door_introduces_themselves_and_runs_a_command(page: Page, server: DemoServer) -> None:
    await page.get_by_role("button", name="As a newcomer").first.click()
    await discord(page).get_by_role("button", name="Start").click()
    await expect(page.locator("#task-newcomer-start")).to_have_class("done")

    await discord(page).get_by_role("button", name="Read", exact=True).click()
    await discord(page).get_by_role("button", name="I accept").click()
    await expect(page.locator("#task-newcomer-accept")).to_have_class("done")

    await discord(page).get_by_role("button", name="Write", exact=True).click()
    await discord(page).get_by_role("dialog").locator("textarea").fill(INTRODUCTION)
    await discord(page).get_by_role("button", name="Submit").click()
    await expect(page.locator("#task-newcomer-introduce")).to_have_class("done")

    await page.get_by_role("button", name="présentations", exact=False).first.click()
    await expect(messages(page).get_by_text(INTRODUCTION)).to_be_visible()
    await expect(messages(page).get_by_text("Hello from")).to_be_visible()

    await discord(page).locator("#channel-composer-input").press_sequentially("/welcome")
    await expect(discord(page).get_by_text("Your first steps here")).to_be_visible()
    await page.keyboard.press("Enter")  # chooses the command
    await discord(page).get_by_role("button", name="Command /welcome").press("Enter")  # runs it
    await expect(page.locator("#task-newcomer-look_again")).to_have_class("done")
    await expect(messages(page).get_by_text("Robin used").first).to_be_visible()
    assert server.visit.has_role("member")


async def test_on_a_phone_in_french_everything_is_one_tap_away(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.get_by_role("link", name="Français").click()
    await page.get_by_role("button", name="En tant que membre").first.click()
    await expect(page.locator("#frame")).to_be_visible()
    await page.get_by_role("button", name="Salons").click()
    await page.get_by_role("button", name="place-du-parvis").click()
    await expect(discord(page).locator("#channel-name")).to_have_text("place-du-parvis")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="Guide", exact=True).click()
    await expect(page.get_by_text("Dis bonjour à une personne qui arrive")).to_be_visible()
    await expect(page.locator("#discord")).to_be_hidden()
    await page.get_by_text("Installer Parvis sur ton serveur").click()
    await expect(page.get_by_text("python3 start.py run")).to_be_visible()
