"""Imports that wait: applied once, all or nothing, by the person whose they are; the same on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.guilds.history import Origin
from bot.guilds.sections import CommunitySettings
from bot.guilds.transfer.mapping import Directory
from bot.guilds.transfer.plan import SettingsMoved
from bot.guilds.transfer.service import KEPT, ImportGone, Imports, NotReady
from bot.guilds.transfer.writing import Writer
from bot.i18n.localizer import I18n
from tests.bot.guilds.conftest import ADA, BOB, GUILD, settings_of
from tests.rich_section import Group, RichSettings, Rung, Tone

HERE = Directory({50: ("general", "text"), 51: ("general", "voice")}, {5: "Team", 6: "Twin", 7: "Twin"})
TWO = 'format = 1\n[community]\ntime_zone = "Europe/Paris"\n[rich]\nlimit = 3'


@pytest.fixture
def imports(db, settings, clock):
    return Imports(db, settings, clock=clock)


async def waits(imports, text=TWO, by=ADA):
    file = await imports.read(text.encode())
    return await imports.keep(GUILD, by, file)


def planned(imports, waiting):
    return imports.plan(GUILD, waiting, HERE)


async def test_an_import_is_one_change_of_several_sections(imports, settings, db):
    waiting = await waits(imports)
    await imports.apply(GUILD, ADA, waiting.number, planned(imports, waiting), None)
    with pytest.raises(ImportGone):
        await imports.get(GUILD, ADA, waiting.number)
    ((first, second),) = await settings.entries(GUILD)
    assert (first.batch, second.batch, first.origin) == (first.id, first.id, Origin.IMPORT)
    undone = await settings.revert(GUILD, second.id, by=BOB)
    assert undone == [CommunitySettings(), RichSettings()]
    newest, _oldest = await settings.entries(GUILD)
    assert [(change.section, change.by, change.origin) for change in newest] == [
        ("community", BOB, Origin.UNDO),
        ("rich", BOB, Origin.UNDO),
    ]
    assert [len(entry) for entry in await settings.entries(GUILD, RichSettings)] == [1, 1]
    again = settings_of(db)
    await again.load()
    assert again.get(GUILD, RichSettings) == RichSettings()


async def test_a_refusal_of_the_last_section_leaves_the_first_as_it_was(imports, settings):
    def check(before, after):
        if isinstance(after, RichSettings):
            raise UserError("no")

    waiting = await waits(imports)
    with pytest.raises(UserError, match="no"):
        await imports.apply(GUILD, ADA, waiting.number, planned(imports, waiting), check)
    assert settings.get(GUILD, CommunitySettings) == CommunitySettings()
    assert await settings.history(GUILD) == []
    assert await imports.get(GUILD, ADA, waiting.number) == waiting, "it waits on"


async def test_what_changed_since_it_was_seen_stops_the_whole_import(imports, settings):
    waiting = await waits(imports)
    seen = planned(imports, waiting)
    await settings.change(GUILD, RichSettings, by=BOB, active=True)
    with pytest.raises(SettingsMoved):
        await imports.apply(GUILD, ADA, waiting.number, seen, None)
    assert settings.get(GUILD, CommunitySettings) == CommunitySettings()
    now = planned(imports, waiting)
    assert now.digest != seen.digest
    await imports.apply(GUILD, ADA, waiting.number, now, None)
    assert settings.get(GUILD, RichSettings) == RichSettings(limit=3)


async def test_ten_who_say_yes_at_once_change_it_once(imports, settings):
    waiting = [await waits(imports, by=person) for person in (ADA, BOB)]
    plan = planned(imports, waiting[0])
    yes = [
        imports.apply(GUILD, person, one.number, plan, None)
        for one, person in zip(waiting, (ADA, BOB), strict=True)
        for _ in "12345"
    ]
    results = await asyncio.gather(*yes, return_exceptions=True)
    assert sum(isinstance(result, list) for result in results) == 1
    assert all(isinstance(result, list | ImportGone | SettingsMoved) for result in results)
    assert len(await settings.entries(GUILD)) == 1


async def test_imports_and_edits_at_once_lose_nothing(imports, settings, db):
    """Sections are locked in one order, so nobody waits for each other; the history says what happened."""

    async def bring(person, limit):
        for _ in range(3):
            waiting = await waits(
                imports, f'format = 1\n[rich]\nlimit = {limit}\n[community]\ntime_zone = "UTC"', person
            )
            plan = planned(imports, waiting)
            if plan.steps:
                await imports.apply(GUILD, person, waiting.number, plan, None)

    async def edit(limit):
        edits = {RichSettings: lambda _: {"limit": limit}, CommunitySettings: lambda _: {"staff_roles": [limit]}}
        order = sorted(edits, key=lambda section: section.key, reverse=bool(limit % 2))
        await settings.edit_many(GUILD, {one: edits[one] for one in order}, by=ADA, origin=Origin.SETUP)

    work = [bring(person, 10 + person) for person in range(3)] + [edit(limit) for limit in range(20, 26)]
    results = await asyncio.gather(*work, return_exceptions=True)
    assert all(result is None or isinstance(result, SettingsMoved | list) for result in results), results
    assert db.retries == 0, "two waited for each other"
    replayed = {}
    for change in reversed(await settings.history(GUILD, limit=100)):
        assert replayed.get(change.section, {}) == change.before
        replayed[change.section] = change.after
    again = settings_of(db)
    await again.load()
    for section in (CommunitySettings, RichSettings):
        assert again.get(GUILD, section) == settings.get(GUILD, section)
        assert settings.differing(settings.get(GUILD, section)) == replayed[section.key]


async def test_an_import_waits_an_hour_for_its_own_person_and_a_new_file_takes_its_place(imports, clock, db):
    old, new = await waits(imports), await waits(imports)
    for person, number in ((ADA, old.number), (BOB, new.number)):
        with pytest.raises(ImportGone):
            await imports.get(GUILD, person, number)
    clock.advance(minutes=59)
    await imports.forget_expired()
    assert await imports.get(GUILD, ADA, new.number) == new
    clock.set(clock.now + KEPT - timedelta(minutes=59))
    for call in (imports.get(GUILD, ADA, new.number), imports.choose(GUILD, ADA, new.number, 0, 5)):
        with pytest.raises(ImportGone):
            await call
    await imports.forget_expired()
    clock.advance(hours=-1)
    with pytest.raises(ImportGone):
        await imports.get(GUILD, ADA, new.number)


async def test_two_files_of_one_person_at_once_leave_one(imports):
    kept = await asyncio.gather(*(waits(imports) for _ in range(5)))
    found = await asyncio.gather(*(imports.get(GUILD, ADA, one.number) for one in kept), return_exceptions=True)
    assert sum(not isinstance(one, ImportGone) for one in found) == 1


async def test_nothing_to_do_or_something_missing_is_not_applied(imports):
    for text in (
        "format = 1\n[rich]",
        'format = 1\n[rich]\nrungs = [{role = "Gone"}]\n[community]\ntime_zone = "Asia/Tokyo"',
    ):
        waiting = await waits(imports, text)
        with pytest.raises(NotReady):
            await imports.apply(GUILD, ADA, waiting.number, planned(imports, waiting), None)


async def test_names_are_ids_of_this_server(imports):
    text = """format = 1
