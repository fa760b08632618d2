"""Which servers belong to this process when several share one database."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, and_, literal, or_, true
from sqlalchemy.orm import InstrumentedAttribute

GUILD_ID_SHIFT = 22
"""Discord's own formula: shard = (guild_id >> 22) % shard_count."""


@dataclass(frozen=True, slots=True)
class Share:
    """The contiguous shards ``first`` … ``last`` (exclusive) out of ``shard_count`` that one cluster runs."""

    first: int = 0
    last: int = 1
    shard_count: int = 1

    @classmethod
    def of_cluster(cls, cluster: str, shard_count: int | None = None) -> "Share":
        """The share of ``"i/n"`` (counted from 0), by default one shard a cluster.

        Raises ValueError when there is no such cluster, or when it would run no shard.
        """
        index, clusters = (int(part) for part in cluster.split("/"))
        shards = shard_count or clusters
        share = cls(index * shards // clusters, (index + 1) * shards // clusters, shards)
        if index >= clusters or share.first == share.last:
            raise ValueError(f"cluster {cluster} has none of {shards} shards")
        return share

    def owns(self, guild_id: int | None) -> bool:
        """Whether this cluster serves the server; what has no server belongs to the cluster of shard 0."""
        return self.first <= ((guild_id or 0) >> GUILD_ID_SHIFT) % self.shard_count < self.last

    def clause(self, guild_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
        """The same decision in SQL."""
        if self.last - self.first == self.shard_count:
            return true()
        shard = guild_id.bitwise_rshift(literal(GUILD_ID_SHIFT, Integer)) % self.shard_count
        ours = and_(shard >= self.first, shard < self.last)
        return or_(guild_id.is_(None), ours) if self.first == 0 else ours
