"""Leads people through the bot's own welcome by pressing its buttons and filling its forms."""

from simcord import InteractionResult, MemberActor, ResponseMessage
from simcord.enums import ChannelType

from demo.pressing import NothingToPress, choose, fill, latest, posted, press, reply_to
from demo.world import World

START, HELLO = "onboarding:start:", "onboarding:hello:"
TAKE, LETTER = "replies:take:", "attention:silence:"
"""On a call to a greeter; below every message that nobody asked for."""


class Journey:
    """What newcomers and greeters do with the bot. Each newcomer has one screen, which changes as they go on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.screens: dict[str, ResponseMessage] = {}

    async def take(self, key: str, step: str) -> None:
        """One step of the welcome: ``start``, ``resume``, ``accept``, ``groups`` or ``introduce``."""
        if step == "resume":
            await self.resume(key)
            return
        if step == "start" or key not in self.screens:
            await self.start(key)
        if step == "accept":
            await self.open_code(key)
            await self.press(key, "onboarding:accept:")
        elif step == "groups":
            await self.open_groups(key)
            await self.choose_groups(key)
            await self.press(key, "onboarding:open:checklist:")
        elif step == "introduce":
            await self.introduce(key, await self.open_form(key))

    # One press each, so that a picture can be taken in between

    async def start(self, key: str) -> ResponseMessage:
        """Press Start on the private welcome, else on the panel."""
        who = self.world.members[key]
        door = self.welcome_of(who) or posted(who, self.world.channels["welcome"].id, START)
        if door is None:
            raise NothingToPress("there is no Start button")
        self.screens[key] = reply_to(await press(who, door, START))
        return self.screens[key]

    async def resume(self, key: str) -> ResponseMessage:
        """Go on from the reminder in the private messages."""
        letter = self.letter_of(key, START)
        if letter is None:
            raise NothingToPress("there is no reminder")
        self.screens[key] = reply_to(await press(self.world.members[key], letter, START))
        return self.screens[key]

    async def seek_buddy(self, key: str) -> ResponseMessage:
        """Ask for a buddy; what the bot answers."""
        return reply_to(await press(self.world.members[key], self.screens[key], "buddies:ask:"))

    async def open_code(self, key: str) -> ResponseMessage:
        return await self.press(key, "onboarding:open:code:")

    async def open_groups(self, key: str) -> ResponseMessage:
        return await self.press(key, "onboarding:open:groups:")

    async def choose_groups(self, key: str) -> ResponseMessage:
        """Choose the groups of this person's data."""
        roles = [self.world.roles[group] for group in self.world.community.people[key].groups]
        await choose(self.world.members[key], self.screens[key], "onboarding:groups:", roles)
        return self._now(key)

    async def open_form(self, key: str) -> InteractionResult:
        return await press(self.world.members[key], self.screens[key], "onboarding:write:")

    async def introduce(self, key: str, form: InteractionResult) -> ResponseMessage:
        """Send the introduction of this person's data."""
        person = self.world.community.people[key]
        await fill(self.world.members[key], form, person.introduction[person.language])
        return self._now(key)

    async def press(self, key: str, start: str) -> ResponseMessage:
        """Press something on the newcomer's screen; the screen as it is then."""
        await press(self.world.members[key], self.screens[key], start)
        return self._now(key)

    async def greet(self, key: str, newcomer: str) -> bool:
        """Press "Say hello"; False when there is no introduction to greet."""
        who, whom = self.world.members[key], self.world.members[newcomer]
        introduction = self.introduction_of(whom)
        if introduction is None:
            return False
        await press(who, introduction, HELLO)
        return True

    async def answer_call(self, newcomer: str) -> str | None:
        """The greeter who was asked takes the call and says hello; who that was, None when nobody was asked."""
        call = self.call_about(newcomer)
        greeter = None if call is None else self.asked_in(call)
        if call is None or greeter is None or TAKE not in str(call.components):
            return None
        await press(self.world.members[greeter], call, TAKE)
        await self.greet(greeter, newcomer)
        return greeter

    # Where things stand

    def call_about(self, newcomer: str) -> ResponseMessage | None:
        """The newest call to a greeter about this newcomer."""
        env, greeters, named = self.world.env, self.world.channels["greeters"].id, f"<@{self.world.users[newcomer].id}>"
        calls = [one for one in env.backend.messages.get(greeters, {}).values() if named in str(one.components)]
        return ResponseMessage(env, max(calls, key=lambda one: one.id)) if calls else None

    def asked_in(self, call: ResponseMessage) -> str | None:
        """Whom a call names first."""
        places = {key: str(call.components).find(f"<@{user.id}>") for key, user in self.world.users.items()}
        named = {key: place for key, place in places.items() if place >= 0}
        return min(named, key=lambda key: named[key], default=None)

    def letter_of(self, key: str, start: str = LETTER) -> ResponseMessage | None:
        """The newest private message of the bot to this person with something to press that begins so."""
        who = self.world.members[key]
        return posted(who, who.user.dm_channel.id, start)

    def together_of(self, key: str) -> ResponseMessage | None:
        """The introduction of this newcomer and their buddy, in the thread of the two."""
        for channel in self.world.env.backend.channels.values():
            if channel.type == ChannelType.PRIVATE_THREAD and self.world.users[key].id in channel.thread_members:
                found = posted(self.world.members[key], channel.id, "buddies:met:")
                if found is not None:
                    return found
        return None

    def introduction_of(self, whom: MemberActor) -> ResponseMessage | None:
        return posted(whom, self.world.channels["introductions"].id, f"{HELLO}{whom.id}")

    def welcome_of(self, who: MemberActor) -> ResponseMessage | None:
        """The private welcome in this newcomer's own thread."""
        for channel in self.world.env.backend.channels.values():
            if channel.type == ChannelType.PRIVATE_THREAD and who.id in channel.thread_members:
                return posted(who, channel.id, START)
        return None

    def _now(self, key: str) -> ResponseMessage:
        self.screens[key] = latest(self.world.members[key], self.screens[key])
        return self.screens[key]
