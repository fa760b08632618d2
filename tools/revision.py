"""Writes the next schema revision from what the models say now.

    make revision m="What the revision does"      (or: python3 start.py revision "…")

Until the first release there is only 0001: remove its file first and write it again. Afterwards read every line of a
revision: a renamed column, for example, looks like one dropped and one added.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script

from bot.database.migrations import alembic_config, known_revisions, migrate


def main() -> None:
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit(__doc__)
    number = f"{len(known_revisions()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'model.db'}"
        if known_revisions():
            asyncio.run(migrate(url))
        script = command.revision(alembic_config(url=url), sys.argv[1], autogenerate=True, rev_id=number)
    assert isinstance(script, Script)
    written = Path(script.path)
    lines = written.read_text().splitlines(keepends=True)
    written.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(written)], check=True)
    print(written)


if __name__ == "__main__":
    main()