[rich]
channel = { name = "#general", id = "51" }
judge = { name = "Elsewhere", id = "5" }
reward = "Twin"
gifts = ["Team", 6, "Nobody"]
"""
    waiting = await waits(imports, text)
    plan = planned(imports, waiting)
    value = plan.steps[0].after
    assert value.channel == 50, "51 is a voice channel"
    assert value.judge == 5, "the id exists here, whatever it is called"
    assert (value.reward, value.gifts) == (None, (5, 6))
    assert [waiting.file.entities[number].name for number in plan.mapped.asked] == ["Twin", "Nobody"]
    waiting = await imports.choose(GUILD, ADA, waiting.number, plan.mapped.asked[0], 7)
    assert planned(imports, waiting).steps[0].after.reward == 7
    waiting = await imports.choose(GUILD, ADA, waiting.number, plan.mapped.asked[0], 404)
    assert planned(imports, waiting).steps[0].after.reward is None, "nothing of that id is here"


async def test_a_section_that_is_not_in_the_file_stays(imports, settings):
    await settings.change(GUILD, CommunitySettings, by=ADA, time_zone="Europe/Paris")
    await settings.change(GUILD, RichSettings, by=ADA, limit=20, active=True)
    waiting = await waits(imports, "format = 1\n[rich]\nactive = true")
    await imports.apply(GUILD, ADA, waiting.number, planned(imports, waiting), None)
    assert settings.get(GUILD, CommunitySettings).time_zone == "Europe/Paris"
    assert settings.get(GUILD, RichSettings) == RichSettings(active=True)


async def test_the_operators_default_holds_where_the_file_is_silent(db, clock):
    settings = settings_of(db, clock=clock, defaults={"community": {"language": "fr"}})
    imports = Imports(db, settings, clock=clock)
    waiting = await waits(imports, 'format = 1\n[community]\ntime_zone = "Asia/Tokyo"')
    assert planned(imports, waiting).steps[0].after.language == "fr"


class Nameless:
    def channel(self, channel_id):
        return None

    role = channel


def exported(settings, guild_id):
    values = [settings.get(guild_id, section) for section in settings.sections.all()]
    writer = Writer(I18n().for_language("en"), Nameless())
    return writer.file("Agora", [(type(value), settings.differing(value)) for value in values])


async def test_settings_move_between_sqlite_and_postgresql_without_a_difference(sqlite_url, postgres_url, clock):
    """Promise 29: exported here, imported there, exported again; and back."""
    from bot.database import Database
    from bot.events import EventBus

    here = Directory({2**62: ("general", "text")}, {2**61: "Team"})
    value = {
        "active": True,
        "tone": Tone.PLAYFUL,
        "channel": 2**62,
        "gifts": [2**61],
        "pause": timedelta(days=4000, microseconds=1),
        "factor": 0.1 + 0.2,
        "text": 'é\u2028"""\\\r\n\x85 🫶\n',
        "words": ["", "a\nb"],
        "groups": [Group(name="Design", role=2**61, words=("x",), wait=timedelta(days=1))],
        "rungs": [Rung(role=2**61, points=1000)],
    }
    databases = [Database(url, EventBus()) for url in (sqlite_url, postgres_url)]
    first, second = [settings_of(database, clock=clock) for database in databases]
    await first.change(GUILD, RichSettings, by=ADA, **value)
    text = exported(first, GUILD)
    for target, database, guild_id in ((second, databases[1], GUILD), (first, databases[0], GUILD + 1)):
        imports = Imports(database, target, clock=clock)
        waiting = await imports.keep(guild_id, ADA, await imports.read(text.encode()))
        waiting = await imports.get(guild_id, ADA, waiting.number)
        await imports.apply(guild_id, ADA, waiting.number, imports.plan(guild_id, waiting, here), None)
        again = settings_of(database)
        await again.load()
        assert again.get(guild_id, RichSettings) == first.get(GUILD, RichSettings)
        assert exported(again, guild_id) == text
    for database in databases:
        await database.close()
