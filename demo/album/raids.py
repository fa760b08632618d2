"""The raid alert in each state, and its pages."""

from simcord import ResponseMessage

from demo.album.book import Book
from demo.pressing import custom_ids, latest, posted, press, reply_to

WAVE = 13


async def raids(book: Book) -> None:
    world, staff = book.world, book.person("builder")
    await book.decide("raids", enabled=True)
    for number in range(WAVE):
        await world.env.join(world.guild, f"visitor{number:02}")
    await world.env.pass_time(seconds=30)
    alert = posted(book.actor(staff), world.channels["staff"].id, "raids:who:")
    await book.take("raid", staff, alert)
    assert alert is not None
    for name, start in (("paused", "raids:pause:"), ("held", "raids:hold:")):
        await press(book.actor(staff), latest(book.actor(staff), alert), start)
        await world.env.pass_time(seconds=30)
        await book.take(f"raid-{name}", staff, alert)
    await book.pressed("raid-who", staff, alert, ("raids:who:",))
    await _ban(book, staff, alert)


async def _ban(book: Book, staff: str, alert: ResponseMessage) -> None:
    """Two questions, then the deed."""
    actor, answer = book.actor(staff), alert
    for name in ("ask", "sure", "do"):
        here = latest(actor, answer)
        start = next(one for one in custom_ids(here.components) if one.startswith("raids:ban:") and f":{name}:" in one)
        result = await press(actor, here, start)
        answer = result.response or answer
        await book.take(f"raid-ban-{name}", staff, answer if result.response is None else reply_to(result))
    await book.world.env.pass_time(seconds=60)
    await book.take("raid-banned", staff, alert)
