"""The visitor's stay: behind which door they are, which channel they look at, what they did."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simcord import ChannelHandle, MemberActor, ResponseMessage, UserHandle
from simcord.backend.access import can_access_channel
from simcord.backend.models import Channel, Interaction
from simcord.enums import ChannelType, InteractionType
from simcord.preview import Preview

from demo.community import Language
from demo.furnishing import speak
from demo.journey import Journey
from demo.scenes import Door
from demo.world import LOCALES, World

TEXTUAL = {ChannelType.TEXT, ChannelType.NEWS}
THREADS = {ChannelType.PRIVATE_THREAD, ChannelType.PUBLIC_THREAD}


@dataclass(frozen=True)
class Listed:
    """A channel as the list shows it; ``threads`` are those the visitor may read."""

    id: int
    key: str | None
    name: str
    unread: bool
    threads: tuple["Listed", ...] = ()


class Visit:
    """One preview at a time: opening a channel closes the one before. ``turn`` counts them.

    Whoever acts on the simulated Discord while the page is open holds ``alone``: it refuses a second act meanwhile,
    and a page whose act was refused stays grey for good.
    """

    def __init__(self, world: World, language: Language) -> None:
        self.world = world
        self.journey = Journey(world)
        self.language: Language = language
        self.door: Door = "newcomer"
        self._who: str | None = None
        self.preview: Preview | None = None
        self.turn = 0
        self._seen: dict[int, int] = {}
        self._began = world.env.backend.snowflake()
        self._settings: list[Any] = []
        self.alone = asyncio.Lock()

    # Where the visitor is

    @property
    def key(self) -> str:
        """The person the visitor is: whoever is behind the present door, but for a look over somebody's shoulder."""
        return self._who or self.person_behind(self.door)

    def person_behind(self, door: Door) -> str:
        return self.world.community.behind(door, self.language)

    @property
    def actor(self) -> MemberActor:
        return self.world.members[self.key]

    @property
    def channel(self) -> ChannelHandle | None:
        return self.preview.channel if self.preview else None

    async def open(self, door: Door, language: Language, channel_id: int | None, who: str | None = None) -> None:
        """Go through a door and look at a channel the person can see (else the first). Raises LookupError.

        ``who`` is somebody else whose eyes to look through, for pictures.
        """
        async with self.alone:
            await self._close()
            self.door, self.language, self._who = door, language, who
            await self._step_in()
            handle = self._handle(channel_id)
            viewer: MemberActor | UserHandle = self.actor if handle.guild else self.world.users[self.key]
            self.preview = await self._preview(handle, viewer)
            self.turn += 1
            self.look()

    async def _step_in(self) -> None:
        """The server speaks the visitor's language, and the person is there: a newcomer joins at this instant."""
        await speak(self.world, self.language)
        self.world.env.set_locale(self.world.users[self.key], LOCALES[self.language])
        if self.key not in self.world.members:
            await self.world.arrive(self.key)

    async def _preview(self, handle: ChannelHandle, viewer: MemberActor | UserHandle) -> Preview:
        preview = self.world.env.preview(
            handle,
            viewers=[viewer],
            layout="channel",
            locale=LOCALES[self.language],
            timezone=str(self.world.community.zone),
            assets=self.world.pictures,
        )
        return await preview.__aenter__()

    def _handle(self, channel_id: int | None) -> ChannelHandle:
        visible = {channel.id: channel for channel in self._visible()}
        dm = self.world.users[self.key].dm_channel
        if channel_id == dm.id:
            return dm
        if channel_id is not None and channel_id not in visible:
            raise LookupError(f"no channel {channel_id} for {self.key}")
        chosen = visible[channel_id] if channel_id else next(iter(visible.values()))
        return ChannelHandle(self.world.env, self.world.guild, chosen)

    async def close(self) -> None:
        async with self.alone:
            await self._close()

    async def _close(self) -> None:
        if self.preview is not None:
            preview, self.preview = self.preview, None
            await preview.close()

    async def refresh(self) -> None:
        """Show what changed without the visitor's doing."""
        async with self.alone:
            if (preview := self.preview) is not None:
                await preview.refresh()

    # What the visitor sees

    def _visible(self) -> Iterator[Channel]:
        env, actor = self.world.env, self.actor
        for channel in env.backend.channels.values():
            if channel.guild_id != self.world.guild.id or channel.type not in TEXTUAL | THREADS:
                continue
            if channel.type == ChannelType.PRIVATE_THREAD and actor.id not in channel.thread_members:
                continue
            if can_access_channel(env, channel.id, actor, history=True):
                yield channel

    def channels(self) -> list[tuple[str, list[Listed]]]:
        """Categories and their channels, as this person sees them; the bot's private messages last."""
        visible = list(self._visible())
        threads: dict[int | None, list[Listed]] = defaultdict(list)
        for channel in visible:
            if channel.type in THREADS and not (channel.thread_metadata and channel.thread_metadata.archived):
                threads[channel.parent_id].append(self._listed(channel))
        groups: dict[str, list[Listed]] = {}
        for channel in visible:
            if channel.type in TEXTUAL:
                category = self.world.env.backend.channels.get(channel.parent_id or 0)
                listed = self._listed(channel, tuple(threads.get(channel.id, ())))
                groups.setdefault(category.name or "" if category else "", []).append(listed)
        dm = self.world.users[self.key].dm_channel
        if self.world.env.backend.messages.get(dm.id):
            groups["@"] = [self._listed(self.world.env.backend.channels[dm.id])]
        return list(groups.items())

    def _listed(self, channel: Channel, threads: tuple[Listed, ...] = ()) -> Listed:
        keys = {handle.id: key for key, handle in self.world.channels.items()}
        newest = self._newest(channel.id)
        unread = newest > self._seen.setdefault(channel.id, newest if channel.type in TEXTUAL else 0)
        return Listed(channel.id, keys.get(channel.id), channel.name or "Parvis", unread, threads)

    def _newest(self, channel_id: int) -> int:
        kept = self.world.env.backend.messages.get(channel_id, {})
        return max((message.id for message in kept.values() if not message.is_ephemeral), default=0)

    def look(self) -> None:
        """What stands in the open channel has been seen."""
        if self.channel is not None:
            self._seen[self.channel.id] = self._newest(self.channel.id)

    # What the visitor did

    def interactions(self, kind: InteractionType) -> list[Interaction]:
        """What the person behind the present door sent to the bot during this visit."""
        return [
            one
            for number, one in self.world.env.backend.interactions.items()
            if number > self._began and one.user_id == self.actor.id and one.type == kind
        ]

    def pressed_below(self, message: ResponseMessage | None) -> bool:
        """Whether they pressed something below that message."""
        sent = self.interactions(InteractionType.MESSAGE_COMPONENT)
        return message is not None and any(one.source_message_id == message.id for one in sent)

    def ran(self, command: str) -> bool:
        """Whether they ran that command."""
        sent = self.interactions(InteractionType.APPLICATION_COMMAND)
        return any((one.command_name or "").split(" ")[0] == command for one in sent)

    def wrote(self, channel_id: int) -> bool:
        """Whether they wrote in that channel during this visit."""
        kept = self.world.env.backend.messages.get(channel_id, {})
        return any(number > self._began and one.author_id == self.actor.id for number, one in kept.items())

    def settings_so_far(self) -> list[Any]:
        """The server's settings as each look found them, but for its language, which the page itself changes."""
        known, guild_id = self.world.bot.guild_settings, self.world.guild.id
        present = [known.get(guild_id, one).model_dump(exclude={"language"}) for one in known.sections.all()]
        if not self._settings or self._settings[-1] != present:
            self._settings.append(present)
        return self._settings

    def has_role(self, *keys: str) -> bool:
        """Whether they have one of these roles."""
        member = self.world.env.backend.get_member(self.world.guild.id, self.actor.id)
        return any(self.world.roles[key].id in member.role_ids for key in keys)
