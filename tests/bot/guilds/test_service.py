import asyncio
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.contracts.events import SettingsChanged
from bot.errors import UserError
from bot.guilds import edits
from bot.guilds.edits import ListFull
from bot.guilds.history import UnknownChange
from bot.guilds.models import GuildSection, GuildSectionChange
from bot.guilds.paths import ListChanged, Path, RowRef
from bot.guilds.sections import CommunitySettings, Language
from tests.bot.guilds.conftest import ADA, BOB, GUILD, settings_of
from tests.rich_section import Group, RichSettings, Rung, Tone


async def stored(db):
    async with db.read() as session:
        return {row.section: row.value for row in await session.scalars(select(GuildSection))}


async def test_a_change_is_kept_with_who_when_before_and_after(settings, clock):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20)
    clock.advance(hours=1)
    await settings.change(GUILD, RichSettings, by=BOB, limit=30, active=True)
    newest, oldest = await settings.history(GUILD, RichSettings)
    assert (oldest.by, oldest.before, oldest.after) == (ADA, {}, {"limit": 20})
    assert (newest.by, newest.before, newest.after) == (BOB, {"limit": 20}, {"limit": 30, "active": True})
    assert newest.at - oldest.at == timedelta(hours=1)
    assert newest.fields == ["active", "limit"]


async def test_only_what_differs_from_the_default_is_stored(settings, db):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20, factor=2.0)
    await settings.change(GUILD, RichSettings, by=ADA, limit=10)
    assert await stored(db) == {"rich": {"factor": 2.0}}


async def test_the_same_value_again_is_no_change(settings):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20)
    await settings.change(GUILD, RichSettings, by=BOB, limit=20)
    assert len(await settings.history(GUILD)) == 1


async def test_a_bad_value_changes_nothing(settings, db):
    with pytest.raises(ValidationError):
        await settings.change(GUILD, RichSettings, by=ADA, active=True, limit=1000)
    assert settings.get(GUILD, RichSettings) == RichSettings()
    assert await settings.history(GUILD) == []
    assert await stored(db) in ({}, {"rich": {}})


async def test_a_refused_check_changes_nothing(settings):
    def never(before, after):
        assert (before.limit, after.limit) == (10, 20)
        raise UserError("no")

    with pytest.raises(UserError):
        await settings.edit(GUILD, RichSettings, lambda _: {"limit": 20}, by=ADA, check=never)
    assert settings.get(GUILD, RichSettings).limit == 10
    assert await settings.history(GUILD) == []


async def test_twenty_people_adding_at_once_lose_nothing(settings):
    async def add(number):
        await settings.edit(GUILD, RichSettings, edits.adding("rungs", {"role": number + 1}), by=number)

    await asyncio.gather(*(add(number) for number in range(20)))
    assert sorted(rung.role for rung in settings.get(GUILD, RichSettings).rungs) == list(range(1, 21))
    assert len(await settings.history(GUILD, limit=50)) == 20


async def test_two_people_changing_two_fields_at_once_lose_nothing(settings):
    await asyncio.gather(
        settings.change(GUILD, RichSettings, by=ADA, limit=20),
        settings.change(GUILD, RichSettings, by=BOB, factor=2.0),
    )
    value = settings.get(GUILD, RichSettings)
    assert (value.limit, value.factor) == (20, 2.0)


async def test_two_people_choosing_roles_from_the_same_menu_both_get_their_way(settings):
    await settings.change(GUILD, RichSettings, by=ADA, gifts=[1, 2])
    path = Path("gifts")
    await settings.edit(GUILD, RichSettings, edits.merging(path, [3], [1]), by=ADA)
    await settings.edit(GUILD, RichSettings, edits.merging(path, [4], []), by=BOB)
    assert settings.get(GUILD, RichSettings).gifts == (2, 3, 4)


async def test_the_memory_is_the_database_as_of_the_last_commit(settings, db):
    await asyncio.gather(*(settings.change(GUILD, RichSettings, by=n, limit=n + 1) for n in range(30)))
    again = settings_of(db)
    await again.load()
    assert settings.get(GUILD, RichSettings) == again.get(GUILD, RichSettings)


async def test_a_caller_who_gives_up_during_the_commit_leaves_no_stale_memory(settings, db, monkeypatch):
    commit, committing = AsyncSession.commit, asyncio.Event()

    async def slow(session):
        committing.set()
        await asyncio.sleep(0.02)
        await commit(session)

    monkeypatch.setattr(AsyncSession, "commit", slow)
    task = asyncio.create_task(settings.change(GUILD, RichSettings, by=ADA, limit=20))
    await committing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await stored(db))["rich"] == {"limit": 20}
    assert settings.get(GUILD, RichSettings).limit == 20


