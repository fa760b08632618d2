"""Every kind of field is set by clicking, in the real bot."""

from datetime import timedelta

import discord
import pytest
from discord import ui

from bot.guilds.sections import CommunitySettings, Language, SectionAction
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem, reply
from tests.cogs.administration.conftest import components, texts, told
from tests.rich_section import RichSettings, Tone


@pytest.fixture
async def harmless(stage):
    roles = [stage.guild.create_role(name, permissions=discord.Permissions.none()) for name in ("Red", "Green", "Blue")]
    await stage.env.settle()
    return roles


async def test_the_overview_lists_sections_and_says_what_is_not_set_yet(panel):
    assert "Settings of Agora" in panel.text
    assert "Not set yet: Staff roles and Staff channel" in panel.text
    await panel.click("settings:open:s:community")
    assert "Time zone" in panel.text


async def test_a_toggle_goes_on_and_off(panel):
    await panel.open()
    await panel.click("settings:toggle:1:rich:active")
    assert panel.value().active
    await panel.click("settings:toggle:0:rich:active")
    assert not panel.value().active


async def test_a_choice_is_made_from_translated_labels_and_an_optional_one_can_be_emptied(panel):
    await panel.open()
    await panel.select("settings:pick:rich:tone", ["sober"], "rich:tone")
    await panel.select("settings:pick:rich:second_tone", ["playful"])
    assert (panel.value().tone, panel.value().second_tone) == (Tone.SOBER, Tone.PLAYFUL)
    await panel.select("settings:pick:rich:second_tone", [])
    assert panel.value().second_tone is None
    await panel.open(CommunitySettings)
    await panel.select("settings:pick:community:language", ["fr"])
    assert panel.value(CommunitySettings).language is Language.FRENCH
    assert "Français" in str(panel.message.components)


async def test_several_choices_at_once(panel):
    await panel.open()
    await panel.select("settings:pick:rich:tones", ["warm", "playful"])
    assert set(panel.value().tones) == {Tone.WARM, Tone.PLAYFUL}


async def test_a_channel_and_a_forum_are_chosen_from_channels_of_their_kind(panel, stage):
    forum = stage.guild.create_forum_channel("questions")
    await stage.env.settle()
    await panel.open()
    await panel.select("settings:channel:rich:channel", [stage.general])
    await panel.select("settings:channel:rich:forum", [forum])
    await panel.select("settings:channel:rich:watched", [stage.general, stage.staff])
    value = panel.value()
    assert (value.channel, value.forum) == (stage.general.id, forum.id)
    assert set(value.watched) == {stage.general.id, stage.staff.id}
    menu = next(part for part in components(panel.message) if part.get("custom_id", "").endswith("rich:forum"))
    assert menu["channel_types"] == [discord.ChannelType.forum.value]
    await panel.select("settings:channel:rich:channel", [])
    assert panel.value().channel is None


async def test_roles_are_chosen_one_or_several(panel, harmless):
    red, green, blue = harmless
    await panel.open()
    await panel.select("settings:role:rich:judge", [red])
    await panel.open(field="reward")
    await panel.select("settings:role:rich:reward", [green])
    await panel.select("settings:role:rich:gifts", [red, blue])
    value = panel.value()
    assert (value.judge, value.reward, set(value.gifts)) == (red.id, green.id, {red.id, blue.id})


async def test_a_duration_comes_from_the_menu_or_is_written(panel):
    await panel.open(field="patience")
    await panel.select("settings:pick:rich:patience", ["86400"])
    assert panel.value().patience == timedelta(days=1)
    shown = await panel.select("settings:pick:rich:patience", ["other"])
    await panel.person.submit_modal(shown, {"value": "1h30"})
    assert panel.value().patience == timedelta(minutes=90)
    assert "1 hour and 30 minutes" in str(panel.message.components)


async def test_a_menu_of_durations_stays_within_the_fields_limits_or_its_suggestions(panel):
    await panel.open(field="patience")
    menus = {part["custom_id"]: part for part in components(panel.message) if part.get("options")}
    offered = [int(option["value"]) for option in menus["settings:pick:rich:patience"]["options"][:-1]]
    assert (min(offered), max(offered)) == (300, 7 * 86400)
    suggested = [option["label"] for option in menus["settings:pick:rich:pause"]["options"]]
    assert suggested == ["3 hours", "6 hours", "Another length of time …"]


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("limit", " 42 ", 42),
        ("factor", "2,5", 2.5),
        ("factor", "3", 3.0),
        ("name", "  Agora ", "Agora"),
        ("code", "abc", "abc"),
        ("text", "Several\n**lines** <@1>", "Several\n**lines** <@1>"),
    ],
)
async def test_numbers_and_texts_are_written_in_a_form(panel, field, typed, value):
    await panel.open(field=field)
    await panel.fill(f"settings:edit:rich:{field}", value=typed)
    assert getattr(panel.value(), field) == value


