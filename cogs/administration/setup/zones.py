"""Time zones as people look for them: by city or country, in either language."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global

from bot.guilds.time_zones import is_time_zone

OFFERED = 25
"""Entries of a menu."""
HOMES = {
    "bg": "Europe/Sofia",
    "cs": "Europe/Prague",
    "da": "Europe/Copenhagen",
    "de": "Europe/Berlin",
    "el": "Europe/Athens",
    "en-GB": "Europe/London",
    "es-ES": "Europe/Madrid",
    "fi": "Europe/Helsinki",
    "fr": "Europe/Paris",
    "hi": "Asia/Kolkata",
    "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest",
    "id": "Asia/Jakarta",
    "it": "Europe/Rome",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "lt": "Europe/Vilnius",
    "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo",
    "pl": "Europe/Warsaw",
    "pt-BR": "America/Sao_Paulo",
    "ro": "Europe/Bucharest",
    "ru": "Europe/Moscow",
    "sv-SE": "Europe/Stockholm",
    "th": "Asia/Bangkok",
    "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv",
    "vi": "Asia/Ho_Chi_Minh",
    "zh-CN": "Asia/Shanghai",
    "zh-TW": "Asia/Taipei",
}
"""Where most people live whose Discord speaks this; American English is spoken in too many zones to guess."""
COMMON = (
    *("UTC", "Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/London", "Europe/Berlin", "Europe/Madrid"),
    *("America/Toronto", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Sao_Paulo", "America/Martinique", "Africa/Dakar", "Africa/Abidjan", "Africa/Casablanca"),
    *("Africa/Algiers", "Africa/Tunis", "Indian/Reunion", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo"),
    "Australia/Sydney",
)
"""Offered before anything is searched."""


ALSO = {
    "America/Chicago": "Houston, Dallas, Austin",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, Portland",
    "America/Martinique": "Fort-de-France",
    "America/New_York": "Boston, Washington, Miami, Atlanta, Philadelphia",
    "America/Sao_Paulo": "Rio de Janeiro, Brasília",
    "America/Toronto": "Montréal, Québec, Ottawa, Gatineau, Sherbrooke",
    "Africa/Algiers": "Oran",
    "Africa/Casablanca": "Rabat, Marrakech",
    "Africa/Douala": "Yaoundé",
    "Asia/Kolkata": "Mumbai, Delhi, Bangalore",
    "Asia/Shanghai": "Beijing, Pékin",
    "Europe/Berlin": "Munich, Hamburg, Frankfurt, Francfort, Cologne",
    "Europe/Brussels": "Liège, Namur, Charleroi, Gent, Antwerp",
    "Europe/London": "Manchester, Edinburgh, Glasgow, Bristol, Cardiff",
    "Europe/Madrid": "Barcelona, Barcelone, Valencia",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Bordeaux, Lille, Nantes, Strasbourg, Rennes, Montpellier, Grenoble",
    "Europe/Rome": "Milan, Turin, Naples",
    "Europe/Zurich": "Geneva, Genève, Lausanne, Bern, Basel, Bâle, Neuchâtel, Fribourg",
    "Indian/Reunion": "Saint-Denis",
    "Pacific/Tahiti": "Papeete",
}
"""Large cities that name no zone, so that people find their own."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone as a menu shows it."""

    name: str
    city: str
    country: str

    def label(self, at: datetime) -> str:
        """``Paris, UTC+1`` as of that instant."""
        offset = at.astimezone(ZoneInfo(self.name)).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        hours, rest = divmod(abs(minutes), 60)
        sign = "−" if minutes < 0 else "+"
        return f"{self.city}, UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def guess(locale: str | None) -> str | None:
    """The zone where most of those live whose Discord speaks this, None where nobody can tell."""
    return HOMES.get(locale or "")


def zone(name: str, language: str) -> Zone:
    """That zone in words."""
    return _all(language).get(name) or Zone(name, name.rpartition("/")[2].replace("_", " "), "")


def search(typed: str, language: str) -> list[Zone]:
    """Zones whose city, country or name has what was typed, at most a menu of them; those it begins come first."""
    sought = plain(typed)
    if not sought:
        return []
    found: dict[str, int] = {}
    for tongue in ("en", "fr"):
        for name, one in _all(tongue).items():
            rank = _rank(sought, (one.city, one.country, name))
            if rank is not None:
                found[name] = min(rank, found.get(name, rank))
    for name, cities in ALSO.items():
        if any(plain(city).startswith(sought) for city in cities.split(", ")):
            found[name] = min(1, found.get(name, 1))
    ordered = sorted(found, key=lambda name: (found[name], plain(zone(name, language).city)))
    return [zone(name, language) for name in ordered[:OFFERED]]


def common(language: str, first: Iterable[str]) -> list[Zone]:
    """What is offered before anything was searched."""
    names = dict.fromkeys(name for name in (*first, *COMMON) if is_time_zone(name))
    return [zone(name, language) for name in list(names)[:OFFERED]]


def plain(text: str) -> str:
    """Without case, accents, hyphens and underscores."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("_", " ").replace("-", " ").split())


def _rank(sought: str, names: tuple[str, ...]) -> int | None:
    city, country, name = (plain(one) for one in names)
    if city == sought or name == sought:
        return 0
    if city.startswith(sought):
        return 1
    if country.startswith(sought):
        return 2
    return 3 if sought in f"{city} {country} {name}" else None


@cache
def _all(language: str) -> dict[str, Zone]:
    locale = Locale.parse(language)
    territories = get_global("zone_territories")
    found = {"UTC": Zone("UTC", "UTC", "")}
    for name in territories:
        if is_time_zone(name) and "/" in name:
            city = locale.time_zones.get(name, {}).get("city") or name.rpartition("/")[2].replace("_", " ")
            found[name] = Zone(name, str(city), str(locale.territories.get(territories[name], "")))
    return found