async def test_features_hear_of_a_change_once_it_is_committed(settings, db):
    heard = []

    async def after(event):
        heard.append((event, settings.get(GUILD, RichSettings).limit))

    db.bus.after(SettingsChanged, after)
    await settings.change(GUILD, RichSettings, by=ADA, limit=20)
    await db.bus.drain(5)
    assert heard == [(SettingsChanged(GUILD, "rich", ADA), 20)]


async def test_a_restart_reads_what_was_stored(settings, db):
    await settings.change(
        GUILD,
        RichSettings,
        by=ADA,
        tone=Tone.SOBER,
        patience=timedelta(minutes=7),
        channel=2**62,
        groups=[Group(name="Design", wait=timedelta(days=1))],
    )
    again = settings_of(db)
    await again.load()
    assert again.get(GUILD, RichSettings) == settings.get(GUILD, RichSettings)
    assert again.get(GUILD + 1, RichSettings) == RichSettings()


async def test_a_stored_value_the_model_no_longer_accepts_has_its_default_and_the_rest_works(
    settings, db, logged_errors
):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20, factor=2.0)

    async def corrupt(tx):
        await tx.session.execute(update(GuildSection).values(value={"limit": 5000, "factor": 2.0, "unknown": 1}))

    await db.transaction(corrupt)
    again = settings_of(db)
    await again.load()
    assert (again.get(GUILD, RichSettings).limit, again.get(GUILD, RichSettings).factor) == (10, 2.0)
    assert "limit" in logged_errors[0]
    await again.change(GUILD, RichSettings, by=ADA, active=True)
    assert await stored(db) == {"rich": {"factor": 2.0, "active": True}}
    logged_errors.clear()


# Rows


async def groups(settings, *names):
    await settings.change(GUILD, RichSettings, by=ADA, groups=[{"name": name} for name in names])
    return edits.rows_of(settings.get(GUILD, RichSettings), "groups")


def names(settings):
    return [group.name for group in settings.get(GUILD, RichSettings).groups]


async def test_a_row_is_edited_where_it_stands_now(settings):
    rows = await groups(settings, "a", "b", "c")
    seen = RowRef.to(rows, 2)
    await settings.edit(GUILD, RichSettings, edits.moving("groups", seen, -1), by=BOB)
    await settings.edit(GUILD, RichSettings, edits.setting(Path("groups", seen, "name"), "C"), by=ADA)
    assert names(settings) == ["a", "C", "b"]


async def test_a_row_somebody_removed_or_edited_meanwhile_is_never_confused_with_another(settings):
    rows = await groups(settings, "a", "b", "c")
    seen = RowRef.to(rows, 1)
    await settings.edit(GUILD, RichSettings, edits.removing("groups", seen), by=BOB)
    for edit in (
        edits.removing("groups", seen),
        edits.moving("groups", seen, 1),
        edits.setting(Path("groups", seen, "name"), "B"),
        edits.merging(Path("groups", seen, "words"), ["x"], []),
        edits.resetting(Path("groups", seen, "about"), RichSettings()),
    ):
        with pytest.raises(ListChanged):
            await settings.edit(GUILD, RichSettings, edit, by=ADA)
    assert names(settings) == ["a", "c"]


async def test_a_list_that_is_full_says_so(settings):
    await groups(settings, *"abcdefghij")
    with pytest.raises(ListFull):
        await settings.edit(GUILD, RichSettings, edits.adding("groups", {"name": "k"}), by=ADA)
    assert names(settings) == list("abcdefghij")


@pytest.mark.parametrize(("index", "by", "order"), [(0, 1, "bac"), (2, -1, "acb"), (0, -1, "abc"), (2, 1, "abc")])
async def test_rows_move_up_and_down_and_stay_at_the_ends(settings, index, by, order):
    rows = await groups(settings, *"abc")
    await settings.edit(GUILD, RichSettings, edits.moving("groups", RowRef.to(rows, index), by), by=ADA)
    assert names(settings) == list(order)


async def test_a_field_goes_back_to_its_default_also_in_a_row(settings):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20, groups=[{"name": "a", "about": "x", "open": False}])
    default = settings.default(RichSettings)
    await settings.edit(GUILD, RichSettings, edits.resetting(Path("limit"), default), by=ADA)
    row = RowRef.to(edits.rows_of(settings.get(GUILD, RichSettings), "groups"), 0)
    await settings.edit(GUILD, RichSettings, edits.resetting(Path("groups", row, "open"), default), by=ADA)
    value = settings.get(GUILD, RichSettings)
    assert (value.limit, value.groups[0].open, value.groups[0].about) == (10, True, "x")


# History


