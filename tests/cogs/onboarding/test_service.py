"""The welcome's use cases, on both databases."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.community.models import Contribution
from bot.contracts.events import MemberScreened
from bot.guilds.models import GuildSectionChange
from bot.guilds.transfer.file import FileRefused
from bot.guilds.transfer.reading import read
from cogs.onboarding.models import Greeting, How
from cogs.onboarding.rules import Progress, Step
from cogs.onboarding.service.refusals import AlreadyIntroduced, CodeChanged, NewcomerGone, OwnIntroduction
from cogs.onboarding.settings import CodeSettings, GroupsSettings, WelcomeSettings
from tests.cogs.onboarding.services import ADA, BOB, CARL, CHANNEL, CHESS, GARDEN, GUILD, PAIRS, ROLE, House


async def recorded(house):
    """(kind, who, for whom) of every fact; none was ever revoked or recorded a second time."""
    async with house.db.read() as session:
        rows = (await session.scalars(select(Contribution))).all()
    assert {row.revision for row in rows} <= {1}
    return Counter((row.kind, row.user_id, row.for_member) for row in rows)


@pytest.fixture
async def house(db, clock):
    house = House(db, clock)
    await house.change(
        WelcomeSettings,
        enabled=True,
        member_role=ROLE,
        introductions_channel=CHANNEL,
        steps=[
            {"step": "screening", "required": True},
            {"step": "code", "required": True},
            {"step": "groups", "required": True},
            {"step": "introduction", "required": True},
        ],
    )
    await house.change(GroupsSettings, groups=[{"role": GARDEN}, {"role": CHESS}])
    return house


async def whole_way(house, user_id=ADA):
    await house.join(user_id)
    await house.accept(user_id)
    await house.journeys.choose_groups(GUILD, user_id, wanted={GARDEN}, unwanted={CHESS})
    return await house.journeys.introduce(GUILD, user_id, PAIRS)


async def test_a_whole_way_ends_with_the_member_role_owed_and_each_fact_recorded_once(house):
    progress = await whole_way(house)
    assert progress == Progress(screened=True, accepted_major=1, groups=True, introduced=True)
    owed = await house.owed()
    assert owed.role
    assert owed.groups == ((GARDEN, True), (CHESS, False))
    assert owed.introduction.answers == PAIRS
    assert await recorded(house) == {("introduced", ADA, None): 1, ("onboarded", ADA, None): 1}


async def test_a_repeated_step_changes_nothing(house):
    await whole_way(house)
    before = await house.journey()
    house.clock.advance(hours=1)
    await house.accept()
    await house.journeys.begin(GUILD, ADA)
    await house.journeys.settle(GUILD, ADA)
    after = await house.journey()
    assert (after.onboarded_at, after.introduced_at) == (before.onboarded_at, before.introduced_at)
    assert (await recorded(house))["onboarded", ADA, None] == 1


async def test_ten_concurrent_acceptances_record_one_fact(house):
    await house.change(WelcomeSettings, steps=[{"step": "code", "required": True}])
    await house.join()
    await asyncio.gather(*(house.accept() for _ in range(10)))
    assert await recorded(house) == {("onboarded", ADA, None): 1}


async def test_concurrent_introductions_keep_the_first_and_refuse_the_others(house):
    await house.join()
    results = await asyncio.gather(
        *(house.journeys.introduce(GUILD, ADA, [("Who?", str(n))]) for n in range(5)), return_exceptions=True
    )
    assert [type(r) for r in results if isinstance(r, Exception)] == [AlreadyIntroduced] * 4
    assert (await recorded(house))["introduced", ADA, None] == 1


async def test_the_code_that_was_read_is_the_code_that_is_accepted(house):
    await house.join()
    shown = house.code.current(GUILD).version
    await house.publish(major=False)
    with pytest.raises(CodeChanged):
        await house.journeys.accept_code(GUILD, ADA, shown)
    assert (await house.journeys.progress(GUILD, ADA)).accepted_major == 0


async def test_of_new_versions_of_the_code_only_a_new_edition_asks_again(house):
    await house.join()
    await house.accept()
    await house.publish(major=False)
    assert (house.code.current(GUILD).version, house.code.current(GUILD).major) == (2, 1)
    plan = house.journeys.plan(GUILD)
    assert Step.CODE in [p.step for p in plan.steps]
    assert (await house.journeys.progress(GUILD, ADA)).accepted_major >= plan.code_major
    await house.publish()
    assert (house.code.current(GUILD).version, house.code.current(GUILD).major) == (3, 2)
    assert (await house.journeys.progress(GUILD, ADA)).accepted_major < house.journeys.plan(GUILD).code_major
    assert (await house.accept()).accepted_major == 2


async def test_a_pending_member_is_owed_nothing_until_the_screening_is_over(house):
    await house.join(pending=True)
    assert not (await house.owed()).welcome
    await house.emit(MemberScreened(GUILD, ADA))
    assert (await house.owed()).welcome


async def test_a_welcome_is_owed_once_and_never_to_somebody_who_joined_long_ago(house):
    await house.join(ADA)
    await house.join(BOB)
    await house.debts.welcomed(GUILD, ADA, 900)
    house.clock.advance(days=8)
    assert not (await house.owed(ADA)).welcome
    assert not (await house.owed(BOB)).welcome


async def test_who_leaves_halfway_is_owed_nothing_but_a_closed_thread(house):
    await house.join()
    await house.accept()
    await house.debts.welcomed(GUILD, ADA, 900)
    await house.leave()
    owed = await house.owed()
    assert (owed.present, owed.role, owed.welcome, owed.thread_to_close) == (False, False, False, 900)
    assert list(await house.debts.debtors(GUILD)) == [ADA]


async def test_a_return_restores_what_was_accepted_chosen_and_earned(house):
    await whole_way(house)
    await house.debts.role_given(GUILD, ADA)
    await house.debts.group_applied(GUILD, ADA, GARDEN, wanted=True)
    await house.debts.group_applied(GUILD, ADA, CHESS, wanted=False)
    await house.leave()
    house.clock.advance(days=40)
    await house.join(rejoins=1)
    owed = await house.owed()
    assert owed.role
    assert owed.groups == ((GARDEN, True),)
    assert not owed.welcome, "somebody who did every step needs no first steps"
    assert (await recorded(house))["onboarded", ADA, None] == 1


async def test_a_return_after_a_new_edition_asks_for_the_code_before_the_role(house):
    await whole_way(house)
    await house.leave()
    await house.publish()
    await house.join(rejoins=1)
    assert not (await house.owed()).role
    await house.accept()
    assert (await house.owed()).role


async def test_a_return_restores_groups_where_the_welcome_is_off(house):
    await house.journeys.choose_groups(GUILD, BOB, wanted={GARDEN}, unwanted=())
    await house.debts.group_applied(GUILD, BOB, GARDEN, wanted=True)
    await house.change(WelcomeSettings, enabled=False)
    await house.leave(BOB)
    await house.join(BOB, rejoins=1)
    owed = await house.owed(BOB)
    assert owed.groups == ((GARDEN, True),)
    assert not owed.role


async def test_where_the_welcome_is_off_no_way_is_kept(house):
    await house.change(WelcomeSettings, enabled=False)
    await house.join()
    assert await house.journey() is None


async def test_a_changed_mind_about_groups_leaves_the_last_wish_open(house):
    await house.join()
    await house.journeys.choose_groups(GUILD, ADA, wanted={GARDEN}, unwanted={CHESS})
    await house.journeys.choose_groups(GUILD, ADA, wanted={CHESS}, unwanted={GARDEN})
    await house.debts.group_applied(GUILD, ADA, GARDEN, wanted=True)
    assert (await house.owed()).groups == ((GARDEN, False), (CHESS, True))


async def test_a_greeting_counts_once_for_each_two_people_and_the_first_one_is_known(house):
    await whole_way(house)
    first = await house.journeys.greet(GUILD, ADA, BOB, How.HELLO)
    again = await house.journeys.greet(GUILD, ADA, BOB, How.HELLO)
    second = await house.journeys.greet(GUILD, ADA, CARL, How.HELLO)
    assert [(a.counted, a.first) for a in (first, again, second)] == [(True, True), (False, False), (True, False)]
    greeted = {key: n for key, n in (await recorded(house)).items() if key[0] == "greeted"}
    assert greeted == {("greeted", BOB, ADA): 1, ("greeted", CARL, ADA): 1}


async def test_many_concurrent_hellos_count_once_a_person_and_one_is_the_first(house):
    await whole_way(house)
    answers = await asyncio.gather(
        *(house.journeys.greet(GUILD, ADA, greeter, How.HELLO) for greeter in (BOB, CARL) * 5)
    )
    assert sum(answer.first for answer in answers) == 1
    assert sum(answer.counted for answer in answers) == 2
    async with house.db.read() as session:
        assert len((await session.scalars(select(Greeting))).all()) == 2


async def test_nobody_greets_themselves_nor_somebody_who_left(house):
    await whole_way(house)
    with pytest.raises(OwnIntroduction):
        await house.journeys.greet(GUILD, ADA, ADA, How.HELLO)
    await house.leave()
    with pytest.raises(NewcomerGone):
        await house.journeys.greet(GUILD, ADA, BOB, How.HELLO)
    assert not [key for key in await recorded(house) if key[0] == "greeted"]


async def test_a_hello_after_a_reply_is_shown_but_counts_no_second_time(house):
    await whole_way(house)
    await house.debts.shown(GUILD, ADA, channel_id=CHANNEL, message_id=900, greetings=0)
    await house.journeys.greet(GUILD, ADA, BOB, How.REPLY)
    assert (await house.owed()).introduction is None
    assert not (await house.journeys.greet(GUILD, ADA, BOB, How.HELLO)).counted
    owed = (await house.owed()).introduction
    assert (owed.greeters, owed.greetings) == ((BOB,), 1)


async def test_an_introduction_is_drawn_again_when_there_are_more_greetings_than_it_shows(house):
    await whole_way(house)
    await house.debts.shown(GUILD, ADA, channel_id=CHANNEL, message_id=900, greetings=0)
    assert ADA not in await house.debts.debtors(GUILD) or (await house.owed()).role
    for greeter in range(20, 28):
        await house.journeys.greet(GUILD, ADA, greeter, How.HELLO)
    shown = (await house.owed()).introduction
    assert (shown.greeters, shown.greetings, shown.message_id) == ((20, 21, 22, 23, 24), 8, 900)
    assert ADA in await house.debts.debtors(GUILD)
    await house.debts.shown(GUILD, ADA, channel_id=CHANNEL, message_id=900, greetings=8)
    assert (await house.owed()).introduction is None


async def test_the_first_message_is_written_down_once_and_only_for_newcomers(house):
    await house.join()
    first = house.clock.advance(minutes=5)
    await house.journeys.spoke(GUILD, ADA, first)
    await house.journeys.spoke(GUILD, ADA, house.clock.advance(minutes=5))
    await house.journeys.spoke(GUILD, BOB, first)
    assert (await house.journey()).first_message_at == first
    assert await house.journey(BOB) is None


async def test_newcomers_are_listened_for_thirty_days_and_not_when_they_left(house):
    await house.join(ADA)
    await house.join(BOB)
    await house.leave(BOB)
    await house.journeys.spoke(GUILD, ADA, house.clock())
    assert [(w.user_id, w.message, w.answer) for w in await house.debts.waiting()] == [(ADA, False, True)]
    house.clock.advance(days=31)
    assert await house.debts.waiting() == []


async def test_loosened_steps_make_members_ready_when_the_server_is_looked_at_again(house):
    await house.join()
    await house.accept()
    assert not (await house.owed()).role
    await house.change(WelcomeSettings, steps=[{"step": "code", "required": True}])
    assert ADA in await house.debts.debtors(GUILD)
    await house.journeys.settle(GUILD, ADA)
    assert (await house.owed()).role
    assert (await recorded(house))["onboarded", ADA, None] == 1


async def test_a_role_once_given_is_not_given_again(house):
    await whole_way(house)
    await house.debts.role_given(GUILD, ADA)
    for role in (GARDEN, CHESS):
        await house.debts.group_applied(GUILD, ADA, role, wanted=role == GARDEN)
    await house.debts.shown(GUILD, ADA, channel_id=CHANNEL, message_id=900, greetings=0)
    assert not (await house.owed()).role
    assert list(await house.debts.debtors(GUILD)) == []


async def test_members_from_before_the_welcome_begin_when_they_open_it_and_are_not_welcomed_twice(house):
    assert await house.journeys.begin(GUILD, BOB) == Progress(screened=True)
    owed = await house.owed(BOB)
    assert (owed.welcome, owed.waits_for_message, owed.waits_for_answer) == (False, True, True)


async def test_who_goes_on_after_a_long_time_is_listened_for_again(house):
    await house.join()
    house.clock.advance(days=45)
    assert not (await house.owed()).waits_for_message
    await house.journeys.begin(GUILD, ADA)
    assert (await house.owed()).waits_for_message


async def test_the_way_of_one_server_is_not_that_of_another(house):
    await whole_way(house)
    other = await house.journeys.progress(GUILD + 1, ADA)
    assert other == Progress()
    assert list(await house.debts.debtors(GUILD + 1)) == []


async def test_a_member_who_presses_a_button_has_come_back_whatever_discord_told_us(house):
    await whole_way(house)
    await house.leave()
    house.clock.advance(minutes=1)
    await house.journeys.begin(GUILD, ADA)
    assert (await house.journey()).left_at is None
    assert (await house.owed()).role
    assert (await house.journey()).joined_at <= house.clock() - timedelta(minutes=1)


def test_a_file_of_before_says_where_the_code_of_conduct_is_written_now():
    with pytest.raises(FileRefused) as refused:
        read(b'format = 1\n[code]\ntext_en = "Be kind."\nask_again = false\n', [CodeSettings])
    (trouble,) = refused.value.troubles
    assert (trouble.line, trouble.key) == (3, "code.text_en")
    assert "/rules" in trouble.message


async def test_undoing_a_change_of_before_leaves_out_what_is_no_setting_any_more(house):
    await house.change(CodeSettings, ask_again=False)
    texts = {"text_en": "Be kind.", "edition": 2}

    async def before(tx):
        change = await tx.session.scalar(select(GuildSectionChange).filter_by(section="code"))
        change.before, change.after = texts, {"ask_again": False}

    await house.db.transaction(before)
    (change,) = await house.settings.history(GUILD, CodeSettings)
    assert change.before == texts
    await house.settings.revert(GUILD, change.id, by=ADA)
    assert house.settings.get(GUILD, CodeSettings).ask_again
