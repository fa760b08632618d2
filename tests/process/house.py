"""A guild on the loopback Discord whose welcome is turned on in the bot's database, before the bot starts."""

import dataclasses
from typing import Any

from bot.database import Database, Transaction
from bot.database.registry import import_models
from bot.events import EventBus
from bot.guilds.models import Guild
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from cogs.onboarding.settings import WelcomeSettings
from tests.loopback import GuildHandle, InteractionRecord, LoopbackDiscord, MemberHandle, Message
from tests.loopback.models import Channel, Role
from tests.migrated import migrated


@dataclasses.dataclass
class House:
    """Channels, roles and people of a guild with a welcome."""

    discord: LoopbackDiscord
    guild: GuildHandle
    panel: Channel
    introductions: Channel
    member_role: Role

    def newcomer(self, name: str = "nora") -> MemberHandle:
        """Somebody who has just joined."""
        return self.guild.add_member(name)

    def post(self, who: MemberHandle) -> list[Message]:
        """This person's introductions, as the bot has posted them."""
        start = f"onboarding:hello:{who.id}"
        return [m for m in self.introductions.messages.values() if start in str(m.components)]

    def panels(self) -> list[Message]:
        """The panels in the panel channel."""
        return [m for m in self.panel.messages.values() if "onboarding:start" in str(m.components)]

    async def introduce(self, who: MemberHandle, **how: Any) -> InteractionRecord:
        """Open the checklist, press Write, fill in the introduction and send it."""
        listed = await who.slash("welcome", channel=self.panel, wait=10)
        assert listed.response is not None
        opened = await who.click(listed.response, "onboarding:write:")
        return await who.submit(opened, {"answer0": "I come for the gardens."}, **how)


def furnish(loopback: LoopbackDiscord, name: str = "Agora") -> House:
    """A guild with the channels and the role that a welcome needs."""
    guild = loopback.create_guild(name)
    channels = guild.text_channel("start-here"), guild.text_channel("introductions")
    return House(loopback, guild, *channels, guild.role("Member"))


async def build(loopback: LoopbackDiscord, database_url: str, **welcome: Any) -> House:
    """A furnished guild, the schema, and the welcome's settings; `welcome` overrides them."""
    house = furnish(loopback)
    await turn_on(database_url, house, **welcome)
    return house


async def turn_on(database_url: str, *houses: House, **welcome: Any) -> None:
    """Make the database, and in it the settings of each guild's welcome."""
    await migrated(database_url)
    import_models()
    database = Database(database_url, EventBus())
    sections = Sections()
    sections.register(WelcomeSettings)
    service = GuildSettings(database, sections)
    for house in houses:
        await database.transaction(lambda tx, house=house: _known(tx, house))
        settings = {
            "enabled": True,
            "panel_channel": house.panel.id,
            "introductions_channel": house.introductions.id,
            "member_role": house.member_role.id,
            "steps": [{"step": "introduction", "required": True}],
            **welcome,
        }
        await service.change(house.guild.id, WelcomeSettings, by=None, **settings)
    await database.close()


async def _known(tx: Transaction, house: House) -> None:
    """The bot has been here for a while, and said so then: what it posts from now on is what the test is about."""
    await tx.ensure(Guild, guild_id=house.guild.id, name="Agora", joined_at=house.discord.now, left_at=None)
