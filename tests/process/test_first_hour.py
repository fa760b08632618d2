"""A French-speaking builder's first hour, on Discord as it answers: invited with little, set up, a newcomer welcomed.

The whole way costs one question and the clicks counted here; a change that makes it longer has to change this number.
"""

import asyncio

import pytest

from bot.invitation import PERMISSIONS
from tests.loopback.interactions import text_of
from tests.loopback.models import PRIVATE_THREAD

pytestmark = pytest.mark.process

CLICKS = 5
"""Set up, the one question, straight to the review, look again after giving what lacks, Apply."""


async def seen(find, seconds=20):
    """What ``find`` gives, as soon as it gives something."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not (found := find()):
        assert loop.time() < until, "it never came"
        await asyncio.sleep(0.05)
    return found


async def test_from_the_invitation_to_a_welcomed_newcomer(loopback, bot_process):
    process = bot_process()
    await process.start()
    await process.ready()
    house = loopback.create_guild("La Fabrique", permissions=tuple(PERMISSIONS), silent=False, locale="fr")
    general = house.text_channel("général")
    builder = house.owner
    builder.locale, clicks = "fr", 0

    async def click(message, custom_id, *values):
        nonlocal clicks
        clicks += 1
        return (await builder.click(message, custom_id, *values, wait=20)).response

    [arrival] = await seen(lambda: house.messages(general))
    assert "Installer" in text_of(arrival)
    wizard = await click(arrival, "administration:arrived:")
    assert "À quoi sert La Fabrique ?" in text_of(wizard).replace("\u202f", " ")
    wizard = await click(wizard, "setup:objective:", "engagement")
    wizard = await click(wizard, "setup:go:review")
    assert "Gérer les salons" in text_of(wizard), "what the small invitation lacks is said, with the way to give it"
    house.set_bot_permissions(*PERMISSIONS, "manage_channels")
    wizard = await click(wizard, "setup:go:review")
    assert "Gérer les salons" not in text_of(wizard)
    await click(wizard, "setup:apply:")
    assert clicks == CLICKS

    await seen(lambda: [c for c in house.state.channels.values() if "onboarding:start" in str(c.messages.values())])
    member = next(role for role in house.state.roles.values() if role.name == "Membre")
    nora = house.add_member("nora")
    nora.locale = "fr"
    [thread] = await seen(
        lambda: [c for c in house.threads() if c.kind == PRIVATE_THREAD and nora.id in c.thread.members]
    )
    # after Discord's own line that nora was added
    [welcome] = await seen(lambda: [m for m in house.messages(thread) if "onboarding:start" in str(m.components)])
    assert "La Fabrique" in text_of(welcome)
    listed = (await nora.click(welcome, "onboarding:start:", wait=20)).response
    code = (await nora.click(listed, "onboarding:open:code", wait=20)).response
    steps = (await nora.click(code, "onboarding:accept:", wait=20)).response
    opened = await nora.click(steps, "onboarding:write:", wait=20)
    await nora.submit(opened, {"answer0": "J’ai un vieux vélo à réparer."}, wait=20)
    await seen(lambda: nora.has(member))
    [posted] = await seen(
        lambda: [m for c in house.state.channels.values() for m in c.messages.values() if "vélo" in text_of(m)]
    )
    assert (await builder.click(posted, "onboarding:hello:", wait=20)).response is not None
