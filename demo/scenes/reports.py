"""A member reports a message from its menu; the team reads it in the inbox and decides; the member is told."""

from sqlalchemy import func, select

from bot.i18n.marks import N_
from cogs.conduct.reports.models import Report
from cogs.conduct.reports.service import REPORT
from demo.casework import Casework
from demo.community import Language
from demo.page.visit import Visit
from demo.pressing import fill, latest, press
from demo.scenes import scene, task
from demo.telling import Telling

RUDE: dict[Language, str] = {"en": "wren", "fr": "doudou"}
SAID: dict[Language, str] = {
    "en": "Another one who cannot find the fuse. Do you people ever open the thing before you ask?",
    "fr": "Encore un grille-pain. Et le brancher, tu y as pensé, ou c’est trop te demander ?",
}
DETAILS: dict[Language, str] = {
    "en": "It is the second time today. The person who asked has not written since.",
    "fr": "C’est la deuxième fois aujourd’hui. La personne qui demandait n’a plus rien écrit.",
}
REASON: dict[Language, str] = {
    "en": "Mocked somebody for asking, in the channel that is there for asking.",
    "fr": "S’être moqué d’une question, dans le salon fait pour en poser.",
}
PLACE, ARTICLE = "help", 1
MENU = "Report"


@scene(100, N_("A report"))
async def report(telling: Telling) -> None:
    world, key, rude = telling.world, telling.person("member"), RUDE[telling.language]
    message = await world.members[rude].send(world.channels[PLACE], SAID[telling.language])
    telling.tell(
        N_("{name} reads this of {other}, and chooses **Report** in the menu of the message:"),
        name=telling.name(key),
        other=telling.name(rude),
    )
    telling.lines += [f"> {SAID[telling.language]}", ""]
    reporter = world.members[key]
    form = await reporter.context_menu(world.channels[PLACE], MENU, message)
    await telling.picture_of_form(
        "report-form", N_("The form of a report, about a message"), "member", form, DETAILS[telling.language]
    )
    written = {"details": DETAILS[telling.language], "article": [str(ARTICLE)]}
    sent = await reporter.submit_modal(form, written)
    assert sent.response is not None
    telling.quote(sent.response)


@scene(101, N_("What the team does about it"))
async def decided(telling: Telling) -> None:
    world, key, casework = telling.world, telling.person("moderator"), Casework(telling.world)
    actor = world.members[key]
    shown = await casework.opened(key, REPORT.name, "conduct:reported:")
    telling.tell(
        N_("It waits in the inbox. {name} claims it and reads it, with the message as it was:"), name=telling.name(key)
    )
    telling.quote(shown)
    await telling.picture(
        "report", N_("A report with the reported message and the buttons to decide"), "moderator", shown
    )
    panel = (await press(actor, shown, "moderate:report:")).response
    assert panel is not None
    await fill(actor, await press(actor, panel, "moderate:form:reason:"), REASON[telling.language])
    panel = latest(actor, panel)
    telling.tell(
        N_("**Moderate** has everything in one place: the record, what is proposed, and what similar cases received.")
    )
    telling.quote(panel)
    await telling.picture("moderate", N_("The panel in which a moderator decides"), "moderator", panel)
    await press(actor, panel, "moderate:act:")
    await casework.moment()
    telling.tell(N_("{name} warns, and the case keeps the message as evidence."), name=telling.name(key))
    telling.quote(latest(actor, panel))


@scene(102, N_("The reporter is told"))
async def told(telling: Telling) -> None:
    key = telling.person("member")
    letter = Casework(telling.world).told_of_report(key)
    assert letter is not None, "the reporter was not told"
    telling.tell(
        N_("{name} is told how it ended; neither who decided, nor what somebody else received."), name=telling.name(key)
    )
    telling.quote(letter)
    await telling.picture("report-told", N_("How a report ended, in private"), "member", letter)


@task(
    "member",
    38,
    N_("**Report** a message, from its menu or with `/report`"),
    hint=N_("Only the team reads it. Whoever it is about does not learn who reported it."),
    channel="square",
)
async def report_something(visit: Visit) -> bool:
    query = select(func.count()).where(Report.reporter_id == visit.actor.id)
    async with visit.world.bot.db.read() as session:
        return bool(await session.scalar(query))


@task(
    "moderator",
    21,
    N_("**Read the report** that waits, and decide about it"),
    hint=N_("It stands in the inbox. **Moderate** has the record, the proposal, and a word in private."),
    channel="staff",
)
async def decide_report(visit: Visit) -> bool:
    query = select(func.count()).where(Report.decided_by == visit.actor.id)
    async with visit.world.bot.db.read() as session:
        return bool(await session.scalar(query))
