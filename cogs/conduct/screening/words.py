"""What filters are called: kinds, modes, actions and places, in the words that people read."""

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui.text import escaped, shortened
from cogs.conduct.filters.model import FilterKind, Where
from cogs.conduct.screening.native_rules import Placed, Why
from cogs.conduct.screening.rules import USUAL_TIMEOUT, Doing, Kept, Outcome, Watch

KINDS = {
    FilterKind.WORDS: N_("Words and phrases"),
    FilterKind.PATTERNS: N_("RE2 patterns"),
    FilterKind.INVITES: N_("Invites to other servers"),
    FilterKind.DENIED_DOMAINS: N_("Domains that are not wanted"),
    FilterKind.ALLOWED_DOMAINS: N_("All domains but those listed"),
    FilterKind.MENTIONS: N_("Mentions in one message"),
    FilterKind.SPAM: N_("Spam"),
}
ABOUT = {
    FilterKind.WORDS: N_("One word or phrase a line; `word*` finds all that begins so, `*word*` all that contains it."),
    FilterKind.PATTERNS: N_("One RE2 pattern a line, tried on the text as written and with look-alikes undone."),
    FilterKind.INVITES: N_("Codes of invites that are welcome, one a line. This server’s own always are."),
    FilterKind.DENIED_DOMAINS: N_("One domain a line, like `example.com`; what is below it counts too."),
    FilterKind.ALLOWED_DOMAINS: N_("One domain a line, like `example.com`. Links to anything else are found."),
    FilterKind.MENTIONS: N_("More people and roles in one message than the limit of this filter."),
    FilterKind.SPAM: N_("Floods. The limits are in the settings, section Floods."),
}
WATCHES = {
    Watch.OFF: N_("Switched off"),
    Watch.SHADOW: N_("Shadow"),
    Watch.ARMED: N_("Armed"),
}
WATCHES_EXPLAINED = {
    Watch.OFF: N_("It looks at nothing."),
    Watch.SHADOW: N_("It records what it would find, and does nothing."),
    Watch.ARMED: N_("It acts."),
}
DOINGS = {
    Doing.REPORT: N_("Tell the team"),
    Doing.DELETE: N_("Delete"),
    Doing.WARN: N_("Delete and warn"),
    Doing.TIMEOUT: N_("Delete and time out"),
    Doing.LADDER: N_("Delete, then the ladder"),
}
DOINGS_EXPLAINED = {
    Doing.REPORT: N_("The message stays, and the team finds it in the inbox."),
    Doing.DELETE: N_("A case without points; the member is not told."),
    Doing.WARN: N_("A case with points; the member is told and can appeal."),
    Doing.TIMEOUT: N_("For as long as this filter says."),
    Doing.LADDER: N_("A warning, a timeout, a ban: without asking anybody."),
}
LISTS = {"en": N_("English list"), "fr": N_("French list")}
"""The lists that come with Parvis, by language."""
OUTCOMES = {
    Outcome.WATCHED: N_("watched"),
    Outcome.LOOKED_AT: N_("put before the team"),
    Outcome.ACTED: N_("acted on"),
    Outcome.JOINED: N_("with a burst"),
    Outcome.HELD: N_("out of reach"),
}
WHY_NOT = {
    Why.OFF: N_("Not there: switched off in the settings."),
    Why.NOT_WORDS: N_("Not there: it is no word list."),
    Why.NOT_ARMED: N_("Not there: only an armed filter is."),
    Why.NOT_DELETE: N_("Not there: a blocked message never reaches me, so only filters that delete go there."),
    Why.NO_PERMISSION: N_("Not compared: I lack Manage Server, or Discord asks my owner for two-factor sign-in."),
    Why.NO_ROOM: N_("Not there: Discord has room for 6 keyword rules in a server, and too few are free."),
    Why.TOO_MANY_EXEMPT: N_("Not there: a rule spares 20 roles and 50 channels at most, the team’s included."),
    Why.TOO_MANY_ALLOWED: N_("Not there: a rule can let 100 words pass, of 60 characters each."),
    Why.NONE_FIT: N_("Not there: no entry fits, as Discord takes 60 characters at most."),
    Why.REMOVED: N_("Removed by hand in Discord. It comes back when this filter changes, or with the button."),
    Why.REFUSED: N_("Not there: Discord did not take the rule."),
}
WHERES = {
    Where.CONTENT: N_("in the text"),
    Where.EMBED: N_("in a preview"),
    Where.ATTACHMENT: N_("in the name of a file"),
    Where.POLL: N_("in a poll"),
    Where.FORWARDED: N_("in what was forwarded"),
    Where.STICKER: N_("in a sticker"),
    Where.THREAD_NAME: N_("in the name of a thread"),
    Where.NICKNAME: N_("in a nickname"),
    Where.MESSAGE: N_("in the message as a whole"),
}


def doing(t: Localizer, kept: Kept) -> str:
    """What it does when armed, with the length of a timeout."""
    said = t(DOINGS[kept.doing])
    if kept.doing is not Doing.TIMEOUT:
        return said
    return t(N_("{what} ({length})"), what=said, length=kept.length or USUAL_TIMEOUT)


def native(t: Localizer, placed: Placed | None) -> str:
    """Whether a word list is in Discord's AutoMod, and why not."""
    if placed is None:
        return t(N_("Being compared with Discord."))
    if placed.why is not None:
        return t(WHY_NOT[placed.why])
    said = t.plural(
        "{n} entry is there too: it blocks before anybody sees.",
        "{n} entries are there too: it blocks before anybody sees.",
        len(placed.native),
    )
    if placed.own:
        said += " " + t.plural("{n} entry does not fit there.", "{n} entries do not fit there.", len(placed.own))
    return said


def plain_about(t: Localizer, kind: FilterKind) -> str:
    """What its entries are, for fields and menus, where Discord shows no markdown."""
    return shortened(t(ABOUT[kind]).replace("`", ""), 100)


def line(t: Localizer, kept: Kept, hits: int, *, native: bool = False) -> str:
    """A filter on one line. ``native``: it is in Discord's AutoMod too."""
    facts = [t(KINDS[kept.kind]), f"**{t(WATCHES[kept.watch])}**"]
    if kept.watch is Watch.ARMED:
        facts.append(doing(t, kept))
    if native:
        facts.append("AutoMod")
    facts.append(t.plural("{n} hit in 30 days", "{n} hits in 30 days", hits))
    return f"**{kept.number}. {escaped(kept.name)}**\n-# {' · '.join(facts)}"


def jump(guild_id: int, channel_id: int, message_id: int | None) -> str:
    """The address of a message, or of a channel."""
    tail = f"/{message_id}" if message_id is not None else ""
    return f"https://discord.com/channels/{guild_id}/{channel_id}{tail}"
