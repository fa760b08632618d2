"""The code of conduct travels in the settings file of a server, and becomes a draft elsewhere."""

import pytest

from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from bot.guilds.transfer.file import FileRefused
from bot.guilds.transfer.plan import SettingsMoved
from bot.guilds.transfer.service import Imports
from bot.guilds.transfer.writing import Writer
from bot.i18n.localizer import I18n
from cogs.conduct.code.file import CodeFile, document_of, file_of, part_of_the_file
from cogs.conduct.code.rules.document import Document
from cogs.conduct.code.service import Codes
from cogs.conduct.code.template import TEMPLATE
from tests.cogs.conduct.code.test_code_service import new_article

HERE, THERE, ADA = 10, 11, 1


class Nothing:
    """A server and a file without channels and roles."""

    def channel(self, channel_id):
        return None

    role = channel


@pytest.fixture
def office(db, clock):
    settings = GuildSettings(db, Sections(), clock)
    codes = Codes(db, clock)
    settings.sections.add_to_file(part_of_the_file(codes))
    return codes, settings, Imports(db, settings, clock)


def written(settings, guild_id):
    part = settings.sections.parts[CodeFile.key]
    fields = settings.differing(part.kept(guild_id))
    return Writer(I18n("en").for_guild(guild_id), Nothing()).file("Agora", [(part.section, fields)]).encode()


def test_a_document_is_the_same_after_a_file():
    changed = new_article(TEMPLATE).withdrawing(4, withdrawn=True).moved(11, -9)
    for document in (TEMPLATE, changed, Document(preamble={"fr": "Soyons\n\nbrefs."})):
        assert document_of(file_of(document)) == document


async def test_an_exported_code_becomes_the_draft_of_another_server_and_is_published_by_its_team(office):
    codes, settings, imports = office
    draft = await codes.edit(HERE, lambda document: new_article(document.moved(3, -2)), by=ADA)
    await codes.publish(HERE, revision=draft.revision, major=False, by=ADA)
    own = await codes.edit(THERE, lambda document: new_article(new_article(document)), by=ADA)
    await codes.publish(THERE, revision=own.revision, major=False, by=ADA)
    waiting = await imports.keep(THERE, ADA, await imports.read(written(settings, HERE)))
    plan = imports.plan(THERE, waiting, None)
    (step,) = plan.steps
    assert [shape.name for shape in step.fields] == ["articles"]
    assert plan.obstacles == ()
    await imports.apply(THERE, ADA, waiting.number, plan, None)
    found = codes.draft(THERE)
    assert found.document.articles[:11] == codes.published(HERE).document.articles
    assert (found.document.articles[11].number, found.document.articles[11].withdrawn) == (12, True)
    assert codes.current(THERE).version == 2, "nothing is in force that nobody published"
    again = await imports.keep(THERE, ADA, await imports.read(written(settings, HERE)))
    plan = imports.plan(THERE, again, None)
    await codes.edit(THERE, new_article, by=ADA)
    with pytest.raises(SettingsMoved):
        await imports.apply(THERE, ADA, again.number, plan, None)


async def test_a_file_that_is_wrong_says_where(office):
    _, settings, imports = office
    text = written(settings, HERE).decode().replace("number = 2\n", "number = 1\n")
    with pytest.raises(FileRefused) as refused:
        await imports.read(text.encode())
    assert "same number" in refused.value.troubles[0].message
