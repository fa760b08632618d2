"""Localised names and descriptions of commands, from the ``commands`` gettext domain."""

import gettext
from collections.abc import Sequence
from pathlib import Path

from discord import Locale, app_commands

from bot.i18n import catalogues


class CommandTranslator(app_commands.Translator):
    """Feeds the command payload from a domain of its own, so that names never collide with prose."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._by_language: dict[str, gettext.NullTranslations] = {
            code: catalogues.load(folders, code, "commands") for code in catalogues.LANGUAGES if code != "en"
        }

    async def translate(
        self, string: app_commands.locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        catalogue = self._by_language.get(locale.value.split("-")[0])
        if catalogue is None or not string.message:
            return None
        translated = catalogue.gettext(string.message)
        return translated if translated != string.message else None
