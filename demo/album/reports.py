"""Reports, the panel Moderate, a word in private, the record, a member's own page, and the month in figures."""

from simcord import InteractionResult, ResponseMessage

from cogs.conduct.cases.service import Cases
from cogs.conduct.reports.service import REPORT
from demo.album.book import Book
from demo.album.conduct import REASONS, WHY
from demo.casework import Casework
from demo.pressing import fill, latest, pick, posted, press, reply_to
from demo.scenes.reports import ARTICLE, DETAILS, MENU, PLACE, REASON, RUDE, SAID


async def reports(book: Book) -> None:
    await _sanctioned(book)
    await _closed(book)
    await _word(book)
    await _record(book)
    await _month(book)


async def _report(book: Book, *, form_taken: bool = False) -> None:
    """Somebody reports a message; ``form_taken``: with a picture of the form."""
    rude, reporter = RUDE[book.language], book.person("member")
    message = await book.actor(rude).send(book.world.channels[PLACE], SAID[book.language])
    form = await book.actor(reporter).context_menu(book.world.channels[PLACE], MENU, message)
    if form_taken:
        await book.take_form("report-form", reporter, form, DETAILS[book.language])
    written = {"details": DETAILS[book.language], "article": [str(ARTICLE)]}
    sent = await book.actor(reporter).submit_modal(form, written)
    if form_taken:
        await book.take("report-thanks", reporter, sent.response)


async def _sanctioned(book: Book) -> None:
    staff, reporter, casework = book.person("moderator"), book.person("member"), Casework(book.world)
    await _report(book, form_taken=True)
    await book.world.env.pass_time(seconds=20)
    await book.take("report-inbox", staff, posted(book.actor(staff), book.world.channels["staff"].id, "inbox:open:"))
    shown = await casework.opened(staff, REPORT.name, "conduct:reported:")
    await book.take("report", staff, shown)
    panel = reply_to(await press(book.actor(staff), shown, "moderate:report:"))
    await book.take("moderate", staff, panel)
    form = await press(book.actor(staff), panel, "moderate:form:reason:")
    await book.take_form("moderate-reason", staff, form, REASON[book.language])
    await fill(book.actor(staff), form, REASON[book.language])
    await press(book.actor(staff), latest(book.actor(staff), panel), "moderate:delete:")
    await book.take("moderate-ready", staff, panel)
    await book.pressed("moderate-done", staff, panel, ("moderate:act:",))
    await casework.moment()
    await book.take("report-decided", staff, shown)
    letter = casework.told_of_report(reporter)
    await book.take("report-told", reporter, letter)
    assert letter is not None
    await book.pressed("report-mine", reporter, letter, ("conduct:myreport:",))


async def _closed(book: Book) -> None:
    staff, casework = book.person("moderator"), Casework(book.world)
    for outcome in ("not_upheld", "duplicate"):
        await _report(book)
        shown = await casework.opened(staff, REPORT.name, "conduct:reported:")
        await press(book.actor(staff), shown, f"conduct:close:{outcome}:")
        await casework.moment()
        await book.take(f"report-{outcome}", staff, shown)
        await book.take(f"report-told-{outcome}", book.person("member"), casework.told_of_report(book.person("member")))


async def _word(book: Book) -> None:
    """Moderate on a member, before anything is chosen, and a word in private instead."""
    staff = book.person("moderator")
    opened = await _menu(book, staff, "otis")
    panel = reply_to(opened)
    await book.take("moderate-member", staff, panel)
    await pick(book.actor(staff), panel, "moderate:article:", "4")
    await book.take("moderate-article", staff, panel)
    form = await press(book.actor(staff), latest(book.actor(staff), panel), "moderate:form:word:")
    await book.take_form("word-form", staff, form, REASONS[book.language][1])
    said = await fill(book.actor(staff), form, REASONS[book.language][1])
    await book.world.env.pass_time(seconds=5)
    await book.take("word-sent", staff, said.followups[-1] if said.followups else reply_to(said))
    dms = book.world.env.backend.messages.get(book.world.users["otis"].dm_channel.id, {})
    newest = max(dms.values(), key=lambda one: one.id)
    await book.take("word", "otis", ResponseMessage(book.world.env, newest))


async def _menu(book: Book, who: str, about: str) -> InteractionResult:
    return await book.actor(who).context_menu(book.world.channels["staff"], "Moderate", book.actor(about))


async def _record(book: Book) -> None:
    staff, rude, casework = book.person("moderator"), RUDE[book.language], Casework(book.world)
    where = book.world.channels["staff"]
    nobody = reply_to(await book.actor(staff).slash(where, "record", member=book.actor("noor")))
    await book.take("record-none", staff, nobody)
    await casework.contest(rude, await casework.open_appeal(rude), WHY[book.language])
    shown = reply_to(await book.actor(staff).slash(where, "record", member=book.actor(rude)))
    form = await press(book.actor(staff), shown, "record:note:")
    await book.take_form("record-note", staff, form, WHY[book.language])
    await fill(book.actor(staff), form, WHY[book.language])
    await book.take("record", staff, shown)
    await book.take("profile-decisions", rude, await book.page(rude, "record"))
    cases, _ = await book.world.bot.service(Cases).read.page(book.world.guild.id, 0, user_id=book.world.users[rude].id)
    number = next(one.number for one in cases if one.points)
    case = reply_to(await book.actor(staff).slash(where, "case view", number=number))
    await book.take("case-evidence-button", staff, case)
    await book.pressed("case-evidence", staff, case, ("conduct:evidence:",))


async def _month(book: Book) -> None:
    staff, where = book.person("builder"), book.world.channels["staff"]
    await book.take("month", staff, reply_to(await book.actor(staff).slash(where, "transparency", month="2026-11")))
    await book.take("month-empty", staff, reply_to(await book.actor(staff).slash(where, "transparency")))
    square = book.world.channels["square"]
    asked = reply_to(await book.actor(staff).slash(square, "transparency", month="2026-11", public=True))
    await book.take("month-public", staff, asked)
