"""Where the links of a text lead: hosts as a browser understands them, and invites to servers."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from cogs.conduct.filters.normalising import Folding
from cogs.conduct.filters.refusals import BadDomain

_MOST = 100
"""Links of one text that are looked at, so that a message full of them cannot hold the loop up."""
_SCHEME = re.compile(r"\b(?:https?|ftp):[/\\]{1,8}(?=([^\s<>\"]{1,400}))", re.IGNORECASE)
"""With a look ahead, because the label of a masked link may be an address itself."""
_ADDRESS = re.compile(r"\b(?:https?|ftp):[/\\]{1,8}[^\s<>\"]{1,400}", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@/.%-])((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\.?)(?![\w@])")
_AUTHORITY_ENDS = re.compile(r"[/\\?#]")
_NAME = re.compile(r"[\w.-]+")
_INVITE = re.compile(
    r"(?:discord(?:app)?\s?\.\s?com\s?[/\\]+\s?(?:\.?[/\\])*invite"
    r"|(?:discord|dsc|dis|invite)\s?\.\s?gg(?:\s?[/\\]+\s?invite)?"
    r"|discord\s?\.\s?(?:io|me|li|link|com)(?=\s?[/\\]+\s?(?!channels|users|app|developers|terms|invite)[a-z0-9-]{2,32}\b(?![/\\])))"
    r"(?:[/\\#\s]{0,4}[/\\][/\\#\s]{0,4})([a-z0-9-]{2,32})"
)
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])?")
_SHOWN: dict[int, str] = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)], "")
_SHOWN |= {0x3002: ".", 0xFF61: ".", 0xFF0E: "."}


@dataclass(frozen=True, slots=True)
class Host:
    """``exact``: as a browser resolves it, in Unicode. ``looks``: as a reader sees it. ``linked``: with a scheme."""

    exact: str
    looks: str
    linked: bool


def decoded(text: str) -> str:
    """Without %-encoding, however often it was put on (three times at most)."""
    for _ in range(3):
        if "%" not in text or (less := unquote(text, errors="replace")) == text:
            break
        text = less
    return text


def canonical(host: str) -> str:
    """As a browser resolves it: no invisible signs, small letters, punycode decoded, no dot at the end."""
    host = _normal(host).lower().strip(".")
    return ".".join(_label(label) for label in host.split(".")) if "xn--" in host else host


def domain(text: str) -> str:
    """A domain of a list in the form of ``Host.exact``; a leading ``*.`` is taken as said. Raises BadDomain."""
    name = canonical(text.strip().removeprefix("*."))
    if not _DOMAIN.fullmatch(name):
        raise BadDomain(text)
    return name


def hosts(text: str, folding: Folding) -> list[Host]:
    """Where the links of a text lead; bare names such as ``example.com`` are ``linked=False``."""
    text = _normal(decoded(text))
    found: dict[Host, None] = {}
    for match in islice(_SCHEME.finditer(text), _MOST):
        authority = _AUTHORITY_ENDS.split(match[1], maxsplit=1)[0]
        if name := _NAME.match(authority.rpartition("@")[2]):
            found[_host(name[0], folding, linked=True)] = None
    rest = _ADDRESS.sub(" ", text)
    for match in islice(_BARE.finditer(rest), _MOST):
        found[_host(match[1], folding, linked=False)] = None
    return [host for host in found if "." in host.exact or host.linked]


def invites(text: str, folding: Folding) -> list[str]:
    """The codes of invites, in small letters. Two lookers may be told apart by case; codes never differ by it alone."""
    shown = folding.folded(decoded(text).replace("\\", "/")).decode("utf-8", "ignore")
    shown = re.sub(r"//[^\s/@]{0,200}@", "//", shown) if "@" in shown else shown
    return list(dict.fromkeys(match[1].strip("-") for match in islice(_INVITE.finditer(shown), _MOST)))


def below(host: str, domains: frozenset[str]) -> str | None:
    """The domain of the list that a host is, or is below of."""
    while host:
        if host in domains:
            return host
        host = host.partition(".")[2]
    return None


def _host(name: str, folding: Folding, *, linked: bool) -> Host:
    exact = canonical(name)
    return Host(exact, folding.folded(exact).decode(), linked)


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_SHOWN))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
