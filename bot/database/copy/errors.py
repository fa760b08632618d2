"""What can keep a copy from being made, each as one line for the operator."""

import re

from sqlalchemy.exc import DBAPIError

from bot.errors import StartupError
from bot.i18n.marks import N_

_QUOTED_ARGUMENT = re.compile(r"invalid input for query argument .*\((?P<why>[^()]*)\)", re.DOTALL)
"""How asyncpg says that a value does not fit; it quotes the value."""


class CopyError(StartupError):
    """The target is as it was."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message, exit_code=1, **params)


def not_taken(table: str, error: DBAPIError) -> CopyError:
    """The target refuses what is in a table."""
    return CopyError(
        N_("{table} could not be copied: {reason}. Nothing was kept in the target."), table=table, reason=reason(error)
    )


def differs(table: str, column: str | None) -> CopyError:
    """The copy is not equal to its source; without a ``column`` rows are missing, too many, or mixed up."""
    where = table if column is None else f"{table}.{column}"
    return CopyError(N_("The copy of {table} is not equal to its source. Nothing was kept in the target."), table=where)


def reason(error: DBAPIError) -> str:
    """What the database says, in one line without a full stop and without a value, which may be somebody's words."""
    cause = error.orig or error
    said = getattr(cause, "__cause__", None) or cause
    if found := _QUOTED_ARGUMENT.search(str(said)):
        return found["why"]
    return (str(said).strip().partition("\n")[0] or type(said).__name__).rstrip(".")
