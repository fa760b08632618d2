"""Somebody comes back: on both databases who is noticed, and in the real bot what they read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.attention import AttentionKind
from bot.attention.models import AttentionProposal
from bot.community.models import ActivityDay
from bot.contracts.events import ActivityCounted, MemberJoined
from bot.events import EventBus
from bot.guilds.models import GuildSectionChange
from cogs.onboarding.comeback.service import KIND, Comebacks
from cogs.onboarding.comeback.settings import ComebackSettings
from tests.cogs.onboarding.conftest import buttons, raw, shown
from tests.cogs.onboarding.newcomers.nursery import Nursery, _built_by_the_carrier
from tests.cogs.onboarding.services import ADA, BOB, CARL, GUILD


class Gate(Nursery):
    def __init__(self, db, clock, postman=None):
        super().__init__(db, clock, postman)
        self.settings.sections.register(ComebackSettings)
        self.attention.register(AttentionKind(KIND, 40, _built_by_the_carrier))
        self.comebacks = Comebacks(self.settings, self.attention, self.zone_of, clock)
        db.bus.on(ActivityCounted, self.comebacks.on_counted)
        db.bus.on(MemberJoined, self.comebacks.on_joined)

    async def noticed(self):
        """(member, since) of every return."""
        async with self.db.read() as session:
            query = select(AttentionProposal.user_id, AttentionProposal.source).filter_by(kind=KIND)
            return [tuple(row) for row in await session.execute(query.order_by(AttentionProposal.id))]


@pytest.fixture
async def gate(db, clock):
    made = await Gate(db, clock).open(enabled=False)
    await made.change(ComebackSettings, enabled=True)
    return made


async def test_a_return_after_thirty_days_is_told_once_and_shorter_ones_silence_and_first_times_are_not(gate):
    for one in (ADA, BOB):
        await gate.join(one)
        await gate.be_active(one, messages=1)
    await gate.attention.silence(GUILD, BOB, True)
    first = gate.clock().date()
    await gate.pass_time(days=29)
    await gate.be_active(CARL, messages=1)
    await gate.be_active(ADA, reactions=0, messages=0)
    assert await gate.noticed() == []
    await gate.pass_time(days=1)
    for _ in range(3):
        for one in (ADA, BOB, CARL):
            await gate.be_active(one, reactions=1)
    gate.db.bus = EventBus()
    gate = Gate(gate.db, gate.clock, gate.postman)
    await gate.settings.load()
    await gate.be_active(ADA, voice=2)
    assert await gate.noticed() == [(ADA, f"since:{first}")]
    await gate.pass_time(hours=2)
    assert gate.sent == [(ADA, KIND)]
    await gate.pass_time(days=29)
    await gate.be_active(ADA, messages=1)
    assert len(await gate.noticed()) == 1
    await gate.change(ComebackSettings, enabled=False)
    await gate.pass_time(days=40)
    await gate.be_active(ADA, messages=1)
    assert len(await gate.noticed()) == 1


async def test_who_left_and_joins_again_after_thirty_days_is_back_before_they_write(gate):
    for one in (ADA, BOB):
        await gate.join(one)
        await gate.be_active(one, messages=1)
        await gate.leave(one)
    first = gate.clock().date()
    await gate.pass_time(days=20)
    await gate.join(BOB)
    await gate.pass_time(days=15)
    await gate.join(ADA)
    await gate.be_active(ADA, messages=1)
    assert await gate.noticed() == [(ADA, f"since:{first}")]


async def test_who_comes_back_reads_what_is_new_in_their_language_and_nothing_where_nothing_is(house):
    env, stage = house.env, house.stage
    await house.change("comeback", enabled=True)
    await house.change("newcomers", reminders=False)
    await house.change("groups", groups=[{"role": house.gardening.id}])
    lea, ana = stage.person("léa", locale="fr"), stage.person("ana")
    for one in (lea, ana):
        await one.send(stage.general, "Hello")
        await one.slash(stage.general, "groups")
    await env.pass_time(seconds=5)
    await a_month_ago(house)
    await env.pass_time(days=1)
    await ana.send(stage.general, "Back")
    await env.pass_time(hours=1)
    assert [one for one in ana.user.dm_channel.history() if "attention" in str(raw(one))] == []
    async with stage.bot.db.read() as session:
        assert list(await session.scalars(select(AttentionProposal.outcome))) == ["empty"]
    chess = guild_role(house, "*Chess* @everyone")
    await env.settle()
    await house.change("groups", groups=[{"role": chess.id}, {"role": house.gardening.id}])
    await lea.send(stage.general, "De retour")
    await env.pass_time(hours=1)
    (letter,) = [one for one in lea.user.dm_channel.history() if "attention" in str(raw(one))]
    assert "### Du nouveau dans Agora\n**1 nouveau groupe**\n- \\*Chess\\* @\u200beveryone" in shown(letter)
    assert "Gardening" not in shown(letter)
    opened = await lea.user.click(letter, custom_id=buttons(letter)["Voir les groupes"])
    assert "Chess" in str(raw(opened.response))


async def a_month_ago(house):
    """What was counted, and what was set, is a month older: cheaper than living through it."""

    async def work(tx):
        for row in await tx.session.scalars(select(ActivityDay)):
            row.day -= timedelta(days=30)
        for change in await tx.session.scalars(select(GuildSectionChange)):
            change.changed_at -= timedelta(days=40)

    await house.do(house.stage.bot.db.transaction(work))


def guild_role(house, name):
    return house.guild.create_role(name)
