"""The pages of `/setup`; importing them registers them."""

from cogs.administration.setup.pages import capabilities, language, portrait, purpose, review, run, team, undo

__all__ = ["capabilities", "language", "portrait", "purpose", "review", "run", "team", "undo"]
