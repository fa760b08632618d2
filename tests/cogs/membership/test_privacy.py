"""`/privacy`: read what is kept, get it, erase it; in a server and in the bot's messages, also for who left."""

import asyncio
import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from bot.community.options import Option, opted_out
from bot.database import MemberData, OnErase
from bot.privacy import erase as erasing
from bot.privacy import export as exporting
from bot.privacy.models import Erasure
from bot.privacy.tables import Holding, holdings
from cogs.membership.privacy import Erasing
from cogs.membership.privacy import declared as declaring
from cogs.membership.privacy.declared import declared
from cogs.membership.privacy.file import files
from tests.bot.privacy.rows import everything
from tests.cogs.administration.conftest import texts


async def cells_with(db, text):
    return [(table, column) for table, column, value in await everything(db) if str(text) in value]


async def be_known(stage, person=None):
    """The person has taken part, and has chosen."""
    person = person or stage.member
    await person.send(stage.general, "hello")
    await stage.bot.community.choose(stage.guild.id, person.id, Option.NO_LEADERBOARDS, True)
    await stage.bot.attention.silence(stage.guild.id, person.id, True)
    await stage.bot.community.flush.flush()


async def attachment(result):
    """The JSON in the one file that a click was answered with."""
    assert result.ephemeral
    [message] = [one for one in (result.response, *result.followups) if one is not None]
    [file] = message.attachments
    return json.loads(await file.read()), file.filename


async def erasures(bot):
    async with bot.db.read() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(Erasure))


@pytest.mark.parametrize(
    ("locale", "title", "word"),
    [("en-US", "Your data: Agora", "ask to be erased"), ("fr", "Tes données : Agora", "effac")],
)
async def test_the_page_says_in_plain_words_what_every_table_about_members_is_for(
    stage, env, rooms, locale, title, word
):
    await be_known(stage)
    env.set_locale(stage.member, locale)
    panel = await rooms.privacy()
    t = stage.bot.i18n.for_language(locale[:2])
    assert title in panel.text.replace("\u202f", " ")
    assert word in panel.text
    assert "(1)" in panel.text
    assert len(panel.text) < 4000
    assert t("Who greeted you.") not in panel.text, "only of what there is"
    everything = "".join(await all_pages(panel, stage.guild.id))
    for holding, data in declared():
        assert t(data.purpose) in everything, holding.table.name
        assert t(data.kept) in everything, holding.table.name
        assert locale == "en-US" or t(data.purpose) != data.purpose, "it is said in French"


async def all_pages(panel, guild_id):
    """What each page of all that can be kept says, there and back."""
    await panel.click("privacy:go:a")
    pages = [panel.text]
    while (onward := f"privacy:go:a:{guild_id}:{len(pages)}") in panel.ids():
        await panel.person.click(panel.message, custom_id=onward)
        pages.append(panel.text)
    for page in reversed(range(len(pages) - 1)):
        back = f"privacy:go:a:{guild_id}" + (f":{page}" if page else "")
        await panel.person.click(panel.message, custom_id=back)
        assert panel.text == pages[page]
    assert max(map(len, pages)) < 4000
    return pages


async def test_the_file_has_everything_explained_and_nobody_else(stage, env, rooms, make_bot):
    await be_known(stage)
    panel = await rooms.privacy()
    await env.restart(make_bot(), crash=True)
    await stage.member.send(stage.general, "a second ago")
    made, name = await attachment(await panel.click("privacy:file"))
    assert name == "my-data.json"
    assert made["servers"] == {str(stage.guild.id): "Agora"}
    assert made["about_you"]["activity_day"]["what"].startswith("How much you took part")
    assert made["about_you"]["activity_day"]["entries"][0]["messages"] == 2
    assert set(made["about_you"]) == {"member", "activity_day", "contribution", "attention_account"}
    assert str(stage.moderator.id) not in json.dumps(made)


async def test_erasing_says_what_goes_asks_first_and_a_second_press_finds_nothing(stage, env, rooms):
    await be_known(stage)
    panel = await rooms.privacy()
    await panel.click("privacy:go:e")
    assert "This goes, and cannot be brought back:" in panel.text
    assert "your messages, your roles and a ban stay there" in panel.text
    other = await rooms.privacy()
    await other.click("privacy:go:e")
    pressed = panel.id_of("privacy:erase")
    assert await cells_with(stage.bot.db, stage.member.id) != []
    counted = await stage.member.send(stage.general, "while it is counted in memory")
    await panel.click("privacy:erase")
    assert "Your data is erased: Agora" in panel.text
    assert await cells_with(stage.bot.db, stage.member.id) == []
    await stage.member.click(other.message, custom_id=pressed)
    assert "There was nothing to erase" in texts(other.message)
    await stage.member.delete(counted)
    await stage.bot.community.flush.flush()
    assert await cells_with(stage.bot.db, stage.member.id) == [], "taking it back would name them again"
    assert await erasures(stage.bot) == 1


async def test_an_erased_member_goes_on_as_somebody_new_with_choices_that_hold(stage, rooms):
    await be_known(stage)
    panel = await rooms.privacy()
    await panel.click("privacy:go:e")
    await panel.click("privacy:erase")
    await panel.click("privacy:go:c")
    assert "You can appear in leaderboards." in panel.text, "what was chosen before is erased too"
    await panel.click("membership:choose:anonymous:1")
    assert "You are counted without your name." in panel.text
    await panel.click("membership:choose:silence:1")
    await stage.member.send(stage.general, "still here")
    await stage.bot.community.flush.flush()
    assert (await stage.bot.community.activity.totals(stage.guild.id, stage.member.id)).messages == 0
    async with stage.bot.db.read() as session:
        assert await opted_out(session, stage.guild.id, Option.ANONYMOUS) == {stage.member.id}
    assert (await rooms.profile()).text.startswith("## bob")


