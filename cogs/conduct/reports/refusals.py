"""What people are told when a report cannot be made or closed."""

from bot.errors import UserError
from bot.i18n.marks import N_


class OfYourself(UserError):
    def __init__(self) -> None:
        super().__init__(N_("You cannot report yourself. To talk to the team, write in a channel where it reads."))


class OfABot(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Bots cannot be reported. Tell the team in a channel where it reads."))


class TooShort(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Say in a few words what happened: at least 10 characters."))


class NoSuchArticle(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "There is no such article here, so nothing was sent. Choose one from the list that appears as you "
                "type; its last line is for whoever does not know."
            )
        )


class TooManyReports(UserError):
    def __init__(self) -> None:
        super().__init__(N_("You have ten open reports. The team reads them first; then you can write another one."))


class ReportGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such report any more."))


class AlreadyClosed(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This report was closed already, and nothing was changed. Its page shows how it ended."))


class ConcernsYou(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This report is about you, so somebody else looks at it."))


class NotYourReport(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Only whoever reported it can read this."))
