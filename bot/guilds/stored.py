"""How a section is stored: only what differs from the defaults, and readable again after its model changed."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from bot.guilds.sections import Section

S = TypeVar("S", bound=Section)


class Stored:
    """``defaults`` (section key → fields) are the operator's; they prevail over the model's."""

    def __init__(self, defaults: Mapping[str, Mapping[str, Any]]) -> None:
        self._fields = defaults
        self._defaults: dict[type[Section], tuple[Section, dict[str, Any]]] = {}

    def default(self, section: type[S]) -> S:
        """The section of a server that never set anything."""
        return cast("S", self._default(section)[0])

    def diff(self, value: Section) -> dict[str, Any]:
        """What is stored of the value: its fields that differ from the default, as JSON values."""
        default = self._default(type(value))[1]
        return {name: field for name, field in value.model_dump(mode="json").items() if field != default[name]}

    def parse(self, section: type[S], stored: Mapping[str, Any]) -> S:
        """Raises pydantic's ValidationError."""
        return section.model_validate({**self._default(section)[1], **stored})

    def usable(self, section: type[S], stored: Mapping[str, Any]) -> tuple[S, set[str]]:
        """The value, and the fields that the model no longer accepts: those have their defaults."""
        left, refused = dict(stored), set[str]()
        while True:
            try:
                return self.parse(section, left), refused
            except ValidationError as error:
                bad = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} & left.keys()
                refused |= bad or left.keys()  # a rule over several fields names none of them
                left = {name: value for name, value in left.items() if name not in refused}

    def _default(self, section: type[Section]) -> tuple[Section, dict[str, Any]]:
        if section not in self._defaults:
            value = section.model_validate(self._fields.get(section.key, {}))
            self._defaults[section] = (value, value.model_dump(mode="json"))
        return self._defaults[section]
