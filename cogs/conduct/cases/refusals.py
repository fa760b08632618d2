"""What the team is told when something about a case cannot be done."""

from bot.errors import UserError
from bot.i18n.marks import N_


class CaseGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This server has no case with that number. /case list shows the newest ones."))


class AlreadyUndone(UserError):
    """It was voided or overturned before."""

    def __init__(self, number: int) -> None:
        super().__init__(N_("Case {number} was undone already. Nothing about it is in force."), number=number)


class NothingToLift(UserError):
    def __init__(self, number: int) -> None:
        super().__init__(
            N_("Case {number} has no timeout or ban in force. Void it when it was a mistake."), number=number
        )


class NothingChanged(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Nothing would change: write a new reason, choose another article or another duration."))


class NoLength(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Only timeouts and bans have a duration."))


class EndsInThePast(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("With this duration it would be over already. Lift the case instead, or choose a longer one.")
        )


class AlreadyAppealed(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("This case was appealed already, which can be done once. The answer is behind “See the decision”.")
        )


class NotAppealable(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is nothing to appeal in this case: it has no effect any more."))
