"""Reads settings from memory, writes them with their history."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from bot.clock import Clock, now
from bot.contracts.events import ServerJoined, SettingsChanged
from bot.database import Database, Transaction
from bot.guilds import history
from bot.guilds.edits import Edit
from bot.guilds.history import Change, Origin, reverted
from bot.guilds.models import Guild, GuildSection, GuildSectionChange
from bot.guilds.references import Reference, references, without
from bot.guilds.sections import Section, Sections
from bot.guilds.stored import Stored

log = logging.getLogger(__name__)
S = TypeVar("S", bound=Section)

Check = Callable[[Section, Section], None]
"""Given a section before and after a change; raises UserError when the change must not be. Runs in the transaction."""
Unset = tuple[type[Section], Reference]
"""A reference that was taken out because its channel or role is gone."""


class GuildSettings:
    """Typed settings of every server. ``get`` is synchronous and cheap, so the hot path may call it.

    One process owns a server, so its memory is the database's value as of the last commit. ``defaults`` (section
    key → fields) are the operator's, and apply where a server did not choose.
    """

    def __init__(
        self,
        db: Database,
        sections: Sections,
        clock: Clock = now,
        defaults: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self.sections = sections
        self._stored = Stored(defaults or {})
        self._memory: dict[tuple[int, str], tuple[int, Section]] = {}

    async def load(self) -> None:
        """Read every stored section; a value the model no longer accepts falls back to its default, and is logged."""
        async with self._db.read() as session:
            rows = (await session.scalars(select(GuildSection))).all()
        known = {section.key: section for section in self.sections.all()}
        for row in rows:
            if row.section in known:
                self._memory[row.guild_id, row.section] = (0, self._parsed(known[row.section], row))

    def get(self, guild_id: int, section: type[S]) -> S:
        """The section's present value; its defaults where the server never set it."""
        _, found = self._memory.get((guild_id, section.key), (0, None))
        return found if isinstance(found, section) else self._stored.default(section)

    def default(self, section: type[S]) -> S:
        """The section of a server that never set anything."""
        return self._stored.default(section)

    async def change(self, guild_id: int, section: type[S], *, by: int | None, **fields: Any) -> S:
        """Set fields of a section and keep the change. Raises pydantic's ValidationError for a bad value.

        ``by`` is the user who changes it, None when the bot does. A value equal to the present one changes nothing.
        """
        return await self.edit(guild_id, section, lambda _present: fields, by=by)

    async def edit(
        self, guild_id: int, section: type[S], edit: Edit, *, by: int | None, check: Check | None = None
    ) -> S:
        """Set the fields that ``edit`` makes of the present value, in one transaction, so no change is ever lost.

        Raises what ``edit`` and ``check`` raise, and pydantic's ValidationError for a bad value; then nothing changed.
        """

        async def work(tx: Transaction) -> S:
            row = await self._locked(tx, guild_id, section)
            present = self._parsed(section, row)
            value = section.model_validate({**present.model_dump(mode="json"), **edit(present)})
            await self._write(tx, row, present, value, by=by, check=check)
            return value

        return await self._db.transaction(work)

    async def edit_many(
        self,
        guild_id: int,
        edits: Mapping[type[Section], Edit],
        *,
        by: int | None,
        origin: Origin,
        check: Check | None = None,
        also: Callable[[Transaction], Awaitable[None]] | None = None,
    ) -> list[Section]:
        """Edit several sections, all or none; the values of those that changed. The history undoes them together.

        ``also`` runs in the same transaction, before anything is written. Raises what ``also``, the edits and
        ``check`` raise, and pydantic's ValidationError for a bad value; then nothing changed.
        """

        async def work(tx: Transaction) -> list[Section]:
            if also is not None:
                await also(tx)
            made: list[tuple[GuildSectionChange, Section]] = []
            for section, row in (await self._all_locked(tx, guild_id, edits)).items():
                present = self._parsed(section, row)
                value = section.model_validate({**present.model_dump(mode="json"), **edits[section](present)})
                change = await self._write(tx, row, present, value, by=by, check=check, origin=origin)
                made += [(change, value)] if change else []
            _bound(change for change, _ in made)
            return [value for _, value in made]

        return await self._db.transaction(work)

    async def history(
        self, guild_id: int, section: type[Section] | None = None, *, before: int | None = None, limit: int = 10
    ) -> list[Change]:
        """Changes of the server's settings, newest first; ``before`` is the id of the last one already seen."""
        async with self._db.read() as session:
            return await history.changes(session, guild_id, section.key if section else None, before, limit)

    async def entries(
        self, guild_id: int, section: type[Section] | None = None, *, before: int | None = None, limit: int = 10
    ) -> list[tuple[Change, ...]]:
        """The history as people see it: what was made together is one entry, under the id of its first change."""
        if section is not None:
            return [(change,) for change in await self.history(guild_id, section, before=before, limit=limit)]
        async with self._db.read() as session:
            return await history.entries(session, guild_id, before, limit)

    async def entry(self, guild_id: int, change_id: int) -> tuple[Change, ...]:
        """That change and those made with it. Raises UnknownChange."""
        async with self._db.read() as session:
            return tuple(history.seen(row) for row in await history.together(session, guild_id, change_id))

    def sides(self, change: Change, section: type[S]) -> tuple[S, S]:
        """The section before and after a change of it, as far as its model still reads them."""
        return self._stored.usable(section, change.before)[0], self._stored.usable(section, change.after)[0]

    async def revert(
        self, guild_id: int, change_id: int, *, by: int | None, check: Check | None = None
    ) -> list[Section]:
        """Put the fields that a change, and those made with it, touched back to what they were; all others stay.

        That is a change like any other, kept and revertible; the values of the sections that it changed are returned.
        Raises UnknownChange, UnknownSection, what ``check`` raises, and pydantic's ValidationError when an old value
        is no longer accepted; then nothing changed.
        """

        async def work(tx: Transaction) -> list[Section]:
            undone = await history.together(tx.session, guild_id, change_id)
            sections = {self.sections.named(change.section): change for change in undone}
            made: list[tuple[GuildSectionChange, Section]] = []
            for section, row in (await self._all_locked(tx, guild_id, sections)).items():
                present = self._parsed(section, row)
                value = self.undone(sections[section], section, present)
                change = await self._write(tx, row, present, value, by=by, check=check, origin=Origin.UNDO)
                made += [(change, value)] if change else []
            _bound(change for change, _ in made)
            return [value for _, value in made]

        return await self._db.transaction(work)

    def undone(self, change: Change | GuildSectionChange, section: type[S], present: S) -> S:
        """What undoing that change would make of the section; what is no setting any more stays out of it.

        Raises pydantic's ValidationError.
        """
        fields = reverted(change, self._stored.diff(present))
        return self._stored.parse(
            section, {name: value for name, value in fields.items() if name in section.model_fields}
        )

    def from_stored(self, section: type[S], fields: Mapping[str, Any]) -> S:
        """The section with these fields, and defaults for all others. Raises pydantic's ValidationError."""
        return self._stored.parse(section, fields)

    def differing(self, value: Section) -> dict[str, Any]:
        """The fields that differ from the defaults, as JSON values: what is stored and exported."""
        return self._stored.diff(value)

    async def unset(
        self, guild_id: int, gone: frozenset[int], tell: Callable[[Transaction, list[Unset]], Awaitable[None]]
    ) -> list[Unset]:
        """Take every channel and role in ``gone`` out of the server's settings; nothing else changes.

        ``tell`` is called in the same transaction when there was something to take out, so the team can be told
        exactly once.
        """
        if not self._names(guild_id, gone):
            return []

        async def work(tx: Transaction) -> list[Unset]:
            found: list[Unset] = []
            rows = await self._all_locked(tx, guild_id, self.sections.all())
            for section in self.sections.all():
                row = rows[section]
                present = self._parsed(section, row)
                lost = [(section, reference) for reference in references(present) if reference.id in gone]
                if lost:
                    fields = {**present.model_dump(mode="json"), **without(present, gone)}
                    await self._write(tx, row, present, section.model_validate(fields), by=None)
                    found += lost
            if found:
                await tell(tx, found)
            return found

        return await self._db.transaction(work)

    async def remember_guild(self, tx: Transaction, guild_id: int, name: str, joined_at: datetime | None) -> bool:
        """Note that the bot is in this server; True when it has come, or come back, since it was last noted.

        ``joined_at`` is Discord's; emits ServerJoined with it.
        """
        at = joined_at or self._clock()
        new = await tx.ensure(Guild, guild_id=guild_id, name=name, joined_at=at, left_at=None)
        guild = await tx.session.get_one(Guild, guild_id, with_for_update=True, populate_existing=True)
        # A later arrival than the one on record: the bot was away and nobody saw it leave.
        returned = not new and (guild.left_at is not None or (joined_at is not None and joined_at > guild.joined_at))
        guild.name, guild.left_at = name, None
        if returned:
            guild.joined_at = at
        await tx.session.flush()
        if new or returned:
            await tx.emit(ServerJoined(guild_id, at, returned))
        return new or returned

    async def forget_guild(self, tx: Transaction, guild_id: int) -> bool:
        """Note that the bot was removed from this server; its data stays until it is purged.

        False when that was known.
        """
        guild = await tx.session.get(Guild, guild_id, with_for_update=True)
        if guild is None or guild.left_at is not None:
            return False
        guild.left_at = self._clock()
        return True

    def purged(self, guild_id: int) -> None:
        """The server's rows are gone: memory follows."""
        for key in [key for key in self._memory if key[0] == guild_id]:
            del self._memory[key]

    async def _write(
        self,
        tx: Transaction,
        row: GuildSection,
        present: Section,
        value: Section,
        *,
        by: int | None,
        check: Check | None = None,
        origin: Origin | None = None,
    ) -> GuildSectionChange | None:
        section = type(value)
        before, after = dict(row.value), self._stored.diff(value)
        if after == before:
            return None
        if check is not None:
            check(present, value)
        row.value = after
        change = GuildSectionChange(
            guild_id=row.guild_id,
            section=section.key,
            changed_by=by,
            changed_at=self._clock(),
            before=before,
            after=after,
            origin=origin,
        )
        tx.session.add(change)
        await tx.session.flush()
        await tx.emit(SettingsChanged(row.guild_id, section.key, by))
        version, key = change.id, (row.guild_id, section.key)
        tx.once_committed(lambda: self._remember(key, version, value))
        return change

    def _remember(self, key: tuple[int, str], version: int, value: Section) -> None:
        # Changes of one section queue for its row, so their ids rise in the order of their commits.
        if self._memory.get(key, (0, None))[0] < version:
            self._memory[key] = (version, value)

    def _names(self, guild_id: int, ids: frozenset[int]) -> bool:
        sections = (self.get(guild_id, section) for section in self.sections.all())
        return any(reference.id in ids for section in sections for reference in references(section))

    async def _all_locked(
        self, tx: Transaction, guild_id: int, sections: Iterable[type[Section]]
    ) -> dict[type[Section], GuildSection]:
        """Their rows, locked in one order for everybody, so that two who change several never wait for each other."""
        ordered = sorted(sections, key=lambda section: section.key)
        return {section: await self._locked(tx, guild_id, section) for section in ordered}

    async def _locked(self, tx: Transaction, guild_id: int, section: type[Section]) -> GuildSection:
        await tx.ensure(GuildSection, guild_id=guild_id, section=section.key, value={})
        return await tx.session.get_one(GuildSection, (guild_id, section.key), with_for_update=True)

    def _parsed(self, section: type[S], row: GuildSection) -> S:
        value, refused = self._stored.usable(section, row.value)
        if refused:
            log.error(
                "section %s of server %d: %s not usable, defaults apply", row.section, row.guild_id, sorted(refused)
            )
        return value


def _bound(changes: Iterable[GuildSectionChange]) -> None:
    """Several changes of one transaction are one entry of the history."""
    made = list(changes)
    if len(made) > 1:
        for change in made:
            change.batch = made[0].id
