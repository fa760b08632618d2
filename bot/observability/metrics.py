"""Figures for Prometheus, in a registry of the bot's own. The hot path only adds to plain integers."""

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psutil
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.timers import TimerCounts

if TYPE_CHECKING:
    import discord

    from bot.client import CommunityBot

_RESPONSE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10, 60)
_LAG_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)
_EXTRA = "parvis.interaction"
MAX_NAMES = 200
"""Names of interactions kept apart; more (a bug in a custom_id) count as "other"."""


class Metrics:
    """``exposition`` is what /metrics answers. What others count is read from them at that moment."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.registry = CollectorRegistry()
        self.timers: TimerCounts | None = None
        """As of the last look; /metrics looks before it answers."""
        self.reconnects = 0
        self._names: set[str] = set()
        self._interactions = Counter(
            "parvis_interactions", "Commands, clicks and forms", ("name", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "parvis_interaction_seconds",
            "From the arrival of an interaction to the end of its handler",
            ("name",),
            buckets=_RESPONSE_BUCKETS,
            registry=self.registry,
        )
        self._lag = Histogram(
            "parvis_loop_lag_seconds", "How late the event loop is", buckets=_LAG_BUCKETS, registry=self.registry
        )
        self.registry.register(_Readings(bot, self))

    def begin(self, interaction: "discord.Interaction[Any]") -> None:
        """The current task starts to answer this interaction; counted when the task ends."""
        task = asyncio.current_task()
        if task is not None and _EXTRA not in interaction.extras:
            interaction.extras[_EXTRA] = _Running(time.perf_counter())
            task.add_done_callback(lambda _: self._end(interaction))

    def outcome(self, interaction: "discord.Interaction[Any]", outcome: str) -> None:
        """How it goes: ``refused`` (the person can mend it) or ``failed`` (we must). Without it: ``done``."""
        running = interaction.extras.get(_EXTRA)
        if isinstance(running, _Running):
            running.outcome = outcome

    def _end(self, interaction: "discord.Interaction[Any]") -> None:
        running = interaction.extras.get(_EXTRA)
        if isinstance(running, _Running):
            name = self._bounded(name_of(interaction))
            self._interactions.labels(name, running.outcome).inc()
            self._seconds.labels(name).observe(time.perf_counter() - running.since)

    def lagged(self, seconds: float) -> None:
        """The loop was late by so much."""
        self._lag.observe(seconds)

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _bounded(self, name: str) -> str:
        if len(self._names) < MAX_NAMES:
            self._names.add(name)
        return name if name in self._names else "other"


class _Running:
    """An interaction that is being answered."""

    __slots__ = ("outcome", "since")

    def __init__(self, since: float) -> None:
        self.since = since
        self.outcome = "done"


def name_of(interaction: "discord.Interaction[Any]") -> str:
    """The command's name (``/groups join``), or the first two parts of the custom_id (``onboarding:start``): no ids."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Any = interaction.data or {}
    if "custom_id" in data:
        parts = str(data["custom_id"]).split(":")[:2]
        return ":".join(part for part in parts if part.replace("-", "").replace("_", "").isalpha()) or "component"
    return "command"


class _Readings(Collector):
    """Reads, at the moment of a scrape, what the parts of the bot count by themselves."""

    def __init__(self, bot: "CommunityBot", metrics: Metrics) -> None:
        self._bot = bot
        self._metrics = metrics
        self._process = psutil.Process()

    def describe(self) -> Iterator[Metric]:
        yield from ()

    def collect(self) -> Iterator[Metric]:
        bot = self._bot
        yield _gauge("parvis_version_info", "The running version", 1, version=__version__)
        yield _gauge("parvis_memory_bytes", "Resident memory", self._process.memory_info().rss)
        yield _gauge("parvis_gateway_latency_seconds", "Heartbeat round trip", bot.latency)
        yield _gauge("parvis_guilds", "Servers", len(bot.guilds))
        yield _counter("parvis_gateway_reconnects", "Sessions resumed or begun anew", self._metrics.reconnects)
        yield _counter("parvis_messages", "Messages seen", bot.messages.seen)
        yield _counter("parvis_events", "Events committed", bot.bus.published)
        yield _counter("parvis_transaction_retries", "Transactions run again", bot.db.retries)
        yield _gauge("parvis_invalid_requests", "Refused by Discord in the last ten minutes", bot.circuit.invalid)
        flush = bot.community.flush
        yield _counter("parvis_flushes", "Batches of counts written", flush.batches)
        yield _counter("parvis_flushed_rows", "Rows of counts written", flush.rows)
        yield _counter("parvis_flush_seconds", "Time spent writing counts", flush.seconds)
        yield _counter("parvis_timers_kept", "Promises kept", bot.timers.kept)
        yield _counter("parvis_timers_failed", "Handlers of promises that failed", bot.timers.failures)
        yield from self._timers()

    def _timers(self) -> Iterator[Metric]:
        counts = self._metrics.timers
        if counts is not None:
            family = GaugeMetricFamily("parvis_timers", "Promises by state", labels=("state",))
            for state in ("pending", "late", "stuck", "paused"):
                family.add_metric((state,), getattr(counts, state))
            yield family


def _gauge(name: str, text: str, value: float, **labels: str) -> Metric:
    family = GaugeMetricFamily(name, text, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), value)
    return family


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)
