"""The welcome's services of one process, on a database of the test's own."""

from functools import partial

from bot.community.facts import Facts
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from cogs.conduct.code.rules.document import Document
from cogs.conduct.code.service import Codes
from cogs.onboarding.models import Journey
from cogs.onboarding.service import Debts, Journeys
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
        self.code = Codes(db, clock)
        self.journeys = Journeys(db, self.settings, self.code, Facts(db, clock), clock)
        self.debts = Debts(db, self.settings, self.journeys, clock)
        db.bus.on(MemberJoined, self.journeys.on_joined)
        db.bus.on(MemberScreened, self.journeys.on_screened)
        db.bus.on(MemberLeft, self.journeys.on_left)

    async def emit(self, event):
        await self.db.transaction(lambda tx: tx.emit(event))

    async def join(self, user_id=ADA, *, pending=False, rejoins=0):
        await self.emit(MemberJoined(GUILD, user_id, self.clock(), rejoins, pending))

    async def leave(self, user_id=ADA):
        await self.emit(MemberLeft(GUILD, user_id, self.clock()))

    async def change(self, section, **fields):
        await self.settings.change(GUILD, section, by=None, **fields)

    async def publish(self, *, major=True):
        """The next version of the code of conduct, with another preamble."""
        text = f"Be kind, more than in version {self.code.current(GUILD).version}."
        edit = partial(Document.with_passages, preamble={"en": text}, ending={})
        draft = await self.code.edit(GUILD, edit, by=1)
        await self.code.publish(GUILD, revision=draft.revision, major=major, by=1)

    async def journey(self, user_id=ADA):
        async with self.db.read() as session:
            return await session.get(Journey, (GUILD, user_id))

    async def accept(self, user_id=ADA):
        return await self.journeys.accept_code(GUILD, user_id, self.code.current(GUILD).version)

    async def owed(self, user_id=ADA):
        return await self.debts.owed(GUILD, user_id)
