"""0003 carries the code of conduct from the welcome to a feature of its own, and back, on databases as they were."""

import datetime as dt
import json

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import now
from bot.database import Database
from bot.database.migrations import migrate
from bot.events import EventBus
from cogs.conduct.code.service import Codes
from cogs.conduct.code.template import TEMPLATE
from tests.population import contents

AT = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
OWN, UNTOUCHED, ACCEPTED, ALONE = 1, 2, 3, 4
"""Servers: with a text of its own, with settings only, where the bot's text was accepted, with a changed title."""
TABLES = ("onboarding_code_version", "onboarding_code_acceptance", "guild_section")
OWN_SETTINGS = {"text_en": "Be kind.", "text_fr": "Soyons gentils.", "edition": 3, "ask_again": False}


async def run(url, work):
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        found = await connection.run_sync(work)
    await engine.dispose()
    return found


def fill(connection):
    """A database of 0002."""
    metadata = sa.MetaData()
    metadata.reflect(connection, only=TABLES)
    version, acceptance, section = (metadata.tables[name] for name in TABLES)
    texts = [
        ("The text it began with.", "Le texte du début."),
        ("Be kind!", "Soyons gentils."),
        ("Be kind.", "Soyons gentils."),
    ]
    for number, (english, french) in enumerate(texts, start=1):
        row = {"text_en": english, "text_fr": french, "published_at": AT + dt.timedelta(days=number)}
        connection.execute(version.insert().values(guild_id=OWN, version=number, major=number, **row))
    for guild_id, user_id in ((OWN, 70), (ACCEPTED, 70), (ACCEPTED, 71)):
        row = {"version": 1, "major": 1, "accepted_at": AT + dt.timedelta(hours=user_id)}
        connection.execute(acceptance.insert().values(guild_id=guild_id, user_id=user_id, **row))
    for guild_id, value in ((OWN, OWN_SETTINGS), (UNTOUCHED, {"ask_again": False}), (ALONE, {})):
        connection.execute(section.insert().values(guild_id=guild_id, section="code", value=value))


def rows(*names):
    """Every row of these tables, JSON as values, in a fixed order."""

    def read(connection):
        metadata = sa.MetaData()
        metadata.reflect(connection, only=names)
        return {
            name: sorted(
                (
                    {
                        key: json.loads(one) if key == "value" and isinstance(one, str) else one
                        for key, one in row.items()
                    }
                    for row in connection.execute(sa.select(metadata.tables[name])).mappings()
                ),
                key=str,
            )
            for name in names
        }

    return read


async def codes_of(url):
    db = Database(url, EventBus())
    codes = Codes(db, now)
    await codes.load()
    return db, codes


async def test_a_servers_own_text_stays_in_force_with_its_history_and_its_settings_come_back(empty_url):
    await migrate(empty_url, "0002")
    await run(empty_url, fill)
    before = await run(empty_url, rows(*TABLES)), await contents(empty_url)
    await migrate(empty_url)
    db, codes = await codes_of(empty_url)
    code = codes.current(OWN)
    assert (code.version, code.major, code.pages_in("fr")) == (3, 3, ("Soyons gentils.",))
    assert codes.articles(OWN) == (), "one text, without articles"
    assert [one.at for one in await codes.history(OWN)] == [AT + dt.timedelta(days=day) for day in (3, 2, 1)]
    assert (await codes.version(OWN, 1)).document.preamble["en"] == "The text it began with."
    assert codes.published(UNTOUCHED).document == codes.published(ALONE).document == TEMPLATE
    await db.close()
    settings = {row["guild_id"]: row["value"] for row in (await run(empty_url, rows("guild_section")))["guild_section"]}
    assert settings == {OWN: {"ask_again": False}, UNTOUCHED: {"ask_again": False}, ALONE: {}}
    await migrate(empty_url, "0002")
    assert (await run(empty_url, rows(*TABLES)), await contents(empty_url)) == before


async def test_what_members_accepted_stays_in_force_until_the_team_publishes_something_else(empty_url):
    await migrate(empty_url, "0002")
    await run(empty_url, fill)
    await migrate(empty_url)
    db, codes = await codes_of(empty_url)
    code = codes.current(ACCEPTED)
    assert (code.version, code.major, code.published_at) == (1, 1, AT + dt.timedelta(hours=70))
    assert "tell the moderators instead of taking revenge" in code.pages_in("en")[0]
    draft = await codes.edit(ACCEPTED, lambda document: document.joined_by(TEMPLATE.articles), by=70)
    await codes.publish(ACCEPTED, revision=draft.revision, major=True, by=70)
    draft = await codes.edit(UNTOUCHED, lambda document: document.withdrawing(4, withdrawn=True), by=70)
    await codes.publish(UNTOUCHED, revision=draft.revision, major=False, by=70)
    await db.close()
    await migrate(empty_url, "0002")
    found = await run(empty_url, rows(*TABLES))
    kept = [row for row in found["onboarding_code_version"] if row["guild_id"] == ACCEPTED]
    assert [(row["version"], row["major"]) for row in kept] == [(1, 1), (2, 2)]
    assert "**10. Decisions and appeals**" in kept[1]["text_en"], "articles become part of the text"
    settings = {row["guild_id"]: row["value"] for row in found["guild_section"]}
    assert settings[ACCEPTED] == {
        "text_en": kept[1]["text_en"],
        "text_fr": kept[1]["text_fr"][:2999] + "…",
        "edition": 2,
    }
    assert "Leave room" not in settings[UNTOUCHED]["text_en"]
    assert settings[UNTOUCHED]["ask_again"] is False
