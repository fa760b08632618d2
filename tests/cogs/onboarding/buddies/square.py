"""The services of the buddies with the attention budget, the inbox and the count, as one process has them."""

from sqlalchemy import func, select

from bot.attention import AttentionKind
from bot.community.facts import Facts
from bot.community.models import Contribution
from bot.contracts.events import MemberErasing, MemberLeft
from bot.inbox import Inbox
from cogs.onboarding.buddies.checkins import CHECK
from cogs.onboarding.buddies.endings import TELL
from cogs.onboarding.buddies.figures import BuddyReader
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair, BuddyWish
from cogs.onboarding.buddies.offers import Offers
from cogs.onboarding.buddies.pairing import MATCH, WAITS
from cogs.onboarding.buddies.pairs import FOLLOW, INTRODUCE
from cogs.onboarding.buddies.service import INVITE, Buddies
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.events import WelcomeMoved
from tests.cogs.onboarding.newcomers.nursery import Nursery, _built_by_the_carrier
from tests.cogs.onboarding.services import GUILD

ADA, BOB, CARL, DINA, ELI = range(10001, 10006)
"""No number of a row: what names a person is told from what names a pair."""


class Faces:
    """What Discord shows: everybody may be a buddy who is not ``barred``."""

    def __init__(self):
        self.in_groups, self.barred = {}, set()

    def groups(self, guild_id, user_id):
        return frozenset(self.in_groups.get(user_id, ()))

    def may_be_buddy(self, guild_id, user_id, role):
        return user_id not in self.barred


class Square(Nursery):
    """Everything that knows buddies, wired as the cog does; what would go to Discord is in ``told``."""

    def __init__(self, db, clock, postman=None):
        super().__init__(db, clock, postman)
        self.settings.sections.register(BuddiesSettings)
        for kind in (CHECK, INVITE):
            self.attention.register(AttentionKind(kind, 70, _built_by_the_carrier))
        self.inbox = Inbox(db, self.timers, self.zone_of, clock)
        self.faces, self.told = Faces(), []
        self.buddies = Buddies(
            db,
            self.settings,
            self.faces,
            self.attention,
            self.inbox,
            Facts(db, clock),
            self.timers,
            self.zone_of,
            clock,
        )
        self.figures = BuddyReader(db, self.zone_of, clock)
        self.offers = Offers(db, self.settings, self.faces, self.buddies, clock)
        self.inbox.register(WAITS, shown=self.buddies.on)
        self.timers.handle(FOLLOW, self.buddies.follow)
        self.timers.handle(MATCH, self.buddies.match)
        self.timers.handle(INTRODUCE, self._introduce)
        self.timers.handle(TELL, self._tell)
        db.bus.on(WelcomeMoved, self.buddies.on_moved)
        db.bus.on(MemberLeft, self._gone)
        db.bus.on(MemberErasing, self._erasing)

    async def _introduce(self, timer):
        await self.buddies.note(timer.payload["pair"], introduced_at=self.clock(), thread_id=900, message_id=901)

    async def _tell(self, timer):
        self.told.append(timer.payload)

    async def _gone(self, event, tx):
        await self.buddies.gone(tx, event.guild_id, event.user_id)

    async def _erasing(self, event, tx):
        await self.buddies.gone(tx, event.guild_id or None, event.user_id, erased=True)

    async def open(self, **welcome):
        await super().open(**welcome)
        await self.change(BuddiesSettings, enabled=True)
        return self

    async def arrive(self, *people):
        """Newcomers who have done every required step."""
        for user_id in people:
            await self.join(user_id)
            await self.accept(user_id)

    async def offer(self, user_id, capacity=1):
        await self.offers.set(GUILD, user_id, capacity=capacity)

    async def ask(self, user_id=ADA):
        return await self.buddies.ask(GUILD, user_id)

    async def pairs(self, *, open_only=True):
        """(newcomer, buddy) of every pair, oldest first."""
        async with self.db.read() as session:
            query = select(BuddyPair.newcomer_id, BuddyPair.buddy_id).order_by(BuddyPair.id)
            query = query.where(BuddyPair.ended_at.is_(None)) if open_only else query
            return [tuple(row) for row in await session.execute(query)]

    async def waiting(self):
        async with self.db.read() as session:
            return list(await session.scalars(select(BuddyWish.user_id).order_by(BuddyWish.id)))

    async def successes(self):
        async with self.db.read() as session:
            query = select(Contribution.user_id, Contribution.for_member).filter_by(kind="buddy_success")
            return [tuple(row) for row in await session.execute(query)]

    async def rows_of(self, user_id):
        """How many rows of the buddies name this person."""
        async with self.db.read() as session:
            found = 0
            for column in (BuddyOffer.user_id, BuddyWish.user_id, BuddyPair.newcomer_id, BuddyPair.buddy_id):
                found += await session.scalar(select(func.count()).where(column == user_id)) or 0
            return found

    async def open_items(self):
        return [item.subject for item in await self.inbox.open_items(GUILD)]

    @property
    def asked(self):
        """Whom the question whether they met was sent to."""
        return [user_id for user_id, kind in self.sent if kind == CHECK]


__all__ = ["ADA", "BOB", "CARL", "DINA", "ELI", "GUILD", "Square"]
