"""`parvis demo --headless`: a week is lived, counted, told in both languages, and told the same each time.

`make test` draws a few of its pictures, one of each kind, and opens what the others show; `make soak` draws them all.
"""

import asyncio
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import InteractionResult, ResponseMessage

from bot.errors import StartupError
from demo import headless, scenes
from demo.browser import find_chromium
from demo.cli import demo
from demo.community import LANGUAGES, load_community
from demo.languages import localizers
from demo.pictures import Camera
from demo.scenes import Door
from demo.stage import living_community
from tests.demo.counting import hold_against_the_database

SEED, WEEKS = 5, 1

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


SAMPLE = {"checklist", "introduction", "setup-purpose", "page"}
"""Something long, a form, another server, and the page itself."""
TIME = re.compile(r"\b(\d\d?):(\d\d)\b")
HALF_A_DAY = 12 * 60
"""Minutes; English hours begin again at noon."""
PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n+", re.MULTILINE)


class SamplingCamera(Camera):
    """Draws the sample; of the others it opens what they show, as the person who sees it."""

    async def message(
        self, name: str, door: Door, shown: ResponseMessage | discord.Message, who: str | None = None
    ) -> Path | None:
        if name in SAMPLE:
            return await super().message(name, door, shown, who)
        channel_id = shown.channel_id if isinstance(shown, ResponseMessage) else shown.channel.id
        return await self._opened(name, door, channel_id, shown, who)

    async def form(
        self, name: str, door: Door, shown: InteractionResult, text: str, who: str | None = None
    ) -> Path | None:
        if name in SAMPLE:
            return await super().form(name, door, shown, text, who)
        return await self._opened(name, door, shown._interaction.channel_id, shown, who)

    async def page(self, name: str, *place: Any, **size: int) -> Path:
        return await super().page(name, *place, **size) if name in SAMPLE else self.folder / f"{name}.png"

    async def _opened(self, name: str, door: Door, channel_id: int, shown: Any, who: str | None) -> Path:
        visit = self.server.visit
        visit.world = self.world
        await visit.open(door, self.language, channel_id, who)
        assert visit.preview is not None
        await visit.preview.show(shown)
        await visit.close()
        return self.folder / f"{name}.png"


async def live_and_tell(out: Path) -> bool:
    """A week, held against the database, and told; whether there are pictures."""
    progress: list[tuple[int, int]] = []
    community = living_community(
        load_community(), seed=SEED, weeks=WEEKS, progress=lambda done, total: progress.append((done, total))
    )
    async with community as story:
        assert progress == sorted(progress)
        assert progress[-1][0] == progress[-1][1] > 500
        with story.world.env.time_context():
            await story.world.bot.community.flush.flush()
        await hold_against_the_database(story)
        _, pictured = await headless.tell_everything(story.world, localizers(), out, lambda turn, done: None)
        assert story.world.env.errors == []
    return pictured


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def told(out: Path) -> dict[str, str]:
    return {language: (out / f"transcript-{language}.md").read_text(encoding="utf-8") for language in LANGUAGES}


def look_at(out: Path, drawn: set[str]) -> None:
    """These pictures show something, and the transcript has a place for every main moment."""
    for language, transcript in told(out).items():
        for name in PICTURES:
            assert name == "page" or f"({language}/{name}.png)" in transcript
        for name in drawn:
            picture = (out / language / f"{name}.png").read_bytes()
            width, height = size_of(picture)
            assert 800 <= width <= 2600, name
            assert 300 <= height <= 4000, name
            assert len(picture) > BLANK, name


def read_all(transcripts: dict[str, str]) -> None:
    for language, happened in (("en", HAPPENED_EN), ("fr", HAPPENED_FR)):
        places = [transcripts[language].find(words) for words in happened]
        assert -1 not in places, happened[places.index(-1)]
        assert places == sorted(places), "each led to the next"
        assert not re.search(r"\d{15,}", transcripts[language]), "readers meet no ids"
        assert transcripts[language].count("\n## ") == len(scenes.scenes())
    assert "## Say hello" in transcripts["en"]
    assert "## Dire bonjour" in transcripts["fr"]
    assert "Your server is set up" in transcripts["en"]
    assert "Le serveur est installé" in transcripts["fr"]


def same(one: str, other: str) -> None:
    """The same words, at the same times but for the seconds that drawing took, which may end in the next minute."""
    assert TIME.sub("…", one) == TIME.sub("…", other)
    for (hour, minute), (other_hour, other_minute) in zip(TIME.findall(one), TIME.findall(other), strict=True):
        apart = abs(60 * (int(hour) - int(other_hour)) + int(minute) - int(other_minute)) % HALF_A_DAY
        assert min(apart, HALF_A_DAY - apart) <= 1


@pytest.mark.browser
def test_a_week_is_counted_as_it_was_lived_told_in_both_languages_and_the_same_without_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenes.load()
    monkeypatch.setattr(headless, "Camera", SamplingCamera)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    assert find_chromium() or os.environ.get("CI") != "true", "there is no Chromium; .ci/run installs it"
    if asyncio.run(live_and_tell(first)):
        look_at(first, SAMPLE)
    read_all(told(first))
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "there-is-none"))
    assert demo(port=0, lang=None, headless=True, out=second, seed=SEED, weeks=WEEKS) == 0
    assert sorted(path.name for path in second.iterdir()) == ["transcript-en.md", "transcript-fr.md"]
    assert "apt install chromium" in capsys.readouterr().out
    for language, transcript in told(first).items():
        same(PICTURE.sub("", transcript).rstrip(), told(second)[language].rstrip())


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StartupError) as refusal:
        demo(port=1, lang=None, headless=True, out=tmp_path / "file" / "below", seed=1, weeks=4)
    assert str(tmp_path) in refusal.value.message.format(**refusal.value.params)


@pytest.mark.soak
@pytest.mark.browser
def test_the_program_writes_every_picture(tmp_path: Path, chromium_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "demo", "--headless", "--out", str(tmp_path)]
    run = subprocess.run(
        [*command, "--weeks", str(WEEKS), "--seed", str(SEED)],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    look_at(tmp_path, set(PICTURES))
    read_all(told(tmp_path))
