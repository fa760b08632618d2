"""Builds the simulated server with its people, and gives everybody's keys to what acts in it."""

from dataclasses import dataclass, field
from typing import Any, cast

import discord
from simcord import ChannelHandle, GuildHandle, MemberActor, RoleHandle, UserHandle

from bot.client import CommunityBot
from demo import avatars
from demo.community import Category, Channel, Community, Person, Role
from demo.simdiscord import SimDiscord

LOCALES = {"en": "en-GB", "fr": "fr"}
"""The Discord language of somebody whose first language it is."""
SIMULATED_CDN = "https://cdn.simcord.invalid"


@dataclass
class World:
    """The server and its people, by the keys of the data files. Newcomers enter ``members`` when they join."""

    env: SimDiscord
    community: Community
    guild: GuildHandle
    channels: dict[str, ChannelHandle] = field(default_factory=dict)
    roles: dict[str, RoleHandle] = field(default_factory=dict)
    users: dict[str, UserHandle] = field(default_factory=dict)
    members: dict[str, MemberActor] = field(default_factory=dict)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    life: dict[str, int] = field(default_factory=dict)
    """What happened before the visitor, in numbers, for the page."""

    @property
    def bot(self) -> CommunityBot:
        return cast("CommunityBot", self.env.bot)

    @property
    def server(self) -> discord.Guild:
        """The server as the bot sees it. Raises LookupError before the bot was invited."""
        server = self.bot.get_guild(self.guild.id)
        if server is None:
            raise LookupError("the bot is not in the server")
        return server

    def person_of(self, member_id: int) -> Person | None:
        key = next((key for key, user in self.users.items() if user.id == member_id), None)
        return self.community.people[key] if key else None

    def avatar(self, key: str) -> bytes | None:
        """The picture of a person of the community, or of ``parvis``."""
        return next((content for name, content in self.pictures.values() if name == f"{key}.png"), None)

    async def arrive(self, key: str) -> MemberActor:
        """A person of the community joins the server."""
        self.members[key] = await self.env.join(self.guild, self.users[key])
        return self.members[key]


async def build_world(env: SimDiscord, community: Community, founders: list[str]) -> World:
    """The server with its ``founders``, as it was before the bot; then the bot is invited."""
    me = env.backend.bot_user
    me.name, me.avatar = "Parvis", "arch"
    users = {person.key: _create_user(env, person) for person in community.people.values()}
    guild = env.create_guild(
        community.name,
        with_bot=False,
        preferred_locale=community.locale,
        description=community.description,
        owner=users[community.behind("builder", community.locale)],
    )
    world = World(env, community, guild, users=users, pictures=_pictures(env, community, users))
    for role in (*community.roles, *community.groups):
        world.roles[role.key] = _create_role(guild, role)
    for category in community.categories:
        _create_category(world, category)
    for key in founders:
        world.members[key] = guild.add_member(users[key], roles=_roles_of(world, community.people[key]))
    await env.invite_bot(guild)
    return world


def _create_user(env: SimDiscord, person: Person) -> UserHandle:
    user = env.create_user(person.key, global_name=person.name, avatar=person.key)
    env.set_locale(user, LOCALES[person.language])
    return user


def _pictures(env: SimDiscord, community: Community, users: dict[str, UserHandle]) -> dict[str, tuple[str, bytes]]:
    """Every avatar by the addresses at which the preview, and a link made by discord.py, would look for it."""
    drawn = {"arch": (env.backend.bot_user.id, "parvis.png", avatars.arch())}
    for number, (key, person) in enumerate(community.people.items()):
        drawn[key] = (users[key].id, f"{key}.png", avatars.initial(person.name, number))
    pictures = {}
    for picture, (user_id, name, content) in drawn.items():
        env.trust_picture(content)
        pictures[f"{SIMULATED_CDN}/avatars/{user_id}/{picture}.png"] = (name, content)
        pictures[f"{discord.Asset.BASE}/avatars/{user_id}/{picture}.png?size=1024"] = (name, content)
    return pictures


def _create_role(guild: GuildHandle, role: Role) -> RoleHandle:
    permissions = discord.Permissions(**dict.fromkeys(role.permissions, True))
    return guild.create_role(role.name, permissions=permissions, color=int(role.colour.removeprefix("#"), 16))


def _create_category(world: World, category: Category) -> None:
    parent = world.guild.create_category(category.name)
    for channel in category.channels:
        world.channels[channel.key] = world.guild.create_text_channel(
            channel.name, topic=channel.topic, category=parent, overwrites=_overwrites(world, category, channel)
        )
    for voice in category.voices:
        world.channels[voice.key] = world.guild.create_voice_channel(voice.name, category=parent)


def _overwrites(world: World, category: Category, channel: Channel) -> Any:
    everyone, bot = world.guild.default_role, _role_of_bot(world.guild)
    if category.staff:
        shown, hidden = discord.PermissionOverwrite(view_channel=True), discord.PermissionOverwrite(view_channel=False)
        return {everyone: hidden, world.roles["team"]: shown, bot: shown}
    if channel.seen_by:
        shown = discord.PermissionOverwrite(view_channel=True)
        team, named = world.roles["team"], world.roles[channel.seen_by]
        return {everyone: discord.PermissionOverwrite(view_channel=False), team: shown, named: shown, bot: shown}
    if channel.written_by:
        silent, writes = (
            discord.PermissionOverwrite(send_messages=False),
            discord.PermissionOverwrite(send_messages=True),
        )
        return {everyone: silent, world.roles[channel.written_by]: writes, bot: writes}
    return {}


def _role_of_bot(guild: GuildHandle) -> RoleHandle:
    return guild.roles["Parvis"]


def _roles_of(world: World, person: Person) -> list[RoleHandle]:
    names = {"member": ("member",), "team": ("member", "team"), "coordination": ("member", "team", "coordination")}
    duties = [duty for duty in person.duties if duty in world.roles]
    return [world.roles[key] for key in (*names[person.role], *duties, *person.groups)]
