"""What members see of themselves: `/profile`, what they chose, and `/privacy`."""

from typing import TYPE_CHECKING

from cogs.membership import privacy
from cogs.membership.choices import ChoiceButton, options_page
from cogs.membership.cog import Membership
from cogs.membership.overview import overview_page

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def setup(bot: "CommunityBot") -> None:
    bot.profile.register(overview_page)
    bot.profile.register(options_page)
    bot.provide(privacy.Erasing, privacy.Erasing(bot))
    bot.add_persistent(ChoiceButton, *privacy.PARTS)
    await bot.add_cog(Membership(bot))
