"""The docs say who may run what, as the commands do."""

import pytest

from tools import commands_reference


async def test_the_table_of_commands_in_the_docs_is_current():
    """`python tools/commands_reference.py` writes it."""
    for path, table in (await commands_reference.tables()).items():
        page = path.read_text("utf-8")
        assert commands_reference.written(page, table) == page


def test_a_page_without_a_place_for_the_table_is_refused():
    with pytest.raises(ValueError, match="no place"):
        commands_reference.written("# Permissions\n", "| command |\n")
