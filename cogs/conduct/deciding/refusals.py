"""Why a decision is not taken, and what to do instead. Nothing was recorded."""

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names


class OnABot(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("Bots are not sanctioned with cases. Look at the bot’s role, or remove it from the server.")
        )


class NotHere(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("{name} is not in this server, so nothing was recorded. Only /ban reaches somebody who is not here."),
            name=name,
        )


class NoReason(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Write a reason: the member reads it, and so does whoever decides about an appeal."))


class NoTime(UserError):
    def __init__(self) -> None:
        super().__init__(N_("A duration is longer than nothing. Nothing was recorded."))


class LackingPower(UserError):
    """Discord would refuse the bot."""

    def __init__(self, permission: str) -> None:
        super().__init__(
            N_("I lack the permission {permissions}, so nothing was recorded. Give it to my role, then try again."),
            permissions=permission_names([permission]),
        )


class NoTimeoutOfAdministrators(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("{name} is an administrator, and Discord times out no administrators. Nothing was recorded."), name=name
        )


class NotAllowedStep(UserError):
    """Somebody may moderate, and not do this."""

    def __init__(self, permission: str) -> None:
        super().__init__(
            N_("You lack the permission {permissions} for that. Nothing was recorded: ask somebody who has it."),
            permissions=permission_names([permission]),
        )


class DraftGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("What you had chosen is kept for a day, and that is over. Use the command again."))


class NotYourDraft(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Somebody else began this decision. Use the command yourself."))


class FollowsAWarning(UserError):
    """The points of what happened stand with the warning."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("Case {number} is the next step after a warning and has its article from there. Change the warning."),
            number=number,
        )
