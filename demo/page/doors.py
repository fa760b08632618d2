"""The five doors and every other text of the page that is not in its template."""

import re
from typing import Any

from markupsafe import Markup, escape

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from demo.community import Language
from demo.page.visit import Visit
from demo.scenes import DOORS, MESSAGES, Door, Task, tasks

TITLES: dict[Door, str] = {
    "newcomer": N_("As a newcomer"),
    "settling": N_("As somebody settling in"),
    "member": N_("As a member"),
    "moderator": N_("As a moderator"),
    "builder": N_("As the community builder"),
}
SUMMARIES: dict[Door, str] = {
    "newcomer": N_("You join at this very moment and know nobody yet. Find your way in."),
    "settling": N_("You came two weeks ago, got stuck, and were helped on. Read what came, and meet your buddy."),
    "member": N_("You are at home here. Welcome somebody, change your groups."),
    "moderator": N_("You look after the place. See what members see, and what they do not."),
    "builder": N_("You run the community. Set up the welcome, the groups, the code of conduct."),
}
LEADS: dict[Door, str] = {
    "newcomer": N_("Press buttons and fill forms in the channel, as on Discord. What you do ticks the list."),
    "settling": N_("What the bot wrote to you stands in your private messages. What you do ticks the list."),
    "member": N_("Type / in the channel to see the commands. What you do ticks the list."),
    "moderator": N_("The team has a channel of its own, and rights that members lack."),
    "builder": N_("Everything about the server is decided in Discord itself, with panels."),
}
CHROME = (
    N_("Only you can see this"),
    N_("Send"),
    N_("You can use application commands here"),
    N_("Load earlier messages"),
    N_("Newer messages"),
    N_("New messages · jump to latest"),
    N_("No messages in this channel."),
    N_("Select an option"),
    N_("Select one or more options"),
    N_("Submit"),
    N_("Cancel"),
    N_("Edit"),
    N_("Delete"),
    N_("Reply"),
    N_("(edited)"),
    N_("{name} used"),
    N_("This form will be submitted to Parvis. Do not share passwords or other sensitive information."),
)
"""What simcord's preview itself says, which is English only."""


def doors(visit: Visit, t: Localizer, language: Language) -> list[dict[str, Any]]:
    """What the template shows of each door."""
    community = visit.world.community
    return [
        {
            "key": door,
            "person": community.people[community.behind(door, language)],
            "title": t(TITLES[door]),
            "summary": t(SUMMARIES[door]),
            "lead": t(LEADS[door]),
            "start": tasks(door)[0].channel if tasks(door) else "",
            "tasks": [_task(visit, t, one) for one in tasks(door)],
        }
        for door in DOORS
    ]


def _task(visit: Visit, t: Localizer, task: Task) -> dict[str, str]:
    if task.channel == MESSAGES:
        go = t(N_("Go to your private messages"))
    else:
        go = t(N_("Go to #{channel}"), channel=visit.world.channels[task.channel].name or "")
    return {"key": task.key, "text": t(task.text), "hint": t(task.hint), "channel": task.channel, "go": go}


def headline(visit: Visit, t: Localizer) -> str:
    """How much of a community's life there is to see."""
    return t.plural(
        "{n} week of a community is behind these doors. Which one do you take?",
        "{n} weeks of a community are behind these doors. Which one do you take?",
        visit.world.life["weeks"],
    )


def lead(visit: Visit, t: Localizer) -> str:
    """Who they are, and what is real."""
    return t.plural(
        "{n} person mends toasters, bicycles and jumpers here, in English and in French. Everybody is simulated; the "
        "bot is the real one, unmodified.",
        "{n} people mend toasters, bicycles and jumpers here, in English and in French. They are simulated; the bot is "
        "the real one, unmodified.",
        visit.world.life["members"],
    )


def life(visit: Visit, t: Localizer) -> list[tuple[str, str]]:
    """The weeks before the visit in numbers, each with its words."""
    known = visit.world.life
    return [
        (t.number(known["members"]), t(N_("members"))),
        (t.number(known["messages"]), t(N_("messages"))),
        (t.number(known["arrivals"]), t(N_("arrivals"))),
        (t.number(known["greetings"]), t(N_("hellos to newcomers"))),
    ]


def script_texts(t: Localizer) -> dict[str, str]:
    """What the page's script says."""
    return {
        "done": t(N_("Done:")),
        "unread": t(N_("unread")),
        "messages": t(N_("Private messages")),
        "lost": t(N_("The demo does not answer any more. Start it again in the terminal.")),
    }


def marked(text: str) -> Markup:
    """``**bold**`` and ```` `code` ```` of an otherwise plain text."""
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(text)))
    return Markup(re.sub(r"`(.+?)`", r"<code>\1</code>", html))  # noqa: S704 - escaped on the line before
