"""The kinds of unasked messages that the features which are loaded know how to write."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import discord

    from bot.client import CommunityBot
    from bot.i18n.localizer import Localizer

NAME = re.compile(r"[a-z][a-z_.]{0,39}")


@dataclass(frozen=True)
class Telling:
    """What a builder makes its message from. ``t`` speaks the member's own language."""

    bot: "CommunityBot"
    guild: "discord.Guild"
    member: "discord.Member"
    t: "Localizer"
    params: Mapping[str, Any]


Build = Callable[[Telling], Awaitable["Sequence[discord.ui.Item[Any]] | None"]]
"""Components (at most 30) of the message, to which the server's name and **Silence** are added; None when there is
nothing to say any more. It may be called again after a restart, so it changes nothing."""


@dataclass(frozen=True, slots=True)
class AttentionKind:
    """One kind of unasked message."""

    name: str
    """Stable, ``feature.thing``: it is in the database."""
    usefulness: int
    """The highest of those that wait goes first. 10: nice to know; 50: helps them on; 90: somebody waits for them."""
    build: Build


class Kinds:
    """Proposals of a kind that nobody registered wait until they expire."""

    def __init__(self) -> None:
        self._by_name: dict[str, AttentionKind] = {}

    def register(self, kind: AttentionKind) -> None:
        """Raises ValueError when the name does not fit or is taken."""
        if not NAME.fullmatch(kind.name):
            raise ValueError(f"{kind.name!r} is no name for a kind of messages")
        if kind.name in self._by_name:
            raise ValueError(f"two kinds of messages are called {kind.name}")
        self._by_name[kind.name] = kind

    def names(self) -> list[str]:
        return list(self._by_name)

    def find(self, name: str) -> AttentionKind | None:
        """None when no loaded feature has it."""
        return self._by_name.get(name)

    def named(self, name: str) -> AttentionKind:
        """Raises KeyError when no loaded feature has it."""
        return self._by_name[name]
