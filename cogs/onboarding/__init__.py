"""Welcomes newcomers: from joining, step by step, to full membership and a first human answer."""

from typing import TYPE_CHECKING

from cogs.onboarding.attribution.cog import Invites
from cogs.onboarding.cog import Onboarding
from cogs.onboarding.newcomers.cog import Newcomers

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def setup(bot: "CommunityBot") -> None:
    await bot.add_cog(Onboarding(bot))
    await bot.add_cog(Newcomers(bot))
    await bot.add_cog(Invites(bot))
