"""Tells a scene: what happens in words for the transcript, and in pictures where there is a browser."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self

import discord
from babel.dates import format_date, format_datetime
from simcord import InteractionResult, ResponseMessage

from bot.i18n.localizer import Localizer
from demo.community import Language
from demo.journey import Journey
from demo.scenes import Door
from demo.world import World

CHANNEL, ROLE = re.compile(r"<#(\d+)>"), re.compile(r"<@&(\d+)>")
COMMAND = re.compile(r"</([^:>]+):(\d+)>")
JUMP = re.compile(r"\[([^\]]+)\]\(https://discord\.com/channels/[\d/]+\)")
TIMESTAMP = re.compile(r"<t:(\d+)(?::(\w))?>")
DATES = {"d", "D"}
"""Styles of a timestamp that say the day and not the hour."""


class Camera(Protocol):
    """Takes pictures of what somebody sees."""

    async def message(
        self, name: str, door: Door, shown: ResponseMessage | discord.Message, who: str | None = None
    ) -> Path | None:
        """A message as the person behind a door sees it, or somebody else (a key)."""

    async def form(
        self, name: str, door: Door, shown: InteractionResult, text: str, who: str | None = None
    ) -> Path | None:
        """A form that was opened, with a text written into its first field."""

    def elsewhere(self, world: World) -> Self:
        """A camera in another server."""


@dataclass
class Telling:
    """One telling, in one language. Scenes call its methods; ``lines`` is the transcript so far, in Markdown."""

    world: World
    journey: Journey
    language: Language
    t: Localizer
    camera: Camera
    lines: list[str] = field(default_factory=list)

    def elsewhere(self, world: World) -> Self:
        """The same story, going on in another server."""
        return replace(self, world=world, journey=Journey(world), camera=self.camera.elsewhere(world))

    def person(self, door: Door) -> str:
        """The key of the person behind a door, in this telling's language."""
        return self.world.community.behind(door, self.language)

    def name(self, key: str) -> str:
        return self.world.community.people[key].name

    def heading(self, title: str) -> None:
        self.lines += [f"## {self.t(title)}", ""]

    def tell(self, text: str, **words: Any) -> None:
        """A sentence of the story; ``text`` is an ``N_`` text."""
        self.lines += [self.t(text, **words), ""]

    def quote(self, message: ResponseMessage) -> None:
        """What the bot says in a message, with its buttons in brackets."""
        content = [message.content] if message.content else []
        for line in (*content, *spoken(message.components)):
            self.lines += [_quoted(part) for part in self._readable(line).splitlines()]
        self.lines.append("")

    def _readable(self, text: str) -> str:
        """Mentions by name and times by the clock of the place, as readers see them; a transcript holds no ids."""
        text = JUMP.sub(r"\1", TIMESTAMP.sub(self._at, text))
        for key, user in self.world.users.items():
            text = text.replace(f"<@{user.id}>", f"@{self.name(key)}")
        commands = {one["id"]: one for scope in self.world.env.backend.commands.values() for one in scope.values()}
        text = COMMAND.sub(lambda found: f"/{self._named(commands.get(int(found[2])), found[1])}", text)
        server = self.world.server
        text = CHANNEL.sub(lambda found: f"#{server.get_channel(int(found[1]))}", text)
        return ROLE.sub(lambda found: f"@{server.get_role(int(found[1]))}", text)

    def _named(self, command: Mapping[str, Any] | None, name: str) -> str:
        """A command as Discord writes it for this reader."""
        if command is None or self.language == "en":
            return name
        return str((command.get("name_localizations") or {}).get("fr", name))

    def _at(self, found: re.Match[str]) -> str:
        at, zone = datetime.fromtimestamp(int(found[1]), UTC), self.world.community.zone
        if found[2] in DATES:
            return format_date(at.astimezone(zone), "long", locale=self.language)
        return format_datetime(at, "short", tzinfo=zone, locale=self.language)

    async def picture(self, name: str, alt: str, door: Door, shown: ResponseMessage, *, who: str | None = None) -> None:
        """Show a message; ``alt`` (``N_``) says what is to be seen, ``who`` sees what no door leads to."""
        self._placed(name, alt, await self.camera.message(name, door, shown, who))

    async def picture_of_form(
        self, name: str, alt: str, door: Door, shown: InteractionResult, text: str, *, who: str | None = None
    ) -> None:
        """Show an open form with a text in its first field."""
        self._placed(name, alt, await self.camera.form(name, door, shown, text, who))

    def _placed(self, name: str, alt: str, path: Path | None) -> None:
        if path is not None:
            self.lines += [f"![{self.t(alt)}]({self.language}/{path.name})", ""]


def _quoted(line: str) -> str:
    """A line of a quotation that stays a line; Discord's small print, which Markdown lacks, as a subscript."""
    if line.startswith("-# "):
        line = f"<sub>{line.removeprefix('-# ')}</sub>"
    return f"> {line}  " if line else ">"


def spoken(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The texts of a message's components in reading order; what can be pressed in brackets."""
    for component in components:
        if text := component.get("content"):
            yield str(text)
        if options := component.get("options"):
            chosen = [str(option["label"]) for option in options if option.get("default")]
            yield f"[{', '.join(chosen) or component.get('placeholder') or ''} ▾]"
        elif label := component.get("label"):
            yield f"[{label}]"
        for inner in ("components", "accessory"):
            nested = component.get(inner)
            if isinstance(nested, Mapping):
                yield from spoken([nested])
            elif nested:
                yield from spoken(nested)