async def test_undoing_a_change_puts_back_its_fields_and_leaves_later_changes_of_others(settings):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20)
    await settings.change(GUILD, RichSettings, by=BOB, factor=2.0)
    first = (await settings.history(GUILD))[-1]
    await settings.revert(GUILD, first.id, by=BOB)
    value = settings.get(GUILD, RichSettings)
    assert (value.limit, value.factor) == (10, 2.0)
    undo = (await settings.history(GUILD))[0]
    assert (undo.by, undo.fields) == (BOB, ["limit"])
    await settings.revert(GUILD, undo.id, by=ADA)
    assert settings.get(GUILD, RichSettings).limit == 20


async def test_a_change_of_another_server_is_unknown_here(settings):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20)
    change = (await settings.history(GUILD))[0]
    with pytest.raises(UnknownChange):
        await settings.revert(GUILD + 1, change.id, by=ADA)
    with pytest.raises(UnknownChange):
        await settings.revert(GUILD, change.id + 100, by=ADA)
    assert settings.get(GUILD, RichSettings).limit == 20


async def test_history_pages_backwards_and_keeps_servers_and_sections_apart(settings):
    for limit in range(20, 26):
        await settings.change(GUILD, RichSettings, by=ADA, limit=limit)
    await settings.change(GUILD, CommunitySettings, by=ADA, time_zone="Europe/Paris")
    await settings.change(GUILD + 1, RichSettings, by=ADA, limit=99)
    newest = await settings.history(GUILD, RichSettings, limit=4)
    older = await settings.history(GUILD, RichSettings, limit=4, before=newest[-1].id)
    assert [change.after["limit"] for change in newest + older] == [25, 24, 23, 22, 21, 20]
    assert len(await settings.history(GUILD, limit=50)) == 7


# Defaults of the operator


async def test_the_operators_default_holds_until_a_server_chooses(db, clock):
    settings = settings_of(db, clock=clock, defaults={"community": {"language": "fr"}})
    assert settings.get(GUILD, CommunitySettings).language is Language.FRENCH
    await settings.change(GUILD, CommunitySettings, by=ADA, time_zone="Europe/Paris")
    assert settings.get(GUILD, CommunitySettings).language is Language.FRENCH
    await settings.change(GUILD, CommunitySettings, by=ADA, language="en")
    again = settings_of(db, defaults={"community": {"language": "fr"}})
    await again.load()
    assert again.get(GUILD, CommunitySettings).language is Language.ENGLISH


# What was deleted in Discord


async def test_a_deleted_role_or_channel_leaves_every_setting_that_names_it_and_nothing_else_changes(settings, db):
    told = []

    async def tell(tx, lost):
        told.append([(section.key, ref.field.name, ref.sub and ref.sub.name) for section, ref in lost])

    await settings.change(GUILD, CommunitySettings, by=ADA, staff_roles=[5, 6], staff_channel=50)
    await settings.change(
        GUILD,
        RichSettings,
        by=ADA,
        reward=5,
        gifts=[6, 5],
        channel=50,
        watched=[51, 50],
        groups=[Group(name="a", role=5), Group(name="b", role=6)],
        rungs=[Rung(role=5, points=1), Rung(role=6, points=2)],
        limit=20,
    )
    await settings.unset(GUILD, frozenset({5, 50}), tell)
    community, rich = settings.get(GUILD, CommunitySettings), settings.get(GUILD, RichSettings)
    assert (community.staff_roles, community.staff_channel) == ((6,), None)
    assert (rich.reward, rich.gifts, rich.channel, rich.watched, rich.limit) == (None, (6,), None, (51,), 20)
    assert [(group.name, group.role) for group in rich.groups] == [("a", None), ("b", 6)]
    assert [rung.role for rung in rich.rungs] == [6]
    assert {(key, field) for key, field, _sub in told[0]} == {
        *(("community", name) for name in ("staff_roles", "staff_channel")),
        *(("rich", name) for name in ("reward", "gifts", "channel", "watched", "groups", "rungs")),
    }
    again = await settings.unset(GUILD, frozenset({5, 50}), tell)
    assert (again, len(told)) == ([], 1)
    assert (await settings.history(GUILD))[0].by is None


async def test_when_the_team_cannot_be_told_nothing_is_unset(settings):
    async def fails(tx, lost):
        raise RuntimeError

    await settings.change(GUILD, RichSettings, by=ADA, channel=50)
    with pytest.raises(RuntimeError):
        await settings.unset(GUILD, frozenset({50}), fails)
    assert settings.get(GUILD, RichSettings).channel == 50


async def test_history_rows_are_never_edited(settings, db):
    await settings.change(GUILD, RichSettings, by=ADA, limit=20)
    first = (await settings.history(GUILD))[0]
    await settings.revert(GUILD, first.id, by=ADA)
    async with db.read() as session:
        row = await session.get_one(GuildSectionChange, first.id)
        assert (row.before, row.after, row.changed_by) == ({}, {"limit": 20}, ADA)
