"""The real bot with the welcome turned on in a small server, and newcomers who press its buttons."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import discord
import pytest
from simcord import ChannelHandle, MemberActor, RoleHandle
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from cogs.conduct.code.rules.document import Document
from tests.conftest import Stage

STEPS = ("screening", "code", "groups", "introduction", "first_message", "first_reply")


def walk(part: Any) -> Iterator[dict[str, Any]]:
    """Every component, however deep, of a message's components as Discord sends them."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from walk(one)
    elif isinstance(part, dict):
        yield part
        for value in part.values():
            if isinstance(value, dict | list):
                yield from walk(value)


def raw(message: Any) -> list[Any]:
    """A message's components as plain values, whoever shows it."""
    found = message.components
    return [part if isinstance(part, dict) else part.to_dict() for part in found]


def shown(message: Any) -> str:
    """Everything the message says."""
    texts = [part[key] for part in walk(raw(message)) for key in ("content", "label") if isinstance(part.get(key), str)]
    return "\n".join([message.content or "", *texts])


def buttons(message: Any) -> dict[str, str]:
    """custom_id of every component, by its label (a menu's by its placeholder)."""
    return {
        str(part.get("label") or part.get("placeholder")): part["custom_id"]
        for part in walk(raw(message))
        if "custom_id" in part
    }


@dataclass
class House:
    """The welcome of a server as people meet it."""

    stage: Stage
    panel: ChannelHandle
    intros: ChannelHandle
    member_role: RoleHandle
    gardening: RoleHandle
    chess: RoleHandle

    @property
    def env(self) -> Any:
        return self.stage.env

    @property
    def guild(self) -> Any:
        return self.stage.guild

    async def change(self, section: str, **fields: Any) -> None:
        """Change a section of the settings as the bot itself would."""
        bot = self.stage.bot
        await self.do(bot.guild_settings.change(self.guild.id, bot.sections.named(section), by=None, **fields))

    async def require(self, *required: str) -> None:
        """All steps in the usual order, these of them required."""
        await self.change("welcome", steps=[{"step": step, "required": step in required} for step in STEPS])

    async def publish(self) -> discord.Message:
        """Post the panel as the settings' button does."""
        from cogs.onboarding.effects import publish_panel

        await self.do(publish_panel(self.stage.bot, self.stage.server))
        return self.panel.last_message

    async def publish_code(self, preamble: str = "Be kind.", *, major: bool = False) -> None:
        """Publish the code of conduct with another preamble, as its editor does."""
        from cogs.conduct.code.service import Codes

        codes, guild_id = self.stage.bot.service(Codes), self.guild.id
        edit = partial(Document.with_passages, preamble={"en": preamble}, ending={})
        draft = await self.do(codes.edit(guild_id, edit, by=1))
        await self.do(codes.publish(guild_id, revision=draft.revision, major=major, by=1))

    async def join(self, name: str = "nora", *, locale: str = "en-GB", pending: bool = False) -> "Newcomer":
        user = self.env.create_user(name)
        self.env.set_locale(user, locale)
        return Newcomer(self, await self.env.join(self.guild, user, pending=pending))

    async def facts(self) -> Counter[tuple[str, int]]:
        """(kind, member) of every contribution that counts, days of activity aside."""
        from bot.community.models import Contribution

        async with self.stage.bot.db.read() as session:
            rows = (await session.scalars(select(Contribution))).all()
        assert all(row.revision == 1 and row.revoked_at is None for row in rows)
        return Counter((row.kind, row.user_id) for row in rows if row.kind != "active_day")

    def threads(self) -> list[discord.Thread]:
        """The private threads the bot has opened and not archived."""
        return [thread for thread in self.stage.server.threads if not thread.archived]

    def handle(self, thread: discord.Thread) -> ChannelHandle:
        return ChannelHandle(self.env, self.guild, self.env.backend.get_channel(thread.id))

    async def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something of the bot's own, and let it react to what follows."""
        async with self.env._acting("the bot's own"):
            with self.env._bot_scope():
                task = asyncio.get_running_loop().create_task(work)
        return await task

    async def leap(self, **amount: float) -> None:
        """So much later, at once: what falls due meanwhile runs late, and housekeeping once instead of each hour."""
        async with self.env.together() as world:
            world.advance_clock(timedelta(**amount).total_seconds())

    @contextmanager
    def repeated(self, times: int) -> Iterator[None]:
        """Whatever somebody does meanwhile arrives so many times at once: impatient clicks, two devices."""
        world, emit = self.env.backend, self.env.backend.emit

        def multiplied(event: str, payload: Any) -> None:
            emit(event, payload)
            if event != "INTERACTION_CREATE":
                return
            first = world.interactions[int(payload["id"])]
            for _ in range(times - 1):
                record = world.new_interaction(payload["type"], first.channel_id, first.user_id, first.guild_id)
                record.source_message_id = first.source_message_id
                emit(event, {**payload, "id": str(record.id), "token": record.token})

        world.emit = multiplied
        try:
            yield
        finally:
            world.emit = emit

    # What people with power do to the server

    async def deny(self, channel: ChannelHandle, *permissions: str) -> None:
        """Take these permissions from the bot in a channel."""
        _, denied = discord.PermissionOverwrite(**dict.fromkeys(permissions, False)).pair()
        async with self.env._acting("deny") as world:
            world.set_overwrite(channel.id, Overwrite(self.env.bot.user.id, OverwriteType.MEMBER, 0, denied.value))

    async def allow(self, channel: ChannelHandle) -> None:
        """Give everything back."""
        async with self.env._acting("allow") as world:
            world.delete_overwrite(channel.id, self.env.bot.user.id)

    async def empower(self, role: RoleHandle, **permissions: bool) -> None:
        """Change what a role may do."""
        async with self.env._acting("role") as world:
            value = discord.Permissions(**permissions).value
            world.edit_role(self.guild.id, role.id, {"permissions": value})

    async def move(self, role: RoleHandle, position: int) -> None:
        async with self.env._acting("role") as world:
            world.edit_role(self.guild.id, role.id, {"position": position})

    async def delete(self, what: RoleHandle | ChannelHandle) -> None:
        async with self.env._acting("delete") as world:
            if isinstance(what, RoleHandle):
                world.delete_role(self.guild.id, what.id)
            else:
                world.delete_channel(what.id)

    def told(self) -> list[str]:
        """What the team was told in its channel."""
        return [message.content for message in self.stage.staff.history()]

    def requests(self, method: str, part: str) -> list[Any]:
        """What the bot asked of Discord."""
        return [r for r in self.env.backend.http_requests if r.method == method and part in r.path]


