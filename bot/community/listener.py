"""Gateway events that are rare enough for listeners: members, voice, servers and sessions."""

from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.clock import now
from bot.community.people import seen

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.community.kernel import Community


class CommunityListener(commands.Cog):
    """Each method hands an event to the part of the kernel that knows what to do."""

    def __init__(self, bot: "CommunityBot", community: "Community") -> None:
        self._bot = bot
        self._kernel = community
        self._locales: dict[tuple[int, int], str] = {}

    # Servers and sessions

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._kernel.stays.arrived(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._kernel.stays.arrived(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._kernel.stays.left(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._kernel.stays.left_meanwhile()

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        if before.category_id != after.category_id:
            self._kernel.counting.look_again(after.guild.id)

    # Members

    @commands.Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        if not member.bot:
            arrival = seen(member, now())
            async with self._kernel.members.turn(member.guild.id):
                await self._kernel.members.join(member.guild.id, arrival)

    @commands.Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        if not payload.user.bot:
            async with self._kernel.members.turn(payload.guild_id):
                await self._kernel.members.leave(payload.guild_id, payload.user.id)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        changed = (before.display_name, before.pending) != (after.display_name, after.pending)
        if changed and not after.bot:
            update = seen(after, now())
            async with self._kernel.members.turn(after.guild.id):
                await self._kernel.members.update(after.guild.id, update)

    @commands.Cog.listener()
    async def on_user_update(self, before: discord.User, after: discord.User) -> None:
        if after.bot or before.display_name == after.display_name:
            return
        for guild in after.mutual_guilds:
            member = guild.get_member(after.id)
            if member is not None:
                async with self._kernel.members.turn(guild.id):
                    await self._kernel.members.update(guild.id, seen(member, now()))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody's language is theirs in every server: what is pressed in a private message tells it too."""
        here = interaction.guild_id
        places = [one.id for one in interaction.user.mutual_guilds] if here is None else [here]
        for guild_id in places:
            key, locale = (guild_id, interaction.user.id), str(interaction.locale)
            if self._locales.get(key) != locale:
                self._locales[key] = locale
                await self._kernel.members.note_locale(*key, locale)

    # Voice

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        self._kernel.voice.moved(member.guild, member.id, after)
