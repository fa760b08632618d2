"""A member contests a case in the notice; somebody else than whoever decided looks at it, and overturns it."""

from sqlalchemy import func, select

from bot.i18n.marks import N_
from cogs.conduct.appeals.models import Appeal, Outcome
from cogs.conduct.cases.service import Cases
from demo.casework import Casework
from demo.community import Language
from demo.page.visit import Visit
from demo.pressing import reply_to
from demo.scenes import scene, task
from demo.telling import Telling

ACCUSED: dict[Language, str] = {"en": "hazel", "fr": "zoe_ly"}
SAID: dict[Language, str] = {
    "en": "“Give up, you will never learn to sew.” That is what he said to me in the shop. I am still cross!",
    "fr": "« Laisse tomber, tu ne sauras jamais coudre. » Voilà ce qu’il m’a dit au magasin. Je n’en reviens pas !",
}
REASON: dict[Language, str] = {
    "en": "Told somebody that they would never learn.",
    "fr": "Avoir écrit que quelqu’un ne saurait jamais coudre.",
}
WORDS: dict[Language, str] = {
    "en": "It was said to me, not by me: I was quoting the man at the shop. The quotation marks are in the message.",
    "fr": "On me l’a dit, je ne l’ai dit à personne : je citais le vendeur. Les guillemets sont dans le message.",
}
ANSWER: dict[Language, str] = {
    "en": "You were quoting, and the message says so. We read too fast, and we are glad you wrote.",
    "fr": "C’était une citation, et le message le dit. On a lu trop vite ; merci d’avoir écrit.",
}
ARTICLE, BY, PLACE = 1, "aicha", "textile"


@scene(98, N_("An appeal"))
async def appeal(telling: Telling) -> None:
    world, member, casework = telling.world, ACCUSED[telling.language], Casework(telling.world)
    await world.members[member].send(world.channels[PLACE], SAID[telling.language])
    await casework.run(BY, "warn", member, ARTICLE, REASON[telling.language])
    await casework.moment()
    telling.tell(
        N_("{name} told a story, and {other} warned them for a line of it:"),
        name=telling.name(member),
        other=telling.name(BY),
    )
    telling.lines += [f"> {SAID[telling.language]}", ""]
    form = await casework.open_appeal(member)
    telling.tell(N_("{name} presses **Appeal** in the notice and writes:"), name=telling.name(member))
    telling.lines += [f"> {WORDS[telling.language]}", ""]
    await telling.picture_of_form(
        "appeal-form", N_("The form in which a case is contested"), "member", form, WORDS[telling.language], who=member
    )
    said = await casework.contest(member, form, WORDS[telling.language])
    telling.quote(said)


@scene(99, N_("Overturned by somebody else"))
async def overturned(telling: Telling) -> None:
    world, key, member = telling.world, telling.person("moderator"), ACCUSED[telling.language]
    casework = Casework(world)
    opened = casework.appeals()[-1]
    telling.tell(
        N_("A thread of the team has the appeal beside its case. Whoever decided the case cannot decide the appeal.")
    )
    telling.quote(opened)
    await telling.picture(
        "appeal", N_("An appeal in the team’s thread, with the buttons to decide"), "moderator", opened
    )
    said = await casework.decide(key, opened, Outcome.OVERTURNED, ANSWER[telling.language])
    telling.tell(N_("{name} overturns it and writes why."), name=telling.name(key))
    telling.quote(said)
    letter = casework.decision_of(member)
    assert letter is not None, "the decision was not sent"
    telling.tell(N_("{name} is told in private:"), name=telling.name(member))
    telling.quote(letter)
    await telling.picture("decision", N_("The decision about an appeal, in private"), "member", letter, who=member)
    where = world.channels["staff"]
    record = reply_to(await world.members[key].slash(where, "record", member=world.members[member]))
    telling.tell(N_("No point is left of it, and the record says what happened."))
    telling.quote(record)
    await telling.picture("record", N_("The record of a member after an appeal that was right"), "moderator", record)
    case = (await world.bot.service(Cases).read.of_member(world.guild.id, world.users[member].id))[0]
    logged = casework.log_of(key, case.id)
    assert logged is not None, "the log has no post"
    telling.tell(N_("The post in the moderation log was corrected where it stands:"))
    telling.quote(logged)
    await telling.picture(
        "case-overturned", N_("The overturned case with its history, in the log"), "moderator", logged
    )


@task(
    "moderator",
    26,
    N_("**Decide the appeal** that waits in the inbox"),
    hint=N_("**Read the appeal** shows it beside its case. Somebody else made that case, so you may decide."),
    channel="staff",
)
async def decide(visit: Visit) -> bool:
    query = select(func.count()).where(Appeal.decided_by == visit.actor.id)
    async with visit.world.bot.db.read() as session:
        return bool(await session.scalar(query))
