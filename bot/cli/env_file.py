"""Reads and writes ``.env`` without losing a line of it."""

import os
import re
import secrets
from pathlib import Path

_TOKEN_LINE = re.compile(r"^[ \t]*(?:export[ \t]+)?DISCORD_TOKEN[ \t]*=(?P<value>.*)$", re.MULTILINE)


def has_token(text: str) -> bool:
    """True when the file sets DISCORD_TOKEN to something."""
    return any(found["value"].strip().strip("\"'") for found in _TOKEN_LINE.finditer(text))


def with_token(text: str, token: str) -> str:
    """The file's text with this token; everything else stays as it was."""
    line = f"DISCORD_TOKEN={token}"
    others = [one for one in text.splitlines() if not _TOKEN_LINE.match(one)]
    position = next((i for i, one in enumerate(text.splitlines()) if _TOKEN_LINE.match(one)), len(others))
    return "\n".join([*others[:position], line, *others[position:]]) + "\n"


def write_private(path: Path, text: str) -> None:
    """Replace the file at once by one that only its owner can read, from its first byte on."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
