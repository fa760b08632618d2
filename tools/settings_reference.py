"""Writes the reference of the settings of every feature, in both languages.

python tools/settings_reference.py           writes docs/en/settings.md and docs/fr/settings.md
python tools/settings_reference.py --check   exits 1 when one of them is not what the models say now
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.client import CommunityBot
from bot.database import Base
from bot.guilds.reference import markdown
from bot.permissions.names import NAMES
from bot.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs"


async def pages() -> dict[Path, str]:
    """What each page must say, from the sections of every feature; without connecting to Discord."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/empty.db"
        bot = CommunityBot(Settings(_env_file=None, database_url=url, health_port=None))
        async with bot.db.writer.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)  # features read their tables when they load
        await bot.load_features()
        sections = bot.sections.all()
        found = {DOCS / t.language / "settings.md": markdown(sections, t, NAMES.__getitem__) for t in bot.i18n.all()}
        await bot.db.close()
    return found


def main(arguments: list[str]) -> int:
    stale = {path: text for path, text in asyncio.run(pages()).items() if _present(path) != text}
    for path, text in stale.items():
        print(f"{path.relative_to(DOCS.parent)} is {'not up to date' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return int(bool(stale) and "--check" in arguments)


def _present(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
