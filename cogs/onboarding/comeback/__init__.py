"""Comeback: who was away for a month is told what is new, once."""