async def test_a_form_is_filled_with_the_present_value_and_an_optional_text_can_be_emptied(panel):
    await panel.open(field="code")
    await panel.fill("settings:edit:rich:code", value="abc")
    shown = await panel.click("settings:edit:rich:code")
    assert "abc" in str(shown.modal)
    await panel.person.submit_modal(shown, {"value": ""})
    assert panel.value().code is None


async def test_what_people_wrote_is_shown_without_effect(panel):
    await panel.open(field="text")
    await panel.fill("settings:edit:rich:text", value="**bold** <@&1> @everyone [x](http://y)")
    said = texts(panel.message)
    assert "**bold**" not in said
    assert "<@&1>" not in said


async def test_a_field_goes_back_to_its_default(panel):
    await panel.open(field="limit")
    await panel.fill("settings:edit:rich:limit", value="42")
    await panel.select("settings:reset:rich", ["limit"])
    assert panel.value().limit == 10
    assert not [one for one in panel.ids() if one.startswith("settings:reset")]


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("limit", "many", "**Limit**: Write a whole number, for example 12."),
        ("limit", "101", "**Limit**: This must be at most 100."),
        ("limit", "1e400", "**Limit**: Write a whole number, for example 12."),
        ("factor", "0", "**Factor**: This must be more than 0."),
        ("even", "3", "**Even**: This must be a multiple of 2."),
        ("name", " x ", "**Name of it**: This is too short. Characters it needs: 2."),
        ("code", "ABCD", "**Code**: This is not written in the way that is needed here."),
    ],
)
async def test_a_refused_value_says_which_field_and_why_and_changes_nothing(panel, field, typed, reason):
    await panel.open(field=field)
    before = panel.value()
    result = await panel.fill(f"settings:edit:rich:{field}", value=typed)
    assert told(result) == reason
    assert panel.value() == before


async def test_a_length_of_time_nobody_understands_is_refused(panel):
    await panel.open(field="patience")
    shown = await panel.select("settings:pick:rich:patience", ["other"])
    result = await panel.person.submit_modal(shown, {"value": "soon"})
    assert told(result) == "Write a length of time, for example 90m, 1h30 or 2 days."
    shown = await panel.select("settings:pick:rich:patience", ["other"])
    result = await panel.person.submit_modal(shown, {"value": "30 days"})
    assert told(result) == "**Patience**: This must be at most 7 days."
    assert panel.value().patience == timedelta(hours=1)


async def test_every_page_stays_within_discords_limits(panel):
    """40 components and 4,000 characters, with everything set and something to reset on every page."""
    long = "x" * 500
    await panel.stage.bot.guild_settings.change(
        panel.stage.guild.id,
        RichSettings,
        by=None,
        text=long,
        active=True,
        limit=11,
        groups=[{"name": f"group {n}", "about": "y" * 200, "words": ["w" * 40] * 5} for n in range(10)],
    )
    await panel.open()
    seen = 0
    while True:
        limited = [part for part in components(panel.message) if "type" in part and part["type"] in range(1, 20)]
        assert len([part for part in limited if "value" not in part]) <= 40
        assert len(panel.text) <= 4000
        assert len(set(panel.ids())) == len(panel.ids())
        assert max(map(len, panel.ids())) <= 100
        seen += 1
        following = [part for part in components(panel.message) if part.get("label") == "Next"]
        if not following:
            break
        await panel.person.click(panel.message, custom_id=following[0]["custom_id"])
    assert seen == 3
    await panel.click("settings:open:l:rich:groups")
    assert len(panel.text) <= 4000


async def test_the_section_can_be_named_in_either_language_with_or_without_accents(panel, stage):
    for name in ("community", "Communauté", "COMMUNAUTE", "Community"):
        result = await stage.admin.slash(stage.general, "settings", section=name)
        assert "Time zone" in texts(result.response)
    result = await stage.admin.slash(stage.general, "settings", section="nothing")
    assert result.response.content == "There is no such section of settings."
    offered = await stage.admin.autocomplete(stage.general, "settings", "section", "comm")
    assert [choice["value"] for choice in offered] == ["community"]


class Publish(PersistentItem[ui.Button], template="tried:publish"):
    """A button that a feature adds to its section."""

    access = MANAGE_SERVER

    def __init__(self, label="Publish"):
        super().__init__(ui.Button(label=label, custom_id="tried:publish"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match, /):
        return cls()

    async def run(self, interaction):
        await reply(interaction, "published")


async def test_a_features_own_button_stands_on_its_section_and_answers(panel, stage):
    stage.bot.sections.register(RichSettings, actions=(SectionAction("Publish the panel", Publish),))
    stage.bot.add_persistent(Publish)
    await panel.open()
    assert "Publish the panel" in panel.text
    result = await panel.click("tried:publish")
    assert result.response.content == "published"
    with pytest.raises(ValueError, match="more than 4"):
        stage.bot.sections.register(RichSettings, actions=(SectionAction("More", Publish),) * 4)
