"""A moderator is shown what similar cases received, follows the proposal, and the member reads the notice."""

from bot.i18n.marks import N_
from cogs.conduct.cases.service import Cases
from demo.casework import Casework
from demo.community import Language
from demo.page.visit import Visit
from demo.scenes import scene, task
from demo.telling import Telling

NOISY: dict[Language, str] = {"en": "otis", "fr": "luc_m"}
SAID: dict[Language, str] = {
    "en": "My brother’s garage again: tyres at half price until Friday, tell your friends!",
    "fr": "Il me reste deux places pour le salon du cycle, dernier rappel avant demain !",
}
WHY: dict[Language, str] = {
    "en": "The same advertisement in three channels, after being asked to speak with the team first.",
    "fr": "La même annonce dans trois salons, alors que l’équipe avait demandé à en parler d’abord.",
}
PLACES = ("bikes", "square", "help")
ARTICLE = 4


@scene(96, N_("A decision, beside similar ones"))
async def proposal(telling: Telling) -> None:
    world, key, member = telling.world, telling.person("moderator"), NOISY[telling.language]
    casework = Casework(world)
    for place in PLACES:
        await world.members[member].send(world.channels[place], SAID[telling.language])
    telling.tell(N_("{name} writes in three channels:"), name=telling.name(member))
    telling.lines += [f"> {SAID[telling.language]}", ""]
    reason = WHY[telling.language]
    asked = await casework.run(key, "timeout", member, ARTICLE, reason, "1d")
    telling.tell(
        N_(
            "{name} has seen this before and wants a timeout of a day: /timeout. The bot first shows what the ladder "
            "proposes, and what the last cases under this article received."
        ),
        name=telling.name(key),
    )
    telling.quote(asked)
    await telling.picture(
        "proposal", N_("A timeout that is not decided yet, beside what similar cases received"), "moderator", asked
    )
    done = await casework.follow(key, asked)
    telling.tell(
        N_("{name} follows the proposal with one press. A milder or harsher step would ask why."),
        name=telling.name(key),
    )
    telling.quote(done)


@scene(97, N_("The notice"))
async def notice(telling: Telling) -> None:
    key, member = telling.person("moderator"), NOISY[telling.language]
    casework = Casework(telling.world)
    told = casework.notice_of(member)
    assert told is not None, "the notice did not arrive"
    telling.tell(
        N_("{name} reads in private what was decided, why, and until when it counts:"), name=telling.name(member)
    )
    telling.quote(told)
    await telling.picture("notice", N_("The notice in private, with the button to appeal"), "member", told, who=member)
    newest, _ = await telling.world.bot.service(Cases).read.page(telling.world.guild.id, 0)
    logged = casework.log_of(key, newest[0].id)
    assert logged is not None, "the log has no post"
    telling.tell(N_("The team’s log has the case with its number."))
    telling.quote(logged)
    await telling.picture("modlog", N_("The case in the moderation log"), "moderator", logged)


@task(
    "moderator",
    24,
    N_("**Warn** somebody, and read what comes with it: `/warn`"),
    hint=N_("What the ladder proposes stands beside what similar cases received. `/case void` takes it back entirely."),
    channel="staff",
)
async def warn(visit: Visit) -> bool:
    return visit.ran("warn")
