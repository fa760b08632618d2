"""Posts with a memory: sent once whatever crashes, or one living message that is brought up to date.

``bot.posting`` says how Discord recognises a repeated attempt; this keeps the attempt and its result in a table, for
posts that have no row of their own elsewhere. No Discord call is made inside a transaction.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import discord
from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock, now
from bot.database import Base, Database, NoMemberData, Snowflake, Transaction
from bot.permissions.channels import ChannelGone, MissingInChannel, missing_permissions
from bot.posting import NONCE_TRUSTED, custom_ids, find_post, nonce_of

Channel = discord.TextChannel | discord.Thread
Posted = discord.Message | discord.PartialMessage
Build = Callable[[], Mapping[str, Any]]
"""Arguments of ``send``: a new view each time, with a component whose custom_id is the post's key."""

NEEDS_TO_EDIT = ("view_channel",)
NEEDS_TO_SEARCH = ("view_channel", "read_message_history")


class Post(Base):
    """One post: when it was last attempted, and which message it became."""

    __tablename__ = "post"
    __member_data__ = NoMemberData("posts of the bot: ids of messages, no content")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    channel_id: Mapped[Snowflake]
    message_id: Mapped[Snowflake | None]
    """None between the attempt and its result: whether the message exists is not known then."""
    attempted_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(default=1)
    """Rises when the post is made anew: the same nonce might stand for the earlier message."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    channel_id: int
    message_id: int | None
    attempted_at: datetime
    edition: int


class KeyMissing(ValueError):
    """The content has no component that carries its key, so a lost post could not be found again."""


class Posts:
    """``key`` is a custom_id (at most 100 characters) that belongs to this one post of the server."""

    def __init__(self, db: Database, client: discord.Client, clock: Clock = now) -> None:
        self._db = db
        self._client = client
        self._clock = clock
        self._turns: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()

    async def once(self, channel: Channel, key: str, build: Build, needs: tuple[str, ...] = ()) -> Posted:
        """Send what ``build`` returns, unless it was sent before: then that message, even when it was deleted since.

        ``needs`` are permissions beyond writing. Raises ChannelGone or MissingInChannel without asking Discord, and
        what ``send`` and ``history`` raise; calling again later goes on where it stopped.
        """
        async with self._turn(channel, key):
            known = await self._known(channel, key)
            if known is not None and known.message_id is not None:
                return self._message(channel, known)
            return await self._post(channel, key, build, needs, known)

    async def replace(self, channel: Channel, key: str, build: Build, needs: tuple[str, ...] = ()) -> Posted:
        """Bring the post up to date: edit its message, or post it where it does not stand (deleted, or elsewhere).

        Raises as ``once``.
        """
        async with self._turn(channel, key):
            known = await self._known(channel, key)
            if known is not None and known.message_id is not None:
                if edited := await self._edit(channel, key, build, known):
                    return edited
                _require_writable(channel, needs)
                known = await self._begin(channel, key)
                return await self._send(channel, key, build, needs, known)
            posted = await self._post(channel, key, build, needs, known)
            # What an earlier attempt has left may show an earlier state.
            return await posted.edit(**_for_edit(build())) if known is not None else posted

    async def forget(self, tx: Transaction, guild_id: int, key: str) -> None:
        """The post may be made anew; its message stays."""
        await tx.session.execute(delete(Post).where(_is(guild_id, key)))

    async def _post(
        self, channel: Channel, key: str, build: Build, needs: tuple[str, ...], known: _Attempt | None
    ) -> discord.Message:
        """What an earlier attempt has left, else a message of this attempt."""
        _require_writable(channel, needs)
        if known is not None and (found := await self._left_behind(channel, key, known)) is not None:
            await self._keep(channel.guild.id, key, found)
            return found
        if known is None or known.channel_id != channel.id or not self._recent(known):
            known = await self._begin(channel, key)
        return await self._send(channel, key, build, needs, known)

    async def _send(
        self, channel: Channel, key: str, build: Build, needs: tuple[str, ...], attempt: _Attempt
    ) -> discord.Message:
        content = _content(build, key)
        _require_writable(channel, needs)
        message = await channel.send(nonce=nonce_of(f"{channel.id} {key} {attempt.edition}"), **content)
        await self._keep(channel.guild.id, key, message)
        return message

    async def _edit(self, channel: Channel, key: str, build: Build, known: _Attempt) -> discord.Message | None:
        """None when the message does not stand in this channel; elsewhere it is taken away."""
        message = self._message(channel, known)
        if known.channel_id != channel.id:
            with contextlib.suppress(discord.NotFound, discord.Forbidden):
                await message.delete()
            return None
        _require(channel, NEEDS_TO_EDIT)
        try:
            return await message.edit(**_for_edit(_content(build, key)))
        except discord.NotFound:
            return None

    async def _left_behind(self, channel: Channel, key: str, known: _Attempt) -> discord.Message | None:
        """The message of an attempt whose result was not noted. None where Discord's nonce still recognises it."""
        where = channel.guild.get_channel_or_thread(known.channel_id)
        if not isinstance(where, discord.TextChannel | discord.Thread):
            return None
        if (where.id == channel.id and self._recent(known)) or missing_permissions(where, NEEDS_TO_SEARCH):
            return None
        return await find_post(where, key, known.attempted_at)

    async def _known(self, channel: Channel, key: str) -> _Attempt | None:
        columns = Post.channel_id, Post.message_id, Post.attempted_at, Post.edition
        async with self._db.read() as session:
            row = (await session.execute(select(*columns).where(_is(channel.guild.id, key)))).one_or_none()
        return _Attempt(*row) if row else None

    async def _begin(self, channel: Channel, key: str) -> _Attempt:
        """Note that a new edition is attempted now."""
        at = self._clock()
        fresh = {"channel_id": channel.id, "message_id": None, "attempted_at": at}

        async def work(tx: Transaction) -> int:
            if await tx.ensure(Post, guild_id=channel.guild.id, key=key, edition=1, **fresh):
                return 1
            again = update(Post).where(_is(channel.guild.id, key)).values(edition=Post.edition + 1, **fresh)
            counted = again.returning(Post.edition).execution_options(synchronize_session=False)
            return (await tx.session.scalars(counted)).one()

        return _Attempt(channel.id, None, at, await self._db.transaction(work))

    async def _keep(self, guild_id: int, key: str, message: discord.Message) -> None:
        kept = update(Post).where(_is(guild_id, key)).values(channel_id=message.channel.id, message_id=message.id)
        await self._db.transaction(lambda tx: tx.session.execute(kept.execution_options(synchronize_session=False)))

    def _recent(self, known: _Attempt) -> bool:
        return self._clock() - known.attempted_at <= NONCE_TRUSTED

    def _message(self, channel: Channel, known: _Attempt) -> discord.PartialMessage:
        assert known.message_id is not None
        where = self._client.get_partial_messageable(known.channel_id, guild_id=channel.guild.id)
        return where.get_partial_message(known.message_id)

    def _turn(self, channel: Channel, key: str) -> asyncio.Lock:
        return self._turns.setdefault((channel.guild.id, key), asyncio.Lock())


