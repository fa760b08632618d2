"""What people are told when an appeal cannot be made or decided."""

from bot.errors import UserError
from bot.i18n.marks import N_
from cogs.conduct.appeals.rules import Barred

_WHY = {
    Barred.SUBJECT: N_("This case is about you, so somebody else decides."),
    Barred.SANCTIONER: N_("You made this case, so somebody else decides about the appeal."),
    Barred.OUTSIDER: N_("Appeals are decided by those who moderate here."),
}


class NotYourCase(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Only the member whom this case is about can appeal."))


class TooShort(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Write a little more: at least 10 characters."))


class AppealsOff(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This server takes no appeals through the bot. Write to its team."))


class AppealGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such appeal any more."))


class AlreadyDecided(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This appeal was decided already. The decision is in the case."))


class MayNotDecide(UserError):
    """Carries why."""

    def __init__(self, why: Barred) -> None:
        super().__init__(_WHY[why])
        self.why = why
