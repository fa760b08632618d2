"""Every command, button, menu and form of the loaded bot declares who may use it, and fits Discord's limits."""

import re
from re import _constants, _parser
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client import CommunityBot
from bot.clock import now
from bot.contracts.inbox import InboxItem
from bot.guilds.paths import PATH, longest_address
from bot.i18n.commands import CommandTranslator
from bot.permissions import MANAGE_SERVER, Access, access_of
from bot.ui import PersistentItem, PersistentModal
from bot.ui.panels import PARTS

NAME = re.compile(r"[-_'\w]{1,32}")
DESCRIPTION, WHOLE_COMMAND, CUSTOM_ID, LONGEST_ID = 100, 8000, 100, 20
CHAT_COMMANDS, CONTEXT_MENUS = 100, 15


@pytest.fixture
async def bot(make_bot):
    """Every feature of the default settings, loaded without connecting."""
    bot = make_bot()
    await bot.load_features()
    await bot.tree.set_translator(CommandTranslator(bot.i18n.folders))
    return bot


def leaves(bot: CommunityBot) -> list[Any]:
    found = [one for one in bot.tree.walk_commands() if isinstance(one, app_commands.Command)]
    return found + [
        one
        for kind in (discord.AppCommandType.user, discord.AppCommandType.message)
        for one in bot.tree.walk_commands(type=kind)
    ]


async def test_every_command_declares_and_enforces_its_access(bot):
    found = leaves(bot)
    assert found
    assert [one.qualified_name for one in found if not isinstance(access_of(one), Access)] == []
    assert [one.qualified_name for one in found if not one.checks] == []


async def test_a_command_for_managers_is_hidden_from_others_by_discord_too(bot):
    for command in leaves(bot):
        if access_of(command) == MANAGE_SERVER and command.parent is None:
            assert command.default_permissions == MANAGE_SERVER.default_permissions, command.name


async def test_nobody_finds_in_the_inbox_what_its_own_buttons_refuse_them(bot):
    t, kinds = next(iter(bot.i18n.all())), bot.inbox.kinds
    opened = {name: one.permissions for name, one in kinds._by_name.items() if one.permissions}
    assert {"conduct.report", "conduct.appeal", "conduct.filter_look"} <= opened.keys()
    for name, permissions in opened.items():
        item = InboxItem(
            1, 1, kinds.find(name), "1:message:1" if "filter" in name else "1", None, None, now(), *[None] * 5
        )
        found = [action(item, t).access for action in kinds.actions(item.kind)]
        assert found, f"{name}: somebody who is not on the team could do nothing about it"
        assert [one for one in found if not permissions <= one.permissions] == [], name
        assert not permissions & {"manage_messages", "view_channel", "send_messages"}, "what members may have"


def ours(parts):
    """Without those that another test of this process made up."""
    return [part for part in parts if not part.__module__.startswith("tests.")]


async def test_every_button_menu_and_form_declares_its_access(bot):
    parts = [*ours(PersistentItem.every), *ours(PersistentModal.every)]
    assert set(PARTS) <= set(parts)
    assert [part.__name__ for part in parts if not isinstance(getattr(part, "access", None), Access)] == []


async def test_no_button_of_one_feature_answers_for_another(bot):
    """The first word of a custom_id is its feature; templates of one word come from one package."""
    owners: dict[str, set[str]] = {}
    for item in bot._items:
        word = item.__discord_ui_compiled_template__.pattern.split(":")[0]
        owners.setdefault(word, set()).add(".".join(item.__module__.split(".")[:2]))
    assert {word: packages for word, packages in owners.items() if len(packages) > 1} == {}


def longest(pattern: str, address: int) -> int:
    """How long a custom_id of this template can be: ids have 20 digits, addresses of settings what sections have."""
    for path in (
        rf"(?P<section>[a-z_]+):(?P<path>{PATH})",
        rf"[a-z_]*:(?:{PATH})?",
        r"(?P<section>[a-z_]+):(?P<field>[a-z0-9_]+)",
    ):
        pattern = pattern.replace(path, "x" * address)
    pattern = pattern.replace("[a-z_]*", "x" * 20).replace(r"\d+", rf"\d{{1,{LONGEST_ID}}}")
    width = _parser.parse(pattern).getwidth()[1]
    assert width < _constants.MAXREPEAT, f"{pattern} has no bound"
    return width


