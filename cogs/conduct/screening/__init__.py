"""A server's own filters: kept, tried out, watched and carried out. What they look for is ``cogs.conduct.filters``."""
