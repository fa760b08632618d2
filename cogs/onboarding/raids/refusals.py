"""What the raid brake refuses, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names


class RaidRefusal(UserError):
    """The alert has changed meanwhile, so it is drawn again."""


class RaidGone(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("This alert is no longer known here. A new raid gets an alert of its own."))


class RaidReplaced(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("A newer alert has replaced this one. Use its buttons."))


class AlreadyPaused(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("Invites are paused already."))


class AlreadyHeld(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("Newcomers are held already."))


class AlreadyDismissed(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("This alert was dismissed already."))


class NothingToUndo(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("That was ended already."))


class BrakeOn(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("Invites are paused or newcomers are held. End that first, then dismiss the alert."))


class NobodyToBan(RaidRefusal):
    def __init__(self) -> None:
        super().__init__(N_("There is nobody to ban. Those who are spared are listed under **Who came**."))


class Lacking(UserError):
    """The bot lacks permissions; nothing was asked of Discord."""

    def __init__(self, permissions: list[str]) -> None:
        super().__init__(
            N_("I lack: {permissions}. Give that to my role in the server’s settings, then press again."),
            permissions=permission_names(permissions),
        )
