"""Points discord.py at an imitation of Discord on this machine, for tests and benchmarks, and at nothing else."""

import ipaddress
from urllib.parse import urlsplit

import discord.gateway
import discord.http
import yarl

API_PATH = f"/api/v{discord.http.INTERNAL_API_VERSION}"


def use(url: str) -> None:
    """Make discord.py talk to `url` ("http://127.0.0.1:PORT") instead of Discord.

    Raises ValueError for anything but plain http to a literal loopback address with a port, so that no setting can ever
    send the token to another machine. Names are refused too, "localhost" included: what they mean is decided elsewhere.
    """
    authority = _loopback_authority(url)
    discord.http.Route.BASE = f"http://{authority}{API_PATH}"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://{authority}/")


def _loopback_authority(url: str) -> str:
    parts = urlsplit(url)
    try:
        address, port = ipaddress.ip_address(parts.hostname or ""), parts.port
    except ValueError:
        address, port = None, None
    extras = parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/")
    if parts.scheme != "http" or address is None or not address.is_loopback or not port or extras:
        raise ValueError("only http://127.0.0.1:PORT or http://[::1]:PORT may stand in for Discord")
    host = f"[{address}]" if address.version == 6 else str(address)
    return f"{host}:{port}"
