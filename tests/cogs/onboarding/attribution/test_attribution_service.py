"""The attribution's services on both databases: looks, weeks, figures, erasing and replays."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.community.members import Members, Seen
from bot.contracts.events import MemberJoined, MemberLeft
from bot.contracts.invites import Kept, Totals
from bot.guilds.sections import Sections
from bot.guilds.service import GuildSettings
from bot.privacy import erase_member, export_member
from cogs.onboarding.attribution.figures import InviteReader
from cogs.onboarding.attribution.models import Arrival, Invite
from cogs.onboarding.attribution.rules import Counted, Evidence
from cogs.onboarding.attribution.service import Attribution, Look, Shown
from cogs.onboarding.attribution.settings import InvitesSettings

GUILD, ROOM = 10, 600
ADA, BOB = 1, 2
MONDAY = date(2026, 3, 2)


@dataclass
class Desk:
    """One process: `look` is what Discord shows, `join` what it tells."""

    db: object
    clock: object
    heard: list = field(default_factory=list)
    shown: dict = field(default_factory=dict)

    def __post_init__(self):
        self.settings = GuildSettings(self.db, Sections(), self.clock)
        self.settings.sections.register(InvitesSettings)
        self.attribution = Attribution(self.db, self.settings, self.clock)
        self.members = Members(self.db, self.clock)
        self.reader = InviteReader(self.db, self.clock)
        self.db.bus.on(MemberJoined, self.attribution.on_joined)
        self.db.bus.on(MemberLeft, self.attribution.on_left)

    def invite(self, code, uses=0, limit=0, inviter=ADA, **more):
        counted = Counted(uses, limit, **more)
        self.shown[code] = Shown(code, counted, ROOM, inviter, self.clock() - timedelta(days=1))

    def use(self, code, times=1):
        old = self.shown[code]
        counted = Counted(old.counted.uses + times, old.counted.max_uses, old.counted.expires_at, old.counted.vanity)
        self.shown[code] = Shown(code, counted, old.channel_id, old.inviter_id, old.created_at)

    async def join(self, user_id, code=None, *, heard=True):
        self.clock.advance(seconds=1)
        if code is not None:
            self.use(code)
        seen = Seen(user_id, f"member {user_id}", self.clock(), pending=False)
        await self.members.join(GUILD, seen)
        if heard:
            self.heard.append((user_id, self.clock()))
        return seen

    async def look(self, *, watched=True, final=True, removed=(), week=MONDAY, **evidence):
        self.clock.advance(seconds=5)
        known = Evidence(watched, **{"unseen": (), **evidence})
        look = Look(self.clock(), week, dict(self.shown), known, removed, {ROOM}, tuple(self.heard))
        written = await self.attribution.settle(GUILD, look, final=final)
        if written:
            self.heard.clear()
        return written

    async def origins(self, *people):
        found = [await self.reader.origin(GUILD, one) for one in people]
        return [(one.code or one.candidates) if one.settled else None for one in found]


@pytest.fixture
async def desk(db, clock):
    made = Desk(db, clock)
    await made.settings.change(GUILD, InvitesSettings, by=None, enabled=True)
    made.invite("a", uses=5)
    made.invite("b", inviter=BOB)
    await made.look()
    return made


async def test_a_look_answers_everybody_who_joined_since_the_look_before(desk):
    await desk.join(11, "a")
    assert await desk.origins(11) == [None], "nothing is said before the look"
    assert await desk.look(final=False)
    await desk.join(12, "a")
    await desk.join(13, "a")
    await desk.look(final=False)
    await desk.join(14, "a")
    await desk.join(15, "b")
    await desk.look(final=False)

    assert await desk.origins(11, 12, 13, 14, 15) == ["a", "a", "a", ("a", "b"), ("a", "b")]
    assert (await desk.reader.origin(GUILD, 11)).inviter_id == ADA
    assert await desk.reader.totals(GUILD) == Totals(certain=3, ambiguous=2, unknown=0, waiting=0)
    assert await desk.reader.by_week(GUILD, MONDAY) == {MONDAY: {"a": 4, "b": 1}}


async def test_uses_and_arrivals_that_do_not_match_are_looked_at_once_more_before_anything_is_written(desk):
    await desk.join(11)
    assert not await desk.look(final=False)
    desk.use("a")  # Discord counted late
    assert await desk.look(final=True)
    assert await desk.origins(11) == ["a"]
    await desk.join(12)
    assert await desk.look(final=True)
    assert await desk.origins(12) == [()], "by none that was counted"


async def test_a_join_whose_row_is_still_being_written_keeps_the_others_from_being_certain(desk):
    await desk.join(11, "a")
    desk.heard.append((12, desk.clock()))
    assert not await desk.look(final=False)
    assert await desk.look(final=True)
    assert await desk.origins(11) == [("a",)]


async def test_a_join_that_is_told_again_changes_nothing(desk, db):
    seen = await desk.join(11, "a")
    await desk.look()
    await desk.members.join(GUILD, seen)
    desk.heard.append((11, seen.joined_at))
    assert await desk.look(final=False)
    await desk.join(12, "a")
    desk.heard.append((11, seen.joined_at))
    await desk.look(final=False)

    assert await desk.origins(11, 12) == ["a", "a"]
    async with db.read() as session:
        assert len(list(await session.scalars(select(Arrival)))) == 2


async def test_after_an_outage_only_what_leaves_no_doubt_is_certain(desk):
    await desk.join(11, "a", heard=False)
    again = Desk(desk.db, desk.clock, shown=desk.shown)
    await again.settings.load()
    await again.look(watched=False)
    assert await again.origins(11) == ["a"]
    for number, doubt in enumerate(({"unseen": None}, {"unseen": ("x",)}, {"complete": False}, {"features": ["HUB"]})):
        await again.join(20 + number, "a", heard=False)
        await again.look(watched=False, **doubt)
        assert await again.origins(20 + number) == [("a",)], doubt
    await again.join(30, "a", heard=False)
    await again.look(watched=True)
    assert await again.origins(30) == [("a",)], "somebody of whom we have not heard"


async def test_an_invite_made_and_used_up_between_two_looks_is_known(desk):
    desk.invite("once", limit=1)
    await desk.attribution.made(GUILD, desk.shown.pop("once"))
    await desk.join(11)
    await desk.look(final=False)
    assert await desk.origins(11) == ["once"]
    found = {one.code: one for one in await desk.reader.by_code(GUILD)}
    assert (found["once"].uses, found["once"].gone, found["once"].joined) == (1, True, 1)

    desk.invite("taken", limit=1)
    await desk.look()
    del desk.shown["taken"]
    await desk.join(12)
    await desk.look(removed={"taken"})
    assert await desk.origins(12) == [()]


async def test_without_the_right_to_read_invites_nothing_is_known_and_the_next_look_is_a_first_one(desk):
    await desk.join(11, "a")
    await desk.attribution.blind(GUILD)
    assert await desk.origins(11) == [()]
    await desk.join(12, "a")
    await desk.look()
    assert await desk.origins(12) == [()], "there is nothing to compare with"
    await desk.join(13, "a")
    await desk.look()
    assert await desk.origins(13) == ["a"]


async def test_a_server_that_does_not_follow_invites_has_no_rows(desk, db):
    await desk.settings.change(GUILD, InvitesSettings, by=None, enabled=False)
    await desk.join(11, "a")
    assert await desk.reader.origin(GUILD, 11) is None


async def test_figures_say_who_brought_whom_and_how_many_stayed(desk):
    desk.invite("c", inviter=ADA)
    await desk.look()
    await desk.members.begin(GUILD, [Seen(ADA, "Ada", desk.clock(), pending=False)])
    for number, code in enumerate(["a", "a", "b", "c"]):
        await desk.join(11 + number, code)
        await desk.look(week=MONDAY + timedelta(days=7 * (number // 2)))
    await desk.join(15, "a")
    await desk.join(16, "b")
    await desk.look(week=MONDAY + timedelta(days=7))
    desk.clock.advance(days=3)
    await desk.members.leave(GUILD, 11)
    desk.clock.advance(days=5)
    await desk.members.leave(GUILD, 12)

    a, b, c = await desk.reader.by_code(GUILD)
    assert [(one.code, one.uses, one.joined, one.perhaps) for one in (a, b, c)] == [
        ("a", 8, 2, 2),
        ("b", 2, 1, 2),
        ("c", 1, 1, 0),
    ]
    assert a.kept == (Kept(7, 2, 1), Kept(30, 0, 0))
    ada, bob = await desk.reader.by_inviter(GUILD)
    assert (ada.inviter, ada.uses, ada.joined, ada.perhaps) == ("Ada", 9, 3, 2)
    assert (bob.inviter_id, bob.uses, bob.joined, bob.perhaps) == (BOB, 2, 1, 2)
    assert await desk.reader.by_week(GUILD, MONDAY) == {
        MONDAY: {"a": 2},
        MONDAY + timedelta(days=7): {"a": 1, "b": 2, "c": 1},
    }
    assert await desk.reader.by_code(GUILD, since=desk.clock()) != []
    assert await desk.reader.totals(GUILD, since=desk.clock()) == Totals(0, 0, 0, 0)


async def test_who_erased_themselves_is_named_by_no_invite_and_no_arrival_again(desk, db):
    await desk.join(11, "a")
    await desk.look()
    export = await export_member(db, GUILD, 11, desk.clock)
    assert export["about_you"]["onboarding_arrival"][0]["code"] == "a"
    await erase_member(db, GUILD, ADA, desk.clock)
    desk.invite("old", inviter=ADA)  # their invite, which we had not seen yet
    await desk.join(12, "a")
    await desk.look()

    async with db.read() as session:
        assert {row.inviter_id for row in await session.scalars(select(Invite))} == {None, BOB}
        assert {row.inviter_id for row in await session.scalars(select(Arrival))} == {None}
    assert await desk.origins(11, 12) == ["a", "a"]
    await erase_member(db, GUILD, 11, desk.clock)
    assert await desk.reader.origin(GUILD, 11) is None
    assert (await desk.reader.by_code(GUILD))[0].uses == 7, "the uses stay, they name nobody"
