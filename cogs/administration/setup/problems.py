"""Why something could not be done, in a form that a row keeps and every reader's language can tell."""

from typing import Any

from bot.errors import Translated, UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_

Problem = dict[str, Any]
"""A ``UserError`` as JSON: its message id and its parameters."""


class UnderWay(UserError):
    """Only one run at a time."""

    def __init__(self, by: int | None) -> None:
        who = f"<@{by}>" if by else "?"
        super().__init__(N_("{who} is applying the set-up at this moment. Here is how far it is."), who=who)


class NothingToUndo(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This cannot be undone any more: the set-up was run again, or undone already."))


class PlanChanged(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Something has changed since you looked. Read the review again, then press Apply."))


class ObjectiveMissing(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Choose first what this community is for: the rest has an answer already."))


class LacksPermission(UserError):
    def __init__(self, permission: str) -> None:
        super().__init__(
            N_("I lack the permission {permission}. Give it to my role, then run /setup again: only this is left."),
            permission=Translated(permission),
        )


class TooManyChannels(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("This server has as many channels as Discord allows (500). Delete one, or choose an existing channel.")
        )


class TooManyRoles(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("This server has as many roles as Discord allows (250). Delete one, or choose an existing role.")
        )


class DiscordRefused(UserError):
    def __init__(self, reason: str) -> None:
        super().__init__(N_("Discord refused it: {reason}. Choose an existing one in /setup."), reason=reason)


class WentWrong(UserError):
    def __init__(self) -> None:
        super().__init__(N_("It failed on our side. Run /setup again: only this is left to do."))


class MadeAndGone(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("{name} was created and has been deleted since. Run /setup again to choose."), name=name)


class StaysOff(UserError):
    def __init__(self, title: str) -> None:
        super().__init__(
            N_("{capability} stays off, because what it needs is missing. Mend that, then run /setup again."),
            capability=Translated(title),
        )


class NoLongerAllowed(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("Whoever pressed the button no longer manages this server, so I stopped. Somebody who does goes on.")
        )


class UsedSince(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("{name} has been used since, so it stays. Delete it yourself if you want to."), name=name)


class ChangedSince(UserError):
    def __init__(self, setting: str) -> None:
        super().__init__(N_("{setting} was changed since, so it stays."), setting=Translated(setting))


class StillPowerless(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("I may not delete {name}. Delete it yourself if you want to."), name=name)


def kept(error: UserError) -> Problem:
    """The error as JSON."""
    return {"message": error.message, "params": {name: _packed(value) for name, value in error.params.items()}}


def told(t: Localizer, problem: Problem) -> str:
    """What ``kept`` kept, in the reader's language."""
    message, params = problem["message"], problem["params"]
    return t(message, **{name: _unpacked(value) for name, value in params.items()})


def _packed(value: Any) -> Any:
    if isinstance(value, Translated):
        return {"mark": str(value)}
    if isinstance(value, tuple | list):
        return [_packed(part) for part in value]
    return value if isinstance(value, int | float | str) else str(value)


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return Translated(value["mark"])
    return tuple(_unpacked(part) for part in value) if isinstance(value, list) else value
