"""Refusals of the imitated Discord: HTTP status, JSON code and message as Discord gives them."""

from typing import Any


class Refusal(Exception):
    """A request that Discord turns down."""

    def __init__(self, status: int, code: int, message: str, **extra: Any) -> None:
        super().__init__(f"{status} ({code}): {message}")
        self.status, self.code, self.message, self.extra = status, code, message, extra

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {"message": self.message, "code": self.code, **self.extra}


UNKNOWN = {
    "channel": 10003,
    "guild": 10004,
    "invite": 10006,
    "member": 10007,
    "message": 10008,
    "role": 10011,
    "user": 10013,
    "emoji": 10014,
    "webhook": 10015,
    "ban": 10026,
    "interaction": 10062,
    "command": 10063,
    "overwrite": 10009,
}


def unknown(what: str) -> Refusal:
    """404 Unknown Channel and its kin."""
    return Refusal(404, UNKNOWN[what], f"Unknown {what.title()}")


def missing_access() -> Refusal:
    """The bot cannot see the thing at all."""
    return Refusal(403, 50001, "Missing Access")


def missing_permissions() -> Refusal:
    """The bot sees the thing but may not do this, or stands too low."""
    return Refusal(403, 50013, "Missing Permissions")


def invalid_form(path: str, message: str, code: str = "BASE_TYPE_BAD") -> Refusal:
    """400 Invalid Form Body, naming one field."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path.split(".")):
        errors = {key: errors}
    return Refusal(400, 50035, "Invalid Form Body", errors=errors)
