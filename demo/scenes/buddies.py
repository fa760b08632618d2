"""A newcomer gets a buddy, is introduced, and is asked days later whether the two met."""

from bot.i18n.marks import N_
from demo.page.visit import Visit
from demo.pressing import press, reply_to
from demo.scenes import scene, task
from demo.telling import Telling
from demo.waiting import until

FIVE_DAYS = 120
"""Hours. The bot asks after three days."""


@scene(83, N_("A buddy"))
async def buddy(telling: Telling) -> None:
    key, journey = telling.person("newcomer"), telling.journey
    answer = await journey.seek_buddy(key)
    telling.tell(N_("{name} would like a buddy, and has one at once:"), name=telling.name(key))
    telling.quote(answer)
    await telling.world.env.pass_time(seconds=5)
    together = journey.together_of(key)
    assert together is not None, "the two were not introduced"
    telling.tell(N_("A private thread introduces the two. Language, groups and hours decided who fits."))
    telling.quote(together)
    await telling.picture("buddies", N_("A newcomer and their buddy, introduced in a thread"), "newcomer", together)


@scene(92, N_("Did you meet?"))
async def check_in(telling: Telling) -> None:
    key, journey = telling.person("newcomer"), telling.journey
    letter = await until(telling.world, lambda: journey.letter_of(key, "buddies:notyet:"), hours=FIVE_DAYS)
    telling.tell(N_("Three days later {name} is asked, in private:"), name=telling.name(key))
    telling.quote(letter)
    await telling.picture(
        "buddy-question", N_("The question whether the two met, with its buttons"), "newcomer", letter
    )
    said = reply_to(await press(telling.world.members[key], letter, "buddies:met:"))
    telling.tell(N_("{name} presses Yes."), name=telling.name(key))
    telling.quote(said)


# What a visitor can try


@task(
    "settling",
    20,
    N_("Answer the question whether you and your **buddy** met"),
    hint=N_("It came a few days after you were introduced. Not yet is an answer too."),
    channel="messages",
)
async def answer_question(visit: Visit) -> bool:
    return visit.pressed_below(visit.journey.letter_of(visit.key, "buddies:notyet:"))


@task(
    "settling",
    30,
    N_("Write to your buddy in **your thread**"),
    hint=N_("It stands below the first channel, and only the two of you and the team see it."),
    channel="welcome",
)
async def write_to_buddy(visit: Visit) -> bool:
    together = visit.journey.together_of(visit.key)
    return together is not None and visit.wrote(together.channel_id)


@task(
    "settling",
    40,
    N_("Look how you got on: `/welcome`"),
    hint=N_("Every step is done, whichever way it was done."),
    channel="square",
)
async def look_back(visit: Visit) -> bool:
    return visit.ran("welcome")


@task(
    "member",
    35,
    N_("Write to the newcomer whose **buddy** you are"),
    hint=N_("Your thread stands below the first channel. What you offer is in `/profile`, on a page of its own."),
    channel="welcome",
)
async def write_to_newcomer(visit: Visit) -> bool:
    together = visit.journey.together_of(visit.key)
    return together is not None and visit.wrote(together.channel_id)
