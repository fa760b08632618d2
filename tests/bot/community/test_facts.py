"""Facts are recorded and revoked once, whatever is repeated or happens at the same time."""

import asyncio

import pytest

from bot.community.models import Contribution
from bot.contracts.events import FactRecorded, FactRevoked
from bot.privacy import erase_member
from tests.bot.community.conftest import GUILD
from tests.conftest import NOW

ANA, BEN = 11, 12


@pytest.fixture
def ledger_entries(kernel):
    """What a feature that keeps a ledger would write, by the sources the design gives its entries."""
    entries = []

    async def plus(fact, tx):
        entries.append(f"fact:{fact.fact_id}:{fact.revision}:+")

    async def minus(fact, tx):
        entries.append(f"fact:{fact.fact_id}:{fact.revision}:-")

    kernel.db.bus.on(FactRecorded, plus)
    kernel.db.bus.on(FactRevoked, minus)
    return entries


def record(kernel, source="message:1", **details):
    return kernel.db.transaction(lambda tx: kernel.facts.record(tx, GUILD, ANA, "greeted", source, NOW, **details))


def revoke(kernel, source="message:1"):
    return kernel.db.transaction(lambda tx: kernel.facts.revoke(tx, GUILD, ANA, "greeted", source))


async def test_a_fact_says_who_was_helped_and_about_what(kernel):
    fact = await record(kernel, for_member=BEN, topic="arrival")
    assert (fact.user_id, fact.for_member, fact.topic, fact.revision, fact.revoked_at) == (ANA, BEN, "arrival", 1, None)
    assert await kernel.facts.of(GUILD, ANA) == [fact]
    assert await kernel.facts.of(GUILD, BEN) == []
    assert await kernel.facts.of(GUILD, ANA, "introduced") == []


async def test_recording_again_changes_nothing(kernel, ledger_entries):
    first = await record(kernel)
    assert await record(kernel) == first
    assert ledger_entries == [f"fact:{first.id}:1:+"]


async def test_mark_undo_mark_again_counts_once_in_the_end_under_a_new_revision(kernel, ledger_entries):
    number = (await record(kernel)).id
    revoked = await revoke(kernel)
    assert revoked.revoked_at is not None
    assert await kernel.facts.of(GUILD, ANA) == []
    again = await record(kernel)
    assert (again.id, again.revision, again.revoked_at) == (number, 2, None)
    assert ledger_entries == [f"fact:{number}:1:+", f"fact:{number}:1:-", f"fact:{number}:2:+"]
    assert len(set(ledger_entries)) == 3


async def test_revoking_what_does_not_count_changes_nothing(kernel, ledger_entries):
    assert await revoke(kernel) is None
    await record(kernel)
    await revoke(kernel)
    assert await revoke(kernel) is None
    assert len(ledger_entries) == 2


async def test_the_same_fact_recorded_by_many_at_once_counts_once(kernel, ledger_entries):
    facts = await asyncio.gather(*(record(kernel) for _ in range(12)))
    assert len({fact.id for fact in facts}) == 1
    assert len(set(ledger_entries)) == 1
    assert len(await kernel.rows(Contribution)) == 1


async def test_a_fact_shares_the_fate_of_the_transaction_it_happens_in(kernel, ledger_entries):
    async def fail(tx):
        await kernel.facts.record(tx, GUILD, ANA, "greeted", "message:1", NOW)
        raise LookupError

    with pytest.raises(LookupError):
        await kernel.db.transaction(fail)
    assert await kernel.facts.of(GUILD, ANA) == []


async def test_a_kind_that_nobody_declared_is_refused(kernel):
    with pytest.raises(ValueError, match="no kind"):
        await kernel.db.transaction(lambda tx: kernel.facts.record(tx, GUILD, ANA, "greting", "message:1", NOW))


async def test_the_number_of_an_erased_fact_is_never_given_to_another(kernel):
    """A ledger entry's source names it."""
    gone = await record(kernel)
    await erase_member(kernel.db, GUILD, ANA)
    assert (await record(kernel)).id > gone.id