def _is(guild_id: int, key: str) -> ColumnElement[bool]:
    return and_(Post.guild_id == guild_id, Post.key == key)


def _content(build: Build, key: str) -> dict[str, Any]:
    content = dict(build())
    view = content.get("view")
    if view is None or key not in custom_ids(view.children):
        raise KeyMissing(key)
    return content


def _for_edit(content: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of ``edit`` for those of ``send``: it takes attachments for files, and pings unless told not to."""
    edited = {"allowed_mentions": discord.AllowedMentions.none()}
    edited |= {name: value for name, value in content.items() if name not in ("file", "files", "silent")}
    files = [content["file"]] if "file" in content else content.get("files")
    return edited if files is None else {**edited, "attachments": list(files)}


def _require_writable(channel: Channel, needs: tuple[str, ...]) -> None:
    write = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    _require(channel, (*NEEDS_TO_SEARCH, write, *needs))


def _require(channel: Channel, needs: tuple[str, ...]) -> None:
    """Raises ChannelGone or MissingInChannel: no request is sent that is known to fail."""
    if channel.guild.get_channel_or_thread(channel.id) is None:
        raise ChannelGone
    if missing := missing_permissions(channel, needs):
        raise MissingInChannel(f"#{discord.utils.escape_markdown(channel.name)}", missing)
