"""How many examples a property gets when one example is a whole story on a database."""

from hypothesis import settings


def examples(one_in: int) -> int:
    """A share of the profile's: its rules stay covered in every run, and the long profile looks much further."""
    return max(5, settings.default.max_examples // one_in)
