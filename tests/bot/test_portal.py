"""What an operator pasted by mistake is recognised by its shape, and never repeated."""

import pytest

from bot.cli.terminal import spoken
from bot.invitation import PERMISSIONS, invitation
from bot.permissions.names import NAMES
from bot.permissions.rules import DANGEROUS
from bot.portal import INTENT_NAMES, intent_is_off, probably, refused_token
from bot.settings import Settings

TOKEN = "MTA0NzQ3ODUxMjM0NTY3ODkw.Gx1abc.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("104747851234567890", "application ID"),
        ("0123456789abcdef" * 4, "public key"),
        ("aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ", "client secret"),
        (f"Bot {TOKEN}", "begins with"),
        ("hello", "three parts"),
        ("", "three parts"),
        (TOKEN, "reset"),
        (f"  {TOKEN}\n", "reset"),
    ],
)
def test_each_of_the_portals_values_is_recognised(value, hint):
    assert hint in probably(value)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_refusal_says_where_to_find_the_token_and_never_what_was_given(language, monkeypatch):
    monkeypatch.setenv("LC_ALL", language)
    error = refused_token(TOKEN)
    text = spoken()(error.message, **error.params)
    assert "https://discord.com/developers/applications" in text
    assert error.exit_code == 78
    assert not any(part in text for part in TOKEN.split("."))


@pytest.mark.parametrize("intent", INTENT_NAMES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_intent_that_is_off_is_named_with_its_purpose_and_both_ways_out(intent, language, monkeypatch):
    monkeypatch.setenv("LC_ALL", language)
    other = next(name for name in INTENT_NAMES if name != intent)
    settings = Settings(_env_file=None, token="x", without_intents=[other])
    error = intent_is_off(intent, 4711, settings)
    text = spoken()(error.message, **error.params)
    assert INTENT_NAMES[intent] in text
    assert "https://discord.com/developers/applications/4711/bot" in text
    assert "PARVIS_WITHOUT_INTENTS=members,message_content" in text
    assert error.exit_code == 78


def test_the_invitation_asks_for_little_and_says_why_for_each():
    assert "permissions=" in invitation(4711)
    assert set(PERMISSIONS) <= set(NAMES)
    moderating = {"moderate_members", "kick_members", "ban_members", "view_audit_log", "manage_messages"}
    assert DANGEROUS & set(PERMISSIONS) == {"manage_roles"} | moderating
