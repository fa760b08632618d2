"""Components, modals and answers: after a restart, in time, and through the one error exit."""

import asyncio
import re

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.permissions import EVERYONE, MANAGE_SERVER, requires
from bot.ui import PersistentItem, PersistentModal, View, open_modal, replies, reply, update


class Form(PersistentModal):
    access = EVERYONE
    template = re.compile(r"probe:form:(?P<n>[0-9]+)")

    def __init__(self, n):
        super().__init__(title="Form", custom_id=f"probe:form:{n}")
        self.add_item(discord.ui.TextInput(label="Name", custom_id="name"))
        self.add_item(
            discord.ui.Label(
                text="Colours",
                component=discord.ui.Select(
                    custom_id="colours",
                    max_values=2,
                    options=[discord.SelectOption(label=c, value=c) for c in ("red", "blue")],
                ),
            )
        )

    @classmethod
    async def submitted(cls, interaction, ids, values):
        if values["name"] == "refuse":
            raise UserError("There is no such section of settings.")
        if values["name"] == "crash":
            raise ZeroDivisionError
        await reply(interaction, f"{ids['n']}: {values['name']} {values['colours']}")


class Press(PersistentItem[discord.ui.Button], template=r"probe:press:(?P<what>[a-z]+)"):
    access = EVERYONE

    def __init__(self, what):
        super().__init__(discord.ui.Button(label=what, custom_id=f"probe:press:{what}"))
        self.what = what

    @classmethod
    async def from_custom_id(cls, interaction, item, match, /):
        return cls(match["what"])

    async def run(self, interaction):
        match self.what:
            case "form":
                await open_modal(interaction, Form(7))
            case "slow":
                await asyncio.sleep(0.05)
                await reply(interaction, "late but here")
            case "slowedit":
                await asyncio.sleep(0.05)
                await update(interaction, content="changed", view=None)
            case "refuse":
                raise UserError("There is no such section of settings.")
            case "crash":
                raise ZeroDivisionError
            case _:
                await reply(interaction, self.what)


class Restricted(PersistentItem[discord.ui.Button], template=r"probe:restricted"):
    access = MANAGE_SERVER

    def __init__(self):
        super().__init__(discord.ui.Button(label="staff", custom_id="probe:restricted"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match, /):
        return cls()

    async def run(self, interaction):
        await reply(interaction, "done")


class Probe(commands.Cog):
    @app_commands.command(name="probe")
    @requires(EVERYONE)
    async def probe(self, interaction: discord.Interaction, what: str):
        if what == "slow":
            await asyncio.sleep(0.05)
        view = View()
        view.add_item(Press(what))
        view.add_item(Restricted())
        await reply(interaction, "pressed", view=view)


@pytest.fixture
def make_bot(make_bot, monkeypatch):
    def make(**options):
        bot = make_bot(**options)
        setup = bot.setup_hook

        async def setup_hook():
            await bot.add_cog(Probe())
            bot.add_persistent(Press, Restricted, Form)
            await setup()

        monkeypatch.setattr(bot, "setup_hook", setup_hook)
        return bot

    return make


@pytest.fixture
def bot_options():
    return {"features": ()}


@pytest.fixture
def deferred(monkeypatch):
    """Deferrals that were sent; the patience of the bot is short meanwhile."""
    monkeypatch.setattr(replies, "DEFER_AFTER", 0.01)
    sent = []
    original = discord.InteractionResponse.defer

    async def defer(response, **options):
        sent.append(options)
        await original(response, **options)

    monkeypatch.setattr(discord.InteractionResponse, "defer", defer)
    return sent


async def shown(stage, what):
    return await stage.member.slash(stage.general, "probe", what=what)


async def test_a_button_of_an_earlier_process_still_works(stage, make_bot):
    result = await shown(stage, "hello")
    await stage.env.restart(make_bot())
    clicked = await stage.member.click(result.response, custom_id="probe:press:hello")
    assert clicked.response.content == "hello"


async def test_a_modal_opened_before_a_restart_is_still_answered(stage, make_bot):
    result = await shown(stage, "form")
    opened = await stage.member.click(result.response, custom_id="probe:press:form")
    await stage.env.restart(make_bot())
    submitted = await stage.member.submit_modal(opened, {"name": "Zoé", "colours": ["red", "blue"]})
    assert submitted.response.content == "7: Zoé ['red', 'blue']"


async def test_a_modal_is_answered_once_without_a_restart_too(stage):
    result = await shown(stage, "form")
    opened = await stage.member.click(result.response, custom_id="probe:press:form")
    submitted = await stage.member.submit_modal(opened, {"name": "Zoé", "colours": ["red"]})
    assert submitted.response.content == "7: Zoé ['red']"
    assert submitted.followups == []
    assert Form(7).is_finished(), "discord.py would keep every form ever opened"


@pytest.mark.parametrize("what", ["refuse", "crash"])
async def test_errors_of_buttons_and_modals_reach_the_member(stage, what, logged_errors):
    result = await shown(stage, what)
    clicked = await stage.member.click(result.response, custom_id=f"probe:press:{what}")
    form = await shown(stage, "form")
    opened = await stage.member.click(form.response, custom_id="probe:press:form")
    submitted = await stage.member.submit_modal(opened, {"name": what, "colours": ["red"]})
    for answer in (clicked, submitted):
        assert answer.ephemeral
        expected = "There is no such section" if what == "refuse" else "failed on our side"
        assert expected in answer.response.content
    assert len(logged_errors) == (0 if what == "refuse" else 2)
    logged_errors.clear()
    stage.env.refusals.clear()


async def test_permission_is_checked_again_at_the_click(stage):
    result = await shown(stage, "hello")
    refused = await stage.member.click(result.response, custom_id="probe:restricted")
    assert "not allowed" in refused.response.content
    stage.env.refusals.clear()


async def test_a_component_nobody_answers_any_more_says_so(stage, make_bot, monkeypatch):
    result = await shown(stage, "hello")
    bot = make_bot()
    monkeypatch.setattr(bot, "add_persistent", lambda *parts: None)
    await stage.env.restart(bot)
    clicked = await stage.member.click(result.response, custom_id="probe:press:hello")
    assert "has changed" in clicked.response.content


async def test_a_slow_command_is_deferred_by_itself_and_still_answered(stage, deferred):
    result = await shown(stage, "slow")
    assert deferred == [{"ephemeral": True, "thinking": True}]
    assert (result.response.content, result.ephemeral) == ("pressed", True)


async def test_a_quick_command_is_not_deferred(stage, deferred):
    await shown(stage, "hello")
    assert deferred == []


@pytest.mark.parametrize(("what", "text"), [("slow", "late but here"), ("slowedit", "changed")])
async def test_a_slow_button_is_acknowledged_and_then_does_what_it_does(stage, deferred, what, text):
    view = View()
    view.add_item(Press(what))
    message = await stage.bot.get_channel(stage.general.id).send("panel", view=view)
    clicked = await stage.member.click(message, custom_id=f"probe:press:{what}")
    assert deferred == [{"ephemeral": True, "thinking": False}]
    shown = clicked.followups[-1].content if what == "slow" else stage.general.last_message.content
    assert shown == text


def test_answering_goes_through_the_functions_that_know_the_deadline():
    import ast
    from pathlib import Path

    raw = {"send_message", "edit_message", "defer", "send_modal"}
    root = Path(__file__).parents[3]
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for folder in ("bot", "cogs")
        for path in (root / folder).rglob("*.py")
        if path.name != "replies.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in raw
        if isinstance(node.value, ast.Attribute) and node.value.attr == "response"
    ]
    assert found == []
