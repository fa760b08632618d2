"""The welcome: from the panel to full membership, and what a visitor can try of it."""

from simcord.enums import InteractionType

from bot.i18n.marks import N_
from demo.journey import START
from demo.page.visit import Visit
from demo.pressing import posted, reply_to
from demo.scenes import scene, task
from demo.telling import Telling

PANEL = N_("The panel stands in #bienvenue for whoever comes by. Its button opens a private list of first steps.")


@scene(10, N_("The panel"))
async def panel(telling: Telling) -> None:
    newcomer = telling.world.members[telling.person("newcomer")]
    shown = posted(newcomer, telling.world.channels["welcome"].id, START)
    assert shown is not None
    telling.tell(PANEL)
    telling.quote(shown)
    await telling.picture("welcome-panel", N_("The welcome panel with its Start button"), "newcomer", shown)


@scene(20, N_("A private welcome"))
async def private_welcome(telling: Telling) -> None:
    key = telling.person("newcomer")
    shown = telling.journey.welcome_of(telling.world.members[key])
    assert shown is not None
    telling.tell(N_("{name} has joined. Nothing public is said; a private thread opens."), name=telling.name(key))
    telling.quote(shown)
    await telling.picture("private-welcome", N_("The private welcome in a thread"), "newcomer", shown)


@scene(30, N_("The first steps"))
async def checklist(telling: Telling) -> None:
    key = telling.person("newcomer")
    shown = await telling.journey.start(key)
    telling.tell(N_("{name} presses the button. Every step has its state and its own button."), name=telling.name(key))
    telling.quote(shown)
    await telling.picture("checklist", N_("The checklist of first steps"), "newcomer", shown)


@scene(40, N_("The code of conduct"))
async def code(telling: Telling) -> None:
    key = telling.person("newcomer")
    shown = await telling.journey.open_code(key)
    telling.tell(N_("The code of conduct, in the reader’s language. The version that was accepted is kept."))
    telling.quote(shown)
    await telling.picture("code-of-conduct", N_("The code of conduct with the button I accept"), "newcomer", shown)
    await telling.journey.press(key, "onboarding:accept:")


@scene(50, N_("The groups"))
async def groups(telling: Telling) -> None:
    key = telling.person("newcomer")
    await telling.journey.open_groups(key)
    shown = await telling.journey.choose_groups(key)
    telling.tell(N_("{name} chooses two groups at once."), name=telling.name(key))
    telling.quote(shown)
    await telling.picture("groups", N_("The menu of interest groups"), "newcomer", shown)
    await telling.journey.press(key, "onboarding:open:checklist:")


@scene(60, N_("The introduction"))
async def introduction(telling: Telling) -> None:
    key = telling.person("newcomer")
    text = telling.world.community.people[key].introduction[telling.language]
    form = await telling.journey.open_form(key)
    telling.tell(N_("A form asks what the community wants to know. {name} writes:"), name=telling.name(key))
    telling.lines += [f"> {text}", ""]
    alt = N_("The form of the introduction, filled in")
    await telling.picture_of_form("introduction", alt, "newcomer", form, text)
    await telling.journey.introduce(key, form)


@scene(70, N_("Say hello"))
async def say_hello(telling: Telling) -> None:
    newcomer, member = telling.person("newcomer"), telling.person("member")
    for greeter in ("colette", "kofi", member):
        await telling.journey.greet(greeter, newcomer)
    shown = telling.journey.introduction_of(telling.world.members[newcomer])
    assert shown is not None
    telling.tell(
        N_("{name} and others press the button under the introduction: a human welcome, one click away."),
        name=telling.name(member),
    )
    telling.quote(shown)
    await telling.picture("say-hello", N_("The introduction, greeted by three members"), "member", shown)


@scene(80, N_("A full member"))
async def full_member(telling: Telling) -> None:
    key = telling.person("newcomer")
    world = telling.world
    welcomed = {
        "en": "Hello everybody, what do I bring tonight?",
        "fr": "Bonsoir à tout le monde, j’apporte quoi ce soir ?",
    }
    await world.members[key].send(world.channels["square"], welcomed[telling.language])
    answer = await world.members[key].slash(world.channels["square"], "welcome")
    shown = reply_to(answer)
    telling.tell(N_("{name} writes a first message. /welcome shows where things stand."), name=telling.name(key))
    telling.quote(shown)
    await telling.picture("checklist-done", N_("The checklist with its steps done"), "newcomer", shown)


# What a visitor can try


@task(
    "newcomer",
    10,
    N_("Press **Start** in your private welcome"),
    hint=N_("The thread below the first channel is yours alone. The panel in the channel does the same."),
    channel="welcome",
)
async def start(visit: Visit) -> bool:
    places = _welcome_places(visit)
    return any(one.channel_id in places for one in visit.interactions(InteractionType.MESSAGE_COMPONENT))


def _welcome_places(visit: Visit) -> set[int]:
    welcome = visit.world.channels["welcome"].id
    return {welcome, *(c.id for c in visit.world.env.backend.channels.values() if c.parent_id == welcome)}


@task(
    "newcomer",
    20,
    N_("Accept the **code of conduct**"),
    hint=N_("Press Read on your list of steps, then accept. It makes you a full member."),
    channel="welcome",
)
async def accept(visit: Visit) -> bool:
    return visit.has_role("member")


@task(
    "newcomer",
    30,
    N_("Choose your **groups**"),
    hint=N_("Several at once. You can change them later with `/groups`."),
    channel="welcome",
)
async def choose_groups(visit: Visit) -> bool:
    return visit.has_role(*(group.key for group in visit.world.community.groups))


@task(
    "newcomer",
    40,
    N_("**Introduce** yourself"),
    hint=N_("Press Write, fill the form, then look at your introduction."),
    channel="introductions",
)
async def introduce(visit: Visit) -> bool:
    return (
        posted(visit.actor, visit.world.channels["introductions"].id, f"onboarding:hello:{visit.actor.id}") is not None
    )


@task(
    "newcomer",
    50,
    N_("Write your **first message**, then run `/welcome`"),
    hint=N_("The list knows what you did, wherever you did it."),
    channel="square",
)
async def look_again(visit: Visit) -> bool:
    return visit.ran("welcome")


@task(
    "member",
    10,
    N_("**Say hello** to a newcomer"),
    hint=N_("Press the button below the latest introduction: you will be named there."),
    channel="introductions",
)
async def greet(visit: Visit) -> bool:
    here = visit.world.channels["introductions"].id
    return any(one.channel_id == here for one in visit.interactions(InteractionType.MESSAGE_COMPONENT))


@task(
    "member",
    20,
    N_("Change your groups with `/groups`"),
    hint=N_("Type / in the message field, choose the command and press Enter."),
    channel="square",
)
async def member_groups(visit: Visit) -> bool:
    return visit.ran("groups")


@task(
    "member",
    30,
    N_("Answer somebody on the square"),
    hint=N_("The bot counts that you wrote, never what you wrote."),
    channel="square",
)
async def answer(visit: Visit) -> bool:
    return visit.wrote(visit.world.channels["square"].id)
