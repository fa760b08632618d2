"""Two hundred joins through three invites, slow and fast: each second by its own, without waiting for it.

Discord counts a use at once; that somebody joined is heard of a moment later, and written down after another.
"""

import random
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bot.contracts.events import MemberJoined
from bot.database import Database
from bot.events import EventBus
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from cogs.onboarding.attribution.models import Arrival, Invite
from cogs.onboarding.attribution.service import Attribution
from cogs.onboarding.attribution.settings import InvitesSettings
from cogs.onboarding.attribution.watching import STEP_SECONDS, Watching

GUILD, ROOM, INVITER, PEOPLE = 10, 600, 1, 200


class Door:
    """A server with three invites, as the watch over them sees it."""

    id, unavailable, chunked, features, channels = GUILD, False, True, (), (SimpleNamespace(id=ROOM),)
    me = SimpleNamespace(guild_permissions=SimpleNamespace(manage_guild=True, view_audit_log=True))

    def __init__(self, db, clock):
        self.db, self.clock, self.uses, self.truth = db, clock, Counter(a=0, b=0, c=0), {}
        settings = GuildSettings(db, Sections(), clock)
        settings.sections.register(InvitesSettings)
        self.settings, self.attribution = settings, Attribution(db, settings, clock)
        db.bus.on(MemberJoined, self.attribution.on_joined)
        self.told = {}
        bot = SimpleNamespace(
            messages=SimpleNamespace(observe=self.told.__setitem__),
            get_guild=lambda _guild_id: self,
            time_zone_of=lambda _guild_id: "Europe/Paris",
        )
        self.watching = Watching(bot, self.attribution, clock)
        self.watching._pulse = SimpleNamespace(arm=lambda: None)
        self.watching.start()

    async def invites(self):
        return [
            SimpleNamespace(
                code=code,
                uses=uses,
                max_uses=0,
                expires_at=None,
                channel=self.channels[0],
                inviter=SimpleNamespace(id=INVITER),
                created_at=self.clock() - timedelta(days=1),
            )
            for code, uses in self.uses.items()
        ]

    async def audit_logs(self, **_asked):
        """Nobody made or removed an invite."""
        for entry in ():
            yield entry

    async def opens(self):
        await self.settings.change(GUILD, InvitesSettings, by=None, enabled=True)
        self.told["connect"]()
        self.watching.caught_up(GUILD)
        await self.pass_time(5)

    async def pass_time(self, seconds, events=()):
        """Second by second; ``events`` are (instant, what happens) in order, at most one write for each second."""
        left, rest = list(events), True
        for _ in range(int(seconds)):
            end = self.clock() + timedelta(seconds=STEP_SECONDS)
            written = []
            while left and left[0][0] <= end:
                at, what, *who = left.pop(0)
                self.clock.set(at)
                getattr(self, "on_" + what)(*who, written)
            if written:
                await self.db.transaction(lambda tx, rows=tuple(written): self.write(tx, rows))
            self.clock.set(end)
            if rest or left or self.watching._watches[GUILD].due:
                rest = await self.watching._turn()

    async def write(self, tx, rows):
        for user_id, at in rows:
            await tx.emit(MemberJoined(GUILD, user_id, at, 0, False))

    def on_use(self, user_id, at, written):
        self.uses[self.truth[user_id]] += 1

    def on_hear(self, user_id, at, written):
        self.told["member_join"](SimpleNamespace(id=user_id, joined_at=at, bot=False, guild=self))

    def on_note(self, user_id, at, written):
        written.append((user_id, at))


def crowd(door, rate):
    """(instant, what, who, when they joined) of two hundred people who come at that rate."""
    chance, at, events = random.Random(rate), door.clock(), []
    for user_id in range(1000, 1000 + PEOPLE):
        at += timedelta(seconds=chance.uniform(0.5, 1.5) / rate)
        door.truth[user_id] = chance.choice("abc")
        heard = at + timedelta(seconds=chance.uniform(0, 0.6))
        noted = heard + timedelta(seconds=chance.uniform(0, 0.3))
        events += [(at, "use", user_id, at), (heard, "hear", user_id, at), (noted, "note", user_id, at)]
    return sorted(events, key=lambda event: event[0])


@pytest.mark.parametrize(("rate", "ambiguous"), [(0.1, 0.0), (1, 1.0), (10, 1.0)])
async def test_uses_are_exact_nobody_has_a_wrong_code_and_this_share_is_ambiguous(sqlite_url, clock, rate, ambiguous):
    db = Database(sqlite_url, EventBus())
    door = Door(db, clock)
    await door.opens()
    await door.pass_time(PEOPLE / rate * 1.1 + 300, crowd(door, rate))
    async with db.read() as session:
        uses = {row.code: row.uses for row in await session.scalars(select(Invite))}
        arrivals = list(await session.scalars(select(Arrival)))
    await db.close()
    assert uses == Counter(door.truth.values())
    assert {row.user_id for row in arrivals} == door.truth.keys()
    for row in arrivals:
        true = door.truth[row.user_id]
        assert row.settled_at is not None
        assert row.code == true or (row.code is None and true in row.candidates)
    assert sum(row.code is None for row in arrivals) / PEOPLE == ambiguous
