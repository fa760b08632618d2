"""Databases without a schema, on both kinds."""

import secrets

import pytest

from tests.statements import share_compiled


@pytest.fixture(scope="session", autouse=True)
def shared_statements():
    """As everywhere: here most databases do not come from the template that brings it along."""
    share_compiled()


@pytest.fixture
async def empty_postgres_url(cluster):
    name = f"empty_{secrets.token_hex(4)}"
    yield await cluster.create_database(name)
    await cluster.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """An empty database of this test's own."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
def without_threads():
    """Here SQLite answers from its threads, as it does in the bot: locks and cancelled statements are the subject."""
