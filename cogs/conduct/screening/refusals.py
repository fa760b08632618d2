"""What is refused about filters, and what to do instead."""

from collections.abc import Sequence

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names


class FilterGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This filter no longer exists. Open the list of filters again."))


class FilterChanged(UserError):
    """Somebody changed it between the page and the click."""

    def __init__(self) -> None:
        super().__init__(N_("This filter has changed meanwhile. Look at it again, then decide."))


class TooManyFilters(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(N_("A server has {most} filters at most. Remove one, or add to one."), most=most)


class TooManyLines(UserError):
    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            N_("That makes {count} entries, and a filter has {most} at most. Split them over two filters."),
            count=count,
            most=most,
        )


class LineTooLong(UserError):
    def __init__(self, start: str, most: int) -> None:
        super().__init__(
            N_("The entry that begins with `{start}` is longer than {most} characters. Write one entry a line."),
            start=start.replace("`", "ˋ"),
            most=most,
        )


class NoName(UserError):
    def __init__(self) -> None:
        super().__init__(N_("A filter needs a name. Members whom it concerns read it in their notice."))


class NothingToFind(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This filter has nothing to look for yet. Add entries first."))


class NeedsArticle(UserError):
    """A sanction names what it upholds."""

    def __init__(self) -> None:
        super().__init__(N_("A filter that sanctions needs an article of the code of conduct. Choose one first."))


class NotANumber(UserError):
    def __init__(self, least: int, most: int) -> None:
        super().__init__(N_("Write a number from {least} to {most}."), least=least, most=most)


class WrongLength(UserError):
    def __init__(self) -> None:
        super().__init__(N_("A timeout lasts from one minute to 28 days. Write it like 90m, 2h or 1 day."))


class WithoutContent(UserError):
    """The operator runs the bot without the message content intent."""

    def __init__(self) -> None:
        super().__init__(
            N_("I cannot read messages here: whoever runs me went without Message Content. Own filters stay off.")
        )


class MessageStands(UserError):
    """``missing``: the permissions that the bot lacks in the channel; none where Discord refuses all the same."""

    def __init__(self, channel_id: int, missing: Sequence[str] = ()) -> None:
        if missing:
            text = N_("The message still stands in {place}, where I lack {permissions}: with that, it goes by itself.")
            super().__init__(text, place=f"<#{channel_id}>", permissions=permission_names(missing))
        else:
            text = N_("The message still stands in {place}: Discord does not let me delete it. I go on trying.")
            super().__init__(text, place=f"<#{channel_id}>")


class NameStands(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("The name still stands: I lack a permission, or the member’s highest role is as high as mine.")
        )


class HitForgotten(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This hit is not kept any more, so there is nothing to note about it."))
