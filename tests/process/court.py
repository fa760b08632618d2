"""A guild on the loopback Discord whose moderation is turned on in the bot's database, and cases made there."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from bot.database import Database, Transaction
from bot.database.registry import import_models
from bot.events import EventBus
from bot.guilds.models import Guild
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from bot.timers import Timers
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings
from tests.loopback import GuildHandle, LoopbackDiscord, MemberHandle, Message
from tests.loopback.models import Channel
from tests.migrated import migrated


@dataclasses.dataclass
class Court:
    """Somebody to judge, a moderator, and the moderation log."""

    discord: LoopbackDiscord
    url: str
    guild: GuildHandle
    log: Channel
    member: MemberHandle
    moderator: MemberHandle

    @property
    def bans(self) -> str:
        """The path of the member's ban."""
        return f"/guilds/{self.guild.id}/bans/{self.member.id}"

    def posts(self) -> list[Message]:
        """What the moderation log has about cases."""
        return [one for one in self.log.messages.values() if "conduct:case:" in str(one.components)]

    def notices(self) -> list[Message]:
        """What the member was told."""
        return [one for one in self.member.dms if "conduct:notice:" in str(one.components)]

    async def decide(self, kind: CaseKind, length: timedelta | None = None) -> None:
        """A case as a command makes it, while the bot is down; it is carried out once the bot is up."""
        new = NewCase(
            guild_id=self.guild.id,
            user_id=self.member.id,
            kind=kind,
            source=f"test:{kind}",
            reason="Shouting",
            moderator_id=self.moderator.id,
            article=1,
            severity=Severity.LOW,
            length=length,
        )
        await _with(self.url, lambda db, settings: _open(db, settings, new))


async def build(discord: LoopbackDiscord, url: str) -> Court:
    """The guild, the schema, and moderation turned on."""
    guild = discord.create_guild("Agora")
    log = guild.text_channel("moderation-log")
    court = Court(discord, url, guild, log, guild.add_member("bob"), guild.add_member("mina"))
    await migrated(url)
    await _with(url, lambda db, settings: _turn_on(db, settings, court))
    return court


async def _with(url: str, work: Callable[[Database, GuildSettings], Awaitable[Any]]) -> None:
    import_models()
    db, sections = Database(url, EventBus()), Sections()
    sections.register(ConductSettings)
    await work(db, GuildSettings(db, sections))
    await db.close()


async def _turn_on(db: Database, settings: GuildSettings, court: Court) -> None:
    async def known(tx: Transaction) -> None:
        # the bot has been here for a while: what it posts from now on is what the test is about
        await tx.ensure(Guild, guild_id=court.guild.id, name="Agora", joined_at=court.discord.now, left_at=None)

    await db.transaction(known)
    await settings.change(court.guild.id, ConductSettings, by=None, enabled=True, modlog_channel=court.log.id)


async def _open(db: Database, settings: GuildSettings, new: NewCase) -> None:
    await settings.load()
    await Cases(db, settings, Timers(db)).open(new)
