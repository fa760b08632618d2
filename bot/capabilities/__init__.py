"""The capabilities as a server sees them: what each is for, what it needs, and which commands come with it."""

from bot.capabilities.contract import Audience, Blueprint, Capability, Make, Need, Switch
from bot.capabilities.registry import Capabilities, UnknownCapability

__all__ = [
    "Audience",
    "Blueprint",
    "Capabilities",
    "Capability",
    "Make",
    "Need",
    "Switch",
    "UnknownCapability",
]
