"""A server that has never seen the bot: it arrives, asks one question, and the server is set up."""

from dataclasses import dataclass

from simcord import ResponseMessage

from bot.i18n.marks import N_
from demo.community import Language
from demo.newserver import NewServer, found_server
from demo.page.visit import Visit
from demo.pressing import custom_ids, fill, latest, pick, posted, press, reply_to
from demo.scenes import scene, task
from demo.telling import Telling

ARRIVED = "administration:arrived:"
CREATING = "manage_channels"
"""The one permission that the invitation leaves out because only the set-up needs it."""
AUDIENCE: dict[Language, tuple[str, str]] = {
    "en": ("For everyone on Mill Street who bakes, or would like to.", "Not for shops: nothing is sold here."),
    "fr": (
        "Pour qui fait son pain dans la rue du Moulin, ou voudrait apprendre.",
        "Pas pour les boutiques : rien ne se vend ici.",
    ),
}
A_MOMENT = 2.0
"""Seconds in which the bot does what is due at once."""


@dataclass
class Walk:
    """The set-up in front of the one who runs the new server; it changes with every press."""

    telling: Telling
    server: NewServer
    screen: ResponseMessage

    async def press(self, start: str) -> None:
        await press(self.server.members[self.telling.person("builder")], self.screen, start)
        self.look()

    async def answer(self) -> None:
        """The objective, and the two sentences."""
        person = self.server.members[self.telling.person("builder")]
        await pick(person, self.screen, "setup:objective:", "engagement")
        self.look()
        form = await press(person, self.screen, "setup:write")
        await fill(person, form, *AUDIENCE[self.telling.language])
        self.look()

    async def apply(self) -> None:
        """Press Apply, and look again once everything was done."""
        await self.press("setup:apply:")
        await self.server.env.pass_time(seconds=A_MOMENT)
        self.look()

    async def preview(self) -> ResponseMessage:
        person = self.server.members[self.telling.person("builder")]
        return reply_to(await press(person, self.screen, "setup:preview"))

    def look(self) -> None:
        self.screen = latest(self.server.members[self.telling.person("builder")], self.screen)

    async def show(self, name: str, alt: str) -> None:
        """What stands there now, in words and as a picture."""
        self.telling.quote(self.screen)
        await self.telling.picture(name, alt, "builder", self.screen)


@scene(110, N_("A new server"))
async def new_server(telling: Telling) -> None:
    server = found_server(telling.world, telling.language)
    await server.invite()
    await server.env.pass_time(seconds=A_MOMENT)
    here = telling.elsewhere(server)
    owner = server.members[here.person("builder")]
    arrival = posted(owner, server.channels["general"].id, ARRIVED)
    assert arrival is not None
    here.tell(
        N_("{name} opens a second server and invites the bot, with the few permissions it asks for."),
        name=here.name(here.person("builder")),
    )
    here.quote(arrival)
    await here.picture("arrival", N_("The first message in a new server, with its button"), "builder", arrival)
    walk = Walk(here, server, reply_to(await press(owner, arrival, ARRIVED)))
    await _ask(walk)
    await _review(walk)


async def _ask(walk: Walk) -> None:
    here = walk.telling
    await walk.answer()
    here.tell(N_("Six steps, one question: what matters most here. The two sentences are an offer."))
    await walk.show("setup-purpose", N_("Step 1 of the set-up: what the server is for"))
    for page in ("review", "portrait", "capabilities"):
        await walk.press(f"setup:go:{page}")
    here.tell(N_("All the rest has an answer already. Each capability can be left out, or looked at closely."))
    alt = N_("The capabilities of the set-up, each with its page")
    await here.picture("setup-capabilities", alt, "builder", walk.screen)
    await walk.press("setup:go:of.welcome")
    await walk.show("setup-capability", N_("The page of the welcome: what it needs, and its channels and roles"))
    await walk.press("setup:go:capabilities")


async def _review(walk: Walk) -> None:
    here = walk.telling
    await walk.press("setup:go:review")
    here.tell(N_("The review says all that will happen, and what the bot lacks for it."))
    await walk.show("setup-lacking", N_("The review, with the permission that lacks and the button that gives it"))
    await walk.server.grant(CREATING)
    await walk.press("setup:go:review")
    here.tell(N_("The button opens Discord’s own page, which adds the permission. Now nothing is in the way."))
    await here.picture("setup-review", N_("The review: what will be created and changed"), "builder", walk.screen)
    await walk.apply()
    assert any(one == "setup:preview" for one in custom_ids(walk.screen.components)), "the set-up is not done"
    here.tell(N_("Apply does it, and says what was done. Undo takes it back."))
    await walk.show("setup-done", N_("The result of the set-up: what was created and changed"))
    seen = await walk.preview()
    here.tell(N_("Before anybody is invited: what a newcomer will see."))
    await here.picture(
        "setup-preview", N_("The panel and the first steps, as a newcomer will see them"), "builder", seen
    )


@task(
    "builder",
    50,
    N_("Look over the set-up: `/setup`"),
    hint=N_("Answer its one question, then read the review. Nothing changes before you press Apply."),
    channel="staff",
)
async def look_over(visit: Visit) -> bool:
    return visit.ran("setup")