@dataclass
class Newcomer:
    """Somebody on their way, with the private message in front of them."""

    house: House
    actor: MemberActor
    screen: Any = None

    @property
    def id(self) -> int:
        return self.actor.id

    @property
    def text(self) -> str:
        return shown(self.screen)

    @property
    def roles(self) -> set[int]:
        member = self.house.stage.server.get_member(self.id)
        assert member is not None
        return {role.id for role in member.roles} - {self.house.guild.id}

    async def open(self, command: str = "welcome") -> Any:
        """Run a command; its private answer is the screen from now on."""
        result = await self.actor.slash(self.house.stage.general, command)
        self.screen = result.response
        return result

    async def start(self, message: discord.Message) -> Any:
        """Press Start on the panel or on a private welcome."""
        custom_id = next(one for one in buttons(message).values() if one.startswith("onboarding:start:"))
        result = await self.actor.click(message, custom_id=custom_id)
        self.screen = result.response
        return result

    async def press(self, label: str) -> Any:
        """Press a button of the screen."""
        return await self.actor.click(self.screen, custom_id=buttons(self.screen)[label])

    async def choose(self, *roles: Any) -> Any:
        """Choose exactly these groups in the menu on the screen."""
        menu = next(one for one in buttons(self.screen).values() if one.startswith("onboarding:groups:"))
        return await self.actor.select(self.screen, values=[str(role.id) for role in roles], custom_id=menu)

    async def write(self, *answers: str, label: str = "Write") -> Any:
        """Open the form and send it."""
        form = await self.press(label)
        return await self.actor.submit_modal(form, {f"answer{n}": answer for n, answer in enumerate(answers)})


@pytest.fixture
def restart(env: Any, make_bot: Any) -> Any:
    """Another process of the bot on the same database; `crash=True` and the old one merely vanishes."""

    async def restart(*, crash: bool = False) -> None:
        await env.restart(make_bot(), crash=crash)
        await env.settle()

    return restart


@pytest.fixture
def bot_options() -> dict[str, Any]:
    return {"features": ("administration", "onboarding")}


@pytest.fixture
async def house(stage: Stage) -> House:
    guild = stage.guild
    made = House(
        stage,
        guild.create_text_channel("welcome"),
        guild.create_text_channel("introductions"),
        guild.create_role("Member"),
        guild.create_role("Gardening"),
        guild.create_role("Chess"),
    )
    await stage.env.settle()
    await made.change("community", staff_channel=stage.staff.id)
    await made.change(
        "welcome",
        enabled=True,
        panel_channel=made.panel.id,
        introductions_channel=made.intros.id,
        member_role=made.member_role.id,
        purpose_en="Neighbours share tools here.",
        purpose_fr="Ici, on partage des outils entre voisins.",
    )
    await made.change(
        "groups",
        groups=[
            {"role": made.gardening.id, "emoji": "🌱", "en": "Seeds and balconies", "fr": "Graines et balcons"},
            {"role": made.chess.id, "en": "Thursday evenings", "fr": "Le jeudi soir"},
        ],
    )
    return made
