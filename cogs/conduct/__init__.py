"""Upholds the code of conduct: written down, the same for everybody, reversible, open to appeal."""

from typing import TYPE_CHECKING

from cogs.conduct.appeals.cog import AppealsCog
from cogs.conduct.carrying.cog import CarryingCog
from cogs.conduct.cases.cog import CaseFiles
from cogs.conduct.cleaning.cog import CleaningCog
from cogs.conduct.code.cog import CodeCog
from cogs.conduct.deciding.case_cog import CaseCog
from cogs.conduct.deciding.cog import DecidingCog
from cogs.conduct.evidence.cog import EvidenceCog
from cogs.conduct.lockdown.cog import LockdownCog
from cogs.conduct.moderate.cog import ModerateCog
from cogs.conduct.record.cog import RecordCog
from cogs.conduct.reports.cog import ReportsCog
from cogs.conduct.screening.cog import ScreeningCog
from cogs.conduct.transparency.cog import TransparencyCog

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def setup(bot: "CommunityBot") -> None:
    """Each part of the feature is a cog of its own."""
    await bot.add_cog(CodeCog(bot))
    await bot.add_cog(CaseFiles(bot))
    await bot.add_cog(CarryingCog(bot))
    await bot.add_cog(EvidenceCog(bot))
    await bot.add_cog(DecidingCog(bot))
    await bot.add_cog(CaseCog(bot))
    await bot.add_cog(AppealsCog(bot))
    await bot.add_cog(ScreeningCog(bot))
    await bot.add_cog(ReportsCog(bot))
    await bot.add_cog(ModerateCog(bot))
    await bot.add_cog(RecordCog(bot))
    await bot.add_cog(TransparencyCog(bot))
    await bot.add_cog(CleaningCog(bot))
    await bot.add_cog(LockdownCog(bot))
