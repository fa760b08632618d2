"""What the use cases refuse, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_


class CodeChanged(UserError):
    def __init__(self) -> None:
        super().__init__(N_("The code of conduct changed while you were reading. Here is the new text."))


class AlreadyIntroduced(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Your introduction is posted already. Only one is needed."))


class NewcomerGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("They have left this server, so a hello no longer reaches them."))


class OwnIntroduction(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This is your own introduction. The hello comes from somebody else."))
