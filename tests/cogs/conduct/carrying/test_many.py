"""Promise 1: what fell due while the bot was down happens within a minute of its being up, however much it is."""

import asyncio
import time
from datetime import timedelta
from types import SimpleNamespace

import discord
import pytest
from sqlalchemy import event, insert

from bot.contracts.cases import CaseKind
from bot.i18n.localizer import I18n
from bot.timers import Timers
from bot.timers.models import Timer
from cogs.conduct.carrying.bringing import Bringing
from cogs.conduct.cases.measures import BRING
from cogs.conduct.cases.models import Case, Measure, MeasureKind, Notice
from cogs.conduct.cases.rules import State
from cogs.conduct.cases.service import Cases
from tests.conftest import NOW

GUILD = 7
MINUTE = 60.0


class Server:
    """A guild as far as lifting bans needs one."""

    id, unavailable, chunked = GUILD, False, True
    me = SimpleNamespace(guild_permissions=discord.Permissions(ban_members=True))

    def __init__(self, banned):
        self.bans = set(banned)
        self.unbanned = []

    def get_member(self, user_id):
        return None

    async def unban(self, user, *, reason):
        self.unbanned.append(user.id)
        self.bans.remove(user.id)


def rows(number):
    case = {"guild_id": GUILD, "kind": CaseKind.BAN, "reason": "", "state": State.ACTIVE, "notice": Notice.DIRECT}
    case |= {
        "created_at": NOW - timedelta(days=41),
        "until": NOW - timedelta(days=1),
        "expires_at": NOW,
        "done_at": NOW,
    }
    cases = [case | {"number": n, "user_id": 1000 + n, "source": f"{n}"} for n in range(1, number + 1)]
    measure = {"guild_id": GUILD, "kind": MeasureKind.BAN, "in_force": True, "owed": False, "revision": 1}
    measures = [
        measure | {"id": n, "user_id": 1000 + n, "case_id": n, "until": NOW - timedelta(days=1)}
        for n in range(1, number + 1)
    ]
    timer = {"kind": BRING, "guild_id": GUILD, "attempts": 0, "paused": False}
    timer |= {"due_at": NOW - timedelta(days=1), "next_at": NOW - timedelta(days=1)}
    timers = [timer | {"key": f"{BRING}:{n}", "payload": {"measure": n}} for n in range(1, number + 1)]
    return (Case, cases), (Measure, measures), (Timer, timers)


async def lift_all(db, number):
    """How many seconds of CPU it takes until that many bans are lifted."""

    async def store(tx):
        for table, values in rows(number):
            await tx.session.execute(insert(table), values)

    await db.transaction(store)
    server, timers = Server(range(1001, 1001 + number)), Timers(db)
    i18n, settings = I18n(), SimpleNamespace(get=None)
    bot = SimpleNamespace(db=db, i18n=i18n, get_guild=lambda _: server)
    bringing = Bringing(bot, Cases(db, settings, timers))
    timers.handle(BRING, bringing.handle)

    async def ready():
        pass

    began = time.process_time()
    await timers.start(ready)
    while (await timers.counts()).pending:
        await asyncio.sleep(0.1)
    took = time.process_time() - began
    await timers.stop()
    assert sorted(server.unbanned) == list(range(1001, 1001 + number))
    assert server.bans == set()
    return took


async def test_lifting_many_bans_costs_two_statements_each_and_happens_once(db, clock):
    executed = {}
    for engine in (db.writer.sync_engine, db.reader.sync_engine):  # on PostgreSQL one tells the other
        event.listen(engine, "before_cursor_execute", lambda *given: executed.setdefault(id(given[4]), given))
    await lift_all(db, 60)
    ours = [given[2] for given in executed.values() if "conduct_" in given[2]]
    assert len(ours) / 60 < 2.2, ours[-8:]  # one that reads, one that notes, and what made the rows


@pytest.mark.soak
async def test_five_thousand_bans_that_are_over_are_lifted_once_each_within_a_minute(db, clock):
    assert await lift_all(db, 5000) < MINUTE
