"""A server of its own for the builder, which the bot has never seen: one channel, an owner and a friend."""

import discord

from bot.invitation import PERMISSIONS
from demo.community import Language
from demo.world import LOCALES, World

NAMES: dict[Language, str] = {"en": "The Bread Oven", "fr": "Le Four à pain"}
FIRST_CHANNEL: dict[Language, str] = {"en": "general", "fr": "général"}
DISCORD_LOCALES: dict[Language, str] = {"en": "en-US", "fr": "fr"}
"""What Discord notes as the language of a server that was made in it."""


class NewServer(World):
    """A second server on the same simulated Discord, with the same people and the same bot."""

    async def invite(self) -> None:
        """Add the bot by the link that ``parvis init`` prints: the permissions it asks for and no others."""
        await self.env.invite_bot(self.guild, discord.Permissions(**dict.fromkeys(PERMISSIONS, True)))

    async def grant(self, *names: str) -> None:
        """What Discord's own page does when the owner confirms it: the bot's role gains permissions."""
        async with self.env.together() as world:
            role = world.get_role(self.guild.id, self.guild.roles[world.bot_user.name].id)
            value = discord.Permissions(role.permissions)
            value.update(**dict.fromkeys(names, True))
            world.edit_role(self.guild.id, role.id, {"permissions": value.value})


def found_server(world: World, language: Language) -> NewServer:
    """Whoever is behind the builder's door opens a server and asks a friend in. The bot is not there yet."""
    community, env = world.community, world.env
    owner, friend = community.behind("builder", language), community.behind("moderator", language)
    guild = env.create_guild(
        NAMES[language], with_bot=False, preferred_locale=DISCORD_LOCALES[language], owner=world.users[owner]
    )
    new = NewServer(env, community, guild, users=world.users, pictures=world.pictures)
    new.channels["general"] = guild.create_text_channel(FIRST_CHANNEL[language])
    for key in (owner, friend):
        env.set_locale(world.users[key], LOCALES[language])
        new.members[key] = guild.add_member(world.users[key])
    return new
