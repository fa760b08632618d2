"""Promise 24: killed between Discord's acceptance and the commit, restarted at once or a day later: one post."""

import pytest

from tests.loopback.process import BotProcess
from tests.process.house import House, build

pytestmark = pytest.mark.process
LATER = [pytest.param({}, id="at once"), pytest.param({"days": 1}, id="a day later")]


def posting(channel_id: int) -> str:
    """The path to which a post in this channel goes."""
    return f"/channels/{channel_id}/messages"


@pytest.fixture
async def house(loopback, tmp_path) -> House:
    return await build(loopback, f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}")


@pytest.fixture
async def process(loopback, house, bot_process) -> BotProcess:
    loopback.interaction_seconds = 60  # this is not about being quick
    process = bot_process()
    await process.start()
    await process.ready()
    await process.said("counting begins")
    return process


async def restart(loopback, house: House, process: BotProcess, later: dict[str, float]) -> None:
    """Kill it, let that much time pass with people talking meanwhile, and start it again."""
    await process.kill9()
    loopback.faults.clear()
    loopback.move_clock(**later)
    talker = house.guild.add_member("talker")
    for number in range(120):
        await talker.say(house.introductions, f"message {number}")
        await talker.say(house.panel, f"message {number}")
    await process.start()
    await process.ready()


@pytest.mark.parametrize("later", LATER)
async def test_an_introduction_is_posted_once(loopback, house, process, later):
    nora = house.newcomer()
    lost = loopback.faults.swallow_answer("POST", posting(house.introductions.id))
    await house.introduce(nora, wait=None)
    await lost.happened()
    await restart(loopback, house, process, later)
    await process.said("caught up")
    await loopback.settled(timeout=60)
    assert len(house.post(nora)) == 1
    # and the restarted bot knows which one it is: a greeting is drawn below it
    greeter = house.guild.add_member("greta")
    (post,) = house.post(nora)
    await greeter.click(post, "onboarding:hello:")
    await loopback.requests.seen("PATCH", f"/channels/{house.introductions.id}/messages/{post.id}")
    assert nora.has(house.member_role)


@pytest.mark.parametrize("later", LATER)
async def test_a_panel_is_posted_once(loopback, house, process, later):
    owner = house.guild.owner
    shown = await owner.slash("settings", section="welcome", wait=10)
    lost = loopback.faults.swallow_answer("POST", posting(house.panel.id))
    await owner.click(shown.response, "onboarding:publish", wait=None)
    await lost.happened()
    await restart(loopback, house, process, later)
    await process.said("caught up")
    await owner.click(shown.response, "onboarding:publish", wait=10)
    await loopback.settled(timeout=60)
    assert len(house.panels()) == 1
