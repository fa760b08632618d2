"""Sets the server up as its coordination would: language, team, welcome, groups; then the panel is posted."""

from dataclasses import replace
from typing import Any

from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.rules import Doing
from cogs.conduct.screening.screens import Screens
from cogs.conduct.screening.soundness import of_kind
from demo.community import Language
from demo.pressing import press, reply_to
from demo.world import World

ADVERTS = 4
"""The article about leaving room for others."""


async def furnish(world: World, language: Language, *, bilingual: bool = True) -> None:
    """Everything the bot needs to know about the server, and the standing panel."""
    builder = world.members[world.community.behind("builder", language)]
    await decide(world, "community", **_community(world, language))
    await decide(world, "groups", groups=_groups(world))
    await decide(world, "welcome", **_welcome(world), bilingual=bilingual)
    await decide(world, "replies", **_replies(world))
    await decide(world, "buddies", enabled=True)
    await decide(world, "conduct", **_conduct(world))
    await decide(world, "filters", enabled=True)
    await _watch_for_adverts(world)
    settings = await builder.slash(world.channels["staff"], "settings", section="welcome")
    await press(builder, reply_to(settings), "onboarding:publish")
    tidy(world, "staff")


def tidy(world: World, channel: str) -> None:
    """Private answers are gone when somebody opens Discord again."""
    here = world.channels[channel].id
    with world.env.backend.unseen():
        for message in [one for one in world.env.backend.messages.get(here, {}).values() if one.is_ephemeral]:
            world.env.backend.delete_message(here, message.id)


async def speak(world: World, language: Language) -> None:
    """Change the language of the server's public posts; the bot brings its panel up to date."""
    if world.bot.language_of(world.guild.id) != language:
        await decide(world, "community", language=language)


async def decide(world: World, section: str, **fields: Any) -> None:
    """Change settings as the coordination would; the bot does what follows."""
    bot, builder = world.bot, world.members[world.community.behind("builder", "en")]
    with world.env.time_context():
        model = bot.guild_settings.sections.named(section)
        await bot.guild_settings.change(world.guild.id, model, by=builder.id, **fields)
    await world.env.settle()


async def _watch_for_adverts(world: World) -> None:
    """A filter of the coordination's own. It only watches, as every new one does."""
    bot, builder = world.bot, world.members[world.community.behind("builder", "en")]
    if bot.service(Filters).of(world.guild.id):
        return
    name, words = world.community.filter["name"], tuple(world.community.filter["words"])
    new = replace(of_kind(world.guild.id, FilterKind.WORDS, name, words), article=ADVERTS, doing=Doing.WARN)
    with world.env.time_context():
        await bot.service(Screens).add(new, builder.id)
    await world.env.settle()


def _community(world: World, language: Language) -> dict[str, Any]:
    return {
        "language": language,
        "time_zone": str(world.community.zone),
        "staff_roles": (world.roles["team"].id,),
        "staff_channel": world.channels["staff"].id,
    }


def _groups(world: World) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"role": world.roles[group.key].id, "emoji": group.emoji, **group.description}
        for group in world.community.groups
    )


def _replies(world: World) -> dict[str, Any]:
    return {"enabled": True, "channel": world.channels["greeters"].id, "role": world.roles["greeter"].id}


def _conduct(world: World) -> dict[str, Any]:
    """The code of conduct is the one every server starts with."""
    return {
        "enabled": True,
        "modlog_channel": world.channels["modlog"].id,
        "notice_channel": world.channels["welcome"].id,
    }


def _welcome(world: World) -> dict[str, Any]:
    words = world.community.welcome
    return {
        "enabled": True,
        "panel_channel": world.channels["welcome"].id,
        "thread_channel": world.channels["welcome"].id,
        "introductions_channel": world.channels["introductions"].id,
        "member_role": world.roles["member"].id,
        "places": tuple(world.channels[key].id for key in words["places"]),
        "prompts": (words["question"],),
        "purpose_en": words["purpose"]["en"],
        "purpose_fr": words["purpose"]["fr"],
    }
