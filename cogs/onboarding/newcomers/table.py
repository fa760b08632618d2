"""The funnel as a table that a phone shows without breaking its lines."""

from bot.contracts.newcomers import Cohort, FunnelStep, Milestone
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_

LABELS = {
    Milestone.JOINED: N_("Joined"),
    Milestone.SCREENED: N_("Rules passed"),
    Milestone.ACCEPTED: N_("Code accepted"),
    Milestone.GROUPS: N_("Groups chosen"),
    Milestone.INTRODUCED: N_("Introduced"),
    Milestone.FIRST_MESSAGE: N_("1st message"),
    Milestone.FIRST_REPLY: N_("1st answer"),
    Milestone.THIRD_MESSAGE: N_("3rd message"),
    Milestone.RETURNED: N_("Back in week 2"),
}
"""At most 14 characters in every language."""
WIDTH = 28
"""Characters of a line of code on a phone 400 pixels wide; more are cut off."""


def table(t: Localizer, cohort: Cohort) -> str:
    """Name, number of people, share and median time of each milestone, in a block of code."""
    rows = [_cells(t, step) for step in cohort.funnel]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    gap = "  " if sum(widths) + 3 * 2 < WIDTH else " "
    lines = [gap.join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
    return "```\n" + "\n".join(lines) + "\n```"


def _cells(t: Localizer, step: FunnelStep) -> tuple[str, str, str, str]:
    share, joined = step.share.value, step.milestone is Milestone.JOINED
    return (
        t(LABELS[step.milestone]),
        str(step.share.count),
        "" if joined else "–" if share is None else _plain(t.percent(share)),
        "" if joined or step.median is None else _plain(t.brief(step.median)),
    )


def _plain(number: str) -> str:
    """Without the space before a unit, for which a phone has no room."""
    return "".join(number.split())


def notes(t: Localizer, cohort: Cohort) -> str:
    """What the table does not say by itself."""
    lines = [t(N_("Share of those who joined, and the median time since then."))]
    back = next((step.share for step in cohort.funnel if step.milestone is Milestone.RETURNED), None)
    if back is not None and not back.of:
        lines.append(t(N_("Back in week 2 is known two weeks after somebody joined.")))
    elif back is not None:
        lines.append(
            t.plural(
                "Back in week 2: of {n} person whose second week is over.",
                "Back in week 2: of {n} people whose second week is over.",
                back.of,
            )
        )
    return "\n".join(f"-# {line}" for line in lines)


def answers(t: Localizer, cohort: Cohort) -> str | None:
    """How many were answered, and how fast; None when nobody has written."""
    replies = cohort.replies
    if not replies.answered.of:
        return None
    if replies.median is None:
        return t.plural(
            "{n} person wrote; nobody was answered yet.",
            "{n} people wrote; nobody was answered yet.",
            replies.answered.of,
        )
    told = t.plural(
        "{n} person wrote; {share} were answered, half of them within {time}.",
        "{n} people wrote; {share} were answered, half of them within {time}.",
        replies.answered.of,
        share=t.percent(replies.answered.value or 0.0),
        time=t.duration(replies.median),
    )
    in_time = t(
        N_("Within {time}: {percent}."),
        time=t.duration(replies.within),
        percent=t.percent(replies.in_time.value or 0.0),
    )
    return f"{told} {in_time}"
