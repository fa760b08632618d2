"""The demo's own texts in both languages."""

from pathlib import Path

from bot.i18n.localizer import I18n, Localizer
from demo.community import LANGUAGES, Language


def localizers() -> dict[Language, Localizer]:
    """One localizer for each language, with the demo's catalogue."""
    i18n = I18n()
    i18n.add_catalogues(Path(__file__).parent / "locales")
    return {language: i18n.for_reader(language, None) for language in LANGUAGES}
