"""Secrets are recognised by their shape; ordinary text is left alone."""

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.observability.redaction import REDACTED, Redactor, redacted

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
urlsafe = st.sampled_from(ALPHABET)


def bot_token(user_id=1199999999999999999, stamp="GaBcDe", signature="x" * 30 + "Yz-_012"):
    return f"{base64.urlsafe_b64encode(str(user_id).encode()).decode().rstrip('=')}.{stamp}.{signature}"


TOKEN = bot_token()
WEBHOOK = "Zk3-" + "aB_9" * 16
INTERACTION = base64.b64encode(b"interaction:1199999999999999999:" + b"s" * 40).decode()

SECRETS = [
    (TOKEN, "{}"),
    (TOKEN, "Bot {}"),
    (TOKEN, "Authorization: Bot {}"),
    (TOKEN, "login with '{}' failed"),
    (TOKEN, '{{"token": "{}"}}'),
    (WEBHOOK, "https://discord.com/api/webhooks/1199999999999999999/{}"),
    (WEBHOOK, "POST https://canary.discord.com/api/v10/webhooks/1199999999999999999/{}?wait=true has returned 404"),
    (WEBHOOK, "discordapp.com/api/webhooks/1199999999999999999/{}/messages/@original"),
    (WEBHOOK, "http://127.0.0.1:8000/api/v10/interactions/1199999999999999999/{}/callback"),
    (WEBHOOK, "Webhook with token='{}'"),
    (INTERACTION, "{}"),
    (INTERACTION, "<Interaction token={}>"),
    (INTERACTION, "{{'id': '1', 'token': '{}', 'type': 2}}"),
    ("s3cr3t-of-a-proxy-01", "Authorization: Bearer {}"),
    ("dXNlcjpwYXNzd29yZDE=", "'Proxy-Authorization': 'Basic {}'"),
    ("hunter2", "postgresql+asyncpg://parvis:{}@db.example/parvis"),
    ("p@ss:w%2Frd", "postgresql://parvis:{}@db.example:5432/parvis?ssl=require"),
    ("hunter2", "could not connect: {{'user': 'parvis', 'password': '{}', 'host': 'db'}}"),
    ("hunter2", "dsn host=db user=parvis password={} dbname=parvis"),
    ("hunter2", 'error: "{{\\"password\\": \\"{}\\"}}"'),
]


@pytest.mark.parametrize(("secret", "text"), SECRETS)
def test_a_secret_is_taken_out_and_the_rest_stays(secret, text):
    before, after = text.format("\0").split("\0")
    clean = redacted(text.format(secret))
    assert secret not in clean
    assert REDACTED in clean
    assert clean.startswith(before[:4])
    assert clean.endswith(after[-4:])


@pytest.mark.parametrize(
    "text",
    [
        "transaction work is tried again (2): OperationalError",
        "timer unban:1199999999999999999:23 failed (3 in a row)",
        "GET https://discord.com/api/v10/users/@me has returned 200",
        "http://127.0.0.1:8081/readyz",
        "The bot administratively disconnected; bearer of bad news",
        "Bot permissions changed in https://discord.com/channels/1199999999999999999/1199999999999999998",
        "sqlite+aiosqlite:///data/parvis.db",
        "postgresql+asyncpg://parvis@db.example/parvis",
        "token refused: look at https://discord.com/developers/applications",
        "member@example.org wrote: bonjour l'équipe",
        "MODULE.version.number",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert redacted(text) == text


def test_redacting_twice_changes_nothing_more():
    for secret, text in SECRETS:
        once = redacted(text.format(secret))
        assert redacted(once) == once


@given(
    st.integers(10**17, 10**19),
    st.text(urlsafe, min_size=6, max_size=7),
    st.text(urlsafe, min_size=27, max_size=40),
    st.text(st.characters(exclude_characters=ALPHABET, exclude_categories=["Cs"]), min_size=1, max_size=20),
)
def test_no_token_survives_whatever_stands_around_it(user_id, stamp, signature, around):
    token = bot_token(user_id, stamp, signature)
    assert signature not in redacted(f"{around}{token}{around}")


def test_a_secret_that_looks_like_nothing_is_taken_out_when_it_is_named():
    assert Redactor(["open sesame"])("he said: open sesame!") == f"he said: {REDACTED}!"


def test_fields_are_redacted_by_name_and_by_value():
    value = {"token": "abc", "guild": 7, "deep": [{"password": "x"}, TOKEN], "fine": True, "url": ("a", WEBHOOK)}
    clean = redacted.value(value)
    assert TOKEN not in json.dumps(clean)
    assert clean["token"] == REDACTED
    assert clean["deep"] == [{"password": REDACTED}, REDACTED]
    assert (clean["guild"], clean["fine"]) == (7, True)


@given(st.text(max_size=2000))
def test_any_text_is_handled_in_reasonable_time(text):
    assert isinstance(redacted(text), str)


@pytest.mark.parametrize(
    "evil", ["a://" + "a:" * 20000, "token=" * 20000, "M" * 60000, "Bot " + "a" * 60000, "'" * 60000, "a." * 30000]
)
def test_a_line_made_to_be_slow_is_not(evil):
    begun = time.process_time()
    redacted(evil)
    assert time.process_time() - begun < 1
