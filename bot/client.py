"""The bot: owns the shared services and loads features by name, so it never imports one."""

import asyncio
import importlib
import logging
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import discord
from discord.ext import commands

from bot.attention import open_attention
from bot.capabilities import Capabilities
from bot.circuit import Circuit
from bot.command_sync import CommandSync
from bot.community import Community
from bot.database import Database
from bot.database.registry import import_models
from bot.events import EventBus
from bot.guilds.sections import Address, CommunitySettings, Sections
from bot.guilds.service import GuildSettings
from bot.i18n.catalogues import folders_of
from bot.i18n.commands import CommandTranslator
from bot.i18n.localizer import I18n
from bot.i18n.marks import N_
from bot.inbox import Inbox
from bot.intents import wanted_intents
from bot.levels import Levels
from bot.messages import MessagePath
from bot.observability.observer import Observability
from bot.posts import Posts
from bot.profile import profile_of
from bot.settings import Settings
from bot.timers import Share, Timers
from bot.ui import PersistentItem, PersistentModal, Tree, reply
from bot.ui.modals import ModalRouter
from bot.ui.under_way import UnderWay

log = logging.getLogger(__name__)
T = TypeVar("T")

CLOSE_SECONDS = 8.0
"""What a stop may take altogether, goodbyes apart: the process is abandoned after nine."""
HANDLERS_SECONDS = 3.0
"""How long a stop waits for commands and clicks under way."""
EFFECTS_SECONDS = 5.0
"""How long a stop waits for Discord effects under way; repair jobs do what is abandoned."""


class CommunityBot(commands.Bot):
    """``provide`` and ``service`` are how a feature offers an implementation of a contract and finds another's."""

    def __init__(self, settings: Settings) -> None:
        self.circuit = Circuit()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=wanted_intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=Tree,
            max_messages=1000,
            http_trace=self.circuit.trace(),
            chunk_guilds_at_startup="members" not in settings.without_intents,
        )
        import_models()
        self.settings = settings
        self.bus = EventBus()
        self.db = Database(settings.database_url, self.bus)
        self.i18n = I18n(settings.default_language)
        self.sections = Sections()
        chosen = {CommunitySettings.key: {"language": settings.default_language}}
        self.guild_settings = GuildSettings(self.db, self.sections, defaults=chosen)
        self.capabilities = Capabilities(self.guild_settings)
        self.i18n.follow(self.language_of, self.is_formal)
        self.timers = Timers(self.db, share=Share.of_cluster(settings.cluster))
        self.inbox = Inbox(self.db, self.timers, self.time_zone_of)
        self.posts = Posts(self.db, self)
        self.levels = Levels(self)
        self.messages = MessagePath(self)
        self.modals = ModalRouter()
        self.under_way = UnderWay()
        self.command_sync = CommandSync(self)
        self.community = Community(self)
        self.observability = Observability(self)
        self._services: dict[type[Any], object] = {}
        self._items: list[type[PersistentItem[Any]]] = []
        self.attention = open_attention(self)
        self.profile = profile_of(self)

    def provide(self, contract: type[T], implementation: T) -> None:
        """Offer the implementation of a contract; raises ValueError when there is one already."""
        if contract in self._services:
            raise ValueError(f"{contract.__name__} is provided twice")
        self._services[contract] = implementation

    def service(self, contract: type[T]) -> T:
        """The implementation of a contract; raises KeyError when the feature that has it is not loaded."""
        return cast("T", self._services[contract])

    def find_service(self, contract: type[T]) -> T | None:
        """The implementation of a contract, None when the feature that has it is not loaded."""
        return cast("T | None", self._services.get(contract))

    def add_persistent(self, *parts: type[PersistentItem[Any]] | type[PersistentModal]) -> None:
        """Make buttons, selects and modals of a feature answer, also those sent by an earlier process."""
        for part in parts:
            if issubclass(part, PersistentModal):
                self.modals.add(part)
            else:
                self._items.append(part)
                self.add_dynamic_items(part)

    async def setup_hook(self) -> None:
        await self.observability.start()
        await self.load_features()
        self.messages.refuse_listeners()
        await self.guild_settings.load()
        await self.inbox.start()
        await self.community.start()
        await self.tree.set_translator(CommandTranslator(self.i18n.folders))
        await self.command_sync.start()
        await self.timers.start(ready=self.wait_until_ready)

    async def load_features(self) -> None:
        """Load the features of the settings, with their catalogues; ``parvis check`` does it without connecting."""
        for module in needed_first(self.settings.features):
            self.i18n.add_catalogues(*folders_of(Path(module.__file__ or "").parent))
            # Not load_extension: on close discord.py would take the modules out of memory, and nothing here reloads.
            await module.setup(self)

    def language_of(self, guild_id: int) -> str:
        """The language of the server's public posts."""
        return self.guild_settings.get(guild_id, CommunitySettings).language

    def is_formal(self, guild_id: int) -> bool:
        """Whether French says *vous* to a member of this server."""
        return self.guild_settings.get(guild_id, CommunitySettings).address is Address.VOUS

    def time_zone_of(self, guild_id: int) -> str:
        """The IANA name of the zone that the server's days follow."""
        return self.guild_settings.get(guild_id, CommunitySettings).time_zone

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        if self.messages.takes(event_name):
            self.messages.offer(event_name, *args)
        else:
            self.messages.notice(event_name, *args)
            super().dispatch(event_name, *args, **kwargs)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Modals are routed here; so is a component that nothing answers any more."""
        if interaction.type is discord.InteractionType.modal_submit:
            answered = await self.modals.route(interaction)
        elif interaction.type is discord.InteractionType.component:
            answered = self._answers(str(cast("dict[str, Any]", interaction.data or {}).get("custom_id", "")))
        else:
            return
        if not answered:
            t = self.i18n.for_interaction(interaction)
            await reply(
                interaction, t(N_("This belongs to something that has changed. Open it again with its command."))
            )

    def _answers(self, custom_id: str) -> bool:
        return any(item.__discord_ui_compiled_template__.fullmatch(custom_id) for item in self._items)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("listener %s failed", event_method)  # noqa: LOG004 - discord.py calls this inside its except block

    async def close(self) -> None:
        """Stop taking work, finish what is under way, keep what was counted, let go of the database."""
        if self.is_closed():
            return
        loop = asyncio.get_running_loop()
        ends = loop.time() + CLOSE_SECONDS
        await asyncio.gather(
            self.timers.stop(), self.under_way.drain(HANDLERS_SECONDS), self.messages.drain(HANDLERS_SECONDS)
        )
        await self.command_sync.stop()
        await self.community.stop()
        await self.bus.drain(max(0.5, min(EFFECTS_SECONDS, ends - loop.time())))
        await self.observability.stop()
        await super().close()
        await self.db.close()


def needed_first(features: Iterable[str]) -> list[ModuleType]:
    """The packages of these features, each after those it names in its ``NEEDS``, which are loaded with it."""
    found: dict[str, ModuleType] = {}

    def add(feature: str) -> None:
        module = importlib.import_module(f"cogs.{feature}")
        for needed in getattr(module, "NEEDS", ()):
            add(needed)
        found.setdefault(feature, module)

    for feature in features:
        add(feature)
    return list(found.values())
