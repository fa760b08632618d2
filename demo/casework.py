"""What moderators and those concerned do with the bot: decide, contest in the notice, decide the appeal."""

from simcord import InteractionResult, ResponseMessage
from simcord.enums import ChannelType

from cogs.conduct.appeals.models import Outcome
from demo.pressing import custom_ids, fill, latest, posted, press, reply_to
from demo.world import World

NOTICE, APPEAL, DECISION = "conduct:notice:", "conduct:appeal:", "conduct:decision:"
CASE, DECIDE = "conduct:case:", "conduct:decide:"
"""Below a post of the moderation log; below an appeal in the team's thread."""
WHERE = "staff"
A_MOMENT = 2.0
"""Seconds in which the bot tells, acts and writes its log."""


class Casework:
    """Everything is done by commands, buttons and forms, as people would."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def run(
        self, by: str, command: str, member: str, article: int, reason: str, duration: str | None = None
    ) -> ResponseMessage:
        """A moderator's command about a member; what the bot answers: the case, or a question."""
        options = {"member": self.world.members[member], "article": str(article), "reason": reason}
        if duration is not None:
            options["duration"] = duration
        result = await self.world.members[by].slash(self.world.channels[WHERE], command, **options)
        return reply_to(result)

    async def explain(self, by: str, asked: ResponseMessage, why: str) -> ResponseMessage:
        """Decide otherwise than proposed and say why; the answer as it is then."""
        actor = self.world.members[by]
        await fill(actor, await press(actor, asked, "deciding:why:"), why)
        return latest(actor, asked)

    async def follow(self, by: str, asked: ResponseMessage) -> ResponseMessage:
        """Do what is proposed; the answer as it is a moment later, when the notice has arrived."""
        actor = self.world.members[by]
        await press(actor, asked, "deciding:take:")
        await self.moment()
        return latest(actor, asked)

    async def opened(self, by: str, kind: str, start: str) -> ResponseMessage:
        """The newest thing of a kind that waits in the inbox, claimed, and what its button that begins so shows."""
        actor, world = self.world.members[by], self.world
        items = [one for one in await world.bot.inbox.open_items(world.guild.id) if one.kind.name == kind]
        screen = reply_to(await actor.slash(world.channels[WHERE], "inbox"))
        await press(actor, screen, f"inbox:go:i:{items[-1].id}:")
        await press(actor, latest(actor, screen), f"inbox:act:claim:{items[-1].id}:")
        return reply_to(await press(actor, latest(actor, screen), start))

    async def moment(self) -> None:
        await self.world.env.pass_time(seconds=A_MOMENT)

    async def open_appeal(self, key: str) -> InteractionResult:
        """Press Appeal below the notice; the form."""
        notice = self.notice_of(key)
        assert notice is not None, f"{key} got no notice"
        return await press(self.world.members[key], notice, APPEAL)

    async def contest(self, key: str, form: InteractionResult, words: str) -> ResponseMessage:
        """Send the appeal; what the bot answers."""
        sent = await fill(self.world.members[key], form, words)
        await self.moment()
        return sent.followups[-1] if sent.followups else reply_to(sent)

    async def decide(self, by: str, appeal: ResponseMessage, outcome: Outcome, answer: str) -> ResponseMessage:
        """Decide an appeal in the team's thread; what the bot answers."""
        actor = self.world.members[by]
        wanted = next(
            one for one in custom_ids(appeal.components) if one.startswith(DECIDE) and f":{outcome.value}:" in one
        )
        said = reply_to(await fill(actor, await press(actor, appeal, wanted), answer))
        await self.moment()
        return said

    # Where things stand

    def notice_of(self, key: str) -> ResponseMessage | None:
        """The newest notice in a member's private messages."""
        return self._letter(key, NOTICE)

    def notice_in_thread(self, key: str) -> ResponseMessage | None:
        """The newest notice in a private thread of this member."""
        who, env = self.world.members[key], self.world.env
        threads = [
            one.id
            for one in env.backend.channels.values()
            if one.type == ChannelType.PRIVATE_THREAD and who.id in one.thread_members
        ]
        found = (posted(who, thread, NOTICE) for thread in threads)
        return next((one for one in found if one is not None), None)

    def told_of_report(self, key: str) -> ResponseMessage | None:
        """The newest message that says how a report ended."""
        return self._letter(key, "conduct:myreport:")

    def decision_of(self, key: str) -> ResponseMessage | None:
        """The newest decision about an appeal in a member's private messages."""
        env, here = self.world.env, self.world.users[key].dm_channel.id
        letters = [ResponseMessage(env, one) for one in env.backend.messages.get(here, {}).values()]
        found = [one for one in letters if DECISION in str(one.components) and NOTICE not in str(one.components)]
        return max(found, key=lambda one: one.id, default=None)

    def log_of(self, by: str, case_id: int) -> ResponseMessage | None:
        """The post of a case in the moderation log, by the number of its row."""
        return posted(self.world.members[by], self.world.channels["modlog"].id, f"{CASE}{case_id}")

    def appeals(self) -> list[ResponseMessage]:
        """Every appeal in the team's threads, oldest first."""
        env, staff = self.world.env, self.world.channels[WHERE].id
        threads = [
            one
            for one in env.backend.channels.values()
            if one.type == ChannelType.PUBLIC_THREAD and one.parent_id == staff
        ]
        messages = (message for one in threads for message in env.backend.messages.get(one.id, {}).values())
        found = [ResponseMessage(env, one) for one in messages if "conduct:case:" in str(one.components)]
        return sorted(found, key=lambda one: one.id)

    def _letter(self, key: str, start: str) -> ResponseMessage | None:
        who = self.world.members[key]
        return posted(who, who.user.dm_channel.id, start)
