"""The pages of the features that are loaded."""

import re

from bot.profile.contract import Build, ProfilePage

KEY = re.compile(r"[a-z][a-z_]{0,29}")


class Profile:
    """``register`` while features load; ``pages`` is in order."""

    def __init__(self) -> None:
        self._by_key: dict[str, ProfilePage] = {}

    def register(self, page: ProfilePage) -> None:
        """Raises ValueError when the key does not fit or is taken, or the page shows nothing to anybody."""
        if not KEY.fullmatch(page.key):
            raise ValueError(f"{page.key!r} is no key for a page")
        if page.own is None and page.public is None:
            raise ValueError(f"page {page.key} shows nothing")
        if self._by_key.setdefault(page.key, page) is not page:
            raise ValueError(f"two pages are called {page.key}")

    def pages(self, *, own: bool) -> list[tuple[ProfilePage, Build]]:
        """Those of one's own profile, or of another member's, each with what builds it."""
        ordered = sorted(self._by_key.values(), key=lambda page: (page.order, page.key))
        built = ((page, page.own if own else page.public) for page in ordered)
        return [(page, build) for page, build in built if build is not None]
