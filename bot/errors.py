"""Errors a person may see. Raise one anywhere; only ``bot.ui.errors.report_error`` turns it into a reply."""

from typing import Any


class UserError(Exception):
    """An expected refusal that says what to do instead.

    ``message`` is a gettext id marked with ``N_``, never a formatted string; ``params`` fill its placeholders.
    A parameter that is itself an ``N_`` text is passed as ``Translated(...)`` and translated with the message; a
    tuple is enumerated, a timedelta or a float is written out.
    """

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class Translated(str):
    """A parameter of a message that is a message id itself and must be translated too."""

    __slots__ = ()


class StartupError(Exception):
    """Why the program cannot start: one line for the operator, without secrets, and the exit code.

    ``exit_code`` is 78 (``EX_CONFIG`` of sysexits.h) when the configuration is wrong, 1 otherwise.
    """

    def __init__(self, message: str, *, exit_code: int = 78, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        self.exit_code = exit_code
