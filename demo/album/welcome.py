"""The welcome: panel, private welcome, the list of steps in each state, code, groups, introduction."""

from demo.album.book import Book
from demo.journey import START
from demo.pressing import posted


async def welcome(book: Book) -> None:
    world, journey = book.world, book.journey
    one = await book.arrive(0)
    await book.take("welcome-panel", one, posted(book.actor(one), world.channels["welcome"].id, START))
    await book.take("welcome-thread", one, journey.welcome_of(book.actor(one)))
    await book.take("checklist-fresh", one, await journey.start(one))
    await book.take("code", one, await journey.open_code(one))
    await book.take("checklist-accepted", one, await journey.press(one, "onboarding:accept:"))
    await book.take("groups-none", one, await journey.open_groups(one))
    await book.take("groups-chosen", one, await journey.choose_groups(one))
    await book.take("checklist-groups", one, await journey.press(one, "onboarding:open:checklist:"))
    form = await journey.open_form(one)
    person = world.community.people[one]
    text = person.introduction.get(book.language) or person.lines[0]
    await book.take_form("introduction-form", one, form, text)
    await journey.introduce(one, form)
    await book.take("checklist-introduced", one, journey.screens[one])
    await book.take("introduction-new", one, journey.introduction_of(book.actor(one)))
    for count, greeter in enumerate(("noor", "colette", "kofi", "wren", "ines"), start=1):
        await journey.greet(greeter, one)
        if count in {1, 5}:
            await book.take(f"introduction-{count}", one, journey.introduction_of(book.actor(one)))
    await book.actor(one).send(world.channels["square"], "…")
    await book.take("checklist-done", one, await journey.start(one))
    await book.take("code-again", one, await journey.press(one, "onboarding:open:code:"))
    await book.decide("welcome", delivery="dm")
    other = await book.arrive(1)
    await book.take("welcome-dm", other, journey.letter_of(other, START))
