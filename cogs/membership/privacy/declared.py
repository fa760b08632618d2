"""What the tables declare about members, in words for them: by how long it is kept, and by what erasing does."""

from collections.abc import Mapping

from sqlalchemy import func, literal, select, union_all

from bot.database import Database, MemberData, OnErase
from bot.i18n.localizer import Localizer
from bot.privacy.tables import Holding, holdings

Counts = Mapping[str, int]
"""Table → how many rows are about a person."""


def declared() -> list[tuple[Holding, MemberData]]:
    """Tables about members: who they are and what they did first, then what features keep."""
    found = [(one, one.declared) for one in holdings() if isinstance(one.declared, MemberData)]
    return sorted(found, key=lambda entry: _place(entry[0].table.name))


def _place(table: str) -> tuple[int, str]:
    first = ("member", "activity_day", "contribution")
    return (first.index(table), "") if table in first else (len(first), table)


def by_length(t: Localizer, counts: Counts | None = None) -> dict[str, list[str]]:
    """How long → what is kept so long: of what there is about the person with the number of entries, or all (None)."""
    found: dict[str, dict[str, int]] = {}
    for holding, data in declared():
        number = 0 if counts is None else counts.get(holding.table.name, 0)
        if number or counts is None:
            purposes = found.setdefault(t(data.kept), {})
            purposes[t(data.purpose)] = purposes.get(t(data.purpose), 0) + number
    return {
        kept: [f"{what} **({t.number(number)})**" if number else what for what, number in purposes.items()]
        for kept, purposes in found.items()
    }


def by_fate(t: Localizer, counts: Counts) -> dict[OnErase, list[str]]:
    """What erasing does → the purposes of the entries about the person to which it does that."""
    found: dict[OnErase, list[str]] = {fate: [] for fate in OnErase}
    for holding, data in declared():
        purpose = t(data.purpose)
        if counts.get(holding.table.name) and purpose not in found[data.on_erase]:
            found[data.on_erase].append(purpose)
    return found


def purposes_of(t: Localizer, tables: Mapping[str, int], fate: OnErase) -> list[str]:
    """What those tables are for, of the tables to which erasing does that."""
    return by_fate(t, tables)[fate]


async def count(db: Database, guild_id: int | None, user_id: int) -> dict[str, int]:
    """How many entries each table has about the person, in one server or in all (None)."""
    queries = []
    for holding, data in declared():
        within = holding.within(guild_id)
        if within is not None:
            mine = holding.table.c[data.subject] == user_id
            name = literal(holding.table.name)
            queries.append(select(name, func.count()).select_from(holding.table).where(within, mine))
    async with db.read() as session:
        rows = await session.execute(union_all(*queries))
        return {name: number for name, number in rows if number}
