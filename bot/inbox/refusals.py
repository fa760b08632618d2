"""Why somebody cannot do that with an item, and what to do instead."""

from datetime import datetime

from bot.errors import Translated, UserError
from bot.i18n.marks import N_


def moment(at: datetime, style: str = "R") -> str:
    """An instant as Discord shows it in each reader's own time; ``R``: how long ago or until then."""
    return f"<t:{int(at.timestamp())}:{style}>"


def person(user_id: int | None) -> str:
    """Somebody's name as Discord shows it; nobody is pinged by it."""
    return Translated(N_("somebody")) if user_id is None else f"<@{user_id}>"


class InboxRefusal(UserError):
    """Base of what the inbox refuses."""


class ItemGone(InboxRefusal):
    def __init__(self) -> None:
        super().__init__(N_("This is no longer in the inbox. Open it again to see what waits now."))


class AlreadySettled(InboxRefusal):
    def __init__(self, by: int | None, at: datetime) -> None:
        if by is None:
            super().__init__(N_("This was settled {when}. There is nothing left to do."), when=moment(at))
        else:
            super().__init__(
                N_("{who} settled this {when}. There is nothing left to do."), who=person(by), when=moment(at)
            )


class HeldBy(InboxRefusal):
    """Somebody else takes care of it."""

    def __init__(self, holder: int, until: datetime) -> None:
        super().__init__(
            N_("{who} takes care of this; the claim expires {when}. Ask them to hand it over, or take another one."),
            who=person(holder),
            when=moment(until),
        )
        self.holder = holder


class NotHeldByYou(InboxRefusal):
    def __init__(self) -> None:
        super().__init__(N_("You do not take care of this at the moment. Claim it first."))


class ConcernsYou(InboxRefusal):
    def __init__(self) -> None:
        super().__init__(N_("This concerns you, so somebody else of the team takes care of it."))


class ConcernsThem(InboxRefusal):
    def __init__(self, user_id: int) -> None:
        super().__init__(N_("This concerns {who}. Choose somebody else of the team."), who=person(user_id))


class OnHoliday(InboxRefusal):
    def __init__(self, until: datetime) -> None:
        super().__init__(
            N_("Your holiday lasts until {day}. End it under “My availability” before you take something on."),
            day=moment(until, "D"),
        )


class TheyAreAway(InboxRefusal):
    def __init__(self, user_id: int, until: datetime) -> None:
        super().__init__(
            N_("{who} is away until {day}. Choose somebody else of the team."),
            who=person(user_id),
            day=moment(until, "D"),
        )


class NotByHand(InboxRefusal):
    def __init__(self) -> None:
        super().__init__(N_("This is settled where it comes from. Use the buttons shown with it."))


class BadHoliday(InboxRefusal):
    def __init__(self) -> None:
        super().__init__(N_("The last day comes before the first, is past, or is more than a year away."))
