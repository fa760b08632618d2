"""The real bot with moderation turned on in a small server that has the template as its code of conduct."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord import ChannelHandle, MemberActor

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from tests.cogs.onboarding.conftest import buttons, shown
from tests.conftest import Stage

if TYPE_CHECKING:
    from cogs.conduct.cases.reading import CaseView
    from cogs.conduct.cases.service import Cases

__all__ = ["Court", "buttons", "shown"]


@pytest.fixture
def bot_options() -> dict[str, Any]:
    return {"features": ("administration", "membership", "conduct")}


@dataclass
class Court:
    """A server that moderates with cases: `log` is its moderation log, `notices` where private threads are made."""

    stage: Stage
    log: ChannelHandle
    notices: ChannelHandle

    @property
    def env(self) -> Any:
        return self.stage.env

    @property
    def cases(self) -> "Cases":
        """The service of the bot's present process."""
        from cogs.conduct.cases.service import Cases

        return self.stage.bot.service(Cases)

    async def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something of the bot's own, and let it react to what follows."""
        async with self.env._acting("the bot's own"):
            with self.env._bot_scope():
                task = asyncio.get_running_loop().create_task(work)
        return await task

    async def change(self, **fields: Any) -> None:
        """Change the settings of moderation as the bot itself would."""
        bot = self.stage.bot
        section = bot.sections.named("conduct")
        await self.do(bot.guild_settings.change(self.stage.guild.id, section, by=None, **fields))

    async def open(
        self,
        kind: CaseKind,
        member: MemberActor,
        *,
        by: MemberActor | None = None,
        article: int | None = 1,
        severity: Severity | None = Severity.LOW,
        reason: str = "Shouting at people",
        length: timedelta | None = None,
        **more: Any,
    ) -> "CaseView":
        """A case as a command makes it, carried out; the case as it is then."""
        from cogs.conduct.cases.opening import NewCase

        source = more.pop("source", f"test:{kind}:{member.id}:{self.env.now().isoformat()}")
        new = NewCase(
            guild_id=self.stage.guild.id,
            user_id=member.id,
            kind=kind,
            source=source,
            reason=reason,
            moderator_id=(by or self.stage.moderator).id,
            article=article,
            severity=severity,
            length=length,
            **more,
        )
        made = await self.do(self.cases.open(new))
        return await self.case(made.number)

    async def jump(self, **amount: float) -> None:
        """Much time passes at once: what falls due meanwhile is late, as after a suspended computer."""
        self.env.backend.advance_clock(timedelta(**amount).total_seconds())
        await self.env.pass_time(seconds=1)

    async def case(self, number: int) -> "CaseView":
        return await self.cases.read.case(self.stage.guild.id, number)

    def dms(self, member: MemberActor) -> list[discord.Message]:
        """What the bot has written to this person, oldest first."""
        return list(member.user.dm_channel.history())

    def posts(self) -> list[str]:
        """What the moderation log says, oldest first."""
        return [shown(message) for message in self.log.history()]

    def threads(self) -> list[discord.Thread]:
        """The private threads the bot has opened."""
        return list(self.stage.server.threads)


@pytest.fixture
async def conduct(stage: Stage) -> Court:
    """Moderation is on; the team sees the log, everybody the channel of notices."""
    guild, env = stage.guild, stage.env
    hidden, seen = discord.PermissionOverwrite(view_channel=False), discord.PermissionOverwrite(view_channel=True)
    me = env.bot.user
    assert me is not None
    log = guild.create_text_channel(
        "moderation-log", overwrites={guild.default_role: hidden, stage.team: seen, me: seen}
    )
    court = Court(stage, log, guild.create_text_channel("notices"))
    await court.change(enabled=True, modlog_channel=log.id, notice_channel=court.notices.id)
    return court
