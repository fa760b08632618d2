"""`/privacy`: what is kept about a member in plain words, as a file, and how to have it erased."""

from cogs.membership.privacy.erasing import Erasing
from cogs.membership.privacy.items import PARTS, PrivacyButton, open_privacy

__all__ = ["PARTS", "Erasing", "PrivacyButton", "open_privacy"]
