"""Finds every table without importing a feature statically."""

import importlib
import pkgutil
from importlib.util import find_spec

RUNTIME_MODELS = (
    "bot.timers.models",
    "bot.command_sync.models",
    "bot.community.models",
    "bot.guilds.models",
    "bot.guilds.transfer.models",
    "bot.privacy.models",
    "bot.inbox.models",
    "bot.attention.models",
    "bot.posts",
    "bot.lease",
)

LEASE_TABLE = "process_lease"
"""Made by ``bot.lease`` itself and by no revision, because it guards the migrations."""


def import_models() -> None:
    """After this, ``Base.metadata`` knows every table of the runtime and of all features, loaded or not."""
    for name in RUNTIME_MODELS:
        importlib.import_module(name)
    features = importlib.import_module("cogs")
    for feature in pkgutil.iter_modules(features.__path__, "cogs."):
        name = f"{feature.name}.models"
        if feature.ispkg and find_spec(name):
            importlib.import_module(name)
