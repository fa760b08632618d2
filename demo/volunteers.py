"""Those who look after newcomers offer themselves, each on the page of their own profile."""

from demo.furnishing import tidy
from demo.pressing import custom_ids, latest, pick, press, reply_to
from demo.world import World

PAGES = {"greeter": ("greeter", "replies:duty:on"), "buddy": ("buddies", "buddies:offer:begin")}
"""A duty's page of the profile, and what begins it."""
WHERE = "square"


async def volunteer(world: World) -> None:
    """Everybody who is there offers what their data says; who turned the first answer on is on call already."""
    for key, actor in world.members.items():
        for duty in world.community.people[key].duties:
            page, begin = PAGES[duty]
            shown = reply_to(await actor.slash(world.channels[WHERE], "profile"))
            await pick(actor, shown, "profile:page:", page)
            shown = latest(actor, shown)
            if begin in custom_ids(shown.components):
                await press(actor, shown, begin)
    tidy(world, WHERE)
