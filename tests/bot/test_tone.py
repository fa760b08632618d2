"""How French speaks to one member: *tu* or *vous* as the server chose, and never with a gender."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import catalogues  # noqa: E402
import tone  # noqa: E402

from bot.guilds.sections import CommunitySettings  # noqa: E402
from bot.i18n.localizer import I18n  # noqa: E402
from cogs.onboarding.settings import WelcomeSettings  # noqa: E402


@pytest.mark.parametrize(
    "text",
    [
        "Tu as déjà dit bonjour.",
        "Qui t’a dit bonjour.",
        "Choisis tes groupes",
        "Rien n’a changé\u202f: préviens l’équipe.",
        "Une réponse est trop longue. Raccourcis-la, puis renvoie-la.",
        "Présente-toi",
        "Recharge Discord.",
    ],
)
def test_a_text_that_says_tu_is_recognised(text):
    assert tone.speaks_to_one(text)


@pytest.mark.parametrize(
    "text", ["Choisissez un salon.", "Le ou la membre attend.", "Bienvenue dans Agora", "Statut", "Il attend un rôle."]
)
def test_a_text_that_does_not_is_left_alone(text):
    assert not tone.speaks_to_one(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tu es inscrit.",
        "Tu n’es pas encore connectée au serveur.",
        "Vous êtes arrivés.",
        "Te voilà prêt.",
        "Tu t’es présentée.",
        "L’équipe t’a averti.",
        "Sois patient.",
        "Bienvenu ici",
    ],
)
def test_agreement_with_the_reader_is_refused(text):
    assert list(tone.agreements(text))


@pytest.mark.parametrize(
    "text",
    [
        "Te voilà membre.",
        "Tu es dans le groupe.",
        "Qui t’a dit bonjour.",
        "Inscription faite.",
        "Bienvenue",
        "Tu n’es pas sur ce serveur.",
        "Vous êtes ici depuis mars.",
    ],
)
def test_epicene_wording_passes(text):
    assert list(tone.agreements(text)) == []


@pytest.mark.parametrize(
    ("text", "language", "fault"),
    [
        ("Oops, that failed.", "en", "Oops"),
        ("Simply click here.", "en", "Simply"),
        ("Oups, raté.", "fr", "Oups"),
        ("Il suffit simplement de cliquer.", "fr", "simplement"),
        ("Welcome!!", "en", "shouts"),
        ("🎉 Welcome 🎊", "en", "emoji"),
    ],
)
def test_the_tone_of_a_text_is_checked_in_both_languages(text, language, fault):
    assert fault in " ".join(tone.faults(text, language))


def test_the_overlay_must_be_complete_and_must_not_say_tu(monkeypatch):
    """Seen from the check that `make check` runs: take one text away, leave another in the familiar form."""
    honest = catalogues.catalogue

    def broken(package, language, domain):
        found = honest(package, language, domain)
        if domain == catalogues.POLITE and package.name == "onboarding":
            found.delete("Choose your groups")
            found.get("Introduce yourself").string = "Présente-toi"
            found.get("You are in no group now.").string = "Tu n’es dans aucun groupe."
        return found

    monkeypatch.setattr(catalogues, "catalogue", broken)
    monkeypatch.setattr(catalogues, "packages", lambda: [ROOT / "cogs/onboarding"])
    said = sorted(line.split(": ", 1)[1] for line in catalogues.problems())
    assert said == [
        "says tu: 'Introduce yourself'",
        "says tu: 'You are in no group now.'",
        "untranslated: 'Choose your groups'",
    ]


def test_a_server_that_chose_vous_hears_it_everywhere():
    i18n = I18n()
    i18n.add_catalogues(ROOT / "cogs/onboarding/locales")
    i18n.follow(lambda _guild: "fr", lambda guild: guild == 1)
    formal, familiar = (i18n.for_guild(guild)("Choose your groups") for guild in (1, 2))
    assert (formal, familiar) == ("Choisissez vos groupes", "Choisis tes groupes")
    assert i18n.for_reader("fr", 1)("Choose your groups") == formal
    assert i18n.for_reader("de", 1)("Choose your groups") == formal
    assert i18n.for_reader("en-GB", 1)("Choose your groups") == "Choose your groups"
    assert i18n.for_reader("fr", None)("Choose your groups") == familiar
    assert i18n.for_guild(1)("Groups") == "Groupes", "what says neither is in the one catalogue"


async def test_the_form_of_address_of_the_settings_is_what_a_member_reads(stage):
    guild_settings, reader = stage.bot.guild_settings, stage.person("noé", locale="fr")
    await guild_settings.change(stage.guild.id, WelcomeSettings, by=None, enabled=True)
    await stage.env.settle()  # the command comes with the capability
    familiar = await reader.slash(stage.general, "welcome")
    assert "Écris dans n’importe quel salon" in texts(familiar.response)
    await guild_settings.change(stage.guild.id, CommunitySettings, by=None, address="vous")
    formal = await reader.slash(stage.general, "welcome")
    assert "Écrivez dans n’importe quel salon" in texts(formal.response)


def texts(message):
    """Every text of a message of components."""
    return json.dumps(message.components, ensure_ascii=False)
