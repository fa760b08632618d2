"""The code of conduct until the conduct feature takes it over: two texts in the settings, every version kept."""

from sqlalchemy import func, select

from bot.clock import Clock, now
from bot.contracts.events import CodePublished, SettingsChanged
from bot.contracts.services import Code
from bot.database import Database, Transaction
from bot.guilds.models import GuildSection
from bot.guilds.service import GuildSettings
from cogs.onboarding.models import CodeVersion
from cogs.onboarding.settings import CodeSettings


def _code(version: int, major: int, text_en: str, text_fr: str) -> Code:
    return Code(version, major, {"en": text_en, "fr": text_fr})


class MinimalCode:
    """Implements ``bot.contracts.services.CodeOfConduct``. A server that changed nothing is at version 1."""

    def __init__(self, db: Database, settings: GuildSettings, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self._memory: dict[int, Code] = {}
        self._defaults = settings.default(CodeSettings)
        self._default = _code(1, 1, self._defaults.text_en, self._defaults.text_fr)

    async def load(self) -> None:
        """Read the newest version of every server."""
        newest = select(CodeVersion.guild_id, func.max(CodeVersion.version)).group_by(CodeVersion.guild_id).subquery()
        query = select(CodeVersion).join(
            newest, (CodeVersion.guild_id == newest.c[0]) & (CodeVersion.version == newest.c[1])
        )
        async with self._db.read() as session:
            rows = (await session.scalars(query)).all()
        self._memory = {row.guild_id: _code(row.version, row.major, row.text_en, row.text_fr) for row in rows}

    def current(self, guild_id: int) -> Code:
        """The code in force, from memory."""
        return self._memory.get(guild_id, self._default)

    async def on_settings_changed(self, event: SettingsChanged, tx: Transaction) -> None:
        """Keep the new text as a version, in the transaction that changed it."""
        if event.section != CodeSettings.key:
            return
        row = await tx.session.get(GuildSection, (event.guild_id, CodeSettings.key))
        stored = row.value if row else {}
        wanted = CodeSettings.model_validate({**self._defaults.model_dump(mode="json"), **stored})
        latest = await self._latest(tx, event.guild_id)
        texts = {"en": wanted.text_en, "fr": wanted.text_fr}
        major = max(wanted.edition, latest.major)
        if texts == latest.texts and major == latest.major:
            return
        if latest.version == 1:
            await self._keep(tx, event.guild_id, latest)
        await self._keep(tx, event.guild_id, Code(latest.version + 1, major, texts))
        await tx.emit(CodePublished(event.guild_id, latest.version + 1, major > latest.major))

    async def after_published(self, event: CodePublished) -> None:
        """Show the committed version from now on."""
        async with self._db.read() as session:
            row = await session.get(CodeVersion, (event.guild_id, event.version))
        if row is not None and row.version > self.current(event.guild_id).version:
            self._memory[event.guild_id] = _code(row.version, row.major, row.text_en, row.text_fr)

    async def _latest(self, tx: Transaction, guild_id: int) -> Code:
        query = select(CodeVersion).filter_by(guild_id=guild_id).order_by(CodeVersion.version.desc()).limit(1)
        row = await tx.session.scalar(query)
        return _code(row.version, row.major, row.text_en, row.text_fr) if row else self._default

    async def _keep(self, tx: Transaction, guild_id: int, code: Code) -> None:
        await tx.ensure(
            CodeVersion,
            guild_id=guild_id,
            version=code.version,
            major=code.major,
            text_en=code.texts["en"],
            text_fr=code.texts["fr"],
            published_at=self._clock(),
        )
