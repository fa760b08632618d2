from bot.guilds.reference import markdown
from bot.guilds.shape import shapes
from bot.i18n.localizer import I18n
from bot.permissions.names import NAMES
from tests.rich_section import RichSettings
from tools import settings_reference


async def test_the_reference_in_the_docs_is_what_the_models_say():
    """`python tools/settings_reference.py` writes it."""
    pages = await settings_reference.pages()
    assert {path.parent.name for path in pages} == {"en", "fr"}
    stale = [path.name for path, text in pages.items() if path.read_text("utf-8") != text]
    assert stale == []


def test_every_field_of_a_section_and_of_its_rows_stands_in_the_reference():
    page = markdown([RichSettings], I18n().for_language("en"), NAMES.__getitem__)
    for shape in shapes(RichSettings).values():
        assert f"| **{shape.title}** | {shape.description} |" in page
        for sub in shapes(shape.row).values() if shape.row else ():
            assert f"| **{sub.title}** | {sub.description} |" in page
    assert "| a length of time · at least 5 minutes · at most 7 days | 1 hour |" in page
    assert "| a role · harmless, and below the bot's own role | – |" in page
    assert "one of: Warm, Sober, Playful | Warm |" in page


def test_the_reference_is_written_in_french_too():
    page = markdown([RichSettings], I18n().for_language("fr"), NAMES.__getitem__)
    assert "au moins 5 minutes" in page
    assert "le bot y a besoin de" in page
