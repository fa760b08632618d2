"""What a filter refuses when it is written, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_


class BadFilter(UserError):
    """The filter cannot be compiled; ``filter_id`` says which one when several are compiled at once."""

    filter_id: int | None = None


class BadPattern(BadFilter):
    """RE2 refuses the pattern; its reason is shown in its own words."""

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(
            N_(
                "The pattern `{pattern}` is not understood: {reason}. "
                "Patterns follow RE2, which has no look-around and no back-references."
            ),
            pattern=_shown(pattern),
            reason=reason.rstrip("."),
        )


class PatternTooLarge(BadFilter):
    def __init__(self, pattern: str, size: int, limit: int) -> None:
        super().__init__(
            N_(
                "The pattern `{pattern}` is too large once written out: {size} steps, and {limit} is the most. "
                "Use smaller repetitions, or several patterns."
            ),
            pattern=_shown(pattern),
            size=size,
            limit=limit,
        )


class PatternMatchesNothing(BadFilter):
    """It matches the empty text, so every message would be a hit."""

    def __init__(self, pattern: str) -> None:
        super().__init__(
            N_("The pattern `{pattern}` fits the empty text, so every message would be a hit. Make it ask for more."),
            pattern=_shown(pattern),
        )


class TooManyEntries(BadFilter):
    def __init__(self, count: int, limit: int) -> None:
        super().__init__(
            N_("That makes {count} entries in the filters of this server, and {limit} is the most. Remove some first."),
            count=count,
            limit=limit,
        )


class EmptyWord(BadFilter):
    """Nothing is left of an entry once it is normalised."""

    def __init__(self, word: str) -> None:
        super().__init__(
            N_("Nothing is left to look for in `{word}`: an entry needs at least two letters or digits."),
            word=_shown(word),
        )


class BadDomain(BadFilter):
    def __init__(self, domain: str) -> None:
        super().__init__(
            N_("`{domain}` is not a domain. Write it without path and spaces, like `example.com`."),
            domain=_shown(domain),
        )


def _shown(text: str) -> str:
    """Short, and unable to end the code quotes around it."""
    text = text.replace("`", "ˋ")
    return text if len(text) <= 80 else text[:79] + "…"
