"""The panels in French: by the reader's locale, else by the server's language."""

import discord
import pytest

from bot.guilds.sections import CommunitySettings
from tests.cogs.administration.conftest import components, texts, told

NARROW = "\u202f"


@pytest.fixture
async def french(panel, stage):
    stage.env.set_locale(stage.admin, "fr")
    return panel


async def test_the_panel_speaks_the_readers_language(french, stage):
    result = await stage.admin.slash(stage.general, "settings")
    said = texts(result.response)
    assert "Réglages du serveur Agora" in said
    assert f"Pas encore défini{NARROW}: Rôles de l’équipe et Salon de l’équipe" in said
    await french.open(CommunitySettings)
    assert "Fuseau horaire" in french.text
    assert "Tous les réglages" in french.text


async def test_another_locale_gets_the_servers_language(panel, stage):
    stage.env.set_locale(stage.admin, "de")
    await stage.bot.guild_settings.change(stage.guild.id, CommunitySettings, by=None, language="fr")
    result = await stage.admin.slash(stage.general, "settings")
    assert "Réglages du serveur Agora" in texts(result.response)
    await stage.bot.guild_settings.change(stage.guild.id, CommunitySettings, by=None, language="en")
    result = await stage.admin.slash(stage.general, "settings")
    assert "Settings of Agora" in texts(result.response)


async def test_values_are_written_as_french_writes_them(french):
    await french.open(field="factor")
    await french.fill("settings:edit:rich:factor", value="2,5")
    assert f"**Factor**{NARROW}: 2,5" in french.text
    menus = {part["custom_id"]: part for part in components(french.message) if part.get("options")}
    labels = [option["label"] for option in menus["settings:pick:rich:patience"]["options"]]
    assert labels[0] == "5\xa0minutes" or labels[0] == "5 minutes"
    assert labels[-1] == "Une autre durée…"


async def test_refusals_are_french_too(french, stage):
    power = stage.guild.create_role("Puissance", permissions=discord.Permissions(ban_members=True))
    await stage.env.settle()
    await french.open(field="reward")
    result = await french.select("settings:role:rich:reward", [power])
    assert "donne un pouvoir sur les autres (Bannir des membres)" in told(result)
    result = await french.fill("settings:edit:rich:limit", value="beaucoup")
    assert told(result) == f"**Limit**{NARROW}: Écrivez un nombre entier, par exemple 12."


async def test_the_command_has_a_french_name_without_accents(stage):
    command = next(one for one in stage.bot.tree.get_commands() if one.name == "settings")
    payload = await command.get_translated_payload(stage.bot.tree, stage.bot.tree.translator)
    assert payload["name_localizations"]["fr"] == "reglages"
    assert payload["options"][0]["description_localizations"]["fr"].startswith("Les réglages à ouvrir")


async def test_a_member_without_the_right_is_told_in_french(stage):
    stage.env.set_locale(stage.member, "fr")
    assert "settings" not in stage.member.available_commands(stage.general)
