"""A server's settings go out as a file and come in again: seen first, all or nothing, undone as one change."""

import discord
import pytest

from bot.guilds.sections import CommunitySettings
from bot.guilds.transfer.models import PendingImport
from bot.guilds.transfer.service import ImportGone, Imports
from tests.cogs.administration.conftest import Panel, components, told
from tests.rich_section import RichSettings, Rung


async def upload(panel, text, name="settings.toml"):
    """Send a file through Import of the overview."""
    opened = await panel.person.slash(panel.stage.general, "settings")
    panel.message = opened.response
    shown = await panel.click("transfer:import")
    data = text if isinstance(text, bytes) else text.encode()
    return await panel.person.submit_modal(shown, {"file": (name, data)})


async def download(panel):
    opened = await panel.person.slash(panel.stage.general, "settings")
    panel.message = opened.response
    result = await panel.click("transfer:export")
    answer = result.followups[0] if result.followups else result.response
    (file,) = answer.attachments
    return file.filename, (await file.read()).decode()


async def kept(panel):
    async with panel.stage.bot.db.read() as session:
        return await session.get(PendingImport, (panel.stage.guild.id, panel.person.id))


def in_the_way(panel):
    return "stands in the way" in panel.text


async def test_the_whole_way_from_export_to_import_to_undo(panel, stage, env, make_bot):
    """Exported, everything changed, imported (with a restart before the yes), undone as one."""
    settings, guild_id = stage.bot.guild_settings, stage.guild.id
    gift = stage.guild.create_role("Gift")
    await env.settle()
    await settings.change(guild_id, CommunitySettings, by=None, time_zone="Europe/Paris", staff_channel=stage.staff.id)
    rich = {"channel": stage.general.id, "gifts": [gift.id], "text": "one\ntwo", "rungs": [Rung(role=gift.id)]}
    await settings.change(guild_id, RichSettings, by=None, **rich)
    before = settings.get(guild_id, RichSettings), settings.get(guild_id, CommunitySettings)

    name, text = await download(panel)
    assert name == "parvis-agora-2026-03-02.toml"
    assert 'channel = {name = "#general", id = ' in text
    assert "simulated" not in text, "the token"

    await upload(panel, text)
    assert "Everything is set like this already." in panel.text
    assert not [one for one in panel.ids() if one.startswith("transfer:apply")]

    await settings.change(
        guild_id, RichSettings, by=None, **{k: None if k == "channel" else () for k in rich if k != "text"}
    )
    await settings.change(guild_id, RichSettings, by=None, text="", limit=33)
    await settings.change(guild_id, CommunitySettings, by=None, time_zone="UTC", language="fr")
    changed = settings.get(guild_id, RichSettings), settings.get(guild_id, CommunitySettings)
    await upload(panel, text)
    assert "**Channel**: *not set* → <#" in panel.text
    assert "**Limit**: 33 → 10" in panel.text
    assert "Patience" not in panel.text, "what stays is not listed"
    assert settings.get(guild_id, RichSettings) == changed[0], "nothing happens before the yes"

    await env.restart(make_bot())
    await panel.click("transfer:apply")
    settings = stage.bot.guild_settings
    assert "7 settings have changed." in panel.text
    assert (settings.get(guild_id, RichSettings), settings.get(guild_id, CommunitySettings)) == before
    assert await kept(panel) is None

    await panel.click("settings:open:h")
    assert "Import of a file · **Community and Everything** · " in panel.text
    assert "ada" in panel.text
    assert f"<@{panel.person.id}>" not in panel.text
    undo = [one for one in panel.ids() if one.startswith("settings:open:u:")]
    await panel.person.click(panel.message, custom_id=undo[0])
    assert "**Limit**: 10 → 33" in panel.text
    await panel.click("settings:revert:")
    assert (settings.get(guild_id, RichSettings), settings.get(guild_id, CommunitySettings)) == changed
    assert "Undone · **Community and Everything**" in panel.text
    await panel.person.click(panel.message, custom_id=undo[0])
    assert "Everything is as it was before this change already." in panel.text


