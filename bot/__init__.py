"""The runtime. It knows no feature: it loads them by name."""

__version__ = "0.1.0"
