"""A filter between its row and its values, and what it must be to be kept or armed."""

from dataclasses import replace
from datetime import timedelta

from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.models import ScreenFilter
from cogs.conduct.screening.refusals import LineTooLong, NeedsArticle, NoName, NothingToFind, TooManyLines
from cogs.conduct.screening.rules import ENTRIES, ENTRY, NAME, Kept


def seen(row: ScreenFilter) -> Kept:
    """The row as plain values."""
    return Kept(
        row.id,
        row.guild_id,
        row.number,
        row.name,
        row.kind,
        tuple(row.entries),
        tuple(row.shipped),
        row.article,
        row.doing,
        None if row.length_seconds is None else timedelta(seconds=row.length_seconds),
        row.most_mentions,
        tuple(row.exempt_roles),
        tuple(row.exempt_channels),
        row.watch,
        row.revision,
        row.armed_at,
        row.sought_since,
    )


def same(present: Kept, wanted: Kept) -> bool:
    """Whether they look for the same and would do the same, whatever their mode."""
    own = replace(wanted, id=present.id, number=present.number, watch=present.watch)
    own = replace(own, revision=present.revision, armed_at=present.armed_at, sought_since=present.sought_since)
    return own == present


def sound(kept: Kept) -> None:
    """Raises NoName, TooManyLines or LineTooLong."""
    if not kept.name.strip() or len(kept.name) > NAME:
        raise NoName
    if len(kept.entries) > ENTRIES:
        raise TooManyLines(len(kept.entries), ENTRIES)
    for entry in kept.entries:
        if len(entry) > ENTRY:
            raise LineTooLong(entry[:30], ENTRY)


def ready(kept: Kept) -> None:
    """What an armed filter must be. Raises NothingToFind or NeedsArticle."""
    if kept.is_empty:
        raise NothingToFind
    if kept.doing.sanctions and kept.article is None:
        raise NeedsArticle


def of_kind(guild_id: int, kind: FilterKind, name: str, entries: tuple[str, ...] = (), most_mentions: int = 0) -> Kept:
    """A filter that is about to be added."""
    return Kept(0, guild_id, 0, name.strip(), kind, entries, most_mentions=most_mentions)
