"""The demo's page: who is answered, in which language, and what each door shows."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.errors import StartupError
from demo import cli
from demo.page.server import HOST, DemoServer
from demo.scenes import DOORS, tasks
from demo.simulation import Simulation

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def client(server: DemoServer):
    async with aiohttp.ClientSession(server.url) as session:
        yield session


def carrying(server: DemoServer) -> dict[str, str]:
    return {"X-Demo-Token": server.token}


async def opened(client: aiohttp.ClientSession, server: DemoServer, door: str, **where: str) -> dict[str, Any]:
    asked = {"door": door, "language": "en", **where}
    async with client.post("/demo/open", json=asked, headers=carrying(server)) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_it_listens_on_loopback_only(server: DemoServer) -> None:
    assert server._runner is not None
    assert [address[0] for address in server._runner.addresses] == [HOST]


async def test_a_request_that_names_another_host_is_refused(client: aiohttp.ClientSession, server: DemoServer) -> None:
    for host in ("example.org", "127.0.0.1.example.org", "127.0.0.1:1", ""):
        for path in ("/", "/demo/state", "/demo/discord", "/app.js", "/api/state"):
            async with client.get(path, headers={"Host": host, **carrying(server)}) as answer:
                assert answer.status in {400, 403}, (host, path)


async def test_nothing_is_opened_or_told_without_the_pages_token(
    client: aiohttp.ClientSession, server: DemoServer
) -> None:
    for headers in ({}, {"X-Demo-Token": "guess"}):
        async with client.get("/demo/state", headers=headers) as answer:
            assert answer.status == 401
        async with client.post("/demo/open", json={"door": "builder", "language": "en"}, headers=headers) as answer:
            assert answer.status == 401
    assert server.visit.preview is None
    async with client.get("/demo/state", headers=carrying(server)) as answer:
        assert answer.status == 409, "no door is open yet"


async def test_the_page_speaks_the_browsers_language_unless_asked_otherwise(
    client: aiohttp.ClientSession, server: DemoServer
) -> None:
    async def language(path: str, accepts: str) -> str:
        async with client.get(path, headers={"Accept-Language": accepts}) as answer:
            text = await answer.text()
            return "fr" if "Laquelle prends-tu" in text else "en" if "Which one do you take" in text else "?"

    assert await language("/", "fr-CA,fr;q=0.9,en;q=0.8") == "fr"
    assert await language("/", "en-GB,en;q=0.9,fr;q=0.8") == "en"
    assert await language("/", "de-DE,de;q=0.9") == "en"
    assert await language("/", "de-DE,fr;q=0.5") == "fr"
    assert await language("/?lang=fr", "en") == "fr"
    server.forced = "fr"
    assert await language("/", "en") == "fr"
    assert await language("/?lang=en", "en") == "en"


async def test_every_door_has_a_person_and_a_short_list_of_things_to_try(
    client: aiohttp.ClientSession, server: DemoServer
) -> None:
    async with client.get("/", headers={"Accept-Language": "en"}) as answer:
        page = await answer.text()
    for door in DOORS:
        assert 3 <= len(tasks(door)) <= 6
        assert all(f'id="task-{task.key}"' in page for task in tasks(door))
        state = await opened(client, server, door)
        assert state["door"] == door
        assert state["src"].startswith("/demo/discord?")


async def test_each_door_shows_the_channels_its_person_can_see(
    client: aiohttp.ClientSession, server: DemoServer
) -> None:
    async def channels(door: str) -> set[str]:
        state = await opened(client, server, door)
        return {channel["key"] for group in state["groups"] for channel in group["channels"]}

    everybodys = {"welcome", "news", "introductions", "square", "showcase", "help", "electronics", "bikes", "textile"}
    assert await channels("newcomer") == everybodys | {"wood"}
    assert await channels("member") == everybodys | {"wood", "greeters"}
    teams = everybodys | {"wood", "greeters", "staff", "modlog"}
    assert await channels("moderator") == await channels("builder") == teams


async def test_a_newcomer_joins_when_the_visitor_opens_that_door_and_has_a_private_welcome(
    client: aiohttp.ClientSession, server: DemoServer, story: Simulation
) -> None:
    assert "camille" not in story.world.members
    state = await opened(client, server, "newcomer", language="fr")
    assert "camille" in story.world.members
    [welcome] = [channel for group in state["groups"] for channel in group["channels"] if channel["key"] == "welcome"]
    [thread] = welcome["threads"]
    assert thread["name"] == "Bienvenue, Camille"
    assert thread["unread"]
    state = await opened(client, server, "newcomer", language="fr", channel=thread["id"])
    assert state["open"] == thread["id"]
    assert state["done"] == []


async def test_a_channel_the_person_does_not_see_is_not_opened(
    client: aiohttp.ClientSession, server: DemoServer, story: Simulation
) -> None:
    staff = story.world.channels["staff"].id
    asked = {"door": "member", "language": "en", "channel": str(staff)}
    async with client.post("/demo/open", json=asked, headers=carrying(server)) as answer:
        assert answer.status == 404
    for wrong in ({"door": "window", "language": "en"}, {"door": "member", "language": "tlh"}):
        async with client.post("/demo/open", json=wrong, headers=carrying(server)) as answer:
            assert answer.status == 400


async def test_switching_the_channel_ends_the_preview_before(client: aiohttp.ClientSession, server: DemoServer) -> None:
    first = await opened(client, server, "member", key="square")
    second = await opened(client, server, "member", key="wood")
    assert second["turn"] == first["turn"] + 1
    old, new = (state["src"].partition("#")[2] for state in (first, second))
    for capability, status in ((old, 401), (new, 200), ("", 401)):
        async with client.post("/api/pages", json={}, headers={"X-Simcord-Capability": capability}) as answer:
            assert answer.status == status


async def test_french_readers_get_french_commands_from_the_preview(
    client: aiohttp.ClientSession, server: DemoServer
) -> None:
    async def commands(language: str) -> set[str]:
        state = await opened(client, server, "builder", key="staff", language=language)
        headers = {"X-Simcord-Capability": state["src"].partition("#")[2]}
        async with client.post("/api/pages", json={}, headers=headers) as answer:
            context = (await answer.json())["context"]["id"]
        async with client.get("/api/commands", headers={**headers, "X-Simcord-Context": context}) as answer:
            return {entry["invocation"] for entry in (await answer.json())["entries"]}

    assert {"welcome", "groups", "settings"} <= await commands("en")
    assert {"bienvenue", "groupes", "reglages"} <= await commands("fr")


class Opened:
    """simcord's page of an open channel: what its script would send."""

    def __init__(self, client: aiohttp.ClientSession, state: dict[str, Any]) -> None:
        self.client = client
        self.headers = {"X-Simcord-Capability": state["src"].partition("#")[2]}
        self.snapshot: dict[str, Any] = {}

    async def __aenter__(self) -> "Opened":
        async with self.client.post("/api/pages", json={}, headers=self.headers) as answer:
            self.snapshot = await answer.json()
        self.headers["X-Simcord-Context"] = self.snapshot["context"]["id"]
        return self

    async def __aexit__(self, *_: object) -> None:
        path = f"/api/pages/{self.headers['X-Simcord-Context']}"
        async with self.client.delete(path, headers=self.headers) as answer:
            assert answer.status == 200

    async def say(self, text: str) -> dict[str, Any]:
        """The receipt of the first act of this page: a message."""
        body = {
            "protocol_version": 3,
            "kind": "send_message",
            "sequence": 1,
            "request_id": text,
            "generation": self.snapshot["context"]["generation"],
            "bot_generation": self.snapshot["botGeneration"],
            "published_revision": self.snapshot["publishedRevision"],
            "content": text,
        }
        async with self.client.post("/api/action", json=body, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


async def test_what_the_visitor_does_while_the_community_acts_is_done_right_after(
    client: aiohttp.ClientSession, server: DemoServer, story: Simulation
) -> None:
    square = story.world.channels["square"]
    async with Opened(client, await opened(client, server, "member", key="square")) as page:
        async with server.visit.alone, story.world.env.together():
            saying = asyncio.create_task(page.say("In the middle of it"))
            await asyncio.wait({saying}, timeout=0.3)
            assert not saying.done()
        receipt = await saying
        assert (receipt["rejected"], receipt["settlement"]) == (False, "settled")
        assert square.history()[-1].content == "In the middle of it"


async def test_what_the_visitor_does_counts_though_the_channel_changed_since_their_page_looked(
    client: aiohttp.ClientSession, server: DemoServer, story: Simulation
) -> None:
    square = story.world.channels["square"]
    async with Opened(client, await opened(client, server, "member", key="square")) as page:
        await server.visit.refresh()
        receipt = await page.say("Just now")
        assert (receipt["rejected"], receipt["settlement"]) == (False, "settled")
        assert square.history()[-1].content == "Just now"


async def test_the_community_greets_the_visitors_introduction_and_answers_the_first_message_that_stands(
    client: aiohttp.ClientSession, server: DemoServer, story: Simulation
) -> None:
    await opened(client, server, "newcomer")
    for step in ("accept", "groups", "introduce"):
        await story.journey.take("robin", step)
    robin, square = story.world.members["robin"], story.world.channels["square"]
    async with server.visit.alone:
        await robin.send(square, "Is anybody here?")
        async with client.get("/demo/state", headers=carrying(server)) as answer:
            assert answer.status == 200
        await robin.delete(square.history()[-1])
    while server.neighbours is not None and server.neighbours.answering:
        await asyncio.sleep(0.05)
    await robin.send(square, "Hello!")
    for _ in range(100):
        async with client.get("/demo/state", headers=carrying(server)) as answer:
            state = await answer.json()
        introduction = story.journey.introduction_of(story.world.members["robin"])
        assert introduction is not None
        greeters = [
            key for key in ("sacha", "colette") if str(story.world.users[key].id) in str(introduction.components)
        ]
        replied = square.history()[-1].author.name == "aicha"
        if len(greeters) == 2 and replied:
            break
        await asyncio.sleep(0.1)
    assert greeters == ["sacha", "colette"]
    assert replied
    assert set(state["done"]) == {"newcomer-start", "newcomer-accept", "newcomer-choose_groups", "newcomer-introduce"}


async def test_a_busy_port_is_one_line_that_names_the_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartupError) as refusal:
            cli.demo(port=port, lang=None, headless=False, out=None, seed=1, weeks=4)
    text = refusal.value.message.format(**refusal.value.params)
    assert str(port) in text
    assert "--port" in text
    assert "\n" not in text
