"""No secret leaves through the log, whatever path it takes (promise 26), and every line can be read by a program."""

import asyncio
import io
import json
import logging
import subprocess
import sys
import textwrap
import threading
import warnings

import aiohttp
import pytest
import sqlalchemy
import structlog
from pydantic import SecretStr

from bot.errors import StartupError
from bot.observability.logs import QUIET, configure_logging, secrets_of
from bot.settings import Settings, load_settings
from tests.bot.observability.test_redaction import TOKEN, WEBHOOK

HOOK = f"https://discord.com/api/webhooks/1199999999999999999/{WEBHOOK}"
PASSWORD = "hunter2-of-postgres"
DATABASE = f"postgresql+asyncpg://parvis:{PASSWORD}@db.example/parvis"
CANARIES = (TOKEN, WEBHOOK, PASSWORD)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(params=["console", "json", "terminal"])
def output(request, restored):
    """The log at DEBUG, in both forms; foreign loggers may say everything."""
    stream = Terminal() if request.param == "terminal" else io.StringIO()
    configure_logging("DEBUG", "auto" if request.param == "terminal" else request.param, stream=stream)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    written = stream.getvalue()
    assert written.strip(), "nothing was logged: the test proves nothing"
    for canary in CANARIES:
        assert canary not in written


def failing(secret):
    local = secret  # a traceback that shows local variables would show it
    raise ConnectionError(f"refused {local}")


class Anything:
    """Shows its secret when it is printed."""

    def __repr__(self):
        return f"<Webhook {HOOK}>"


def test_a_message(output):
    logging.getLogger("bot.x").debug(f"connecting with {TOKEN} to {HOOK} and {DATABASE}")  # noqa: G004


def test_arguments(output):
    logging.getLogger("bot.x").info("with %s and %r", TOKEN, Anything())


def test_a_mapping_of_arguments(output):
    logging.getLogger("bot.x").info("connecting with %(token)s to %(where)s", {"token": TOKEN, "where": DATABASE})


def test_extra_fields(output):
    logging.getLogger("bot.x").info("connecting", extra={"token": TOKEN, "at": [HOOK], "to": {"url": DATABASE}})


def test_structured_fields(output):
    structlog.get_logger("bot.x").warning(
        "connecting", token=TOKEN, hook=HOOK, nested={"password": PASSWORD}, o=Anything()
    )


def test_a_field_named_after_a_secret(output):
    structlog.get_logger("bot.x").warning("connecting", password=PASSWORD)


def test_arguments_that_do_not_fit(output, capfd):
    logging.getLogger("bot.x").warning("with %s and %s", TOKEN)
    logging.getLogger("bot.x").warning("with %d", HOOK)
    assert "with %s and %s (TypeError in its arguments)" in output.getvalue()
    assert capfd.readouterr().err == ""


def test_bound_context(output):
    with structlog.contextvars.bound_contextvars(url=DATABASE):
        logging.getLogger("bot.x").info("connecting")


def test_an_exception_with_its_traceback(output):
    try:
        failing(TOKEN)
    except ConnectionError:
        logging.getLogger("bot.x").exception("it failed with %s", HOOK)
    assert "ConnectionError" in output.getvalue()
    assert "in failing" in output.getvalue()


def test_a_chain_of_exceptions_with_notes(output):
    try:
        try:
            failing(DATABASE)
        except ConnectionError as error:
            error.add_note(f"while using {HOOK}")
            raise RuntimeError(TOKEN) from error
    except RuntimeError:
        logging.getLogger("bot.x").exception("it failed")
    assert "while using" in output.getvalue()


def test_a_group_of_exceptions(output):
    group = ExceptionGroup("several", [ConnectionError(TOKEN), ValueError(HOOK)])
    logging.getLogger("bot.x").error("several failed", exc_info=group)


def test_an_exception_of_structlog(output):
    try:
        failing(TOKEN)
    except ConnectionError:
        structlog.get_logger("bot.x").exception("it failed", at=HOOK)


@pytest.mark.parametrize("name", ["discord.gateway", "discord.http", "aiohttp.client", "sqlalchemy.engine", "asyncio"])
def test_a_foreign_logger(output, name):
    identify = {"op": 2, "d": {"token": TOKEN, "intents": 1}}
    logging.getLogger(name).debug("sending %s to %s with %s", identify, HOOK, DATABASE)


def test_a_stack(output):
    logging.getLogger("bot.x").info("here: %s", TOKEN, stack_info=True)


