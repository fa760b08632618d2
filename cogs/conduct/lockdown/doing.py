"""What somebody at the desk does about a lockdown, by the command or by a button: asked anew each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.clock import now
from bot.contracts.lockdown import NewcomerHold
from bot.guilds.sections import CommunitySettings
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import NotAllowed
from bot.ui import LayoutView, reply, update
from bot.ui.tree import CommandOff
from cogs.conduct.lockdown import pages
from cogs.conduct.lockdown.planning import plan
from cogs.conduct.lockdown.plans import Plan
from cogs.conduct.lockdown.refusals import LacksPower, NoLockdown, NothingToLock, StillUndoing
from cogs.conduct.lockdown.rules import LONGEST, SHORTEST
from cogs.conduct.lockdown.service import Lockdowns
from cogs.conduct.lockdown.settings import LockdownSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


@dataclass(frozen=True)
class Desk:
    """Somebody on the team who may change channels by hand, too."""

    bot: "CommunityBot"
    guild: discord.Guild
    actor: discord.Member
    t: Localizer
    interaction: "discord.Interaction[Any]"

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotAllowed outside of a server, and LacksPower."""
        bot: CommunityBot = interaction.client
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None or not isinstance(interaction.user, discord.Member):
            raise NotAllowed
        if not interaction.user.guild_permissions.manage_channels and guild.owner_id != interaction.user.id:
            raise LacksPower
        return cls(bot, guild, interaction.user, bot.i18n.for_interaction(interaction), interaction)

    @property
    def lockdowns(self) -> Lockdowns:
        return self.bot.service(Lockdowns)

    @property
    def settings(self) -> LockdownSettings:
        return self.bot.guild_settings.get(self.guild.id, LockdownSettings)

    async def preview(self, minutes: int | None) -> LayoutView:
        """The question before a lockdown. Raises NothingToLock, StillUndoing."""
        minutes = minutes or int(self.settings.length.total_seconds() // 60)
        present = await self.lockdowns.present(self.guild.id)
        if present is not None and present.ended_at is not None:
            raise StillUndoing
        if present is not None:
            return pages.prolonging(self.t, present, minutes, self._until(minutes))
        return pages.preview(self.t, await self._plan(), minutes, self.settings.slow_mode)

    async def start(self, minutes: int) -> None:
        """Begin it, or prolong the one in force. Raises NothingToLock, StillUndoing."""
        if not self.settings.enabled:
            raise CommandOff
        present = await self.lockdowns.present(self.guild.id)
        made = await self._plan() if present is None else Plan(present.closes)
        paused, until = self.guild.invites_paused_until, self._until(minutes)
        one, begun = await self.lockdowns.start(self.guild.id, self.actor.id, until, made, paused)
        moment = f"<t:{int(one.until.timestamp())}:t>"
        text = N_("The lockdown begins, and lasts until {moment}.") if begun else N_("It now lasts until {moment}.")
        await update(self.interaction, view=self._answered(self.t(text, moment=moment)))

    async def end(self) -> None:
        """End the one in force. Raises NoLockdown."""
        await self.lockdowns.end(self.guild.id, self.actor.id)
        await reply(self.interaction, view=self._answered(self.t(N_("The lockdown ends: everything is put back."))))

    async def end_from_post(self, lockdown_id: int) -> LayoutView:
        """End it, and the post as it is then; a second press shows the same."""
        try:
            await self.lockdowns.end(self.guild.id, self.actor.id, lockdown_id)
        except NoLockdown:
            if (await self.lockdowns.get(lockdown_id)).guild_id != self.guild.id:
                raise
        return await pages.post_of(self.bot, self.guild, lockdown_id)

    async def _plan(self) -> Plan:
        community = self.bot.guild_settings.get(self.guild.id, CommunitySettings)
        made = plan(self.guild, self.settings, community, await self.bot.levels.before(self.guild))
        hold = self.bot.find_service(NewcomerHold)
        if self.settings.hold_newcomers:
            made.holds = hold is not None and hold.works(self.guild.id)
        if made.is_empty:
            raise NothingToLock
        return made

    def _until(self, minutes: int) -> datetime:
        return now() + timedelta(minutes=min(max(minutes, SHORTEST), LONGEST))

    def _answered(self, text: str) -> LayoutView:
        return pages.answered(self.t, text, told=pages.staff_place(self.bot, self.guild) is not None)
