"""Lists and tables of sub-models: add, edit, move, remove, by clicking."""

from datetime import timedelta

import discord
import pytest

from tests.cogs.administration.conftest import Panel, components, told
from tests.rich_section import RichSettings, Tone


async def with_groups(panel, *names):
    await panel.stage.bot.guild_settings.change(
        panel.stage.guild.id, RichSettings, by=None, groups=[{"name": name} for name in names]
    )
    await panel.open(field="groups")
    await panel.click("settings:open:l:rich:groups")


async def open_row(panel, number):
    edits = [one for one in panel.ids() if one.startswith("settings:open:r:rich:")]
    await panel.person.click(panel.message, custom_id=edits[number])


def names(panel):
    return [group.name for group in panel.value().groups]


async def test_a_row_is_added_with_a_form_that_has_all_kinds_of_inputs_and_opens_for_the_rest(panel, stage):
    red = stage.guild.create_role("Red", permissions=discord.Permissions.none())
    await stage.env.settle()
    await with_groups(panel)
    assert "Nothing here yet." in panel.text
    shown = await panel.click("settings:add:rich:groups")
    await panel.person.submit_modal(
        shown, {"name": "Design", "about": "Pictures", "role": [red], "tone": ["playful"], "open": False}
    )
    (group,) = panel.value().groups
    assert (group.name, group.about, group.role) == ("Design", "Pictures", red.id)
    assert (group.tone, group.open) == (Tone.PLAYFUL, False)
    assert "Entry 1 of 1" in panel.text


async def test_a_row_needs_what_its_model_needs(panel):
    await with_groups(panel, "a")
    shown = await panel.click("settings:add:rich:groups")
    result = await panel.person.submit_modal(shown, {"name": "   ", "about": "x", "tone": ["warm"]})
    assert told(result) == "**Name**: This is too short. Characters it needs: 1."
    assert names(panel) == ["a"]


async def test_every_field_of_a_row_is_changed_on_its_page(panel):
    await with_groups(panel, "a", "b")
    await open_row(panel, 1)
    await panel.fill("settings:edit:rich:groups@1", ".name", value="B")
    await panel.click("settings:toggle:0:rich:groups@1", ".open")
    await panel.select("settings:pick:rich:groups@1", ["sober"], ".tone")
    await panel.fill("settings:edit:rich:groups@1", ".words", value="one\n\n two \nthree")
    await panel.select("settings:pick:rich:groups@1", ["3600"], ".wait")
    group = panel.value().groups[1]
    assert (group.name, group.open, group.tone) == ("B", False, Tone.SOBER)
    assert (group.words, group.wait) == (("one", "two", "three"), timedelta(hours=1))
    await panel.select("settings:reset:rich:groups@1", ["words"])
    assert panel.value().groups[1].words == ()
    assert panel.value().groups[0] == RichSettings(groups=[{"name": "a"}]).groups[0]


async def test_rows_move_and_the_page_follows_them(panel):
    await with_groups(panel, "a", "b", "c")
    await open_row(panel, 0)
    await panel.click("settings:row:down")
    await panel.click("settings:row:down")
    assert names(panel) == ["b", "c", "a"]
    assert "Entry 3 of 3" in panel.text
    assert not [one for one in panel.ids() if one.startswith("settings:row:down")]
    await panel.click("settings:row:up")
    assert names(panel) == ["b", "a", "c"]


async def test_a_row_is_removed_only_after_a_question_and_the_history_brings_it_back(panel):
    await with_groups(panel, "a", "b")
    await open_row(panel, 1)
    await panel.click("settings:open:x")
    assert "Remove b from the list Groups?" in panel.text
    assert names(panel) == ["a", "b"]
    await panel.click("settings:open:r")
    await panel.click("settings:open:x")
    await panel.click("settings:row:drop")
    assert names(panel) == ["a"]
    await panel.open()
    await panel.click("settings:open:h")
    assert "**Groups**\n- gone: b" in panel.text
    undo = [one for one in panel.ids() if one.startswith("settings:open:u:")]
    await panel.person.click(panel.message, custom_id=undo[0])
    assert "**Groups**\n- new: b" in panel.text
    await panel.click("settings:revert:")
    assert names(panel) == ["a", "b"]


async def test_many_rows_are_spread_over_pages_and_a_full_list_has_no_add(panel):
    await with_groups(panel, *(f"group {n}" for n in range(10)))
    assert "group 7" in panel.text
    assert "group 8" not in panel.text
    assert not [one for one in panel.ids() if one.startswith("settings:add")]
    await panel.click("settings:open:l:rich:groups:1")
    assert "group 9" in panel.text


