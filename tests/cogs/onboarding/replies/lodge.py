"""The services of the first answer with the welcome, the inbox and the timers, as one process has them."""

from sqlalchemy import select

from bot.contracts.events import MemberErasing, MemberLeft
from bot.contracts.inbox import InboxItemSettled
from bot.events import EventBus
from bot.inbox import Inbox
from cogs.onboarding.events import NewcomerSpoke, WelcomeMoved
from cogs.onboarding.replies.course import UNANSWERED, WAITS, Course
from cogs.onboarding.replies.following import Following
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.models import Awaited
from cogs.onboarding.replies.rules import How
from cogs.onboarding.replies.service import Replies
from cogs.onboarding.replies.settings import RepliesSettings
from cogs.onboarding.replies.shown import Shown
from cogs.onboarding.service import TAKE_DOWN
from tests.cogs.onboarding.newcomers.nursery import Nursery
from tests.cogs.onboarding.services import ADA, CHANNEL, GUILD

GREETERS_CHANNEL = 650
GREG, GINA, GUS = 11, 12, 13


class Lodge(Nursery):
    """Everything that sees to a first answer, wired as the cog does, without Discord."""

    def __init__(self, db, clock, postman=None):
        super().__init__(db, clock, postman)
        self.settings.sections.register(RepliesSettings)
        self.inbox = Inbox(db, self.timers, self.zone_of, clock)
        self.inbox.register(UNANSWERED)
        self.greeters = Greeters(db, self.inbox.people.zone, clock)
        self.shown = Shown(db, clock)
        self.absent = set()
        """Greeters whom Discord does not show in the channel."""
        course = Course(self.settings, self.timers, self.inbox, self.greeters, self.may, clock)
        self.replies = Replies(db, course, self.timers, self.greeters, clock)
        self.following = Following(course, self.timers, clock)
        self.taken_down = []
        db.bus.on(WelcomeMoved, self.following.on_moved)
        db.bus.on(NewcomerSpoke, self.following.on_spoke)
        db.bus.on(InboxItemSettled, self.following.on_item_settled)
        db.bus.on(MemberErasing, self.following.on_erasing)
        db.bus.on(MemberLeft, self.greeters.on_left)
        db.bus.on(MemberLeft, self.following.on_left)
        self.timers.handle(WAITS, self._due)
        self.timers.handle(TAKE_DOWN, self._take_down)

    async def _due(self, timer):
        await self.replies.due(timer.payload["awaited"])

    async def _take_down(self, timer):
        self.taken_down.append(timer.payload["message"])

    def may(self, guild_id, user_id):
        return user_id not in self.absent and self.inbox.available(guild_id, user_id, self.clock())

    async def open(self, **replies):
        await super().open()
        await self.change(RepliesSettings, **{"enabled": True, "channel": GREETERS_CHANNEL, **replies})
        return self

    async def restarted(self):
        self.db.bus = EventBus()
        after = Lodge(self.db, self.clock, self.postman)
        await after.settings.load()
        await after.inbox.people.load()
        await after.arrivals.load()
        return after

    async def on_call(self, *people):
        for user_id in people:
            await self.greeters.go_on_call(GUILD, user_id)

    async def speak(self, user_id=ADA, message_id=None):
        """Join and write."""
        await self.join(user_id)
        await self.journeys.spoke(GUILD, user_id, self.clock(), (CHANNEL, message_id or user_id * 1000))

    async def answer(self, user_id=ADA, by=GREG, how=How.REPLY):
        return await self.journeys.greet(GUILD, user_id, by, how)

    async def row(self, user_id=ADA):
        async with self.db.read() as session:
            return await session.scalar(select(Awaited).filter_by(guild_id=GUILD, user_id=user_id))

    async def board(self, user_id=ADA):
        return await self.shown.board((await self.row(user_id)).id)

    async def calls(self, user_id=ADA):
        """(greeter, what it says, whom it names) of each call."""
        return [(one.greeter_id, str(one.face), one.who) for one in (await self.board(user_id)).calls]

    async def waiting(self):
        """(newcomer, channel, message) of what is open in the inbox."""
        found = await self.inbox.open_items(GUILD)
        return [(one.subject, one.link and one.link.channel_id, one.link and one.link.message_id) for one in found]
