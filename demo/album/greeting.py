"""The first answer: the call to a greeter in each state, what the team has of it, and the greeters' page."""

from simcord import ResponseMessage

from demo.album.book import Book
from demo.journey import TAKE
from demo.pressing import posted, press, reply_to
from demo.scenes.inbox import item_about

HALF = WHOLE = 31.0
"""Minutes: half of the hour in which a newcomer shall be answered, and then all of it."""
PLACES = ("introductions", "square", "help", "bikes")


async def greeting(book: Book) -> None:
    world, staff = book.world, book.person("builder")
    waits = [await book.arrive(place) for place in range(len(PLACES))]
    for key, place in zip(waits, PLACES, strict=True):
        person = world.community.people[key]
        await book.actor(key).send(world.channels[place], (person.lines or ("…",))[0])
    await world.env.pass_time(minutes=HALF)
    calls = [_call(book, key) for key in waits]
    await book.take("call-asked", staff, calls[0])
    await _answer(book, "call-taken", calls[0], TAKE)
    await _answer(book, "call-declined", calls[1], "replies:pass:")
    await world.env.leave(world.members.pop(waits[2]))
    await book.actor("wren").send(world.channels["bikes"], "👋")
    await world.env.pass_time(seconds=20)
    await book.take("call-left", staff, calls[2])
    await book.take("call-answered", staff, calls[3])
    await world.env.pass_time(minutes=WHOLE)
    await book.take("call-late", staff, calls[0])
    await _inbox(book, staff, waits[0])
    await book.take("greeters", staff, await book.panel("replies", "replies:greeters"))
    await _duty(book)


def _call(book: Book, newcomer: str) -> ResponseMessage:
    found = book.journey.call_about(newcomer)
    assert found is not None, newcomer
    return found


async def _answer(book: Book, name: str, call: ResponseMessage, start: str) -> None:
    greeter = book.journey.asked_in(call)
    assert greeter is not None
    answer = reply_to(await press(book.actor(greeter), call, start))
    await book.take(f"{name}-answer", greeter, answer)
    await book.take(name, greeter, call)


async def _inbox(book: Book, staff: str, newcomer: str) -> None:
    living = posted(book.actor(staff), book.world.channels["staff"].id, "inbox:open:")
    await book.take("inbox", staff, living)
    item = await item_about(book.world, newcomer)
    assert living is not None
    await book.pressed("inbox-item", staff, living, ("inbox:open:", f"inbox:go:i:{item}:"))


async def _duty(book: Book) -> None:
    page = await book.page("noor", "greeter")
    await book.take("greeter-page", "noor", page)
    await press(book.actor("noor"), page, "replies:duty:off")
    await book.take("greeter-page-off", "noor", page)
