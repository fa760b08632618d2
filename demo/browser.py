"""Finds a Chromium on the machine and drives it with Playwright; downloads nothing."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
PLACES = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
FLAGS = ("--no-first-run", "--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb")


def find_chromium() -> Path | None:
    """``$CHROMIUM``, else one on the PATH, else at the usual places, else Playwright's own; None without any."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in NAMES), *PLACES]
    found = next((Path(one) for one in candidates if one and Path(one).is_file()), None)
    return found or (None if named else _playwrights_own())


def _playwrights_own() -> Path | None:
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next(iter(sorted(root.glob("chromium*/*/chrome-headless-shell"), reverse=True)), None)


@asynccontextmanager
async def chromium(path: Path) -> AsyncIterator[Browser]:
    """A headless browser, closed at the end."""
    flags = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            await browser.close()
