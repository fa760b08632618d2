"""What an introduction may be."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.i18n.marks import N_

PROMPTS = 3
"""Most prompts of an introduction."""

_ANSWER_LIMITS = {1: 1500, 2: 800, 3: 500}
"""Characters an answer may have, by the number of prompts: doubled by escaping, and with the prompts, the post still
fits the 4,000 characters of a message."""

_BLANKS = frozenset("\u2800\u3164\u115f\u1160\uffa0")
"""Letters and symbols, says Unicode, that show nothing."""


class EmptyIntroduction(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is nothing to read in your introduction yet. One sentence is enough."))


class AnswerMissing(UserError):
    def __init__(self, prompt: str) -> None:
        super().__init__(N_("The answer to “{prompt}” is missing. One sentence is enough."), prompt=prompt)


class IntroductionTooLong(UserError):
    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            N_("An answer has {length} characters; {limit} fit. Shorten it and send it again."),
            length=length,
            limit=limit,
        )


def answer_limit(prompts: int) -> int:
    """Characters each answer may have."""
    return _ANSWER_LIMITS[prompts]


def is_visible(text: str) -> bool:
    """True when the text shows something: not only spaces, marks, controls or blanks in disguise."""
    return any(char not in _BLANKS and unicodedata.category(char)[0] not in "ZCM" for char in text)


def tidied(text: str) -> str:
    """The text without what no message needs: control characters, spaces around it, more than one empty line."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return re.sub(r"\n\s*\n\s*", "\n\n", kept).strip()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question of the introduction, in the reader's language."""

    text: str
    required: bool


def answers(prompts: Sequence[Prompt], written: Sequence[str]) -> tuple[str, ...]:
    """What was written, tidied, one answer per prompt, empty where nothing shows.

    Raises IntroductionTooLong, EmptyIntroduction or AnswerMissing.
    """
    limit = answer_limit(len(prompts))
    found = tuple(tidied(text) if is_visible(text) else "" for text in written)
    longest = max(map(len, found), default=0)
    if longest > limit:
        raise IntroductionTooLong(longest, limit)
    if not any(found):
        raise EmptyIntroduction
    for prompt, answer in zip(prompts, found, strict=True):
        if prompt.required and not answer:
            raise AnswerMissing(prompt.text)
    return found
