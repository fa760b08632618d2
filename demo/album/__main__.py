"""`python -m demo.album`: writes the album, a folder for each language."""

import argparse
import asyncio
import sys
from pathlib import Path

from demo.album.appeals import appeals
from demo.album.book import Book
from demo.album.brakes import brakes
from demo.album.buddies import buddies
from demo.album.conduct import conduct
from demo.album.filters import filters
from demo.album.greeting import greeting
from demo.album.letters import letters
from demo.album.raids import raids
from demo.album.reports import reports
from demo.album.rules import rules
from demo.album.team import team
from demo.album.welcome import welcome
from demo.browser import find_chromium
from demo.community import LANGUAGES

PHONE = 400
CHAPTERS = {
    one.__name__: one
    for one in (welcome, greeting, buddies, letters, team, raids, rules, conduct, appeals, reports, filters, brakes)
}


def main() -> int:
    """The exit code: 1 without a browser."""
    ask = argparse.ArgumentParser(prog="demo.album", description=__doc__)
    ask.add_argument("--out", type=Path, default=Path("build/album"))
    ask.add_argument("--width", type=int, default=PHONE)
    ask.add_argument("--language", choices=LANGUAGES, action="append")
    ask.add_argument("--chapter", choices=tuple(CHAPTERS), action="append")
    asked = ask.parse_args()
    path = find_chromium()
    if path is None:
        sys.stderr.write("No Chromium was found; set CHROMIUM to a browser's path.\n")
        return 1
    for language in LANGUAGES:
        (asked.out / language).mkdir(parents=True, exist_ok=True)
    asyncio.run(_write(path, asked))
    return 0


async def _write(path: Path, asked: argparse.Namespace) -> None:
    for language in asked.language or LANGUAGES:
        for name in asked.chapter or CHAPTERS:
            async with Book.opened(path, language, asked.out / language, asked.width) as book:
                await CHAPTERS[name](book)


if __name__ == "__main__":
    sys.exit(main())
