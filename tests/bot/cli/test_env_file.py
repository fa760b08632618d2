"""The file `.env` keeps every line that is not the token's, and only its owner can read it."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.env_file import has_token, with_token, write_private

LINES = st.lists(st.sampled_from(["", "# a remark", "PARVIS_LOG_LEVEL=DEBUG", "DATABASE_URL=sqlite+aiosqlite:///x.db"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", False),
        ("DISCORD_TOKEN=", False),
        ("DISCORD_TOKEN=''", False),
        ("#DISCORD_TOKEN=abc", False),
        ("DISCORD_TOKEN=abc", True),
        ("x=1\n export DISCORD_TOKEN = abc\n", True),
    ],
)
def test_a_token_is_seen_where_there_is_one(text, found):
    assert has_token(text) is found


@given(before=LINES, after=LINES, tokens=st.integers(0, 3))
def test_the_other_lines_stay_in_their_order(before, after, tokens):
    text = "\n".join([*before, *(["DISCORD_TOKEN=old"] * tokens), *after])
    written = with_token(text, "new")
    assert written.endswith("\n")
    assert "old" not in written
    assert written.splitlines().count("DISCORD_TOKEN=new") == 1
    kept = [line for line in written.splitlines() if line != "DISCORD_TOKEN=new"]
    assert kept == [line for line in text.splitlines() if line != "DISCORD_TOKEN=old"]


def test_the_file_is_never_readable_by_others_even_when_it_was(tmp_path):
    path = tmp_path / ".env"
    path.write_text("old")
    path.chmod(0o644)
    mask = os.umask(0)
    try:
        write_private(path, "new")
    finally:
        os.umask(mask)
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