async def test_every_custom_id_fits_into_a_hundred_characters(bot):
    address = max(longest_address(section) for section in bot.sections.all())
    templates = [item.__discord_ui_compiled_template__.pattern for item in bot._items]
    templates += [modal.template.pattern for modal in ours(PersistentModal.every) if hasattr(modal, "template")]
    too_long = {one: longest(one, address) for one in templates if longest(one, address) > CUSTOM_ID}
    assert too_long == {}


def texts(payload: dict[str, Any], language: str | None) -> tuple[str, str]:
    """(name, description) of a command or option in one language, the source where it is not translated."""

    def one(key: str) -> str:
        return (payload.get(f"{key}_localizations") or {}).get(language) or payload.get(key, "")

    return one("name"), one("description")


def whole(payload: dict[str, Any], language: str | None) -> int:
    name, description = texts(payload, language)
    values = len(str(payload.get("value", "")))
    inner = [*payload.get("options", ()), *payload.get("choices", ())]
    return len(name) + len(description) + values + sum(whole(one, language) for one in inner)


def every_part(payload: dict[str, Any]):
    yield payload
    for option in payload.get("options", ()):
        yield from every_part(option)


@pytest.mark.parametrize("language", [None, "fr"])
async def test_names_and_descriptions_of_commands_fit_discords_limits(bot, language):
    payloads = [await one.get_translated_payload(bot.tree, bot.tree.translator) for one in bot.tree.get_commands()]
    for payload in payloads:
        if payload["type"] != discord.AppCommandType.chat_input.value:
            assert 1 <= len(texts(payload, language)[0]) <= 32
            continue
        assert whole(payload, language) <= WHOLE_COMMAND
        for part in every_part(payload):
            name, description = texts(part, language)
            assert NAME.fullmatch(name), name
            assert name == name.lower()
            assert 1 <= len(description) <= DESCRIPTION, (name, len(description))


@pytest.mark.parametrize("language", [None, "fr"])
async def test_no_two_commands_have_one_name_and_discords_numbers_are_kept(bot, language):
    for kind, limit in (
        (discord.AppCommandType.chat_input, CHAT_COMMANDS),
        (discord.AppCommandType.user, CONTEXT_MENUS),
        (discord.AppCommandType.message, CONTEXT_MENUS),
    ):
        commands = bot.tree.get_commands(type=kind)
        payloads = [await one.get_translated_payload(bot.tree, bot.tree.translator) for one in commands]
        names = [texts(payload, language)[0] for payload in payloads]
        assert len(set(names)) == len(names) <= limit


async def test_titles_of_sections_rows_and_fields_fit_menus_and_forms_in_both_languages(bot):
    from bot.guilds.shape import shapes

    def titled(model):
        yield model.title, 45
        for shape in shapes(model).values():
            yield shape.title, 45
            yield shape.description, 150
            for choice in shape.choices or ():
                yield getattr(choice, "label", ""), 100
            if shape.row is not None:
                yield from titled(shape.row)

    for section in bot.sections.all():
        for t in bot.i18n.all():
            for text, limit in titled(section):
                assert text, section
                assert 1 <= len(t(text)) <= limit, (t.language, t(text))


async def test_every_permission_a_setting_needs_has_a_name_people_know(bot):
    from bot.guilds.shape import shapes
    from bot.permissions.names import NAMES
    from bot.permissions.rules import DANGEROUS

    needed = {
        name
        for section in bot.sections.all()
        for shape in shapes(section).values()
        for part in (shape, *(shapes(shape.row).values() if shape.row else ()))
        for name in (part.channel.needs if part.channel else ())
    }
    assert [name for name in needed if not hasattr(discord.Permissions, name)] == []
    assert (needed | DANGEROUS) - NAMES.keys() == set()
