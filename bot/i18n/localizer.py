"""Texts, numbers and dates in the reader's language."""

import gettext
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from bot.durations import parts
from bot.errors import Translated
from bot.i18n import catalogues

RUNTIME_CATALOGUES = Path(__file__).parents[1] / "locales"


class HasLocale(Protocol):
    """A Discord interaction, seen from here."""

    @property
    def locale(self) -> object: ...
    @property
    def guild_id(self) -> int | None: ...


class Localizer:
    """Speaks one language; falls back to the English source text."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, message: str, /, **params: Any) -> str:
        """The text of ``message``, an id marked with ``N_``, with its placeholders filled."""
        text = self._catalogue.gettext(message) if message else ""
        return text.format(**self._filled(params)) if params else text

    def plural(self, one: str, many: str, n: int, /, **params: Any) -> str:
        """The form for ``n``, which is also the placeholder ``{n}``, grouped as the language writes numbers."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **self._filled(params))

    @cached_property
    def _babel(self) -> Locale:
        return Locale.parse(self.language)

    def number(self, value: float) -> str:
        """1234.5 → 1,234.5 or 1 234,5."""
        return format_decimal(value, locale=self._babel)

    def percent(self, share: float) -> str:
        """0.42 → 42% or 42 %."""
        return format_percent(share, locale=self._babel)

    def day(self, value: date) -> str:
        """A calendar day in words. Instants go out as Discord timestamps instead."""
        return format_date(value, "long", locale=self._babel)

    def duration(self, value: timedelta) -> str:
        """A length of time in its largest unit."""
        return format_timedelta(value, locale=self._babel, threshold=1.2)

    def brief(self, value: timedelta) -> str:
        """The same in a letter or two, for a table: 3h, 2d."""
        return format_timedelta(value, locale=self._babel, threshold=1.2, format="narrow")

    def span(self, value: timedelta) -> str:
        """An exact length of time: 1 hour and 30 minutes."""
        return self.enumeration(
            [format_unit(count, f"duration-{unit}", "long", locale=self._babel) for count, unit in parts(value)]
        )

    def enumeration(self, items: Sequence[str]) -> str:
        """a, b, and c."""
        return format_list(list(items), locale=self._babel)

    def _filled(self, params: dict[str, Any]) -> dict[str, Any]:
        return {key: self._readable(value) for key, value in params.items()}

    def _readable(self, value: Any) -> Any:
        if isinstance(value, Translated):
            return self(value)
        if isinstance(value, timedelta):
            return self.span(value)
        if isinstance(value, float):
            return self.number(value)
        if isinstance(value, tuple):
            return self.enumeration([str(self._readable(part)) for part in value])
        return value


class I18n:
    """Chooses the language: the reader's for private replies, the server's for public posts."""

    def __init__(self, default: str = "en") -> None:
        self.default = default
        self._folders: list[Path] = []
        self._by_language: dict[str, Localizer] = {}
        self._formal: dict[str, Localizer] = {}
        self._language_of: Callable[[int], str] = lambda _guild_id: self.default
        self._is_formal: Callable[[int], bool] = lambda _guild_id: False
        self.add_catalogues(RUNTIME_CATALOGUES)

    @property
    def folders(self) -> Sequence[Path]:
        """Where catalogues were found, runtime first."""
        return tuple(self._folders)

    def add_catalogues(self, *folders: Path) -> None:
        """Add ``locales`` folders of features; a folder that does not exist adds nothing."""
        self._folders += [folder for folder in folders if folder not in self._folders and folder.is_dir()]
        self._by_language = {
            code: Localizer(code, catalogues.load(self._folders, code, "messages")) for code in catalogues.LANGUAGES
        }
        self._formal = {
            code: Localizer(code, catalogues.load(self._folders, code, "messages", overlay))
            for code, overlay in catalogues.FORMAL.items()
        }

    def follow(self, language_of: Callable[[int], str], is_formal: Callable[[int], bool] | None = None) -> None:
        """From now on public posts of a server speak ``language_of(guild_id)``.

        Where ``is_formal(guild_id)``, a language that has a polite form of address uses it (French: *vous*).
        """
        self._language_of = language_of
        self._is_formal = is_formal or self._is_formal

    def for_guild(self, guild_id: int | None) -> Localizer:
        """What public posts of the server speak."""
        return self._spoken(self._language_of(guild_id) if guild_id else self.default, guild_id)

    def for_interaction(self, interaction: HasLocale) -> Localizer:
        """The reader's language when it is one of ours, else the server's."""
        return self.for_reader(interaction.locale, interaction.guild_id)

    def for_reader(self, locale: object | None, guild_id: int | None) -> Localizer:
        """``locale`` is Discord's (``fr``, ``en-GB``) or None when it is not known."""
        language = _language(locale)
        return self._spoken(language, guild_id) if language in self._by_language else self.for_guild(guild_id)

    def for_language(self, language: str, guild_id: int | None = None) -> Localizer:
        """Exactly this language (``en`` or ``fr``), as that server wants it; raises KeyError for another."""
        return self._spoken(language, guild_id)

    def all(self) -> Iterable[Localizer]:
        """Every language in its familiar form, source first."""
        return self._by_language.values()

    def _spoken(self, language: str, guild_id: int | None) -> Localizer:
        if guild_id and language in self._formal and self._is_formal(guild_id):
            return self._formal[language]
        return self._by_language[language]


def _language(locale: object | None) -> str:
    return str(locale).split("-")[0] if locale else ""
