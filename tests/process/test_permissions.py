"""Promise 10: whatever permission is missing, the bot asks Discord nothing that Discord must refuse."""

import asyncio

import pytest

from tests.loopback import LoopbackDiscord, MemberHandle
from tests.loopback.permissions import flag
from tests.loopback.process import BotProcess
from tests.process.house import House, furnish, turn_on

pytestmark = pytest.mark.process
IN_CHANNELS = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_private_threads",
    "embed_links",
    "attach_files",
    "read_message_history",
    "manage_threads",
    "manage_messages",
    "add_reactions",
)
IN_GUILD = ("manage_roles", "manage_guild", "moderate_members", "view_audit_log", "ban_members", "manage_channels")

OTHERS = ("a role below", "hidden from newcomers")


def without(loopback: LoopbackDiscord) -> dict[str, House]:
    """One guild for each thing that may be missing, and one that has all."""
    houses = {name: furnish(loopback, name) for name in ("all there", "all", *OTHERS, *IN_CHANNELS, *IN_GUILD)}
    for name in IN_CHANNELS:
        for channel in (houses[name].panel, houses[name].introductions):
            houses[name].guild.overwrite(channel, houses[name].guild.bot_role, deny=name)
    for name in IN_GUILD:
        houses[name].guild.bot_role.permissions &= ~flag(name)
    hidden = houses["hidden from newcomers"]
    hidden.guild.overwrite(hidden.panel, hidden.guild.state.everyone, deny="view_channel")
    hidden.guild.overwrite(hidden.panel, hidden.guild.bot_role, allow="view_channel")
    low = houses["a role below"]
    low.member_role.position = low.guild.bot_role.position + 1
    none = houses["all"]
    none.guild.bot_role.permissions = 0
    for channel in (none.panel, none.introductions):
        none.guild.overwrite(channel, none.guild.bot_role, deny=" ".join(IN_CHANNELS))
    return houses


async def live(house: House) -> None:
    """A newcomer's whole way, and the team posting the panel; the bot may say that it cannot."""
    owner = house.guild.owner
    shown = await owner.slash("settings", section="welcome", wait=20)
    assert shown.response is not None
    await owner.click(shown.response, "onboarding:publish", wait=20)
    nora = house.newcomer()
    await introduce(house, nora)
    greeter = house.guild.add_member("greta")
    for post in house.post(nora):
        await greeter.click(post, "onboarding:hello:", wait=20)
    if house.introductions.id in house.guild.state.channels:
        await greeter.say(house.introductions, f"<@{nora.id}> welcome!")
    nora.leave()
    nora.rejoin()


async def introduce(house: House, nora: MemberHandle) -> None:
    """As far as the bot lets them: without a channel to post in, there is nothing to write."""
    listed = await nora.slash("welcome", wait=20)
    assert listed.response is not None
    if "onboarding:write:" in str(listed.response.components):
        opened = await nora.click(listed.response, "onboarding:write:", wait=20)
        if opened.modal is not None:
            await nora.submit(opened, {"answer0": "I come for the gardens."}, wait=20)


@pytest.fixture
async def process(loopback, bot_process) -> BotProcess:
    loopback.interaction_seconds = 60  # many guilds at once on a busy machine: this is not about being quick
    return bot_process()


async def test_nothing_is_asked_that_a_missing_permission_forbids(loopback, process, tmp_path):
    houses = without(loopback)
    await turn_on(f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}", *houses.values())
    await process.start()
    await process.ready()
    await process.said("counting begins")
    ends = await asyncio.gather(*(live(house) for house in houses.values()), return_exceptions=True)
    failed = {name: end for name, end in zip(houses, ends, strict=True) if end is not None}
    assert failed == {}, process.text[-6000:]
    await loopback.settled(timeout=30)
    assert refusals(loopback, houses) == {}
    assert len(houses["all there"].panels()) == 1
    assert houses["all"].panels() == []


async def test_nothing_is_asked_that_became_forbidden_meanwhile(loopback, process, tmp_path):
    house = furnish(loopback)
    await turn_on(f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}", house)
    await process.start()
    await process.ready()
    await process.said("counting begins")
    await live(house)
    await loopback.settled(timeout=60)  # what is on its way when a permission goes cannot know
    for channel in (house.panel, house.introductions):
        house.guild.overwrite(channel, house.guild.bot_role, deny=" ".join(IN_CHANNELS))
    house.guild.set_bot_permissions()
    await loopback.caught_up()
    await live(house)
    await loopback.settled(timeout=60)
    house.guild.delete_channel(house.introductions)
    house.guild.delete_role(house.member_role)
    await loopback.caught_up()
    await live(house)
    await loopback.settled(timeout=30)
    assert refusals(loopback, {"it": house}) == {}


def refusals(loopback: LoopbackDiscord, houses: dict[str, House]) -> dict[str, tuple[str, int | None]]:
    """What Discord refused, by the guild in which it happened."""
    return {
        next((name for name, h in houses.items() if str(h.guild.id) in r.path or str(h.panel.id) in r.path), r.path): (
            f"{r.method} {r.route}",
            r.code,
        )
        for r in loopback.requests.invalid()
    }
