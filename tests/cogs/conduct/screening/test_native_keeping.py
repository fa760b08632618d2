"""Which rules of AutoMod are noted as whose, on both databases."""

from dataclasses import replace

from sqlalchemy import select

from bot.timers.models import Timer
from cogs.conduct.screening.native_keeping import BRING, NativeRules, Noted
from tests.cogs.conduct.cases.court import GUILD, Court


async def test_rules_are_noted_replaced_marked_as_removed_and_forgotten_and_one_promise_stands_for_many_changes(
    db, clock
):
    timers = Court(db, clock).timers
    noted = NativeRules(db, timers, clock)
    first, second, other = Noted(1, 1, 100, 3, "w", "a"), Noted(1, 2, 101, 3, "w", "a"), Noted(2, 1, 102, 7, "w", "a")
    for one in (first, second, other):
        await noted.note(GUILD, one)
    await noted.note(GUILD + 1, first)
    await noted.note(GUILD, changed := replace(first, revision=4, answered="b"))
    assert await noted.of(GUILD) == [changed, second, other]

    await noted.removed(GUILD, {1})
    await noted.removed(GUILD, frozenset())
    assert [one.rule_id for one in await noted.of(GUILD)] == [None, None, 102]
    await noted.forget(GUILD, 1, 2)
    assert [(one.filter_id, one.part) for one in await noted.of(GUILD)] == [(1, 1), (2, 1)]
    await noted.forget(GUILD, 1)
    assert await noted.of(GUILD) == [other]
    assert await noted.of(GUILD + 1) == [first]

    again = NativeRules(db, timers, clock)
    await again.load()
    assert again.servers == {GUILD, GUILD + 1}
    for _ in range(2):
        await again.bring(GUILD)
    async with db.read() as session:
        promised = list(await session.scalars(select(Timer).filter_by(kind=BRING)))
    assert [(one.guild_id, one.due_at) for one in promised] == [(GUILD, clock())]
