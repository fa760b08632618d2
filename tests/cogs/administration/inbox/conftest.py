"""The stage with a team, an inbox, and two kinds of items."""

from datetime import timedelta

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.clock import now
from bot.contracts.inbox import InboxKind
from bot.guilds.sections import CommunitySettings
from cogs.administration.inbox.living import PAUSE
from cogs.administration.inbox.notice import notice
from tests.cogs.administration.conftest import Panel, texts

QUESTION = InboxKind("test.question", "Questions", "{member} waits for an answer", "Answer them.")
REPORT = InboxKind(
    "test.report",
    "Reports",
    "A report of {member} in {place}",
    "Read it and decide.",
    urgent_after=timedelta(hours=2),
    claim_for=timedelta(hours=1),
    personal=True,
    confirm="The report is closed without a sanction.",
)
NOTE = InboxKind("test.note", "Notes", "A note: {text}", "Read it.", by_hand=False)
CASEWORK = InboxKind("test.casework", "Casework", "Casework about {member}", "Look at it.", personal=True)
BOUNCERS = frozenset({"moderate_members"})
"""Who acts on casework, on the team or not."""
KINDS = QUESTION, REPORT, NOTE


@pytest.fixture
def make_bot(make_bot):
    def make(**options):
        bot = make_bot(**options)
        for kind in KINDS:
            bot.inbox.register(kind)
        bot.casework = True
        bot.inbox.register(CASEWORK, shown=lambda guild_id: bot.casework, permissions=BOUNCERS)
        return bot

    return make


class Team:
    """What the tests do with the inbox of the stage."""

    def __init__(self, stage):
        self.stage = stage
        self.env = stage.env
        self.guild_id = stage.guild.id

    @property
    def inbox(self):
        return self.stage.bot.inbox

    async def settled(self):
        """Return when the bot has reacted: what a test itself sets off is not waited for by the simulation."""
        await self.stage.bot.bus.drain(5)
        await self.env.settle()

    async def add(self, source="1", kind=QUESTION, subject=None, link=None, **params):
        async def work(tx):
            return await self.inbox.add(tx, self.guild_id, kind, source, params, subject, link)

        added = await self.stage.bot.db.transaction(work)
        await self.settled()
        return added

    async def done(self, source="1", kind=QUESTION, by=None):
        async def work(tx):
            return await self.inbox.done(tx, self.guild_id, kind, source, by, "answered")

        await self.stage.bot.db.transaction(work)
        await self.settled()

    async def item(self, source="1"):
        return next(item for item in await self.inbox.open_items(self.guild_id) if item.source == source)

    async def holder(self, source="1"):
        return (await self.item(source)).holder

    async def open(self, person=None):
        """The list, in front of a person (the moderator)."""
        person = person or self.stage.moderator
        result = await person.slash(self.stage.staff, "inbox")
        return Panel(self.stage, person, result.response)

    async def open_item(self, source="1", person=None):
        panel = await self.open(person)
        await panel.click(f"inbox:go:i:{(await self.item(source)).id}:")
        return panel

    async def hours(self, person=None):
        panel = await self.open(person)
        await panel.click("inbox:go:m:")
        return panel

    async def settings(self, **fields):
        await self.stage.bot.guild_settings.change(self.guild_id, CommunitySettings, by=None, **fields)
        await self.settled()

    async def allow(self, **permissions):
        """Change what the bot may do in the staff channel, beside seeing it."""
        changed = discord.PermissionOverwrite(view_channel=True)
        changed.update(**permissions)
        allow, deny = changed.pair()
        me = self.stage.server.me.id
        overwrite = Overwrite(me, OverwriteType.MEMBER, allow.value, deny.value)
        self.env.backend.set_overwrite(self.stage.staff.id, overwrite)
        await self.settled()

    async def calm(self):
        """Let the pause between two edits pass."""
        await self.env.pass_time(seconds=PAUSE.total_seconds() + 1)
        await self.settled()

    # The message in the staff channel

    def messages(self, channel=None):
        """Those with the button that opens the inbox."""
        kept = self.env.backend.messages.get((channel or self.stage.staff).id, {}).values()
        return [message for message in kept if "inbox:open:" in str(message.components)]

    def message(self, channel=None):
        (found,) = self.messages(channel)
        return found

    def shown(self, channel=None):
        return texts(self.message(channel))

    async def expected(self):
        """What the message has to say, made anew from the database."""
        items = await self.inbox.open_items(self.guild_id)
        t = self.stage.bot.i18n.for_guild(self.guild_id)
        hidden = {self.stage.admin.id, self.stage.moderator.id}
        return notice(t, items, {}, hidden, at=now(), number=0)

    def requests(self, method="", channel=None):
        """What the bot asked of Discord about messages in a channel."""
        path = f"/channels/{(channel or self.stage.staff).id}/messages"
        asked = self.env.backend.http_requests
        return [request for request in asked if path in request.path and request.method.startswith(method)]


@pytest.fixture
async def team(stage):
    found = Team(stage)
    await found.settings(staff_roles=(stage.team.id,))
    return found
