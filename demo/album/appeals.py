"""Appeals: the form, the thread, the inbox, both decisions, and what the member reads of each."""

from simcord import ResponseMessage

from cogs.conduct.appeals.models import Outcome
from demo.album.book import Book
from demo.casework import Casework
from demo.pressing import posted, press, reply_to
from demo.scenes.appeals import ACCUSED, ANSWER, ARTICLE, REASON, WORDS
from demo.scenes.inbox import item_about

STANDS = {
    "en": "We read it again with somebody who was not there. The line before yours had asked to stop.",
    "fr": "On l’a relu avec quelqu’un qui n’était pas là. Le message d’avant demandait d’arrêter.",
}


async def appeals(book: Book) -> None:
    casework, staff, member = Casework(book.world), book.person("moderator"), ACCUSED[book.language]
    await book.decide("conduct", appeal_address="recours@atelier.example")
    opened = await _contested(book, member)
    notice = casework.notice_of(member)
    await book.take("appeal-notice", member, notice)
    assert notice is not None
    await book.pressed("appeal-pending", member, notice, ("conduct:decision:",))
    await book.take("appeal-thread", staff, opened)
    await _inbox(book, staff, member)
    form = await press(book.actor(staff), opened, "conduct:decide:")
    await book.take_form("appeal-overturn-form", staff, form, ANSWER[book.language])
    said = await casework.decide(staff, opened, Outcome.OVERTURNED, ANSWER[book.language])
    await book.take("appeal-overturned-answer", staff, said)
    await book.take("appeal-thread-overturned", staff, opened)
    await book.take("decision-overturned", member, casework.decision_of(member))
    await book.take("appeal-notice-overturned", member, casework.notice_of(member))
    await book.take("log-overturned", staff, casework.log_of(staff, 1))
    await _upheld(book, staff, "karim")
    await _alone(book, staff, "priya")


async def _contested(book: Book, member: str, by: str = "aicha") -> ResponseMessage:
    casework = Casework(book.world)
    await casework.run(by, "warn", member, ARTICLE, REASON[book.language])
    await casework.moment()
    form = await casework.open_appeal(member)
    if member == ACCUSED[book.language]:
        await book.take_form("appeal-form", member, form, WORDS[book.language])
    said = await casework.contest(member, form, WORDS[book.language])
    if member == ACCUSED[book.language]:
        await book.take("appeal-thanks", member, said)
    return casework.appeals()[-1]


async def _inbox(book: Book, staff: str, member: str) -> None:
    await book.world.env.pass_time(seconds=20)
    living = posted(book.actor(staff), book.world.channels["staff"].id, "inbox:open:")
    assert living is not None
    await book.take("appeal-inbox", staff, living)
    item = await item_about(book.world, member)
    await book.pressed("appeal-inbox-item", staff, living, ("inbox:open:", f"inbox:go:i:{item}:"))
    shown = reply_to(await press(book.actor(staff), living, "inbox:open:"))
    await book.pressed("appeal-read", staff, shown, (f"inbox:go:i:{item}:", "conduct:appealed:"))


async def _upheld(book: Book, staff: str, member: str) -> None:
    casework, opened = Casework(book.world), await _contested(book, member)
    said = await casework.decide(staff, opened, Outcome.UPHELD, STANDS[book.language])
    await book.take("appeal-upheld-answer", staff, said)
    await book.take("appeal-thread-upheld", staff, opened)
    await book.take("decision-upheld", member, casework.decision_of(member))
    await book.take("log-upheld", staff, casework.log_of(staff, 2))


async def _alone(book: Book, staff: str, member: str) -> None:
    """Nobody but the owner and whoever decided moderates."""
    for key in ("tomek", "aicha"):
        await book.world.env.leave(book.world.members.pop(key))
    opened = await _contested(book, member, by=staff)
    await book.take("appeal-alone", staff, opened)
