"""What the loaded features say about themselves."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.capabilities import ALWAYS, Capabilities, Capability, Content, Switch, UnknownCapability
from bot.guilds.sections import Section
from bot.invitation import PERMISSIONS
from bot.permissions.names import NAMES


class Shop(Section):
    key = "shop"
    title = "Shop"
    summary = "Sells."

    enabled: bool = False
    rewards: tuple[str, ...] = ()


class Stored:
    """Settings of one server."""

    def __init__(self, **values: Any) -> None:
        self.section = Shop.model_construct(**{"enabled": False, "rewards": (), **values})

    def get(self, guild_id: int, section: type[Section]) -> Section:
        return self.section


def capability(key: str = "shop", **more: Any) -> Capability:
    return Capability(key=key, title=key, summary=key, sections=(Shop,), **more)


def registered(settings: Stored, *every: Capability) -> Capabilities:
    capabilities = Capabilities(settings)  # type: ignore[arg-type]
    for one in every:
        capabilities.register(one)
    return capabilities


def test_a_switch_turns_a_capability_and_its_commands_on():
    settings = Stored()
    shop = capability(switch=Switch(Shop), commands=frozenset({"shop"}))
    capabilities = registered(settings, shop)

    assert not capabilities.on(1, shop)
    assert capabilities.commands_off(1) == {"shop"}
    settings.section = Stored(enabled=True).section
    assert capabilities.on(1, shop)
    assert capabilities.commands_off(1) == frozenset()


def test_what_lives_by_its_content_is_on_while_there_is_some():
    shop = capability(content=Content(Shop, "rewards"), commands=frozenset({"shop"}))

    assert registered(Stored(), shop).commands_off(1) == {"shop"}
    assert registered(Stored(rewards=("tea",)), shop).commands_off(1) == frozenset()


def test_a_capability_without_either_is_always_on():
    assert registered(Stored(), capability(commands=frozenset({"help"}))).commands_off(1) == frozenset()


def test_no_two_capabilities_have_one_key_or_one_command():
    capabilities = registered(Stored(), capability(commands=frozenset({"shop"})))

    with pytest.raises(ValueError, match="two capabilities"):
        capabilities.register(capability())
    with pytest.raises(ValueError, match="claims"):
        capabilities.register(capability("market", commands=frozenset({"shop"})))
    with pytest.raises(UnknownCapability):
        capabilities.named("market")


@pytest.fixture
async def loaded(make_bot):
    """The bot with its features, without a connection."""
    bot = make_bot()
    await bot.load_features()
    return SimpleNamespace(bot=bot, all=bot.capabilities.all())


async def test_the_invitation_asks_for_what_new_servers_are_proposed_and_nothing_else(loaded):
    proposed = {need.permission for one in loaded.all if one.recommended for need in one.needs}

    assert set(PERMISSIONS) == {need.permission for need in ALWAYS} | proposed


async def test_every_capability_fits_its_places_in_both_languages(loaded):
    for one in loaded.all:
        for t in loaded.bot.i18n.all():
            assert 0 < len(t(one.title)) <= 45
            assert t(one.summary)
            assert all(0 < len(t(blueprint.name)) <= 100 for blueprint in one.blueprints)
            assert all(0 < len(t(blueprint.purpose)) <= 1024 for blueprint in one.blueprints)
        assert {need.permission for need in one.needs} <= set(NAMES)


async def test_capabilities_name_commands_sections_and_fields_that_exist(loaded):
    commands = {command.name for command in loaded.bot.tree.get_commands()}
    for one in loaded.all:
        assert one.commands <= commands
        assert set(one.sections) <= set(loaded.bot.sections.all())
        named = [part for part in (one.switch, one.content, *one.blueprints) if part is not None]
        for part in named:
            assert part.field in part.section.model_fields
        if one.switch is not None:
            assert one.switch.section.model_fields[one.switch.field].annotation is bool
