"""Starts the real bot on a simulated Discord with a temporary database, and takes both down again."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.client import CommunityBot
from bot.database import Base
from bot.errors import UserError
from bot.settings import Settings
from demo.acts import Arrive
from demo.community import Community, Language
from demo.furnishing import furnish
from demo.plan import plan_weeks
from demo.simdiscord import SimDiscord
from demo.simulation import Progress, Simulation
from demo.volunteers import volunteer
from demo.world import build_world

ELSEWHERE = frozenset({"left", "unanswered", "visitor"})
"""Ways of people who are not there when the story begins, even when they came before it."""
PATIENCE = 30.0
"""Real seconds that the bot may take to react to one act."""


FURNISHING = timedelta(minutes=1)
"""Before the lived weeks: on a busy machine a second or two pass meanwhile, and the visitor still arrives on time."""


@asynccontextmanager
async def living_community(
    community: Community,
    *,
    seed: int,
    weeks: int,
    language: Language | None = None,
    progress: Progress = lambda done, total: None,
) -> AsyncIterator[Simulation]:
    """The community after ``weeks`` of its life with the bot, at the instant the visitor arrives."""
    with tempfile.TemporaryDirectory(prefix="parvis-demo-") as folder:
        bot = await _bot(Path(folder))
        starts = community.arrival - timedelta(weeks=weeks) - FURNISHING
        env = SimDiscord(bot, expected=(UserError,), starts_at=starts, settle_timeout=PATIENCE, live=True)
        await env.start()
        try:
            plan = plan_weeks(community, seed=seed, weeks=weeks)
            late = {act.who for act in plan if isinstance(act, Arrive)}
            founders = [key for key, one in community.people.items() if key not in late and one.way not in ELSEWHERE]
            simulation = Simulation(await build_world(env, community, founders))
            await furnish(simulation.world, language or community.locale)
            await volunteer(simulation.world)
            await simulation.live(plan, progress)
            simulation.world.life["weeks"] = weeks
            yield simulation
            await env.stop_bot()
        finally:
            await env.shutdown()
            await bot.db.close()


async def _bot(folder: Path) -> CommunityBot:
    settings = Settings(
        _env_file=None,
        token=SecretStr("simulated"),
        database_url=f"sqlite+aiosqlite:///{folder / 'demo.db'}",
        health_port=None,
        backup_dir=folder / "backups",
    )
    bot = CommunityBot(settings)
    async with bot.db.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return bot
