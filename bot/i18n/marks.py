"""Extraction marks usable from pure modules."""


def N_(message: str) -> str:
    """Mark a string for extraction without translating it yet."""
    return message
