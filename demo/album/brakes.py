"""Cleaning a channel, and locking the server down: the preview, what is done, and how it ends."""

from simcord import ResponseMessage

from demo.album.book import Book
from demo.pressing import latest, press, reply_to


async def brakes(book: Book) -> None:
    await _clean(book)
    await _lockdown(book)


async def _clean(book: Book) -> None:
    staff, square = book.person("moderator"), book.world.channels["square"]
    for turn in range(4):
        await book.actor("otis").send(square, f"{turn + 1} …")
        await book.actor("wren").send(square, "Brian.")
    shown = reply_to(await book.actor(staff).slash(square, "clean", count=6))
    await book.take("clean-preview", staff, shown)
    await press(book.actor(staff), latest(book.actor(staff), shown), "cleaning:do:")
    await book.world.env.pass_time(seconds=5)
    await book.take("clean-done", staff, shown)
    await book.take(
        "clean-none", staff, reply_to(await book.actor(staff).slash(square, "clean", count=5, contains="zz"))
    )
    await _newest(book, "clean-log", "modlog")


async def _lockdown(book: Book) -> None:
    staff, where = book.person("builder"), book.world.channels["staff"]
    await book.decide("lockdown", enabled=True)
    newcomer = await book.arrive(0)  # invites are paused in a moment
    shown = reply_to(await book.actor(staff).slash(where, "lockdown start", minutes=30))
    await book.take("lockdown-preview", staff, shown)
    await press(book.actor(staff), latest(book.actor(staff), shown), "lockdown:start:")
    await book.world.env.pass_time(seconds=20)
    await book.take("lockdown-started", staff, shown)
    await _newest(book, "lockdown-post", "staff")
    await _held(book, newcomer)
    again = reply_to(await book.actor(staff).slash(where, "lockdown start", minutes=60))
    await book.take("lockdown-again", staff, again)
    await book.take("lockdown-ended", staff, reply_to(await book.actor(staff).slash(where, "lockdown end")))
    await book.world.env.pass_time(seconds=20)
    await _newest(book, "lockdown-over", "staff")


async def _held(book: Book, one: str) -> None:
    """Somebody who came just before it has done everything, and waits."""
    for step in ("start", "accept"):
        await book.journey.take(one, step)
    await book.journey.open_groups(one)
    await book.take("held-groups", one, await book.journey.choose_groups(one))
    await book.journey.press(one, "onboarding:open:checklist:")
    await book.journey.introduce(one, await book.journey.open_form(one))
    await book.take("held-newcomer", one, book.journey.screens[one])


async def _newest(book: Book, name: str, channel: str) -> None:
    """The newest message of a channel that everybody there sees."""
    kept = book.world.env.backend.messages.get(book.world.channels[channel].id, {})
    public = [one for one in kept.values() if not one.is_ephemeral]
    if public:
        newest = max(public, key=lambda one: one.id)
        await book.take(name, book.person("moderator"), ResponseMessage(book.world.env, newest))
