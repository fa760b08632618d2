"""One way out for every log line of the program, foreign loggers included: structured, and without secrets."""

import asyncio
import logging
import sys
import threading
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import IO, Any, Literal

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from structlog.types import Processor

from bot.observability.redaction import Redactor
from bot.settings import Settings

QUIET = {
    # Their debug lines quote what members wrote (gateway and REST payloads, parameters of statements).
    "discord.gateway": logging.INFO,
    "discord.http": logging.INFO,
    "discord.webhook": logging.INFO,
    "sqlalchemy": logging.WARNING,
    # … and theirs say nothing.
    "aiosqlite": logging.INFO,
    "alembic": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.INFO,
}
"""The least level at which these loggers speak, whatever the program's own level is."""


def configure_logging(
    level: str,
    form: Literal["auto", "console", "json"] = "auto",
    *,
    secrets: Iterable[str] = (),
    stream: IO[str] | None = None,
) -> logging.Handler:
    """Send every log record and every uncaught error to ``stream`` (standard error) as one structured line.

    ``auto`` writes for people on a terminal and JSON otherwise. Returns the handler; the command line calls this once.
    """
    out = stream or sys.stderr
    redactor = Redactor(secrets)
    for_people = form == "console" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Formatter(redactor, for_people=for_people, colours=for_people and out.isatty()))
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    for earlier in list(root.handlers):
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    structlog.configure(
        processors=[*_shared(redactor), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    return handler


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """All but one: a stop cancels whoever still waits for the database, and the connection is thrown away."""
    cancelled = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not (cancelled and record.name.startswith("sqlalchemy.pool"))


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts twice: the fields before they are rendered, and the finished line, tracebacks included."""

    def __init__(self, redactor: Redactor, *, for_people: bool, colours: bool) -> None:
        # Plain tracebacks: the rich ones show local variables and wrap lines, which hides a secret's shape.
        renderer: Processor = (
            structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
            if for_people
            else structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)
        )
        super().__init__(
            processors=[self.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared(redactor)],
        )
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        try:
            line = super().format(record)
        except Exception as error:
            # logging itself would print the message and its arguments to standard error as they are.
            record.msg, record.args, record.exc_info = (
                f"{record.msg!s} ({type(error).__name__} in its arguments)",
                (),
                None,
            )
            line = super().format(record)
        return self._redactor(line)


def _shared(redactor: Redactor) -> list[Processor]:
    def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        private = {"_record", "_from_structlog", "exc_info", "stack_info"}
        return {key: value if key in private else redactor.field(key, value) for key, value in event.items()}

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)  # what a shell expects of a program ended by Ctrl-C
    logging.getLogger("bot").critical("the program ended with an error", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: "threading.ExceptHookArgs") -> None:
    if args.exc_value is not None:
        where = args.thread.name if args.thread else "?"
        about = (args.exc_type, args.exc_value, args.exc_traceback)
        logging.getLogger("bot").error("thread %s ended with an error", where, exc_info=about)


def secrets_of(settings: Settings) -> list[str]:
    """The secrets of the settings themselves, to be redacted whatever they look like."""
    try:
        password = make_url(settings.database_url).password
    except ArgumentError:
        password = settings.database_url
    token = settings.token.get_secret_value() if settings.token else None
    return [str(secret) for secret in (token, password) if secret]
