"""Sums of a table that do not depend on the database it is in, nor on the order of its rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from bot.database.copy.cells import Cell

_MODULUS = 1 << 64


@dataclass
class Sums:
    """How many rows there are, and the sum of the digests of each column and of whole rows."""

    rows: int = 0
    columns: Counter[str] = field(default_factory=Counter)
    whole: int = 0
    """Notices values that changed places between two rows, which no column's sum does."""

    def add(self, cells: Sequence[Cell], rows: Iterable[Mapping[str, Any]]) -> None:
        """Take rows into account."""
        for row in rows:
            digests = [cell.digest(row[cell.name]) for cell in cells]
            for cell, digest in zip(cells, digests, strict=True):
                self.columns[cell.name] = (self.columns[cell.name] + int.from_bytes(digest)) % _MODULUS
            self.whole = (self.whole + hash_of(digests)) % _MODULUS
            self.rows += 1


def hash_of(digests: Sequence[bytes]) -> int:
    """One number for a row."""
    return int.from_bytes(blake2b(b"".join(digests), digest_size=8).digest())