async def test_lists_of_texts_and_durations_are_edited_entry_by_entry(panel):
    await panel.open(field="words")
    await panel.click("settings:open:l:rich:words")
    await panel.fill("settings:add:rich:words", words="world")
    await open_row(panel, 0)
    await panel.fill("settings:edit:rich:words@0", value="good morning")
    assert panel.value().words == ("good morning", "world")
    await panel.open(field="delays")
    await panel.click("settings:open:l:rich:delays")
    await panel.fill("settings:add:rich:delays", delays="2 jours")
    assert panel.value().delays == (timedelta(days=2),)


async def test_the_last_entry_of_a_list_that_must_not_be_empty_stays(panel):
    await panel.open(field="words")
    await panel.click("settings:open:l:rich:words")
    await open_row(panel, 0)
    await panel.click("settings:open:x")
    result = await panel.click("settings:row:drop")
    assert told(result) == "**Words**: This list is too short. Entries it needs: 1."
    assert panel.value().words == ("hello",)


@pytest.mark.parametrize("act", ["settings:row:up", "settings:open:x", "settings:toggle:0"])
async def test_a_row_somebody_removed_meanwhile_is_not_confused_with_its_neighbour(panel, stage, act):
    await with_groups(panel, "a", "b", "c")
    await open_row(panel, 1)
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=1, groups=[{"name": "a"}, {"name": "c"}])
    result = await panel.click(act)
    assert told(result) == "This list has changed in the meantime. Nothing was done; here is how it is now."
    assert names(panel) == ["a", "c"]
    assert "**2.** c" in panel.text


async def test_a_form_sent_after_its_row_was_removed_changes_no_other_row(panel, stage):
    await with_groups(panel, "a", "b", "c")
    await open_row(panel, 1)
    shown = await panel.click("settings:edit:rich:groups@1", ".name")
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=1, groups=[{"name": "a"}, {"name": "c"}])
    result = await panel.person.submit_modal(shown, {"value": "B"})
    assert "changed in the meantime" in told(result)
    assert names(panel) == ["a", "c"]


async def test_two_people_editing_the_same_section_lose_nothing(panel, stage):
    red, green, blue = (
        stage.guild.create_role(name, permissions=discord.Permissions.none()) for name in ("Red", "Green", "Blue")
    )
    await stage.env.settle()
    eve = Panel(stage, stage.person("eve", stage.guild.roles["Admins"], stage.team), None)
    await panel.open(field="gifts")
    await panel.select("settings:role:rich:gifts", [red])
    await panel.open(field="gifts")
    await eve.open(field="gifts")
    await panel.select("settings:role:rich:gifts", [red, green])
    await eve.select("settings:role:rich:gifts", [blue])  # took red out, put blue in; knew nothing of green
    assert set(panel.value().gifts) == {green.id, blue.id}
    await eve.fill("settings:edit:rich:limit", value="42")
    await panel.fill("settings:edit:rich:factor", value="2")
    assert (panel.value().limit, panel.value().factor) == (42, 2.0)
    await panel.open(field="groups")
    await eve.open(field="groups")
    for one, name in ((panel, "Design"), (eve, "Code")):
        await one.click("settings:open:l:rich:groups")
        shown = await one.click("settings:add:rich:groups")
        await one.person.submit_modal(shown, {"name": name, "tone": ["warm"]})
    assert names(panel) == ["Design", "Code"]


async def test_a_row_whose_role_became_dangerous_is_marked_in_the_list_and_the_overview(panel, stage):
    red = stage.guild.create_role("Red", permissions=discord.Permissions.none())
    await stage.env.settle()
    await stage.bot.guild_settings.change(stage.guild.id, RichSettings, by=None, groups=[{"name": "a", "role": red.id}])
    await stage.server.get_role(red.id).edit(permissions=discord.Permissions(ban_members=True))
    await stage.env.settle()
    result = await stage.admin.slash(stage.general, "settings")
    panel.message = result.response
    assert "⚠️ Groups: The role Red gives power over others (Ban Members)" in panel.text
    await panel.open(field="groups")
    assert "⚠️ The role Red" in panel.text
    colours = [part["accent_color"] for part in components(panel.message) if part.get("accent_color")]
    assert colours == [0xE0A82E]
