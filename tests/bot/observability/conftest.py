"""Logging is the process's own: tests that configure it give it back as it was."""

import logging
import sys
import threading

import pytest
import structlog

from bot.observability.logs import QUIET


@pytest.fixture
def restored():
    """The process's logging as it was before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    hooks = sys.excepthook, threading.excepthook
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, value in levels.items():
        logging.getLogger(name).setLevel(value)
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()