async def test_what_another_server_calls_the_same_is_found_and_the_rest_is_asked_for(panel, stage):
    """Names to ids: one of a name is taken, none or several are asked for, what is needed must be chosen."""
    twin = [stage.guild.create_role("Twin") for _ in range(2)]
    chosen = stage.guild.create_role("Chosen")
    stage.guild.create_role("Needed nowhere")
    await stage.env.settle()
    await upload(
        panel,
        """format = 1
server = "Elsewhere"
[rich]
channel = { name = "#general", id = "1234" }
reward = { name = "Twin", id = "1235" }
watched = [{ name = "#nowhere", id = "1236" }]
rungs = [{ role = { name = "Gone", id = "1237" } }]
""",
    )
    assert "Import of the settings of Elsewhere" in panel.text
    assert rf"- \#general → <#{stage.general.id}>" in panel.text
    assert "- Twin → *left unset*" in panel.text
    assert "Everything › Rungs › Role of the rung**: It cannot be without one." in panel.text
    assert not [one for one in panel.ids() if one.startswith("transfer:apply")]

    await panel.click("transfer:choices")
    assert "several have this name" in panel.text
    assert "Needed: the import cannot do without it." in panel.text
    menus = {one.split(":")[3]: one for one in panel.ids() if one.startswith(("transfer:role:", "transfer:channel:"))}
    assert len(menus) == 3
    await panel.person.select(panel.message, [twin[1]], custom_id=menus["1"])
    await panel.person.select(panel.message, [chosen], custom_id=menus["3"])
    await panel.click("transfer:diff")
    assert f"- Twin → <@&{twin[1].id}>" in panel.text
    assert r"- \#nowhere → *left unset*" in panel.text
    await panel.click("transfer:apply")
    value = panel.value()
    assert (value.channel, value.reward, value.watched) == (stage.general.id, twin[1].id, ())
    assert [rung.role for rung in value.rungs] == [chosen.id]


async def test_an_import_respects_rank_and_refuses_roles_with_power(panel, stage):
    """Promises 17 and 18 on this path: seen before, and checked again at the very moment."""
    power = stage.guild.create_role("Power", permissions=discord.Permissions(ban_members=True))
    high = stage.guild.create_role("High", position=50)
    gift = stage.guild.create_role("Gift")
    await stage.env.settle()
    for role, field, said in (
        (power, "reward", "Power gives power over others (Ban Members)"),
        (high, "judge", "as high as your own highest role"),
        (stage.team, "gifts", "as high as your own highest role"),
    ):
        value = f'{{ id = "{role.id}" }}'
        await upload(panel, f"format = 1\n[rich]\nlimit = 3\n{field} = {f'[{value}]' if field == 'gifts' else value}")
        assert in_the_way(panel)
        assert said in panel.text
        assert not [one for one in panel.ids() if one.startswith("transfer:apply")]

    # A file can be harmless while it is looked at, and dangerous when it is applied.
    await upload(panel, f'format = 1\n[community]\ntime_zone = "Europe/Paris"\n[rich]\nlimit = 3\nreward = "{gift.id}"')
    apply = panel.id_of("transfer:apply")
    stage.server.get_role(gift.id)._permissions = discord.Permissions(administrator=True).value
    result = await panel.person.click(panel.message, custom_id=apply)
    assert "gives power over others (Administrator)" in told(result)
    assert panel.value() == RichSettings()
    assert panel.value(CommunitySettings) == CommunitySettings(), "all or nothing"
    assert in_the_way(panel)

    # Nor can it take out a role above its importer's own.
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=None, judge=high.id)
    await upload(panel, "format = 1\n[rich]")
    assert "as high as your own highest role" in panel.text
    assert panel.value().judge == high.id


async def test_two_importers_and_a_change_in_between(panel, stage, env):
    """Who says yes, says it to what they saw; once."""
    other = Panel(stage, stage.person("eve", stage.guild.roles["Admins"]), None)
    await upload(panel, "format = 1\n[rich]\nlimit = 3")
    await upload(other, "format = 1\n[rich]\nlimit = 4")
    first, second = panel.id_of("transfer:apply"), other.id_of("transfer:apply")
    await panel.person.click(panel.message, custom_id=first)
    assert panel.value().limit == 3
    result = await other.person.click(other.message, custom_id=second)
    assert "The settings changed in the meantime." in told(result)
    assert "**Limit**: 3 → 4" in other.text
    assert panel.value().limit == 3

    with pytest.raises(ImportGone):  # another person's file
        await stage.bot.service(Imports).get(stage.guild.id, panel.person.id, int(second.split(":")[2]))
    await other.click("transfer:apply")
    assert panel.value().limit == 4

    await upload(other, "format = 1\n[rich]\nlimit = 5")
    await env.pass_time(hours=1, minutes=1)
    result = await other.click("transfer:apply")
    assert "This import no longer waits" in told(result)
    assert panel.value().limit == 4
    await env.pass_time(hours=1)
    assert await kept(other) is None

    await upload(other, "format = 1\n[rich]\nlimit = 5")
    await other.click("transfer:cancel")
    assert await kept(other) is None
    assert panel.value().limit == 4


