"""What a command's payload says about it, in one language, and how a long list becomes pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

Payload = Mapping[str, Any]


class Kind(IntEnum):
    """Discord's types of commands."""

    CHAT = 1
    MEMBER = 2
    MESSAGE = 3


SUBCOMMANDS = frozenset({1, 2})
"""Discord's types of options that are commands themselves."""


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be run. ``path`` is its English name with its groups, ``shown`` the one in the language."""

    kind: Kind
    path: str
    shown: str
    description: str
    options: tuple[Option, ...] = ()
    demands: int = 0
    """Permission bits without which Discord hides it; 0 when it hides it from nobody."""

    @property
    def name(self) -> str:
        """The English name of the whole command."""
        return self.path.split(" ")[0] if self.kind is Kind.CHAT else self.path


def entries_of(payload: Payload, language: str) -> Iterator[Entry]:
    """Everything that can be run of one top-level command."""
    kind = Kind(payload.get("type", Kind.CHAT))
    demands = int(payload.get("default_member_permissions") or 0)
    yield from _entries(payload, language, kind, demands, (), ())


def _entries(
    node: Payload, language: str, kind: Kind, demands: int, above: tuple[str, ...], shown_above: tuple[str, ...]
) -> Iterator[Entry]:
    path, shown = (*above, node["name"]), (*shown_above, localised(node, "name", language))
    options = node.get("options") or ()
    below = [option for option in options if option.get("type") in SUBCOMMANDS]
    for child in below:
        yield from _entries(child, language, kind, demands, path, shown)
    if not below:
        asked = tuple(
            Option(localised(one, "name", language), localised(one, "description", language), bool(one.get("required")))
            for one in options
        )
        description = localised(node, "description", language)
        yield Entry(kind, " ".join(path), " ".join(shown), description, asked, demands)


def localised(node: Payload, field: str, language: str) -> str:
    """A text of the payload in the language, else as it was written."""
    return str((node.get(f"{field}_localizations") or {}).get(language) or node.get(field) or "")


def paged(blocks: Sequence[Sequence[str]], limit: int) -> list[str]:
    """Blocks of lines on pages of at most ``limit`` characters. The first line of a block is its title.

    A block stays together when it can; one that is too long goes on under its title on the next page.
    """
    pages: list[list[str]] = [[]]
    for title, *lines in blocks:
        if pages[-1] and _length([*pages[-1], title, *lines]) > limit:
            pages.append([])
        pages[-1].append(title)
        for line in lines:
            if _length([*pages[-1], line]) > limit:
                pages.append([title])
            pages[-1].append(line)
    return ["\n".join(page) for page in pages]


def _length(lines: Sequence[str]) -> int:
    return sum(map(len, lines)) + len(lines)
