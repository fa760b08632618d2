"""The parts of the raid brake, as one process has them."""

from bot.clock import Clock, now
from bot.database import Database
from bot.guilds.service import GuildSettings
from bot.timers import Timers
from cogs.onboarding.raids.decisions import Decisions
from cogs.onboarding.raids.held import Held
from cogs.onboarding.raids.progress import Progress
from cogs.onboarding.raids.promises import Promises
from cogs.onboarding.raids.reader import RaidReader
from cogs.onboarding.raids.watch import Watch


class Brake:
    """``held`` answers whether somebody waits for the team; the others say what they do."""

    def __init__(self, db: Database, settings: GuildSettings, timers: Timers, clock: Clock = now) -> None:
        self.held = Held(db)
        self.promises = Promises(db, timers, clock)
        self.reader = RaidReader(db, clock)
        self.watch = Watch(db, settings, self.held, self.promises, clock)
        self.decisions = Decisions(db, settings, self.held, self.promises, clock)
        self.progress = Progress(db, self.promises, clock)
