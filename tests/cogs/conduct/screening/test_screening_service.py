"""Filters and their hits on both databases: what is kept, what a burst becomes, and when a filter is disarmed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Severity
from bot.inbox import Inbox
from bot.privacy import erase_member
from cogs.conduct.cases.events import CaseUndone
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.filters.model import FilterKind, Where
from cogs.conduct.screening.file import file_of, kept_of
from cogs.conduct.screening.findings import DISARMED, HELD, KINDS, LOOK, Finding
from cogs.conduct.screening.hits import Hits
from cogs.conduct.screening.judging import Judging
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.models import FilterHit
from cogs.conduct.screening.refusals import (
    FilterChanged,
    FilterGone,
    HitForgotten,
    LineTooLong,
    NeedsArticle,
    NothingToFind,
    TooManyFilters,
    TooManyLines,
)
from cogs.conduct.screening.rules import Doing, Outcome, Watch
from cogs.conduct.screening.soundness import of_kind, same
from tests.cogs.conduct.cases.court import ADA, GUILD, MOD, Court

OTHER = GUILD + 1


class Screened(Court):
    def __init__(self, db, clock):
        super().__init__(db, clock)
        self.inbox = Inbox(db, self.timers, lambda guild_id: "UTC", clock)
        for kind in KINDS:
            self.inbox.register(kind)
        self.filters = Filters(db, clock)
        self.hits = Hits(db, self.cases, self.inbox, self.timers, clock)
        self.judging = Judging(db, self.filters, self.inbox, clock)
        db.bus.on(CaseUndone, self.judging.on_undone)

    async def armed(self, doing=Doing.WARN, **rest):
        new = of_kind(GUILD, FilterKind.WORDS, "Slurs", ("badword",))
        made = await self.filters.add(replace(new, doing=doing, article=1, **rest), MOD)
        return await self.filters.change(GUILD, made.number, lambda one: replace(one, watch=Watch.ARMED), MOD)

    def finding(self, message_id, user=ADA):
        return Finding(GUILD, user, f"message:{message_id}", Where.CONTENT, self.clock(), 5, message_id)

    async def hit(self, kept, message_id, kind=CaseKind.WARN, user=ADA, length=None):
        new = NewCase(
            GUILD, user, kind, f"filter:{message_id}", "Filter", article=1, severity=Severity.LOW, automatic=True,
            length=length,
        )  # fmt: skip
        acted = await self.hits.act(kept, self.finding(message_id, user), new, erases=True)
        return acted and acted.outcome

    async def says(self, kept, message_id, *, wrong=True):
        return await self.judging.mark(GUILD, kept.id, f"message:{message_id}", MOD, wrong=wrong)

    async def waiting(self):
        return [(item.kind, item.params["filter"]) for item in await self.inbox.open_items(GUILD, viewer=MOD)]


@pytest.fixture
def court(db, clock):
    return Screened(db, clock)


async def test_a_filter_is_new_in_shadow_changes_with_its_revision_and_is_the_same_after_a_restart(court, db, clock):
    new = replace(of_kind(GUILD, FilterKind.WORDS, " Slurs "), watch=Watch.ARMED, shipped=("en",))
    made = await court.filters.add(new, MOD)
    assert (made.number, made.name, made.watch, made.armed_at) == (1, "Slurs", Watch.SHADOW, None)
    for wanted, refusal in (
        (replace(made, watch=Watch.ARMED, shipped=()), NothingToFind),
        (replace(made, watch=Watch.ARMED, doing=Doing.WARN), NeedsArticle),
        (replace(made, entries=tuple(map(str, range(2_001)))), TooManyLines),
        (replace(made, entries=("x" * 261,)), LineTooLong),
    ):
        with pytest.raises(refusal):
            await court.filters.change(GUILD, 1, lambda _kept, wanted=wanted: wanted, MOD)
    armed = await court.filters.change(GUILD, 1, lambda one: replace(one, watch=Watch.ARMED), MOD, revision=1)
    assert (armed.revision, armed.armed_at) == (2, clock())
    with pytest.raises(FilterChanged):
        await court.filters.change(GUILD, 1, lambda one: replace(one, article=2), MOD, revision=1)
    timed = replace(armed, doing=Doing.TIMEOUT, article=3, length=timedelta(minutes=90), exempt_roles=(7,))
    await court.filters.change(GUILD, 1, lambda _kept: timed, MOD)
    restarted = Filters(db, clock)
    await restarted.load()
    assert restarted.of(GUILD) == court.filters.of(GUILD) == [replace(timed, revision=3)]
    assert restarted.of(OTHER) == []
    with pytest.raises(FilterGone):
        await court.filters.change(OTHER, 1, lambda one: one, MOD)
    await court.filters.remove(GUILD, 1)
    assert court.filters.of(GUILD) == []


async def test_a_server_has_as_many_filters_as_a_menu_shows(court):
    await asyncio.gather(*(court.filters.add(of_kind(GUILD, FilterKind.SPAM, f"F{n}"), MOD) for n in range(5)))
    assert sorted(one.number for one in court.filters.of(GUILD)) == [1, 2, 3, 4, 5]
    for number in range(20):
        await court.filters.add(of_kind(GUILD, FilterKind.SPAM, f"F{number}"), MOD)
    with pytest.raises(TooManyFilters):
        await court.filters.add(of_kind(GUILD, FilterKind.SPAM, "one more"), MOD)


async def test_a_burst_is_one_case_until_its_notice_was_there_to_be_read(court, clock):
    kept = await court.armed()
    assert await court.hit(kept, 1) is Outcome.ACTED
    clock.advance(hours=1)
    assert [await court.hit(kept, n) for n in (2, 3)] == [Outcome.JOINED] * 2, "its notice is still on its way"
    assert await court.hit(kept, 3) is None, "an edit of the same message"
    assert await court.hit(kept, 4, user=MOD) is Outcome.ACTED, "somebody else's burst"
    await court.run()
    clock.advance(seconds=50)
    assert await court.hit(kept, 5) is Outcome.JOINED, "nobody has read it yet"
    clock.advance(seconds=61)
    assert await court.hit(kept, 6) is Outcome.ACTED
    assert [case.kind for case in await court.read.of_member(GUILD, ADA)] == [CaseKind.WARN] * 2
    assert await court.read.points(GUILD, ADA) == 20, "the second notice is not delivered yet"


async def test_deletions_join_and_what_sanctions_does_not_hide_behind_a_deletion(court, clock):
    mild, grave = await court.armed(Doing.DELETE), await court.armed(Doing.WARN)
    assert await court.hit(mild, 1, CaseKind.FILTER) is Outcome.ACTED
    clock.advance(seconds=10)
    assert await court.hit(mild, 2, CaseKind.FILTER) is Outcome.JOINED
    assert await court.hit(grave, 3) is Outcome.ACTED
    assert await court.hit(mild, 4, CaseKind.FILTER) is Outcome.JOINED, "the member is about to be told"
    clock.advance(seconds=30)
    assert [case.kind for case in await court.read.of_member(GUILD, ADA)] == [CaseKind.WARN, CaseKind.FILTER]

    # Of long ago: a filter that sanctions only deletes
    late = [await court.hit(grave, number, CaseKind.FILTER, user=MOD) for number in (5, 6, 7)]
    assert late == [Outcome.ACTED, Outcome.JOINED, Outcome.JOINED]
    assert await court.hit(grave, 8, user=MOD) is Outcome.ACTED, "this one is recent"
    assert [case.kind for case in await court.read.of_member(GUILD, MOD)] == [CaseKind.WARN, CaseKind.FILTER]


async def test_what_people_must_look_at_waits_once_in_the_inbox_and_hits_are_counted_and_forgotten_in_time(
    court, db, clock
):
    kept = await court.armed(Doing.REPORT)
    for number in range(3):
        assert await court.hits.note(kept, court.finding(number), Outcome.LOOKED_AT)
        clock.advance(seconds=5)
    assert not await court.hits.note(kept, court.finding(2), Outcome.LOOKED_AT)
    assert await court.hits.note(kept, court.finding(9, MOD), Outcome.HELD)
    assert await court.hits.note(kept, court.finding(10), Outcome.WATCHED)
    assert sorted((kind.name, number) for kind, number in await court.waiting()) == [(HELD.name, 1), (LOOK.name, 1)]
    assert await court.hits.counts(GUILD) == {kept.id: 5}
    assert await court.hits.by_outcome(kept) == {Outcome.LOOKED_AT: 3, Outcome.HELD: 1, Outcome.WATCHED: 1}
    newest = await court.hits.newest(kept, 2)
    assert [(hit.message_id, hit.channel_id, hit.outcome) for hit in newest] == [
        (10, 5, Outcome.WATCHED),
        (9, 5, Outcome.HELD),
    ]
    assert await court.hit(kept, 11, CaseKind.FILTER) is Outcome.ACTED
    assert await court.hit(kept, 10, CaseKind.FILTER) is Outcome.JOINED, "what was watched is edited: now it acts"
    assert await court.hit(kept, 10, CaseKind.FILTER) is None
    clock.advance(days=31)
    await court.hits.prune()
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(FilterHit)) == 2, "those with a case"
    await erase_member(db, None, ADA, clock)
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(FilterHit)) == 0


async def test_filters_travel_in_a_file_and_only_watch_where_they_arrive_unless_nothing_of_them_changed(court, db):
    spam = await court.filters.add(of_kind(GUILD, FilterKind.SPAM, "Floods"), MOD)
    kept = await court.armed(exempt_roles=(7,), shipped=("fr",))
    file = file_of(court.filters.of(GUILD))
    assert [same(one, read) for one, read in zip(court.filters.of(GUILD), kept_of(file, GUILD), strict=True)] == [
        True
    ] * 2
    for guild_id, changes, expected in (
        (OTHER, {}, [(1, "Floods", Watch.SHADOW), (2, "Slurs", Watch.SHADOW)]),
        (GUILD, {}, [(1, "Floods", Watch.SHADOW), (2, "Slurs", Watch.ARMED)]),
        (GUILD, {"entries": ("other",)}, [(1, "Floods", Watch.SHADOW), (2, "Slurs", Watch.SHADOW)]),
        (GUILD, {"name": "Insults"}, [(1, "Floods", Watch.SHADOW), (3, "Insults", Watch.SHADOW)]),
    ):
        wanted = kept_of(file, guild_id)
        wanted[1] = replace(wanted[1], **changes)
        await db.transaction(lambda tx, g=guild_id, w=wanted: court.filters.replace_within(tx, g, w, MOD))
        found = [(one.number, one.name, one.watch) for one in court.filters.of(guild_id)]
        assert found == expected, changes
        restarted = Filters(db)
        await restarted.load(guild_id)
        assert restarted.of(guild_id) == court.filters.of(guild_id)
    assert court.filters.by_id(GUILD, spam.id).revision == 1
    assert court.filters.by_id(GUILD, kept.id) is None


async def test_a_filter_whose_decisions_are_overturned_too_often_only_watches_again(court, clock):
    kept = await court.armed()
    for number in range(12):
        await court.hit(kept, number, user=1000 + number)
        clock.advance(minutes=5)
    cases = sorted(await _all(court), key=lambda case: case.number)
    for case in (*cases[:2], *cases[-2:]):
        await court.cases.ending.void(GUILD, case.number, MOD)
    assert court.filters.by_id(GUILD, kept.id).watch is Watch.ARMED, "two of its last ten"
    await court.cases.ending.void(GUILD, cases[5].number, MOD)
    assert court.filters.by_id(GUILD, kept.id).watch is Watch.SHADOW
    assert await court.waiting() == [(DISARMED, 1)]
    clock.advance(minutes=1)
    await court.filters.change(GUILD, kept.number, lambda one: replace(one, watch=Watch.ARMED), MOD)
    await court.cases.ending.void(GUILD, cases[6].number, MOD)
    assert court.filters.by_id(GUILD, kept.id).watch is Watch.ARMED, "what was overturned before counts no more"


async def test_what_the_team_calls_wrong_disarms_a_filter_that_acts_and_speaks_before_one_that_watches_is_armed(
    court, clock
):
    kept = await court.armed(Doing.DELETE)
    for number in range(12):
        await court.hit(kept, number, CaseKind.FILTER, user=1000 + number)
        clock.advance(minutes=5)
    assert not any([await court.says(kept, number) for number in (0, 1, 10, 11, 11)]), "two of its last ten"
    assert not await court.says(kept, 11, wrong=False)
    assert not await court.says(kept, 9), "taken back, and another"
    assert await court.judging.wrong(kept) == 4
    assert await court.says(kept, 8)
    assert court.filters.by_id(GUILD, kept.id).watch is Watch.SHADOW
    assert await court.waiting() == [(DISARMED, 1)]

    # A case that only deleted is undone: that is wrong too; a burst is one decision
    await court.filters.change(GUILD, kept.number, lambda one: replace(one, watch=Watch.ARMED), MOD)
    for number in (20, 21, 22):
        await court.hit(kept, number, CaseKind.FILTER, user=1000 + number)
        assert await court.hit(kept, 100 + number, CaseKind.FILTER, user=1000 + number) is Outcome.JOINED
    newest = sorted(await _all(court), key=lambda case: case.number)[-3:]
    for case in newest[:2]:
        await court.cases.ending.void(GUILD, case.number, MOD)
    assert court.filters.by_id(GUILD, kept.id).watch is Watch.ARMED
    await court.cases.ending.void(GUILD, newest[2].number, MOD)
    assert court.filters.by_id(GUILD, kept.id).watch is Watch.SHADOW

    # In shadow: what it noted of what it looks for now is asked about, and settles what waits for the team
    for number in range(30, 34):
        await court.hits.note(kept, court.finding(number), Outcome.WATCHED)
    await court.hits.note(kept, court.finding(40), Outcome.LOOKED_AT)
    assert (LOOK, 1) in await court.waiting()
    assert not any([await court.says(kept, number) for number in (30, 31, 40)])
    assert (LOOK, 1) not in await court.waiting()
    assert await court.judging.wrong_in_shadow(court.filters.by_id(GUILD, kept.id)) == 0
    await court.says(kept, 32)
    assert await court.hit(kept, 32, CaseKind.FILTER) is None, "whatever is edited there"
    assert await court.judging.wrong_in_shadow(court.filters.by_id(GUILD, kept.id)) == 3
    assert {30, 31, 32, 40} <= set(await court.judging.wrong_messages(kept))
    clock.advance(minutes=1)
    await court.filters.change(GUILD, kept.number, lambda one: replace(one, entries=("other",)), MOD)
    assert await court.judging.wrong_in_shadow(court.filters.by_id(GUILD, kept.id)) == 0, "it looks for something else"
    with pytest.raises(HitForgotten):
        await court.says(kept, 999)


async def _all(court):
    found, _ = await court.read.page(GUILD, 0)
    more, _ = await court.read.page(GUILD, 1)
    return [*found, *more]