async def test_two_presses_at_the_same_time_erase_once(stage, rooms):
    await be_known(stage)
    service = stage.bot.service(Erasing)
    done = await asyncio.gather(*(service.erase(stage.guild.id, stage.member.id) for _ in range(5)))
    assert sum(one is not None for one in done) == 1
    assert await erasures(stage.bot) == 1


async def test_in_messages_one_chooses_the_server_and_who_left_reads_gets_and_erases(stage, env, rooms):
    second = env.create_guild("Forum", preferred_locale="fr")
    place = second.create_text_channel("salon")
    there = second.add_member(stage.member.user)
    await env.settle()
    await there.send(place, "hello")
    await be_known(stage)
    await env.leave(stage.member)
    panel = await rooms.privacy_in_messages()
    assert "Your data: all servers" in panel.text
    made, _ = await attachment(await panel.click("privacy:file"))
    assert set(made["servers"].values()) == {"Agora", "Forum"}
    await panel.select("privacy:server", [str(stage.guild.id)])
    assert "Your data: Agora" in panel.text
    await panel.click("privacy:go:c")
    await panel.click("membership:choose:no_people_lists:1")
    assert "You are named in no list of people." in panel.text
    await panel.click("privacy:go:h")
    await panel.click("privacy:go:e")
    await panel.click("privacy:erase")
    assert "Your data is erased: Agora" in panel.text
    left = {table for table, column, value in await everything(stage.bot.db) if str(stage.member.id) in value}
    assert left, "the other server keeps what it has"
    panel = await rooms.privacy_in_messages()
    assert "Your data: Forum" in panel.text, "only one server knows them now"
    await panel.click("privacy:go:e")
    await panel.click("privacy:erase")
    assert await cells_with(stage.bot.db, stage.member.id) == []


async def test_a_server_in_a_button_gives_no_look_at_what_is_not_one_s_own(stage, env, rooms):
    """Buttons of an answer only its reader sees; pressed by another, they are about that other."""
    await be_known(stage)
    panel = await rooms.privacy()
    with_ids = panel.id_of("privacy:file")
    moderator = await rooms.privacy(stage.moderator)
    assert moderator.id_of("privacy:file") == with_ids
    made, _ = await attachment(await moderator.click("privacy:file"))
    assert made["user_id"] == str(stage.moderator.id)


@pytest.fixture
async def sanctions(stage, monkeypatch):
    """A table of bans in force, as the code of conduct will have one."""
    table = sa.Table(
        "ban_for_test",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("note", sa.String),
    )
    kept = MemberData(
        "user_id", "A ban that is in force.", "Until it ends.", on_erase=OnErase.KEEP_HASHED, personal=("note",)
    )
    async with stage.bot.db.writer.begin() as connection:
        await connection.run_sync(table.metadata.create_all)
        row = {"id": 1, "guild_id": stage.guild.id, "user_id": stage.member.id, "note": "what they wrote"}
        await connection.execute(sa.insert(table), [row])
    for module in (erasing, exporting, declaring):
        monkeypatch.setattr(module, "holdings", lambda: [*holdings(), Holding(table, kept)])
    return table


async def test_who_is_banned_erases_in_messages_and_the_ban_holds(stage, env, rooms, sanctions):
    second = env.create_guild("Forum")
    second.add_member(stage.member.user)
    await env.settle()
    await be_known(stage)
    await env.ban(stage.admin, stage.member)
    panel = await rooms.privacy_in_messages()
    await panel.select("privacy:server", [str(stage.guild.id)])
    await panel.click("privacy:go:e")
    assert "because a ban or a limit would end with it" in panel.text
    assert "A ban that is in force." in panel.text
    await panel.click("privacy:erase")
    assert "so that a ban or a limit holds" in panel.text
    async with stage.bot.db.read() as session:
        row = (await session.execute(sa.select(sanctions))).one()
    assert row.user_id < 0
    assert row.note is None
    guild = env.backend.get_guild(stage.guild.id)
    assert stage.member.id in guild.bans, "Discord's ban is not lifted"
    left = [table for table, _, value in await everything(stage.bot.db) if str(stage.member.id) in value]
    assert set(left) <= {"member"}, "the other server's row"


def test_a_large_file_is_zipped_and_then_cut_and_every_entry_is_in_one_part():
    rows = [{"id": n, "text": f"{n * 7919 % 104729:x}" * 8} for n in range(4000)]
    made = {"read_me": "…", "about_you": {"t": {"what": "w", "kept": "k", "entries": rows}}, "names_you": {}}
    [plain] = files(made, "data", 10_000_000)
    assert json.loads(plain.content) == made
    [packed] = files(made, "data", 200_000)
    assert packed.name == "data.zip"
    parts = files(made, "data", 9_000)
    assert len(parts) > 2
    assert all(len(part.content) <= 9_000 for part in parts)
    found = []
    for part in parts:
        with zipfile.ZipFile(io.BytesIO(part.content)) as archive:
            found += json.loads(archive.read(archive.namelist()[0]))["about_you"]["t"]["entries"]
    assert found == rows
