"""Why a panel does not do it, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_


class AlreadyActed(UserError):
    def __init__(self, number: int) -> None:
        super().__init__(
            N_("Case {number} was made about this message already, so nothing was recorded. Look at it: `/case view`."),
            number=number,
        )


class NotReady(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Choose the article and the step, and write the reason first. Nothing was recorded."))


class NothingSaid(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Write what the member is to read."))


class DoesNotListen(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Their private messages are closed, or they have left: nothing was sent. "
                "A warning reaches them in a private thread."
            )
        )
