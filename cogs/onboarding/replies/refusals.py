"""What a greeter is told when a button comes too late, or is not theirs."""

from bot.errors import UserError
from bot.i18n.marks import N_


class WaitsNoLonger(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This newcomer does not wait any more. Nothing is left to do."))


class ForGreeters(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This is for greeters. Go on call in /profile, under Greeting newcomers."))


class NotAsked(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Somebody else was asked. You can answer the newcomer all the same."))


class PassedOn(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This was passed on already."))


class TakenBy(UserError):
    def __init__(self, who: int) -> None:
        super().__init__(N_("{who} takes care of it already."), who=f"<@{who}>")