async def test_a_bad_file_is_answered_with_what_is_wrong_and_changes_nothing(panel, stage):
    many = "".join(f"[odd{number}]\n" for number in range(40))
    for text, said in (
        ('format = 1\n[rich]\nlimit = 3\n"`<@5>`" = 3', "- **line 4, `rich.·<@5>·`**: There is no such setting here."),
        ("format = 1\n" + many, "28 more"),
        ("x" * 300_000, "too large"),
        (b"\xff\xfe", "UTF-8"),
    ):
        await upload(panel, text)
        assert "This file cannot be used" in panel.text
        assert said in panel.text
        assert len(panel.text) <= 4000
        assert await kept(panel) is None
    assert panel.value() == RichSettings()
    assert await stage.bot.guild_settings.history(stage.guild.id) == []
    await panel.click("transfer:import")


async def test_a_large_import_is_read_page_by_page_within_discords_limits(panel, stage):
    rows = "".join(
        f'[[rich.groups]]\nname = "{"*" * 20}{number}"\nabout = "{"_" * 200}"\nrole = "role {number}"\n'
        for number in range(10)
    )
    gifts = ", ".join(f'"gift {number}"' for number in range(5))
    text = "*" * 500
    head = f'format = 1\nserver = "{"_" * 100}"\n[rich]\ntext = "{text}"\nlimit = 3\n'
    await upload(panel, f"{head}gifts = [{gifts}]\n{rows}")
    seen = 0
    while True:
        assert len(panel.text) <= 4000
        assert len(components(panel.message)) <= 40
        following = [part for part in components(panel.message) if part.get("label") == "Next"]
        if not following:
            break
        seen += 1
        await panel.person.click(panel.message, custom_id=following[0]["custom_id"])
    assert seen
    await panel.click("transfer:choices")
    for _ in range(2):
        assert len(components(panel.message)) <= 40
        following = [part for part in components(panel.message) if part.get("label") == "Next"]
        await panel.person.click(panel.message, custom_id=following[0]["custom_id"])
    assert "role 9" in panel.text
    assert "page 3 of 3" in panel.text


async def test_undoing_what_needs_something_deleted_is_refused_in_words(panel, stage):
    settings = stage.bot.guild_settings
    lost = stage.guild.create_role("Lost")
    await stage.env.settle()
    await settings.change(stage.guild.id, RichSettings, by=None, reward=lost.id)
    await settings.change(stage.guild.id, RichSettings, by=panel.person.id, reward=None)
    await panel.click("settings:open:h")
    undo = next(one for one in panel.ids() if one.startswith("settings:open:u:"))
    await panel.person.click(panel.message, custom_id=undo)
    confirm = panel.id_of("settings:revert:")
    stage.server._roles.pop(lost.id)
    result = await panel.person.click(panel.message, custom_id=confirm)
    assert "This role no longer exists." in told(result)
    assert panel.value().reward is None
    await panel.person.click(panel.message, custom_id=undo)
    assert "This cannot be undone:" in panel.text
    assert "**Everything › Reward**: This role no longer exists." in panel.text
    assert not [one for one in panel.ids() if one.startswith("settings:revert")]


async def test_who_made_a_change_is_named_also_when_they_left(panel, stage, env):
    gone = stage.person("*zoé*")
    await env.settle()
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=gone.id, limit=11)
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=987654321987654321, limit=12)
    await env.leave(gone)
    await env.settle()
    await panel.click("settings:open:h")
    assert r"\*zoé\*" in panel.text
    assert "somebody who left" in panel.text
    assert "987654321987654321" not in panel.text
    assert str(gone.id) not in panel.text


async def test_members_can_neither_export_nor_import(stage):
    from bot.ui.panels import OVERVIEW, Desk, render

    desk = Desk(stage.bot, stage.server, stage.bot.i18n.for_language("en"), None)
    message = await stage.server.get_channel(stage.general.id).send(view=await render(desk, OVERVIEW))
    for custom_id in ("transfer:export", "transfer:import"):
        result = await stage.member.click(message, custom_id=custom_id)
        assert "not allowed" in result.response.content
        assert not result.response.attachments
