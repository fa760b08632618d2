"""Which emoji a menu certainly takes."""

import re
import unicodedata

_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:(?P<id>[0-9]{15,20})>")


def custom_emoji_id(emoji: str) -> int | None:
    """The id of a server's own emoji written as Discord does, None for anything else."""
    found = _CUSTOM_EMOJI.fullmatch(emoji)
    return int(found["id"]) if found else None


def is_plain_emoji(emoji: str) -> bool:
    """True for a standard emoji a menu certainly accepts.

    Discord refuses a whole menu for one wrong emoji. Symbols that are *wide* in Unicode are those shown as emoji by
    default; the East Asian symbols among them are not emoji.
    """
    return bool(emoji) and all(char in "\u200d\ufe0f" or _is_wide_symbol(char) for char in emoji)


def _is_wide_symbol(char: str) -> bool:
    symbol = unicodedata.category(char) in ("So", "Sk") and unicodedata.east_asian_width(char) == "W"
    return symbol and not 0x3000 <= ord(char) < 0x3400
