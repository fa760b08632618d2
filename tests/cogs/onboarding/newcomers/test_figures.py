"""The figures equal a count by hand over a simulated community, on both databases."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from bot.community.models import ActivityDay
from bot.contracts.newcomers import Milestone, Share
from bot.privacy import erase_member
from bot.timers.schedule import instant_of
from cogs.onboarding.models import How
from cogs.onboarding.settings import WelcomeSettings
from tests.cogs.onboarding.newcomers.nursery import PARIS, WITHIN
from tests.cogs.onboarding.services import ADA, BOB, CARL, GUILD, PAIRS
from tests.conftest import NOW

START, END = date(2026, 3, 16), date(2026, 5, 2)
PEOPLE = range(1, 19)
ANONYMOUS, ERASED = 5, 9
PENDING, UNSCREENED = (2, 6, 11, 14, 17), (6, 17)
"""Who has Discord's own rules before them on joining, and who leaves it at that."""
GREETER = 900


class Diary:
    """What happened, written down beside the bot: (when, who, what), and nothing else."""

    def __init__(self, nursery, seed):
        self.nursery = nursery
        self.chance = random.Random(seed)
        self.lines = []

    async def live(self):
        """Everybody joins at some time, around midnight as often as not, and does something or nothing."""
        plans = []
        for user_id in PEOPLE:
            day = START + timedelta(days=self.chance.randrange(0, 30))
            hour = self.chance.choice((0, 23, 12))
            came = instant_of(day, datetime.min.time().replace(hour=hour), PARIS) + self._minutes(59)
            plans.append((came, user_id, "join"))
            if user_id in PENDING:
                came += self._minutes(2 * 1440)
                plans.append((came, user_id, "screen"))
            if user_id in UNSCREENED:
                plans.pop()
                continue
            plans += [(came + self._minutes(4 * 1440), user_id, what) for what in self._steps()]
            plans += [(came + self._minutes(25 * 1440), user_id, "write") for _ in range(self.chance.randrange(6))]
            plans += [(came + self._minutes(30 * 1440), user_id, what) for what in ("react", "talk")[: self._few()]]
            if self.chance.random() < 0.2:
                plans.append((came + self._minutes(20 * 1440), user_id, "leave"))
        plans.sort()
        here = set()
        for at, user_id, what in plans:
            if (what == "join") or user_id in here:
                self.nursery.clock.set(at)
                await self.do(user_id, what)
                self.lines.append((at, user_id, what))
            if what == "join":
                here.add(user_id)
            elif what == "leave":
                here.discard(user_id)
        self.nursery.clock.set(instant_of(END, datetime.min.time().replace(hour=10), PARIS))

    def _minutes(self, most):
        return timedelta(minutes=self.chance.randrange(1, most))

    def _few(self):
        return self.chance.randrange(3)

    def _steps(self):
        steps = ["accept", "choose", "introduce", "greet"]
        return self.chance.sample(steps, self.chance.randrange(5))

    async def do(self, user_id, what):
        nursery = self.nursery
        match what:
            case "join":
                await nursery.join(user_id, pending=user_id in PENDING)
            case "screen":
                await nursery.screen(user_id)
            case "leave":
                await nursery.leave(user_id)
            case "accept":
                await nursery.accept(user_id)
            case "choose":
                await nursery.journeys.choose_groups(GUILD, user_id, wanted=(), unwanted=())
            case "introduce":
                await nursery.journeys.introduce(GUILD, user_id, PAIRS)
            case "greet":
                await nursery.journeys.greet(GUILD, user_id, GREETER, How.REPLY)
            case "write":
                await nursery.write(user_id)
            case "react":
                await nursery.be_active(user_id, reactions=1)
            case "talk":
                await nursery.be_active(user_id, voice=3)

    # Counted by hand

    def times(self, user_id, what):
        return [at for at, who, did in self.lines if (who, did) == (user_id, what)]

    def joined_on(self, user_id):
        return self.times(user_id, "join")[0].astimezone(PARIS).date()

    def cohort(self, first, last):
        counted = set(PEOPLE) - {ANONYMOUS, ERASED}
        return [who for who in counted if first <= self.joined_on(who) <= last]

    def reached(self, milestone, who):
        doing = {
            Milestone.JOINED: ("join", 1),
            Milestone.SCREENED: ("screen" if who in PENDING else "join", 1),
            Milestone.ACCEPTED: ("accept", 1),
            Milestone.GROUPS: ("choose", 1),
            Milestone.INTRODUCED: ("introduce", 1),
            Milestone.FIRST_MESSAGE: ("write", 1),
            Milestone.FIRST_REPLY: ("greet", 1),
            Milestone.THIRD_MESSAGE: ("write", 3),
        }
        what, times = doing[milestone]
        found = self.times(who, what)
        return found[times - 1] if len(found) >= times else None

    def came_back(self, who, days):
        for at, person, what in self.lines:
            if person == who and what in ("write", "react", "talk"):
                after = (at.astimezone(PARIS).date() - self.joined_on(who)).days
                if days <= after <= days + 6:
                    return True
        return False

    def is_known(self, who, days):
        return self.joined_on(who) + timedelta(days=days + 7) <= END


def half(spans):
    ordered = sorted(span.total_seconds() for span in spans)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return timedelta(seconds=(ordered[middle] + ordered[-middle - 1]) / 2)


