"""The figures of a month in words."""

from collections.abc import Mapping, Sequence

from babel.dates import format_skeleton

from bot.contracts.cases import CaseKind
from bot.contracts.moderation import ModerationFigures
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.conduct.appeals.models import Outcome as Answer
from cogs.conduct.cases import words
from cogs.conduct.reports.models import Outcome
from cogs.conduct.transparency.months import Month

OUTCOMES = {
    Outcome.SANCTIONED: N_("upheld, with a sanction"),
    Outcome.UPHELD: N_("upheld, without a sanction"),
    Outcome.NOT_UPHELD: N_("not upheld"),
    Outcome.DUPLICATE: N_("reported already by somebody else"),
}
ANSWERS = {Answer.UPHELD: N_("the decision stood"), Answer.OVERTURNED: N_("overturned")}
Titles = Mapping[int | None, str]
"""Articles by number, in the reader's language, harmless."""


def month_name(t: Localizer, month: Month) -> str:
    """March 2026."""
    return str(format_skeleton("yMMMM", month.first, locale=t.language))


def few(t: Localizer) -> str:
    """What is said instead of a small number."""
    return t(N_("too few to be named"))


def reports(t: Localizer, found: ModerationFigures, titles: Titles) -> str:
    """How many were made, and under which articles."""
    named = {titles.get(article) or article_name(t, article): n for article, n in found.by_article.items()}
    return _block(t, t(N_("Reports")), found.reports, named)


def resolved(t: Localizer, found: ModerationFigures) -> str:
    """How they ended, and after how long."""
    named = {t(OUTCOMES[Outcome(outcome)]): n for outcome, n in found.by_outcome.items()}
    more = []
    if found.median is not None:
        more.append(t(N_("Half of them were closed within {length}."), length=t.duration(found.median)))
    return _block(t, t(N_("Reports that were closed")), found.resolved, named, more)


def cases(t: Localizer, found: ModerationFigures) -> str:
    """What people decided, what filters did, and how often it was otherwise than proposed."""
    named = {t(words.KINDS[kind]): n for kind in CaseKind if (n := found.by_kind.get(kind)) is not None}
    if found.by_filters is not None:
        named[t(N_("Sanctions by filters"))] = found.by_filters
    more = []
    if found.departures is not None:
        said = t.plural(
            "{n} sanction was not what the ladder proposed.",
            "{n} sanctions were not what the ladder proposed.",
            found.departures,
        )
        more.append(said)
    return _block(t, t(N_("Cases")), found.cases, named, more)


def appeals(t: Localizer, found: ModerationFigures, titles: Titles) -> str:
    """How many were made and decided, and how often a decision did not stand."""
    made = t.number(found.appeals) if found.appeals is not None else few(t)
    named = {t(ANSWERS[Answer(answer)]): n for answer, n in found.by_answer.items()}
    more = [
        t(
            N_("{article}: {rate} of {n} overturned"),
            article=titles.get(one.article) or article_name(t, one.article),
            rate=t.percent(one.rate),
            n=t.number(one.decided),
        )
        for one in found.overturned
    ]
    first = words.row(t, t(N_("Appeals")), made)
    decided = _block(t, t(N_("Appeals that were decided")), found.answered, named, more)
    return f"{first}\n{decided}"


def article_name(t: Localizer, article: int | None) -> str:
    """An article without a title."""
    return t(N_("without an article")) if article is None else t(N_("article {number}"), number=article)


def _block(t: Localizer, name: str, total: int | None, named: Mapping[str, int], more: Sequence[str] = ()) -> str:
    """A total, its parts that may be named, and what is to be said beside them."""
    if total is None:
        least = sum(named.values())
        said = t(N_("at least {n}"), n=t.number(least)) if least else few(t)
    else:
        said = t.number(total)
    lines = [
        words.row(t, name, said),
        *("- " + t(N_("{what}: {n}"), what=key, n=t.number(n)) for key, n in named.items()),
    ]
    if named and sum(named.values()) != total:
        lines.append("- " + t(N_("{what}: {n}"), what=t(N_("everything else")), n=few(t)))
    return "\n".join([*lines, *(f"- {one}" for one in more)])
