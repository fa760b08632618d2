"""What the team looks at: the funnel, and the invites."""

from demo.album.book import Book
from demo.pressing import reply_to


async def team(book: Book) -> None:
    world, staff = book.world, book.person("builder")
    await book.take(
        "newcomers-none", staff, reply_to(await book.actor(staff).slash(world.channels["staff"], "newcomers"))
    )
    await book.decide("invites", enabled=True)
    await world.env.pass_time(minutes=1)
    await book.take("invites-none", staff, await book.panel("invites", "onboarding:invites"))
    invites = [world.env.create_invite(world.members[key], world.channels["welcome"]) for key in ("noor", "tomek")]
    await world.env.pass_time(minutes=1)
    for place, invite in ((0, 0), (1, 0), (2, 1)):
        key = book.newcomers[place]
        world.members[key] = await world.env.join(world.guild, world.users[key], invite=invites[invite])
        await world.env.pass_time(minutes=2)
    shown = await book.panel("invites", "onboarding:invites")
    await book.take("invites", staff, shown)
    await book.pressed("invites-people", staff, shown, ("onboarding:invites:person:",))
    for step in ("accept", "groups", "introduce"):
        await book.journey.take(book.newcomers[0], step)
    await book.journey.greet("noor", book.newcomers[0])
    await book.take("newcomers", staff, reply_to(await book.actor(staff).slash(world.channels["staff"], "newcomers")))
