"""`parvis check` finds what would keep Parvis from working, and is content only when all is well."""

import re

import pytest

from bot.database import Database
from bot.events import EventBus
from bot.guilds.models import GuildSection
from tests.migrated import migrated

pytestmark = pytest.mark.process


@pytest.fixture
async def url(tmp_path):
    """A migrated SQLite database."""
    address = f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}"
    await migrated(address)
    return address


async def settled(url, guild, **community):
    """The server's settings name these channels and roles."""
    db = Database(url, EventBus())
    row = {"guild_id": guild.state.id, "section": "community", "value": community}
    await db.transaction(lambda tx: tx.ensure(GuildSection, **row))
    await db.close()


async def checked(process):
    """The exit code and the words of the output, as if the table were wide."""
    process.environment["COLUMNS"] = "300"
    await process.start()
    end = await process.ended(timeout=40)
    assert "Traceback" not in process.text, process.text
    return end.code, process.text


async def test_when_all_is_well_it_says_so_and_exits_with_0(loopback, bot_process, url):
    guild = loopback.create_guild("Agora")
    channel, role = guild.text_channel("staff"), guild.role("Team")
    await settled(url, guild, staff_channel=channel.id, staff_roles=[role.id])
    code, text = await checked(bot_process(arguments=("check",)))
    assert code == 0, text
    assert "Agora" in text
    assert "All is well." in text


async def test_deleted_channels_and_roles_and_missing_permissions_are_named_for_each_server(loopback, bot_process, url):
    first, second = loopback.create_guild("Agora"), loopback.create_guild("Forum")
    channel, role = first.text_channel("staff"), first.role("Team")
    await settled(url, first, staff_channel=channel.id, staff_roles=[role.id])
    first.delete_channel(channel)
    first.delete_role(role)
    closed = second.text_channel("private")
    second.overwrite(closed, second.bot_role, deny="send_messages")
    await settled(url, second, staff_channel=closed.id)
    code, text = await checked(bot_process(arguments=("check",)))
    assert code == 1
    assert re.search(r"Staff channel +│ Agora +│ This channel no longer exists", text), text
    assert re.search(r"Staff roles +│ Agora +│ This role no longer exists", text), text
    assert re.search(r"Staff channel +│ Forum +│ In #private I lack: Send Messages", text), text


async def test_it_speaks_the_language_of_the_terminal(loopback, bot_process, url):
    guild = loopback.create_guild("Agora")
    await settled(url, guild, staff_channel=1)
    code, text = await checked(bot_process(arguments=("check",), LANG="fr_FR.UTF-8"))
    assert code == 1
    assert "Ce salon n’existe plus" in text


async def test_a_wrong_token_is_a_line_of_the_table(loopback, bot_process, url):
    code, text = await checked(bot_process(arguments=("check",), token="a" * 64))
    assert code == 1
    assert "public key" in text
    assert "a" * 64 not in text


async def test_every_intent_that_is_off_is_a_line_of_the_table(loopback, bot_process, url):
    loopback.world.application.members_intent = loopback.world.application.content_intent = False
    code, text = await checked(bot_process(arguments=("check",)))
    assert code == 1
    assert "Server Members Intent" in text
    assert "Message Content Intent" in text


async def test_a_database_that_was_not_upgraded_is_a_line_of_the_table(loopback, bot_process):
    code, text = await checked(bot_process(arguments=("check",)))
    assert code == 1
    assert "parvis db upgrade" in text
