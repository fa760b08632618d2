"""What somebody is told who asks for what is not possible."""

from bot.errors import UserError
from bot.i18n.marks import N_


class BuddiesOff(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There are no buddies here at present. The team turns them on in /settings."))


class NotYourPair(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This is not yours to answer, or it is over already."))


class MayNotBeBuddy(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Buddies here need a role that you do not have. The team can tell you how to get it."))
