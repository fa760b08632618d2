"""Why nothing is cleaned, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names


class NothingToClean(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no message to delete here that fits."))


class NothingSpared(UserError):
    """Messages fit, and each has a reason to stay."""

    def __init__(self, pinned: int, seniors: int, old: int) -> None:
        super().__init__(
            N_(
                "Every message that fits is spared: pinned {pinned}, by members whose rank is not below yours "
                "{seniors}, older than 14 days {old}."
            ),
            pinned=pinned,
            seniors=seniors,
            old=old,
        )


class CleaningGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This preview was kept for an hour, and that is over. Use /clean again."))


class NotYourCleaning(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Somebody else made this preview. Use /clean yourself."))


class CannotCleanHere(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There are no messages to delete here. Use /clean in a channel or thread with messages."))


class CleaningTheLog(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This is the moderation log: what the team did stays written down."))


class CannotReadTexts(UserError):
    """The process runs without the intent that shows what messages say."""

    def __init__(self) -> None:
        super().__init__(N_("I cannot read what messages say here, so leave `contains` out."))


class CannotDelete(UserError):
    def __init__(self, permissions: list[str]) -> None:
        super().__init__(
            N_("I lack {permissions} here, so nothing was deleted. Give that to my role, then try again."),
            permissions=permission_names(permissions),
        )
