"""Reads settings from memory, writes them with their history."""

import logging
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import select

from bot.clock import Clock, now
from bot.contracts.events import SettingsChanged
from bot.database import Database, Transaction
from bot.guilds.models import Guild, GuildSection, GuildSectionChange
from bot.guilds.sections import Section, Sections

log = logging.getLogger(__name__)
S = TypeVar("S", bound=Section)


class GuildSettings:
    """Typed settings of every server. ``get`` is synchronous and cheap, so the hot path may call it.

    One process owns a server, so its memory is the database's value as of the last commit.
    """

    def __init__(self, db: Database, sections: Sections, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self.sections = sections
        self._memory: dict[tuple[int, str], Section] = {}
        self._defaults: dict[type[Section], Section] = {}

    async def load(self) -> None:
        """Read every stored section; a value the model no longer accepts falls back to its default, and is logged."""
        async with self._db.read() as session:
            rows = (await session.scalars(select(GuildSection))).all()
        known = {section.key: section for section in self.sections.all()}
        for row in rows:
            if row.section in known:
                self._memory[row.guild_id, row.section] = self._parsed(known[row.section], row)

    def get(self, guild_id: int, section: type[S]) -> S:
        """The section's present value; its defaults where the server never set it."""
        found = self._memory.get((guild_id, section.key))
        if isinstance(found, section):
            return found
        default = self._defaults.setdefault(section, section())
        assert isinstance(default, section)
        return default

    async def change(self, guild_id: int, section: type[S], *, by: int | None, **fields: Any) -> S:
        """Set fields of a section and keep the change. Raises pydantic's ValidationError for a bad value.

        ``by`` is the user who changes it, None when the bot does. A value equal to the present one changes nothing.
        """

        async def work(tx: Transaction) -> S:
            row = await self._locked(tx, guild_id, section)
            before = dict(row.value)
            stored = section.model_validate(before)
            value = section.model_validate({**stored.model_dump(mode="json"), **fields})
            after = value.model_dump(mode="json", exclude_defaults=True)
            if after != before:
                row.value = after
                tx.session.add(self._kept(guild_id, section, by, before, after))
                await tx.emit(SettingsChanged(guild_id, section.key, by))
            return value

        value = await self._db.transaction(work)
        self._memory[guild_id, section.key] = value
        return value

    async def remember_guild(self, guild_id: int, name: str, joined_at: datetime) -> bool:
        """Note that the bot is in this server; True when it was not known to be there before."""

        async def work(tx: Transaction) -> bool:
            new = await tx.ensure(Guild, guild_id=guild_id, name=name, joined_at=joined_at, left_at=None)
            guild = await tx.session.get_one(Guild, guild_id, with_for_update=True)
            returned = guild.left_at is not None
            guild.name, guild.left_at = name, None
            return new or returned

        return await self._db.transaction(work)

    async def forget_guild(self, guild_id: int) -> None:
        """Note that the bot was removed from this server; its data stays until it is purged."""

        async def work(tx: Transaction) -> None:
            guild = await tx.session.get(Guild, guild_id, with_for_update=True)
            if guild is not None and guild.left_at is None:
                guild.left_at = self._clock()

        await self._db.transaction(work)

    async def _locked(self, tx: Transaction, guild_id: int, section: type[Section]) -> GuildSection:
        await tx.ensure(GuildSection, guild_id=guild_id, section=section.key, value={})
        return await tx.session.get_one(GuildSection, (guild_id, section.key), with_for_update=True)

    def _kept(
        self, guild_id: int, section: type[Section], by: int | None, before: dict[str, Any], after: dict[str, Any]
    ) -> GuildSectionChange:
        return GuildSectionChange(
            guild_id=guild_id,
            section=section.key,
            changed_by=by,
            changed_at=self._clock(),
            before=before,
            after=after,
        )

    def _parsed(self, section: type[Section], row: GuildSection) -> Section:
        try:
            return section.model_validate(row.value)
        except ValidationError as error:
            fields = sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]})
            log.error("section %s of server %d: %s not usable, defaults apply", row.section, row.guild_id, fields)
            return section.model_validate({k: v for k, v in row.value.items() if k not in fields})