def test_a_warning(output):
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(True)
        warnings.warn(f"deprecated: {HOOK}", DeprecationWarning, stacklevel=1)


async def test_a_task_that_nobody_awaits(output):
    async def task():
        failing(TOKEN)

    running = asyncio.create_task(task())
    await asyncio.wait([running])
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"never retrieved {HOOK}", "exception": running.exception(), "task": running}
    )


def test_an_error_in_a_thread(output):
    thread = threading.Thread(target=failing, args=(TOKEN,))
    thread.start()
    thread.join()


def test_an_uncaught_error(output):
    try:
        failing(TOKEN)
    except ConnectionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


async def test_errors_of_the_libraries_we_use(output):
    log = logging.getLogger("bot.x")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session:
        try:
            await session.get(f"http://127.0.0.1:1/api/webhooks/1199999999999999999/{WEBHOOK}")
        except aiohttp.ClientError:
            log.exception("could not connect")
    try:
        sqlalchemy.create_engine(f"nothing://parvis:{PASSWORD}@db")
    except sqlalchemy.exc.SQLAlchemyError:
        log.exception("could not create %s", DATABASE)


def test_the_settings(output):
    settings = Settings(_env_file=None, token=SecretStr(TOKEN), database_url=DATABASE)
    for text in (repr(settings), str(settings)):
        assert TOKEN not in text
        assert PASSWORD not in text
    logging.getLogger("bot.x").info("started with %r and %s", settings, settings.model_dump())


def test_a_secret_without_a_shape_is_known_from_the_settings(restored):
    settings = Settings(_env_file=None, token="odd token", database_url="postgresql+asyncpg://u:odd%2Fpass@h/d")
    stream = io.StringIO()
    configure_logging("INFO", "json", secrets=secrets_of(settings), stream=stream)
    logging.getLogger("bot.x").info("tried odd token and odd/pass")
    assert json.loads(stream.getvalue())["event"] == "tried [redacted] and [redacted]"


@pytest.mark.parametrize("bad", [{"log_level": TOKEN}, {"cluster": HOOK}, {"health_port": DATABASE}])
def test_a_setting_that_cannot_be_used_is_named_without_its_value(bad, monkeypatch):
    monkeypatch.chdir("/")
    with pytest.raises(StartupError) as refusal:
        load_settings(**bad)
    text = f"{refusal.value!r} {refusal.value.params} {refusal.value.__cause__} {refusal.value.__context__}"
    assert not any(canary in text for canary in CANARIES)


def test_a_program_that_dies_says_why_without_secrets(tmp_path):
    script = f"""
        from bot.observability.logs import configure_logging
        configure_logging("DEBUG", "json")
        raise ConnectionError({TOKEN!r})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True)
    assert done.returncode == 1
    assert TOKEN not in done.stderr
    line = json.loads(done.stderr)
    assert "ConnectionError: [redacted]" in line["exception"]


def test_every_line_is_one_json_object_with_what_a_program_needs(restored):
    stream = io.StringIO()
    configure_logging("INFO", "json", stream=stream)
    logging.getLogger("bot.x").info("deux\nlignes %s", "é", extra={"guild": 7})
    try:
        failing(TOKEN)
    except ConnectionError:
        logging.getLogger("discord.client").exception("it failed")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {"event": "deux\nlignes é", "guild": 7, "level": "info", "logger": "bot.x"}
    assert second["level"] == "error"
    assert second["exception"].startswith("Traceback")


def test_people_at_a_terminal_get_lines_they_can_read(restored):
    stream = Terminal()
    configure_logging("INFO", "auto", stream=stream)
    logging.getLogger("bot.x").info("bonjour %s", "à tous")
    assert "bonjour à tous" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_what_members_wrote_is_not_logged_by_libraries_even_at_debug(restored):
    stream = io.StringIO()
    configure_logging("DEBUG", "json", stream=stream)
    for name in ("discord.gateway", "discord.http", "discord.webhook.async_", "sqlalchemy.engine.Engine"):
        logging.getLogger(name).debug("payload: what a member wrote")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("error", "lines"), [(asyncio.CancelledError(), 0), (ConnectionError("gone"), 1)])
def test_a_connection_of_a_cancelled_task_is_thrown_away_without_alarm(restored, error, lines):
    stream = io.StringIO()
    configure_logging("INFO", "json", stream=stream)
    try:
        raise error
    except BaseException:
        logging.getLogger("sqlalchemy.pool.impl.Pool").exception("Exception during reset or similar")
    assert len(stream.getvalue().splitlines()) == lines