def check(cohort, diary):
    people = diary.cohort(cohort.first, cohort.last)
    assert cohort.joined == len(people)
    for step in cohort.funnel:
        if step.milestone is Milestone.RETURNED:
            known = [who for who in people if diary.is_known(who, 7)]
            assert step.share == Share(sum(diary.came_back(who, 7) for who in known), len(known))
            continue
        reached = {who: diary.reached(step.milestone, who) for who in people}
        took = [at - diary.reached(Milestone.JOINED, who) for who, at in reached.items() if at is not None]
        assert step.share == Share(len(took), len(people)), step.milestone
        assert step.median == half(took), step.milestone
    check_answers(cohort, diary, people)


def check_answers(cohort, diary, people):
    words = {}
    for who in people:
        said = [*diary.times(who, "write"), *diary.times(who, "introduce")]
        if said:
            words[who] = min(said)
    answers = {who: at[0] for who in people if (at := diary.times(who, "greet"))}
    both = words.keys() & answers.keys()
    assert cohort.replies.answered == Share(len(both), len(words))
    assert cohort.replies.median == half([max(answers[who] - words[who], timedelta()) for who in both])
    quick = [who for who in both if answers[who] - words[who] <= WITHIN]
    assert cohort.replies.in_time == Share(len(quick), len(words)), "everybody's time is over"
    for one in cohort.returns:
        groups = defaultdict(list)
        for who in people:
            if not diary.is_known(who, one.days):
                continue
            groups["everyone"].append(who)
            starts = diary.joined_on(who) + timedelta(days=one.days)
            if who in words and words[who].astimezone(PARIS).date() < starts:
                in_time = who in answers and answers[who].astimezone(PARIS).date() < starts
                groups["answered" if in_time else "unanswered"].append(who)
        for name in ("everyone", "answered", "unanswered"):
            back = sum(diary.came_back(who, one.days) for who in groups[name])
            assert getattr(one, name) == Share(back, len(groups[name])), (one.days, name)


async def test_the_figures_of_a_simulated_community_are_what_one_counts_by_hand(nursery):
    diary = Diary(nursery, seed=7)
    await diary.live()
    await nursery.db.transaction(lambda tx: nursery.members.set_option(tx, GUILD, ANONYMOUS, "anonymous", True))
    await erase_member(nursery.db, GUILD, ERASED)
    assert nursery.figures.today(GUILD) == END
    whole = await nursery.figures.cohort(GUILD, START, END)
    check(whole, diary)
    check(await nursery.figures.cohort(GUILD, START + timedelta(days=9), START + timedelta(days=20)), diary)
    weeks = await nursery.figures.weeks(GUILD, START)
    assert list(weeks) == [START + timedelta(days=7 * n) for n in range(7)]
    for monday, week in weeks.items():
        assert (week.first, week.last) == (monday, monday + timedelta(days=6))
        check(week, diary)
    assert sum(week.joined for week in weeks.values()) == whole.joined == len(PEOPLE) - 2
    spread = {step.milestone: step.share.count for step in whole.funnel}
    assert min(spread.values()) > 0, "the community is lively enough to prove something"
    assert spread[Milestone.SCREENED] == whole.joined - len(UNSCREENED)
    assert spread[Milestone.THIRD_MESSAGE] < spread[Milestone.FIRST_MESSAGE] < whole.joined


async def test_steps_the_server_leaves_out_are_absent(nursery):
    await nursery.change(
        WelcomeSettings, steps=[{"step": "code"}, {"step": "introduction"}], introductions_channel=None
    )
    cohort = await nursery.figures.cohort(GUILD, NOW.date(), NOW.date())
    shown = [step.milestone for step in cohort.funnel]
    assert shown == [Milestone.JOINED, Milestone.ACCEPTED, Milestone.THIRD_MESSAGE, Milestone.RETURNED]


async def test_a_return_to_the_server_changes_no_cohort_and_the_first_time_of_each_step_counts(nursery):
    await nursery.join(pending=True)
    nursery.clock.advance(hours=2)
    await nursery.screen()
    await nursery.accept()
    nursery.clock.advance(days=1)
    await nursery.leave()
    nursery.clock.advance(days=8)
    await nursery.join(pending=True)
    today = nursery.figures.today(GUILD)
    cohort = await nursery.figures.cohort(GUILD, NOW.date(), today)
    steps = {step.milestone: step for step in cohort.funnel}
    assert (cohort.joined, steps[Milestone.SCREENED].share.count) == (1, 1)
    assert steps[Milestone.SCREENED].median == steps[Milestone.ACCEPTED].median == timedelta(hours=2)
    assert (await nursery.figures.cohort(GUILD, today, today)).joined == 0


async def test_the_third_message_is_noted_across_days_and_restarts_without_a_look_at_anybody_else(nursery):
    for user_id in (ADA, BOB):
        await nursery.join(user_id)
    await nursery.be_active(ADA, messages=2)
    await nursery.be_active(BOB, messages=5)
    await nursery.be_active(BOB, messages=5)
    nursery = await nursery.restarted()
    nursery.clock.advance(days=1)
    await nursery.be_active(CARL, messages=9)  # was here before the welcome
    await nursery.be_active(ADA, reactions=4)
    cohort = await nursery.figures.cohort(GUILD, NOW.date(), NOW.date())
    assert _third(cohort) == (Share(1, 2), timedelta())
    await nursery.be_active(ADA, messages=1)
    cohort = await nursery.figures.cohort(GUILD, NOW.date(), NOW.date())
    assert _third(cohort) == (Share(2, 2), timedelta(hours=12))
    assert nursery.arrivals._quiet[GUILD] == {}
    async with nursery.db.read() as session:
        assert await session.get(ActivityDay, (GUILD, NOW.date(), ADA, 600)) is not None


def _third(cohort):
    step = next(step for step in cohort.funnel if step.milestone is Milestone.THIRD_MESSAGE)
    return step.share, step.median
