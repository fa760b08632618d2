"""Keeps each server's code of conduct: what is in force, the draft, and every version. Knows no Discord."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.clock import Clock, now
from bot.contracts.conduct import Article
from bot.contracts.events import CodePublished, ServerPurged
from bot.contracts.services import Code
from bot.database import Database, Transaction
from cogs.conduct.code.models import CodeDraft, CodeVersion
from cogs.conduct.code.rules.document import LANGUAGES, Document
from cogs.conduct.code.rules.pages import pages, passages, whole_text
from cogs.conduct.code.rules.refusals import (
    DraftChanged,
    NothingInForce,
    NothingToPublish,
    UnknownArticle,
    UnknownVersion,
)
from cogs.conduct.code.template import TEMPLATE

Edit = Callable[[Document], Document]
"""Makes the next draft of the present one; raises UserError, and then nothing changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the team is writing. ``revision`` names this state of it; it is never used again."""

    revision: int
    document: Document
    published: Document
    version: int
    """Of what is in force."""

    @property
    def is_changed(self) -> bool:
        """Whether it says something else than what is in force."""
        return self.document != self.published


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is, or was, in force. ``by`` and ``at`` are None for what the bot came with."""

    version: int
    major: int
    document: Document
    at: datetime | None
    by: int | None = None


TEMPLATE_IN_FORCE = Published(1, 1, TEMPLATE, None)


