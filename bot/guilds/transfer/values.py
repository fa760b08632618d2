"""One value between TOML and JSON, by the kind of its field."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.durations import NotADuration, parse_duration, written
from bot.guilds.problems import OUR_WORDS
from bot.guilds.shape import FieldKind, FieldShape
from bot.guilds.transfer.entities import Entities
from bot.guilds.transfer.file import ENTITY_KINDS, LONGEST_LIST, WrongValue
from bot.i18n.marks import N_

LARGEST_NUMBER = 2**63
UNSET: Mapping[str, Any] = {}
"""An empty table: the field is deliberately empty although its default is not."""


def value_of(shape: FieldShape, value: Any, entities: Entities) -> Any:
    """The JSON value of a field as the file has it; channels and roles become entities. Raises WrongValue."""
    if value == UNSET and isinstance(value, dict) and shape.optional:
        return None
    if shape.item is None:
        return _one(shape, value, entities, needed=not shape.optional)
    if not isinstance(value, list):
        raise WrongValue(N_("This is a list: write it in square brackets."))
    if len(value) > LONGEST_LIST:
        raise WrongValue(OUR_WORDS["too_long"], max_length=LONGEST_LIST)
    found = []
    for index, one in enumerate(value):
        try:
            found.append(_one(shape.item, one, entities, needed=False))
        except WrongValue as wrong:
            raise WrongValue(wrong.message, index, **wrong.params) from None
    return found


def toml_of(shape: FieldShape, value: Any) -> Any:
    """How a JSON value that is neither a channel nor a role is written: what ``value_of`` reads back."""
    if value is None:
        return dict(UNSET)
    if shape.item is not None:
        return [toml_of(shape.item, one) for one in value]
    if shape.kind is FieldKind.DURATION:
        return _span(value)
    return value


def _span(seconds: float) -> str | float:
    """In words where they are exact, else in seconds."""
    text = written(timedelta(seconds=seconds))
    try:
        exact = parse_duration(text).total_seconds() == seconds
    except NotADuration:
        exact = False
    return text if exact else seconds


def _one(shape: FieldShape, value: Any, entities: Entities, *, needed: bool) -> Any:
    if shape.kind in ENTITY_KINDS:
        return entities.of(shape, value, needed=needed)
    match shape.kind:
        case FieldKind.TOGGLE:
            return _typed(value, bool, N_("Write true or false, without quotes."))
        case FieldKind.NUMBER:
            return _number(value)
        case FieldKind.DURATION:
            return _duration(value)
    text = _typed(value, str, N_("Write a text, in quotes."))
    if "\x00" in text:
        raise WrongValue(OUR_WORDS["string_unicode"])
    return text


def _typed(value: Any, kind: type, message: str) -> Any:
    if not isinstance(value, kind):
        raise WrongValue(message)
    return value


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValue(N_("Write a number, without quotes."))
    if not abs(value) < LARGEST_NUMBER:  # which infinity and "not a number" are not either
        raise WrongValue(OUR_WORDS["int_parsing_size"])
    return value


def _duration(value: Any) -> float:
    """A text such as 1h 30m, or seconds."""
    if isinstance(value, str):
        try:
            return parse_duration(value).total_seconds()
        except NotADuration as error:
            raise WrongValue(error.message) from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e11:
        raise WrongValue(OUR_WORDS["time_delta_type"])
    return value
