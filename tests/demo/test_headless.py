"""`parvis demo --headless` as a program: pictures and transcripts in both languages, and exit 0."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from demo.cli import demo
from demo.community import LANGUAGES

PICTURES = (
    "welcome-panel",
    "checklist",
    "introduction",
    "say-hello",
    "buddies",
    "greeter-asked",
    "greeters",
    "reminder",
    "buddy-question",
    "help",
    "profile",
    "privacy",
    "inbox",
    "newcomers",
    "status",
    "settings",
    "arrival",
    "setup-purpose",
    "setup-capability",
    "setup-review",
    "setup-done",
    "proposal",
    "notice",
    "appeal",
    "case-overturned",
    "report",
    "moderate",
    "filter-hits",
    "page",
)
"""The main moments."""
HAPPENED_EN = (
    "Your buddy for two weeks: **Noor**.",
    "@Hattie wrote here for the first time, in #présentations",
    "[I take it]",
    "It is yours.",
    "✅ Answered by @",
    "**@Barnaby waits for a first answer**",
    "### Your next step in L’Atelier du Parvis: Code of conduct",
    "[My steps]",
    "**Barnaby** · Code of conduct",
    "### Did you and Noor meet?",
    "[Not yet]",
    "Noted: you met.",
    "### Timeout (1 day): not decided yet",
    "The ladder proposes **Warning**",
    "### Warning in L’Atelier du Parvis",
    "### Appeal against case ",
    "You were right: on ",
    "overturned it on appeal",
    "### Report about @Wren",
    "### Moderate @Wren",
    "It agrees with you, and has acted.",
    "· **Shadow**",
    "@Otis · in the text · watched",
    "## Back-test of ",
)
HAPPENED_FR = (
    "Ton binôme pour deux semaines",
    "@Anselme a écrit ici pour la première fois, dans #présentations",
    "[Je m’en charge]",
    "✅ Réponse donnée par @",
    "**@Loïc attend une première réponse**",
    "### Ta prochaine étape dans L’Atelier du Parvis",
    "[Mes étapes]",
    "### As-tu fait connaissance avec ",
    "[Pas encore]",
    "### Exclusion temporaire (1",
    "### Avertissement sur L’Atelier du Parvis",
    "### Recours contre le dossier ",
    "Tu avais raison\u202f: le ",
    "infirmé en recours par ",
    "### Signalement sur @Doudou",
    "Elle est de ton avis, et elle a agi.",
    "· **Observation**",
    "@Luc des Marolles · dans le texte · observé",
)
"""What the bot said: a newcomer got a buddy, another was answered by the greeter who was asked, a third got stuck; then
a decision beside similar ones, an appeal, a report, and a filter that watches."""
BLANK = 8_000
"""Bytes: a picture of nothing is smaller than this."""


def run_headless(out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "demo", "--headless", "--out", str(out), "--weeks", "1", "--seed", "5"]
    variables = {**os.environ, "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=560, check=False)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.browser
def test_a_headless_run_writes_pictures_and_a_transcript_in_both_languages(tmp_path: Path, chromium_path: Path) -> None:
    run = run_headless(tmp_path)
    assert run.returncode == 0, run.stderr[-3000:]
    for language in LANGUAGES:
        transcript = (tmp_path / f"transcript-{language}.md").read_text(encoding="utf-8")
        for name in PICTURES:
            picture = (tmp_path / language / f"{name}.png").read_bytes()
            width, height = size_of(picture)
            assert 800 <= width <= 2600, name
            assert 300 <= height <= 4000, name
            assert len(picture) > BLANK, name
            assert name == "page" or f"({language}/{name}.png)" in transcript
    for told, happened in (("transcript-en.md", HAPPENED_EN), ("transcript-fr.md", HAPPENED_FR)):
        story = (tmp_path / told).read_text(encoding="utf-8")
        places = [story.find(words) for words in happened]
        assert -1 not in places, happened[places.index(-1)]
        assert places == sorted(places), "each led to the next"
    assert "## Say hello" in (tmp_path / "transcript-en.md").read_text(encoding="utf-8")
    assert "## Dire bonjour" in (tmp_path / "transcript-fr.md").read_text(encoding="utf-8")
    assert "Your server is set up" in (tmp_path / "transcript-en.md").read_text(encoding="utf-8")
    assert "Le serveur est installé" in (tmp_path / "transcript-fr.md").read_text(encoding="utf-8")


def test_without_a_chromium_it_writes_the_transcript_and_says_how_to_get_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "there-is-none"))
    out = tmp_path / "out"
    assert demo(port=0, lang=None, headless=True, out=out, seed=5, weeks=0) == 0
    assert sorted(path.name for path in out.iterdir()) == ["transcript-en.md", "transcript-fr.md"]
    assert "apt install chromium" in capsys.readouterr().out
