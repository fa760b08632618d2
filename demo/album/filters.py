"""Filters: the list, one of each way, its hits, its back-test, a trial, a new one; what an armed one does."""

from simcord import ResponseMessage

from demo.album.book import Book
from demo.casework import Casework
from demo.pressing import latest, pick, posted, press, reply_to
from demo.scenes.sanctions import NOISY, PLACES, SAID

FIRST = "1"


async def filters(book: Book) -> None:
    staff, noisy = book.person("builder"), NOISY[book.language]
    settings = reply_to(await book.actor(staff).slash(book.world.channels["staff"], "settings", section="filters"))
    await book.take("settings-filters", staff, settings)
    spam = reply_to(await book.actor(staff).slash(book.world.channels["staff"], "settings", section="spam"))
    await book.take("settings-spam", staff, spam)
    shown = reply_to(await press(book.actor(staff), settings, "filters:list"))
    await book.take("filters", staff, shown)
    for place in PLACES:
        await book.actor(noisy).send(book.world.channels[place], SAID[book.language])
    await book.actor("wren").send(book.world.channels["square"], "Salut !")
    await _one(book, shown)
    await _armed(book, shown)
    await _trial(book, shown)


async def _one(book: Book, shown: ResponseMessage) -> None:
    staff = book.person("builder")
    actor = book.actor(staff)
    await pick(actor, latest(actor, shown), "filters:pick", FIRST)
    await book.take("filter", staff, shown)
    await book.pressed("filter-hits", staff, shown, (f"filters:hits:{FIRST}",))
    await press(actor, latest(actor, shown), f"filters:open:{FIRST}")
    await book.pressed("filter-backtest", staff, shown, (f"filters:backtest:{FIRST}",))
    await press(actor, latest(actor, shown), f"filters:open:{FIRST}")
    form = await press(actor, latest(actor, shown), f"filters:edit:{FIRST}")
    await book.take_form("filter-entries", staff, form, "half price\ncrowdfunding\nje vends")
    form = await press(actor, latest(actor, shown), f"filters:name:{FIRST}")
    await book.take_form("filter-details", staff, form, "Adverts")
    await book.pressed("filter-drop", staff, shown, (f"filters:drop:{FIRST}",))
    await press(actor, latest(actor, shown), f"filters:open:{FIRST}")


async def _armed(book: Book, shown: ResponseMessage) -> None:
    """Armed though it would hit much; then somebody writes it."""
    staff, team, noisy = book.person("builder"), book.person("moderator"), NOISY[book.language]
    actor = book.actor(staff)
    await pick(actor, latest(actor, shown), "filters:watch:", "armed")
    await book.take("filter-arming", staff, shown)
    await press(actor, latest(actor, shown), f"filters:arm:{FIRST}:")
    await book.take("filter-armed", staff, shown)
    await book.actor(noisy).send(book.world.channels["square"], SAID[book.language])
    await book.world.env.pass_time(seconds=20)
    await book.take("filter-notice", noisy, Casework(book.world).notice_of(noisy))
    await book.take("filter-log", team, posted(book.actor(team), book.world.channels["modlog"].id, "conduct:case:"))


async def _trial(book: Book, shown: ResponseMessage) -> None:
    staff = book.person("builder")
    actor = book.actor(staff)
    await press(actor, latest(actor, shown), "filters:list")
    form = await press(actor, latest(actor, shown), "filters:try")
    await book.take_form("filters-try", staff, form, SAID[book.language])
    await actor.submit_modal(form, {"text": SAID[book.language]})
    await book.take("filters-tried", staff, shown)
    await press(actor, latest(actor, shown), "filters:list")
    form = await press(actor, latest(actor, shown), "filters:add")
    await book.take_form("filters-add", staff, form, "Invitations")
