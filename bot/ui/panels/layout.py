"""How fields are spread over pages: as even as possible, in their order."""

from bot.guilds.shape import FieldShape
from bot.guilds.shape import shapes as shapes_of
from bot.ui.panels.desk import Desk

FIELDS_PER_PAGE = 8
"""Three components each; with title, reset menu, buttons and a feature's own, Discord's 40 are full."""


def spread(fields: list[FieldShape], per_page: int = FIELDS_PER_PAGE) -> list[list[FieldShape]]:
    """Pages of nearly equal length."""
    pages = max(1, -(-len(fields) // per_page))
    size, longer = divmod(len(fields), pages)
    found, start = [], 0
    for number in range(pages):
        end = start + size + (number < longer)
        found.append(fields[start:end])
        start = end
    return found


def page_of(desk: Desk, section: str, field: str) -> int:
    """On which page of its section the field stands; the first one when it has gone."""
    pages = spread(list(shapes_of(desk.section(section)).values()))
    return next((number for number, fields in enumerate(pages) if any(one.name == field for one in fields)), 0)
