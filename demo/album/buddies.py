"""Buddies: the offer, being paired and introduced, the question, and the end."""

from simcord import ResponseMessage

from demo.album.book import Book
from demo.pressing import latest, press, reply_to
from demo.waiting import until

DAYS = 24


async def buddies(book: Book) -> None:
    await _pages(book)
    one, other = [await book.arrive(place) for place in range(2)]
    await book.journey.take(one, "start")
    await book.take("buddy-early", one, await book.journey.seek_buddy(one))
    await book.journey.take(one, "accept")
    await book.world.env.pass_time(seconds=20)
    together = book.journey.together_of(one)
    await book.take("buddy-together", one, together)
    await book.take("buddy-present", one, await book.journey.seek_buddy(one))
    await book.take("checklist-buddy", one, await book.journey.start(one))
    await _queue(book, other)
    letter = await until(book.world, lambda: book.journey.letter_of(one, "buddies:notyet:"), hours=5 * DAYS)
    await book.take("buddy-question", one, letter)
    await _say(book, one, letter, "notyet", "met", "change")
    await book.world.env.pass_time(minutes=1)
    await _end(book, one)


async def _pages(book: Book) -> None:
    await book.take("buddy-page-none", "wren", await book.page("wren", "buddies"))
    page = await book.page("noor", "buddies")
    await book.take("buddy-page", "noor", page)
    await press(book.actor("noor"), page, "buddies:offer:pause")
    await book.take("buddy-page-paused", "noor", page)
    await press(book.actor("noor"), latest(book.actor("noor"), page), "buddies:offer:resume")


async def _queue(book: Book, newcomer: str) -> None:
    """Nobody is free for the next one."""
    for key in ("sacha", "noor", "tomek", "aicha"):
        page = await book.page(key, "buddies")
        await press(book.actor(key), page, "buddies:offer:pause")
    await book.journey.take(newcomer, "accept")
    waits = await book.journey.seek_buddy(newcomer)
    await book.take("buddy-queued", newcomer, waits)
    await book.pressed("buddy-alone", newcomer, waits, ("buddies:alone:",))


async def _say(book: Book, key: str, letter: ResponseMessage, *answers: str) -> None:
    for answer in answers:
        said = reply_to(await press(book.actor(key), letter, f"buddies:{answer}:"))
        await book.take(f"buddy-said-{answer}", key, said)


async def _end(book: Book, key: str) -> None:
    """What the buddy reads in the thread of the two, which is over."""
    threads = [
        one for one in book.world.env.backend.channels.values() if book.world.users[key].id in one.thread_members
    ]
    for thread in threads:
        told = [one for one in book.world.env.backend.messages.get(thread.id, {}).values() if one.components]
        if len(told) > 1:
            newest = max(told, key=lambda one: one.id)
            await book.take("buddy-ended", key, ResponseMessage(book.world.env, newest))
