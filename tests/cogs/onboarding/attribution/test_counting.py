"""Counts of the database equal a count by hand, no arrival is loaded for them, and each look at a person is noted."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.contracts.invites import Guest, Kept, Origin, Totals
from bot.privacy import erase_member, export_member
from cogs.onboarding.attribution.figures import InviteReader
from cogs.onboarding.attribution.models import Arrival, Invite, InviteRead
from cogs.onboarding.attribution.reads import KEPT, Reads

GUILD, OTHER, ADA, BOB, MINA = 10, 20, 1, 2, 3
MAKERS = {"a": ADA, "b": ADA, "c": BOB, "own": None, "erased": None}
STAYS = (7, 30)


def arrivals(chance, present):
    """Of all kinds, some of them exactly as long ago, or here exactly as long, as figures ask about."""
    for user_id in range(100, 180):
        joined_at = present - timedelta(days=chance.choice((1, 7, 8, 30, 31, 40, 7)))
        stay = chance.choice((None, timedelta(days=7), timedelta(days=7, seconds=-1), timedelta(days=30), timedelta(1)))
        left_at = None if stay is None or joined_at + stay > present else joined_at + stay
        kind = chance.choice(("certain", "certain", "ambiguous", "unknown", "waiting"))
        code = chance.choice(sorted(MAKERS)) if kind == "certain" else None
        yield Arrival(
            guild_id=GUILD,
            user_id=user_id,
            joined_at=joined_at,
            left_at=left_at,
            settled_at=None if kind == "waiting" else present,
            code=code,
            candidates=sorted(chance.sample(sorted(MAKERS), 2)) if kind == "ambiguous" else [],
            inviter_id=MAKERS.get(code),
        )


def by_hand(rows, codes, present):
    """(certain, perhaps, kept) of these invites together."""
    sure = [row for row in rows if row.code in codes]
    perhaps = [row for row in rows if row.code is None and set(row.candidates) & codes]
    kept = []
    for days in STAYS:
        span = timedelta(days=days)
        old = [row for row in sure if row.joined_at + span <= present]
        kept.append(
            Kept(days, len(old), sum(row.left_at is None or row.left_at - row.joined_at >= span for row in old))
        )
    return len(sure), len(perhaps), tuple(kept)


@pytest.fixture
async def rows(db, clock):
    chance, present = random.Random(4), clock()
    found = list(arrivals(chance, present))
    fixed = {"guild_id": GUILD, "max_uses": 0}
    invites = [
        Invite(**fixed, code=code, inviter_id=maker, uses=5, vanity=code == "own") for code, maker in MAKERS.items()
    ]
    elsewhere = Arrival(guild_id=OTHER, user_id=100, joined_at=present, code="a", candidates=[], inviter_id=ADA)

    async def work(tx):
        tx.session.add_all([*found, *invites, elsewhere])
        await tx.session.flush()
        for row in (*found, *invites, elsewhere):
            tx.session.expunge(row)

    await db.transaction(work)
    return found


@pytest.mark.parametrize("days", [None, 31, 7])
async def test_counts_by_invite_by_person_and_in_all_are_what_one_counts_by_hand(db, clock, rows, days):
    reader, present = InviteReader(db, clock), clock()
    since = None if days is None else present - timedelta(days=days)
    mine = [row for row in rows if since is None or row.joined_at >= since]
    for one in await reader.by_code(GUILD, since):
        assert (one.joined, one.perhaps, one.kept) == by_hand(mine, {one.code}, present), one.code
    people = await reader.by_inviter(GUILD, since)
    assert {one.inviter_id for one in people} == {ADA, BOB}
    for one in people:
        codes = {code for code, maker in MAKERS.items() if maker == one.inviter_id}
        assert (one.joined, one.perhaps, one.kept) == by_hand(mine, codes, present), one.inviter_id
    until = present - timedelta(days=2)
    for end, here in ((None, mine), (until, [row for row in mine if row.joined_at < until])):
        settled = [row for row in here if row.settled_at is not None]
        certain = sum(row.code is not None for row in settled)
        ambiguous = sum(row.code is None and bool(row.candidates) for row in settled)
        rest = (len(settled) - certain - ambiguous, len(here) - len(settled))
        assert await reader.totals(GUILD, since, end) == Totals(certain, ambiguous, *rest)
    guests = sorted((row.joined_at, row.user_id, row.left_at, row.code) for row in mine if row.inviter_id == ADA)
    found = await reader.guests(GUILD, ADA, since)
    assert found == [Guest(user_id, at, left_at, code) for at, user_id, left_at, code in guests]


async def test_whom_the_team_looked_up_reads_so_in_their_own_data_for_half_a_year(db, clock, rows):
    reads, person = Reads(db, clock), next(row for row in rows if row.code == "a")
    sight = await reads.look_up(GUILD, person.user_id, by=MINA)
    assert sight.origin == Origin(person.joined_at, True, "a", ADA, ())
    assert sight.guests == ()
    assert len((await reads.look_up(GUILD, ADA, by=MINA)).guests) == sum(row.inviter_id == ADA for row in rows)
    assert (await reads.look_up(GUILD, 999, by=MINA)).origin is None
    noted = {"id": 1, "guild_id": GUILD, "user_id": person.user_id, "read_at": clock().isoformat()}
    export = await export_member(db, GUILD, person.user_id, clock)
    assert export["about_you"]["onboarding_invite_read"] == [noted]
    export = await export_member(db, GUILD, MINA, clock)
    looks = export["names_you"]["onboarding_invite_read"]
    assert len(looks) == 3, "whoever looked finds that too"
    assert not any("user_id" in look for look in looks), "and not at whom"

    await erase_member(db, GUILD, person.user_id, clock)
    await erase_member(db, GUILD, MINA, clock)
    assert await _noted(db) == [(ADA, None), (999, None)]
    clock.advance(days=KEPT.days)
    await reads.prune()
    assert len(await _noted(db)) == 2
    clock.advance(seconds=1)
    await reads.prune()
    assert await _noted(db) == []


async def _noted(db):
    async with db.read() as session:
        rows = await session.execute(select(InviteRead.user_id, InviteRead.read_by).order_by(InviteRead.id))
        return [tuple(row) for row in rows]
