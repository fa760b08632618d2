"""pydantic's errors in our own words: what is wrong with a value, for the person who typed it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from bot.errors import UserError
from bot.i18n.marks import N_

OUR_WORDS: Mapping[str, str] = {
    "bool_parsing": N_("This is either on or off."),
    "bool_type": N_("This is either on or off."),
    "enum": N_("Choose one of the choices offered."),
    "extra_forbidden": N_("There is no such setting."),
    "finite_number": N_("Write a number, for example 12."),
    "float_parsing": N_("Write a number, for example 2.5."),
    "float_type": N_("Write a number, for example 2.5."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "int_from_float": N_("Write a whole number, for example 12."),
    "int_parsing": N_("Write a whole number, for example 12."),
    "int_parsing_size": N_("This number is too large."),
    "int_type": N_("Write a whole number, for example 12."),
    "less_than": N_("This must be less than {lt}."),
    "less_than_equal": N_("This must be at most {le}."),
    "missing": N_("This is needed."),
    "model_type": N_("This row cannot be read."),
    "multiple_of": N_("This must be a multiple of {multiple_of}."),
    "string_pattern_mismatch": N_("This is not written in the way that is needed here."),
    "string_too_long": N_("This is too long. Characters it has room for: {max_length}."),
    "string_too_short": N_("This is too short. Characters it needs: {min_length}."),
    "string_type": N_("Write a text."),
    "string_unicode": N_("This text has characters that cannot be kept. Type it again."),
    "time_delta_parsing": N_("Write a length of time, for example 90m, 1h30 or 2 days."),
    "time_delta_type": N_("Write a length of time, for example 90m, 1h30 or 2 days."),
    "too_long": N_("This list is full. Entries it has room for: {max_length}."),
    "too_short": N_("This list is too short. Entries it needs: {min_length}."),
    "tuple_type": N_("This list cannot be read."),
}
"""By pydantic's error type; the placeholders are from its context. A test feeds every field and finds no other type."""

_ANYTHING_ELSE = N_("This value cannot be used here.")


class Refusal(ValueError):
    """What a section's own validator raises: ``message`` is an ``N_`` text that says what to do instead."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class InvalidValue(UserError):
    """A value the model refuses. ``error_type`` is pydantic's; ``field`` is where it was, as far as it is known.

    Of several problems it is the first, or the one given.
    """

    def __init__(self, error: ValidationError, problem: Mapping[str, Any] | None = None) -> None:
        problem = dict(problem or error.errors(include_url=False)[0])
        context: dict[str, Any] = problem.get("ctx", {})
        cause = context.get("error")
        self.error_type = str(problem["type"])
        self.field = str(problem["loc"][0]) if problem["loc"] else None
        if isinstance(cause, Refusal):
            super().__init__(cause.message, **cause.params)
        else:
            message = OUR_WORDS.get(self.error_type, _ANYTHING_ELSE)
            super().__init__(message, **{key: _plain(value) for key, value in context.items()})


def _plain(value: Any) -> Any:
    """pydantic hands some limits over as it prints them."""
    return value if isinstance(value, int | float | timedelta) else str(value)
