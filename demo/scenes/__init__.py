"""What the demo shows: scenes for pictures and transcript, tasks for the visitor's guided list.

A feature adds a module here that registers its own with ``@scene`` and ``task``; `load` imports them all.
"""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from demo.page.visit import Visit
    from demo.telling import Telling

Door = Literal["newcomer", "settling", "member", "moderator", "builder"]
DOORS: tuple[Door, ...] = ("newcomer", "settling", "member", "moderator", "builder")
MESSAGES = "messages"
"""Where a task happens in the private messages of whoever is behind the door."""
Play = Callable[["Telling"], Awaitable[None]]
Done = Callable[["Visit"], Awaitable[bool]]


@dataclass(frozen=True)
class Scene:
    """A moment worth showing. ``play`` acts it out, tells it and takes its pictures."""

    order: int
    title: str
    play: Play


@dataclass(frozen=True)
class Task:
    """Something to try behind a door, in ``channel`` (a key, or ``MESSAGES``); ``done``: whether the visitor did it."""

    door: Door
    order: int
    key: str
    text: str
    hint: str
    channel: str
    done: Done


_scenes: list[Scene] = []
_tasks: list[Task] = []


def scene(order: int, title: str) -> Callable[[Play], Play]:
    """Register a scene; ``title`` is an ``N_`` text."""

    def register(play: Play) -> Play:
        _scenes.append(Scene(order, title, play))
        return play

    return register


def task(door: Door, order: int, text: str, *, hint: str, channel: str) -> Callable[[Done], Done]:
    """Register a task behind a door; ``text`` and ``hint`` are ``N_`` texts, ``channel`` a key of the data files."""

    def register(done: Done) -> Done:
        _tasks.append(Task(door, order, f"{door}-{done.__name__}", text, hint, channel, done))
        return done

    return register


def load() -> None:
    """Import every module of this package, so that they register what they show."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def scenes() -> list[Scene]:
    return sorted(_scenes, key=lambda one: one.order)


def tasks(door: Door) -> list[Task]:
    return sorted((one for one in _tasks if one.door == door), key=lambda one: one.order)
