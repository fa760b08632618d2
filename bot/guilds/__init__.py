"""Settings of a community: typed sections in the database, kept with their history."""
