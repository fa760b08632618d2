"""What a server decides about its filters as a whole, and about floods."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.capabilities import Capability, Need, Switch
from bot.guilds.fields import Channel, ChannelKind, Duration, Suggested
from bot.guilds.sections import Section
from bot.i18n.marks import N_
from cogs.conduct.filters.spam import Limit, SpamLimits

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PLACES = Channel(kinds=(ChannelKind.TEXT, ChannelKind.FORUM, ChannelKind.VOICE, ChannelKind.CATEGORY), needs=())
Place = Annotated[int, PLACES]
Span = Annotated[Duration, Suggested((5 * SECOND, 10 * SECOND, 20 * SECOND, 30 * SECOND, MINUTE))]
Word = Annotated[str, Field(min_length=2, max_length=60)]


class FilterSettings(Section):
    """Whether messages are looked at, and what is left alone everywhere."""

    key = "filters"
    title = N_("Filters")
    summary = N_("Words, patterns, links and floods: watched first, then acted on. Open the list of filters below.")

    enabled: bool = Field(
        False,
        title=N_("Look at messages"),
        description=N_("The filters of the list below work while this and Moderation are on."),
    )
    exempt_channels: tuple[Place, ...] = Field(
        (),
        max_length=25,
        title=N_("Channels left alone"),
        description=N_("No filter looks there. A category stands for all its channels."),
    )
    allowed: tuple[Word, ...] = Field(
        (),
        max_length=200,
        title=N_("Words that are welcome"),
        description=N_("Never a hit, whatever they contain."),
    )
    native: bool = Field(
        True,
        title=N_("Discord’s AutoMod too"),
        description=N_("Armed word lists that only delete are written there: it blocks before anybody sees."),
    )


def _count(default: int, most: int, title: str, description: str) -> int:
    count: int = Field(default, ge=0, le=most, title=title, description=description)
    return count


def _within(default: int, title: str) -> timedelta:
    span: timedelta = Field(
        timedelta(seconds=default),
        ge=SECOND,
        le=MINUTE,
        title=title,
        description=N_("The length of time in which they are counted."),
    )
    return span


class SpamSettings(Section):
    """What a filter of spam takes for a flood. A limit of 0 is none."""

    key = "spam"
    title = N_("Floods")
    summary = N_("From when on messages of one member are a flood. A filter of the kind Spam decides what follows.")

    messages: int = _count(7, 50, N_("Messages"), N_("So many messages are a flood. 0: never."))
    messages_within: Span = _within(10, N_("Messages within"))
    duplicates: int = _count(
        3, 50, N_("Repetitions"), N_("So often the same text, in one channel or several, is a flood. 0: never.")
    )
    duplicates_within: Span = _within(10, N_("Repetitions within"))
    mentions: int = _count(5, 200, N_("Mentions"), N_("So many people and roles mentioned are a flood. 0: never."))
    mentions_within: Span = _within(10, N_("Mentions within"))
    links: int = _count(10, 200, N_("Links"), N_("So many links are a flood. 0: never."))
    links_within: Span = _within(10, N_("Links within"))
    characters: int = _count(4_200, 50_000, N_("Characters"), N_("So many characters are a flood. 0: never."))
    characters_within: Span = _within(5, N_("Characters within"))
    quiet: Span = Field(
        30 * SECOND,
        ge=SECOND,
        le=MINUTE,
        title=N_("Quiet after a flood"),
        description=N_("For so long the same member is not found flooding again."),
    )

    def limits(self) -> SpamLimits:
        """As the screening takes them."""
        return SpamLimits(
            Limit(self.messages, self.messages_within.total_seconds()),
            Limit(self.duplicates, self.duplicates_within.total_seconds()),
            Limit(self.mentions, self.mentions_within.total_seconds()),
            Limit(self.links, self.links_within.total_seconds()),
            Limit(self.characters, self.characters_within.total_seconds()),
            self.quiet.total_seconds(),
        )


FILTERS = Capability(
    key="filters",
    title=N_("Filters"),
    summary=N_("Looks at messages for what the code of conduct does not allow, and first shows what it would do."),
    sections=(FilterSettings, SpamSettings),
    switch=Switch(FilterSettings),
    needs=(
        Need(
            "manage_messages",
            N_("to delete what an armed filter finds"),
            N_("What filters find stays, and the team finds it in the inbox."),
        ),
        Need(
            "moderate_members",
            N_("to time members out where a filter is armed to"),
            N_("No filter can time anybody out."),
        ),
        Need(
            "manage_nicknames",
            N_("to take a nickname away that a filter finds"),
            N_("The team finds such names in the inbox."),
        ),
        Need(
            "manage_guild",
            N_("to write armed word lists into Discord’s AutoMod"),
            N_("Word lists work through the bot alone, so not while it is down."),
        ),
    ),
)
