"""A greeter is asked to answer a newcomer, takes it, and answers; what the team sees of it."""

from simcord.enums import InteractionType

from bot.i18n.marks import N_
from demo.community import Language
from demo.journey import TAKE
from demo.page.visit import Visit
from demo.pressing import press, reply_to
from demo.scenes import scene, task
from demo.telling import Telling

WAITING: dict[Language, str] = {"en": "hattie", "fr": "anselme"}
ANSWERS: dict[Language, str] = {
    "en": "Evening Hattie! Yes, bring it. Does it trip at once, or only when it is hot?",
    "fr": "Bonsoir Anselme ! Oui, apporte-la. Elle saute tout de suite, ou seulement à chaud ?",
}
HALF_AN_HOUR = 30.5
"""Minutes, a little more than half of the hour in which a newcomer shall be answered."""


@scene(85, N_("A greeter is asked"))
async def greeter(telling: Telling) -> None:
    world, waits = telling.world, WAITING[telling.language]
    said = world.community.people[waits].lines[0]
    words = await (await world.arrive(waits)).send(world.channels["introductions"], said)
    telling.tell(N_("{name} joins and writes a first message:"), name=telling.name(waits))
    telling.lines += [f"> {said}", ""]
    await world.env.pass_time(minutes=HALF_AN_HOUR)
    call = telling.journey.call_about(waits)
    assert call is not None, "nobody was asked"
    telling.tell(N_("Half an hour later nobody has answered. The greeter whose turn it is is asked, and nobody else."))
    telling.quote(call)
    await telling.picture("greeter-asked", N_("The call to a greeter, with its buttons"), "moderator", call)

    asked = telling.journey.asked_in(call)
    assert asked is not None
    taken = reply_to(await press(world.members[asked], call, TAKE))
    telling.tell(N_("{name} takes it, and reads in private:"), name=telling.name(asked))
    telling.quote(taken)
    await world.members[asked].send(world.channels["introductions"], ANSWERS[telling.language], reply_to=words)
    telling.tell(N_("{name} answers where it was written, and the call says so:"), name=telling.name(asked))
    telling.lines += [f"> {ANSWERS[telling.language]}", ""]
    await world.env.pass_time(seconds=2)
    answered = telling.journey.call_about(waits)
    assert answered is not None
    telling.quote(answered)


@scene(86, N_("Who is on call"))
async def on_call(telling: Telling) -> None:
    key = telling.person("builder")
    builder = telling.world.members[key]
    panel = reply_to(await builder.slash(telling.world.channels["staff"], "settings", section="replies"))
    shown = reply_to(await press(builder, panel, "replies:greeters"))
    telling.tell(
        N_("{name} looks at the greeters: who is on call, and what their answers change."), name=telling.name(key)
    )
    telling.quote(shown)
    await telling.picture(
        "greeters", N_("The greeters on call, and how fast newcomers were answered"), "builder", shown
    )


@task(
    "moderator",
    20,
    N_("**Take the call** in #permanence"),
    hint=N_(
        "Somebody waits for a first answer. Press the button, then go there and reply: the call says who answered."
    ),
    channel="greeters",
)
async def take_call(visit: Visit) -> bool:
    here = visit.world.channels["greeters"].id
    return any(one.channel_id == here for one in visit.interactions(InteractionType.MESSAGE_COMPONENT))
