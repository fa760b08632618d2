"""Why nothing is locked down or opened, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names


class NoLockdown(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no lockdown to end."))


class StillUndoing(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("The last lockdown is over, and not everything is back yet. Its post in the staff channel says why.")
        )


class NothingToLock(UserError):
    """Nothing would change."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "A lockdown would change nothing: I can reach no channel, invite or verification level that it is for. "
                "Look at `/settings` and at my permissions."
            )
        )


class LacksPower(UserError):
    """Somebody is on the team, and could not do this by hand."""

    def __init__(self) -> None:
        super().__init__(
            N_("A lockdown takes the permission {permissions}. Ask somebody who has it."),
            permissions=permission_names(["manage_channels"]),
        )
