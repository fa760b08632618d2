"""Panels and forms of an earlier process answer (promise 8), also when the world changed meanwhile."""

from bot.guilds.sections import CommunitySettings
from tests.cogs.administration.conftest import told


async def test_a_panel_of_the_previous_process_still_changes_settings(panel, stage, env, make_bot):
    await panel.open()
    await env.restart(make_bot())
    await panel.click("settings:toggle:1:rich:active")
    await panel.select("settings:pick:rich:tone", ["sober"], "rich:tone")
    assert panel.value().active
    await env.restart(make_bot(), crash=True)
    assert panel.value().active
    await panel.select("settings:channel:rich:channel", [stage.general])
    assert panel.value().channel == stage.general.id


async def test_a_form_opened_before_a_restart_is_answered_after_it(panel, env, make_bot):
    await panel.open(field="limit")
    shown = await panel.click("settings:edit:rich:limit")
    await env.restart(make_bot())
    await panel.person.submit_modal(shown, {"value": "42"})
    assert panel.value().limit == 42
    assert "42" in panel.text


async def test_every_button_of_every_page_answers_after_a_restart(panel, stage, env, make_bot):
    await panel.open(field="words")
    await panel.click("settings:open:l:rich:words")
    await env.restart(make_bot())
    await panel.fill("settings:add:rich:words", words="world")
    await env.restart(make_bot())
    rows = [one for one in panel.ids() if one.startswith("settings:open:r:")]
    await panel.person.click(panel.message, custom_id=rows[1])
    await env.restart(make_bot())
    await panel.click("settings:row:up")
    await env.restart(make_bot())
    await panel.click("settings:open:x")
    await env.restart(make_bot())
    await panel.click("settings:row:drop")
    assert panel.value().words == ("hello",)
    await panel.open(field="words")
    await panel.click("settings:open:h")
    await env.restart(make_bot())
    undo = [one for one in panel.ids() if one.startswith("settings:open:u:")]
    await panel.person.click(panel.message, custom_id=undo[0])
    await env.restart(make_bot())
    await panel.click("settings:revert:")
    assert panel.value().words == ("world", "hello")


async def test_a_panel_of_a_feature_that_is_gone_says_so(panel, stage, env, make_bot, monkeypatch):
    await panel.open()
    bot = make_bot()
    del bot.sections._by_key["rich"]
    await env.restart(bot)
    result = await panel.click("settings:toggle:1:rich:active")
    assert told(result) == "There is no such section of settings."
    assert "Settings of Agora" in panel.text


async def test_a_panel_of_a_server_that_was_left_says_so(panel, stage, env):
    await panel.open()
    await env.remove_bot(stage.guild)
    result = await panel.click("settings:toggle:1:rich:active")
    answer = result.response.content if result.response else told(result)
    assert "I am not in this server any more" in answer


async def test_a_slow_database_does_not_lose_the_click(panel, stage, monkeypatch):
    import asyncio

    transaction = stage.bot.db.transaction

    async def slow(work):
        await asyncio.sleep(2)
        return await transaction(work)

    await panel.open(CommunitySettings)
    monkeypatch.setattr(stage.bot.db, "transaction", slow)
    await panel.select("settings:pick:community:language", ["fr"])
    await stage.env.settle()
    assert panel.value(CommunitySettings).language == "fr"
