"""A newcomer who got stuck is reminded, once, in private."""

from bot.i18n.marks import N_
from demo.journey import START
from demo.page.visit import Visit
from demo.scenes import scene, task
from demo.scenes.inbox import UNANSWERED
from demo.telling import Telling
from demo.waiting import until

TWO_DAYS = 48
"""Hours. The bot reminds after one day, and never at night."""


@scene(89, N_("Stuck, and reminded"))
async def reminded(telling: Telling) -> None:
    key = UNANSWERED[telling.language]
    letter = await until(telling.world, lambda: telling.journey.letter_of(key, START), hours=TWO_DAYS)
    telling.tell(
        N_(
            "{name} was answered but has not read the code of conduct. A day later, never at night, one reminder comes."
        ),
        name=telling.name(key),
    )
    telling.quote(letter)
    await telling.picture("reminder", N_("The private reminder of the next step"), "newcomer", letter, who=key)


@task(
    "settling",
    10,
    N_("Press **My steps** below the reminder you got when you were stuck"),
    hint=N_("It stands in your private messages. There was one for that step, and there will be no second one."),
    channel="messages",
)
async def read_reminder(visit: Visit) -> bool:
    return visit.pressed_below(visit.journey.letter_of(visit.key, START))
