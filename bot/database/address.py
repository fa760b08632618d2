"""Refuses a database address that cannot work, without ever showing the password in it."""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StartupError
from bot.i18n.marks import N_

DRIVERS = {"sqlite+aiosqlite": "aiosqlite", "postgresql+asyncpg": "asyncpg"}


SETTING = "DATABASE_URL"


def database_address(url: str, name: str = SETTING) -> URL:
    """The parsed address; raises StartupError (78) naming what to write instead. ``name`` is where it was written."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StartupError(
            N_("{name} is not an address. Write it like sqlite+aiosqlite:///data/parvis.db."), name=name
        ) from None
    if address.drivername not in DRIVERS:
        raise StartupError(
            N_(
                "{name} starts with {scheme}://, which Parvis does not use. "
                "Begin it with sqlite+aiosqlite:/// (a file) or postgresql+asyncpg:// (a server)."
            ),
            name=name,
            scheme=address.drivername,
        )
    if find_spec(DRIVERS[address.drivername]) is None:
        raise StartupError(
            N_("The database driver {driver} is not installed. Install Parvis again: python3 start.py run."),
            driver=DRIVERS[address.drivername],
        )
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise StartupError(N_("{name} names no file, so everything would be forgotten at each restart."), name=name)
    return address


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address, None for PostgreSQL."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def shown(address: URL) -> str:
    """The database in words that may be shown: no user, no password, no options."""
    if address.get_backend_name() == "sqlite":
        return address.database or ""
    host = address.host or address.query.get("host") or "localhost"
    return f"{host if isinstance(host, str) else host[0]}/{address.database or ''}"