class Codes:
    """Implements ``bot.contracts.services.CodeOfConduct``. A server that published nothing has the template.

    One process owns a server, so what it remembers is the database's as of the last commit.
    """

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self._published: dict[int, Published] = {}
        self._codes: dict[int, Code] = {}
        self._drafts: dict[int, tuple[int, Document]] = {}
        self._default = code_of(TEMPLATE_IN_FORCE)

    async def load(self) -> None:
        """Read what is in force in every server, and every draft."""
        newest = select(CodeVersion.guild_id, func.max(CodeVersion.version)).group_by(CodeVersion.guild_id).subquery()
        query = select(CodeVersion).join(
            newest, (CodeVersion.guild_id == newest.c[0]) & (CodeVersion.version == newest.c[1])
        )
        async with self._db.read() as session:
            for row in await session.scalars(query):
                self._remember(row.guild_id, _seen(row))
            for draft in await session.scalars(select(CodeDraft)):
                self._remember_draft(draft.guild_id, draft.revision, Document.restored(draft.content))

    async def on_purged(self, event: ServerPurged, tx: Transaction) -> None:
        """A server was forgotten: should the bot return, it has the template."""

        def forget() -> None:
            for memory in (self._published, self._codes, self._drafts):
                memory.pop(event.guild_id, None)

        tx.once_committed(forget)

    def current(self, guild_id: int) -> Code:
        """The code in force, from memory."""
        return self._codes.get(guild_id, self._default)

    def published(self, guild_id: int) -> Published:
        """The version in force, from memory."""
        return self._published.get(guild_id, TEMPLATE_IN_FORCE)

    def articles(self, guild_id: int) -> Sequence[Article]:
        """Those of the version in force, withdrawn ones included, from memory."""
        return self.published(guild_id).document.articles

    def article(self, guild_id: int, number: int) -> Article | None:
        """From memory; None when there is none of this number."""
        try:
            return self.published(guild_id).document.article(number)
        except UnknownArticle:
            return None

    def draft(self, guild_id: int) -> Draft:
        """The draft, from memory: a modal that shows it must be Discord's first answer."""
        published = self.published(guild_id)
        revision, document = self._drafts.get(guild_id, (0, published.document))
        return Draft(revision, document, published.document, published.version)

    async def edit(self, guild_id: int, edit: Edit, *, by: int, revision: int | None = None) -> Draft:
        """Change the draft. Raises what ``edit`` raises, and DraftChanged unless it is at ``revision`` still."""

        return await self._db.transaction(lambda tx: self.edit_within(tx, guild_id, edit, by=by, revision=revision))

    async def edit_within(
        self, tx: Transaction, guild_id: int, edit: Edit, *, by: int, revision: int | None = None
    ) -> Draft:
        """As ``edit``, in a transaction that does more than that."""
        row, published = await self._locked(tx, guild_id, revision)
        document = edit(Document.restored(row.content))
        if document.stored() != row.content:
            self._write(tx, row, document, by)
        return Draft(row.revision, document, published.document, published.version)

    async def publish(self, guild_id: int, *, revision: int, major: bool, by: int) -> Published:
        """Put the draft in force as the next version; a major one begins a new edition.

        Raises DraftChanged unless the draft is at ``revision`` still, NothingToPublish, NothingInForce.
        """

        async def work(tx: Transaction) -> Published:
            row, present = await self._locked(tx, guild_id, revision)
            document = Document.restored(row.content)
            if document == present.document:
                raise NothingToPublish
            if not whole_text(document, "en"):
                raise NothingInForce
            if present.at is None:
                await self._keep(tx, guild_id, present)
            edition = present.major + 1 if major else present.major
            made = Published(present.version + 1, edition, document, self._clock(), by)
            await self._keep(tx, guild_id, made)
            self._write(tx, row, document, by)
            await tx.emit(CodePublished(guild_id, made.version, major, edition))
            tx.once_committed(lambda: self._remember(guild_id, made))
            return made

        return await self._db.transaction(work)

    async def history(self, guild_id: int, *, before: int | None = None, limit: int = 10) -> list[Published]:
        """Versions, newest first, those older than ``before``; at least the template where nothing was published."""
        query = select(CodeVersion).filter_by(guild_id=guild_id).order_by(CodeVersion.version.desc()).limit(limit)
        if before is not None:
            query = query.where(CodeVersion.version < before)
        async with self._db.read() as session:
            found = [_seen(row) for row in await session.scalars(query)]
        return found or ([TEMPLATE_IN_FORCE] if before is None else [])

    async def version(self, guild_id: int, number: int) -> Published:
        """Raises UnknownVersion."""
        async with self._db.read() as session:
            row = await session.get(CodeVersion, (guild_id, number))
        if row is not None:
            return _seen(row)
        if number == 1 and self.published(guild_id) is TEMPLATE_IN_FORCE:
            return TEMPLATE_IN_FORCE
        raise UnknownVersion

    async def _locked(self, tx: Transaction, guild_id: int, revision: int | None) -> tuple[CodeDraft, Published]:
        """The draft, for this transaction alone, and what is in force."""
        query = select(CodeVersion).filter_by(guild_id=guild_id).order_by(CodeVersion.version.desc()).limit(1)
        first = await tx.session.scalar(query)
        content = (_seen(first) if first else TEMPLATE_IN_FORCE).document.stored()
        fresh = {"revision": 0, "content": content, "changed_by": None, "changed_at": self._clock()}
        await tx.ensure(CodeDraft, guild_id=guild_id, **fresh)
        row = await tx.session.get_one(CodeDraft, guild_id, with_for_update=True, populate_existing=True)
        if revision is not None and row.revision != revision:
            raise DraftChanged
        newest = await tx.session.scalar(query, execution_options={"populate_existing": True})
        return row, _seen(newest) if newest else TEMPLATE_IN_FORCE

    def _write(self, tx: Transaction, row: CodeDraft, document: Document, by: int) -> None:
        row.revision += 1
        row.content = document.stored()
        row.changed_by, row.changed_at = by, self._clock()
        guild_id, revision = row.guild_id, row.revision
        tx.once_committed(lambda: self._remember_draft(guild_id, revision, document))

    async def _keep(self, tx: Transaction, guild_id: int, published: Published) -> None:
        document = published.document
        texts = {f"text_{language}": whole_text(document, language) for language in LANGUAGES}
        await tx.ensure(
            CodeVersion,
            guild_id=guild_id,
            version=published.version,
            major=published.major,
            published_at=published.at or self._clock(),
            published_by=published.by,
            content=document.stored(),
            **texts,
        )

    def _remember(self, guild_id: int, published: Published) -> None:
        if published.version >= self.published(guild_id).version:
            self._published[guild_id] = published
            self._codes[guild_id] = code_of(published)

    def _remember_draft(self, guild_id: int, revision: int, document: Document) -> None:
        if revision >= self._drafts.get(guild_id, (0, None))[0]:
            self._drafts[guild_id] = (revision, document)


def code_of(published: Published) -> Code:
    """What members are shown of it."""
    texts = {language: pages(passages(published.document, language)) for language in LANGUAGES}
    return Code(published.version, published.major, texts, published.at)


def _seen(row: CodeVersion) -> Published:
    return Published(row.version, row.major, Document.restored(row.content), row.published_at, row.published_by)
