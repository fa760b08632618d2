"""Welcomes newcomers: from joining, step by step, to full membership and a first human answer."""

from typing import TYPE_CHECKING

from cogs.onboarding.asking_again.cog import AskingAgain
from cogs.onboarding.attribution.cog import Invites
from cogs.onboarding.buddies.cog import BuddySystem
from cogs.onboarding.cog import Onboarding
from cogs.onboarding.comeback.cog import Comeback
from cogs.onboarding.newcomers.cog import Newcomers
from cogs.onboarding.raids.cog import RaidBrake
from cogs.onboarding.replies.cog import FirstAnswers

if TYPE_CHECKING:
    from bot.client import CommunityBot

NEEDS = ("conduct",)
"""Features it asks at once: whoever keeps the code of conduct that newcomers accept."""


async def setup(bot: "CommunityBot") -> None:
    await bot.add_cog(Onboarding(bot))
    await bot.add_cog(Newcomers(bot))
    await bot.add_cog(FirstAnswers(bot))
    await bot.add_cog(Invites(bot))
    await bot.add_cog(RaidBrake(bot))
    await bot.add_cog(AskingAgain(bot))
    await bot.add_cog(BuddySystem(bot))
    await bot.add_cog(Comeback(bot))
