"""A progress bar for work that reports the share done."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.cli.terminal import console
from bot.database.backups.sqlite import Progress as Report


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Shows ``title`` and a bar while the block runs; yields what reports the share. Silent where nobody looks."""
    terminal = console()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda share: bar.update(task, completed=share)
