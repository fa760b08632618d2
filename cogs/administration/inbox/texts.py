"""An item in words: its title, how long it waits, and who takes care of it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.contracts.inbox import InboxItem
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.inbox.models import Act
from bot.inbox.reading import Done
from bot.inbox.refusals import moment
from bot.inbox.rules import Tally
from bot.ui import palette
from bot.ui.text import escaped, shortened

TITLE = 200
"""Characters of a title; Discord's limit of a whole message is 4,000."""
Names = Mapping[int, str]
"""What people who are not here are called, by id; others are mentioned, which pings nobody."""


def title(t: Localizer, item: InboxItem, names: Names, hidden: Collection[int] = ()) -> str:
    """One line. ``hidden`` people are not named: what concerns them personally is not for their eyes."""
    member = t(N_("somebody of the team")) if item.subject in hidden else person(t, item.subject, names)
    place = f"<#{item.link.channel_id}>" if item.link else t(N_("a channel that is gone"))
    params = {key: escaped(value) if isinstance(value, str) else value for key, value in item.params.items()}
    try:
        text = t(item.kind.title, member=member, place=place, **params)
    except (KeyError, IndexError):  # an item of an older version, whose title asked for something else
        text = t(item.kind.label)
    return shortened(" ".join(text.split()), TITLE)


def person(t: Localizer, user_id: int | None, names: Names) -> str:
    """Somebody by name."""
    if user_id is None:
        return t(N_("somebody"))
    return escaped(names[user_id]) if user_id in names else f"<@{user_id}>"


def address(item: InboxItem) -> str:
    """Where the item's link leads; it has one."""
    assert item.link is not None
    channel = f"https://discord.com/channels/{item.guild_id}/{item.link.channel_id}"
    return channel if item.link.message_id is None else f"{channel}/{item.link.message_id}"


def waits(t: Localizer, item: InboxItem) -> str:
    """Since when it waits."""
    return t(N_("came {when}"), when=moment(item.added_at))


def taken(t: Localizer, item: InboxItem, names: Names, viewer: int | None = None) -> str:
    """Who takes care of it, in a list."""
    if item.holder is None:
        return t(N_("nobody takes care of it yet"))
    if item.holder == viewer:
        return t(N_("yours"))
    return t(N_("{who} takes care of it"), who=person(t, item.holder, names))


def held(t: Localizer, item: InboxItem, names: Names, viewer: int | None = None) -> str:
    """Who takes care of it, and until when."""
    if item.holder is None or item.held_until is None:
        return t(N_("nobody takes care of it yet"))
    until = moment(item.held_until)
    if item.holder == viewer:
        return t(N_("yours; your claim expires {when}"), when=until)
    return t(N_("{who} takes care of it; the claim expires {when}"), who=person(t, item.holder, names), when=until)


def mark(item: InboxItem, now: datetime) -> str:
    """The sign before an item that waits for too long."""
    return f"{palette.WARNING} " if item.is_urgent(now) else ""


def figures(t: Localizer, tally: Tally) -> str:
    """How many wait, and how many of them are urgent or in somebody's hands."""
    if not tally.open:
        return t(N_("Nothing waits."))
    said = [t.plural("**{n}** thing waits", "**{n}** things wait", tally.open)]
    if tally.urgent:
        said.append(t.plural("**{n}** is urgent", "**{n}** are urgent", tally.urgent))
    if tally.held:
        said.append(t.plural("**{n}** is taken care of", "**{n}** are taken care of", tally.held))
    return " · ".join(said)


_ACTS = {
    Act.ADDED: N_("{when}: came"),
    Act.CLAIMED: N_("{when}: {target} claimed it"),
    Act.HANDED_OVER: N_("{when}: {actor} handed it over to {target}"),
    Act.EXPIRED: N_("{when}: the claim of {target} expired"),
    Act.SETTLED: N_("{when}: {actor} marked it as done"),
}


def history_line(t: Localizer, done: Done, names: Names) -> str:
    """One thing that was done about an item."""
    known = {
        "when": moment(done.at, "f"),
        "actor": person(t, done.actor, names),
        "target": person(t, done.target, names),
    }
    if done.act is Act.RELEASED and done.actor is None:
        return t(N_("{when}: {target} is away or no longer on the team, so it was given back"), **known)
    if done.act is Act.RELEASED and done.actor != done.target:
        return t(N_("{when}: {actor} took it back from {target}"), **known)
    if done.act is Act.RELEASED:
        return t(N_("{when}: {target} gave it back"), **known)
    if done.act is Act.SETTLED and done.actor is None:
        return t(N_("{when}: settled by itself"), **known)
    return t(_ACTS[done.act], **known)
