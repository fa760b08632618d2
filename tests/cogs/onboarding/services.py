"""The welcome's services of one process, on a database of the test's own."""

from bot.community.facts import Facts
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened, SettingsChanged
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from cogs.onboarding.models import Journey
from cogs.onboarding.service import Debts, Journeys, MinimalCode
from cogs.onboarding.settings import CodeSettings, GroupsSettings, WelcomeSettings

GUILD, ADA, BOB, CARL = 10, 1, 2, 3
ROLE, CHANNEL, GARDEN, CHESS = 500, 600, 701, 702
PAIRS = (("Who are you?", "Ada, I make lamps."),)


class House:
    """The welcome's services of one process, with the settings of a small server."""

    def __init__(self, db, clock):
        self.db, self.clock = db, clock
        self.settings = GuildSettings(db, Sections(), clock)
        for section in (WelcomeSettings, GroupsSettings, CodeSettings):
            self.settings.sections.register(section)
        self.code = MinimalCode(db, self.settings, clock)
        self.journeys = Journeys(db, self.settings, self.code, Facts(db, clock), clock)
        self.debts = Debts(db, self.settings, self.journeys, clock)
        db.bus.on(MemberJoined, self.journeys.on_joined)
        db.bus.on(MemberScreened, self.journeys.on_screened)
        db.bus.on(MemberLeft, self.journeys.on_left)
        db.bus.on(SettingsChanged, self.code.on_settings_changed)

    async def emit(self, event):
        await self.db.transaction(lambda tx: tx.emit(event))

    async def join(self, user_id=ADA, *, pending=False, rejoins=0):
        await self.emit(MemberJoined(GUILD, user_id, self.clock(), rejoins, pending))

    async def leave(self, user_id=ADA):
        await self.emit(MemberLeft(GUILD, user_id, self.clock()))

    async def change(self, section, **fields):
        await self.settings.change(GUILD, section, by=None, **fields)

    async def journey(self, user_id=ADA):
        async with self.db.read() as session:
            return await session.get(Journey, (GUILD, user_id))

    async def accept(self, user_id=ADA):
        return await self.journeys.accept_code(GUILD, user_id, self.code.current(GUILD).version)

    async def owed(self, user_id=ADA):
        return await self.debts.owed(GUILD, user_id)
