"""The capabilities as a server sees them: what each is for, what it needs, and which commands come with it."""

from bot.capabilities.contract import ALWAYS, Audience, Blueprint, Capability, Content, Make, Need, Switch
from bot.capabilities.registry import Capabilities, UnknownCapability

__all__ = [
    "ALWAYS",
    "Audience",
    "Blueprint",
    "Capabilities",
    "Capability",
    "Content",
    "Make",
    "Need",
    "Switch",
    "UnknownCapability",
]
