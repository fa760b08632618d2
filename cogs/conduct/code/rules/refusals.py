"""What cannot be done with a code of conduct, and what to do instead."""

from bot.errors import UserError
from bot.i18n.marks import N_


class UnknownArticle(UserError):
    """There is no such article in this server."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such article here. Choose one from the list that appears as you type."))


class ArticleIsWithdrawn(UserError):
    """What is decided today names an article that is in force."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_("Article {number} was withdrawn, so nothing new can be decided under it. Choose one that is in force."),
            number=number,
        )


class NothingWritten(UserError):
    """An article without a title or without a text."""

    def __init__(self) -> None:
        super().__init__(N_("An article needs a title and a text, in one language at least. Nothing was changed."))


class TextTooLong(UserError):
    def __init__(self, length: int, longest: int) -> None:
        super().__init__(
            N_("This text has {length} characters, and {longest} are possible. Nothing was changed."),
            length=length,
            longest=longest,
        )


class TooManyArticles(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(
            N_("A code of conduct has {most} articles at most, withdrawn ones included. Say more in those there are."),
            most=most,
        )


class ArticleIsInForce(UserError):
    """An article that was published is withdrawn, never removed."""

    def __init__(self) -> None:
        super().__init__(
            N_("This article was published, so cases may name it. Withdraw it instead: it keeps its number.")
        )


class DraftChanged(UserError):
    """Somebody changed the draft, or published it, since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else changed the draft meanwhile. Nothing of yours was applied: look at it as it is now.")
        )


class ArticleChangedMeanwhile(UserError):
    """Somebody else wrote in the article while the form was open."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else changed this article while you were writing. Open it again and take both into account.")
        )


class PassagesChangedMeanwhile(UserError):
    """Somebody else wrote in the preamble or the ending while the form was open."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else changed the preamble or the ending while you were writing. Open them again.")
        )


class NothingToPublish(UserError):
    def __init__(self) -> None:
        super().__init__(N_("The draft says exactly what is in force. Change something first, then publish it."))


class NothingInForce(UserError):
    """A draft without any text."""

    def __init__(self) -> None:
        super().__init__(N_("The draft is empty. A code of conduct needs an article or a preamble."))


class UnknownVersion(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such version of the code of conduct here."))
