"""Schema revisions. ``bot.database.migrations`` runs them; the ``alembic`` command works too."""
