"""Who waits before any role is given: for the team, because of a raid, or for the end of a lockdown."""

from typing import TYPE_CHECKING

from bot.contracts.lockdown import LockdownDoor, LockdownEnded
from cogs.onboarding.effects import Bringing
from cogs.onboarding.raids.held import Held
from cogs.onboarding.rules.holds import Hold
from cogs.onboarding.settings import WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Gate:
    """Answers from memory. A lockdown's hold is no row: whoever has no role yet waits, also after a restart."""

    def __init__(self, bot: "CommunityBot", held: Held, bringing: Bringing) -> None:
        self._bot = bot
        self._held = held
        self._bringing = bringing

    def __call__(self, guild_id: int, user_id: int) -> Hold | None:
        """Why this member waits; None when they do not."""
        if self._held(guild_id, user_id):
            return Hold.TEAM
        return Hold.LOCKDOWN if self._locked_out(guild_id, user_id) else None

    def works(self, guild_id: int) -> bool:
        """Whether there is a role that newcomers could be kept waiting for."""
        settings, guild = self._bot.guild_settings.get(guild_id, WelcomeSettings), self._bot.get_guild(guild_id)
        return settings.enabled and guild is not None and guild.get_role(settings.member_role or 0) is not None

    async def after_lockdown(self, event: LockdownEnded) -> None:
        """Whoever waited gets what they waited for. What fails is promised anew, and a start looks too."""
        guild = self._bot.get_guild(event.guild_id)
        if guild is not None and event.held:
            await self._bringing.server(guild)

    def _locked_out(self, guild_id: int, user_id: int) -> bool:
        door, guild = self._bot.find_service(LockdownDoor), self._bot.get_guild(guild_id)
        since = door.holding_since(guild_id) if door is not None else None
        if since is None or guild is None:
            return False
        member = guild.get_member(user_id)
        role = guild.get_role(self._bot.guild_settings.get(guild_id, WelcomeSettings).member_role or 0)
        if member is None:
            return True
        return role not in member.roles if role is not None else (member.joined_at or since) >= since
