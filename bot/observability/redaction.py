"""Takes secrets out of text by their shape, whoever wrote the text."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

REDACTED = "[redacted]"

_NAMES = r"(?:[\w-]*token|password|passwd|authorization|client_secret|secret_key|api_key|dsn)"
"""What fields that hold a secret are called."""
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # A bot's token: its id in base64 (so it begins with M, N or O), a time, a signature.
    (re.compile(r"[MNO][\w-]{22,30}\.[\w-]{5,8}\.[\w-]{25,}", re.A), REDACTED),
    (re.compile(r"mfa\.[\w-]{20,}", re.A), REDACTED),
    # Interaction tokens: "interaction:" in base64.
    (re.compile(r"aW50ZXJhY3Rpb24[\w+/=-]{8,}", re.A), REDACTED),
    # …/webhooks/<id>/<token>, where interactions are followed up too, and …/interactions/<id>/<token>/callback
    (
        re.compile(r"((?:webhooks|interactions)(?:/|%2F)\d{6,20}(?:/|%2F))[^\s/\"'\\?#]{8,}", re.A | re.I),
        rf"\1{REDACTED}",
    ),
    # Authorization headers. A digit is asked for, because "bearer" and "bot" are also words.
    (re.compile(r"\b(Bot|Bearer|Basic)(\s+)(?=[^\s\"']*\d)[\w.~+/=-]{16,}", re.A | re.I), rf"\1\2{REDACTED}"),
    # scheme://user:password@host
    (re.compile(r"(\b[a-z][a-z0-9+.-]{1,30}://[^\s:/@\"']*:)[^\s/\"']+@", re.A | re.I), rf"\1{REDACTED}@"),
    # "token": "…", 'password': '…' (also escaped inside another string), token=…
    (
        re.compile(rf"((?<![\w-]){_NAMES}(?:\\?[\"'])?\s*[:=]\s*b?\\?([\"']))(?:(?!\\?\2)[^\n])+", re.A | re.I),
        rf"\1{REDACTED}",
    ),
    (re.compile(rf"((?<![\w-]){_NAMES}=)(?![\"'\\]|\[redacted)[^\s&,;\"')}}\]]+", re.A | re.I), rf"\1{REDACTED}"),
)
_SECRET_FIELD = re.compile(_NAMES, re.A | re.I)
_LONG_ENOUGH = 6


class Redactor:
    """Replaces what looks like a secret, and the given ``secrets`` themselves, whatever they look like."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _LONG_ENOUGH}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """``text`` without secrets."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text

    def value(self, value: Any) -> Any:
        """Strings inside mappings and sequences without secrets; fields with a secret's name without their value."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {key: self.field(str(key), inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value if value is None or isinstance(value, bool | int | float) else self(repr(value))

    def field(self, name: str, value: Any) -> Any:
        """One named value, as ``value`` above."""
        return REDACTED if isinstance(value, str) and _SECRET_FIELD.fullmatch(name) else self.value(value)


redacted = Redactor()
"""By shape alone, for texts that leave the program by another way than the log."""
