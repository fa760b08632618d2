"""Moderation: every answer, question, notice and post of the log, from the first warning to a ban that is lifted."""

from simcord import ResponseMessage

from cogs.conduct.cases.service import Cases
from demo.album.book import Book
from demo.casework import Casework
from demo.community import Language
from demo.pressing import press, reply_to

REASONS: dict[Language, tuple[str, ...]] = {
    "en": (
        "Mocked a newcomer’s first repair, and went on after being asked to stop.",
        "The same advertisement in four channels, a day after the last one was removed.",
        "Posted a member’s address to “settle it in the street”.",
    ),
    "fr": (
        "Moqueries sur la première réparation d’un membre, poursuivies après une demande d’arrêter.",
        "La même annonce dans quatre salons, le lendemain du retrait de la précédente.",
        "Adresse d’un membre publiée pour « régler ça dans la rue ».",
    ),
}
WHY: dict[Language, str] = {
    "en": "The newcomer left because of it; a warning alone would not answer that.",
    "fr": "La personne est partie à cause de cela ; un avertissement seul n’y répond pas.",
}


async def conduct(book: Book) -> None:
    await _ladder(book)
    await _departing(book)
    await _leaving(book)
    await _undelivered(book)
    await _looking(book)


async def _ladder(book: Book) -> None:
    """One member, from a warning to the proposal of a ban."""
    staff, member, reasons = book.person("moderator"), "otis", REASONS[book.language]
    shown = await _run(book, "warn", member, 4, reasons[1])
    await Casework(book.world).moment()
    await book.take("warn", staff, shown)
    await book.take("notice-warn", member, Casework(book.world).notice_of(member))
    await _log(book, "log-warn", 1)
    for key in ("femi", "saoirse", "ravi", "elif", "mina"):
        await _run(book, "warn", key, 1, reasons[0])
    shown = await _run(book, "warn", member, 1, reasons[0])
    await Casework(book.world).moment()
    await book.take("warn-proposes", staff, shown)
    await book.pressed("warn-followed", staff, shown, ("deciding:take:",))
    await Casework(book.world).moment()
    await book.take("notice-timeout", member, Casework(book.world).notice_of(member))
    await _log(book, "log-timeout", await _newest(book))


async def _departing(book: Book) -> None:
    """Something else than what is proposed, and somebody with power over others."""
    staff, reasons, casework = book.person("moderator"), REASONS[book.language], Casework(book.world)
    asked = await _run(book, "timeout", "hazel", 1, reasons[0], duration="3d")
    await book.take("timeout-departs", staff, asked)
    form = await press(book.actor(staff), asked, "deciding:why:")
    await book.take_form("timeout-why", staff, form, WHY[book.language])
    done = await casework.explain(staff, asked, WHY[book.language])
    await casework.moment()
    await book.take("timeout-departed", staff, done)
    await _log(book, "log-departed", await _newest(book))
    asked = await _run(book, "timeout", "ines", 1, reasons[0], duration="1h")
    await book.pressed("nothing-done", staff, asked, ("deciding:drop:",))
    builder = book.person("builder")
    asked = await _run(book, "warn", "tomek", 1, reasons[0], by=builder)
    await book.take("warn-elevated", builder, asked)


async def _leaving(book: Book) -> None:
    """A kick, a ban for a time, and one without an end; the notice goes first."""
    staff, reasons, casework = book.person("moderator"), REASONS[book.language], Casework(book.world)
    for name, key, command, duration in (
        ("kick", "piotr", "kick", None),
        ("ban-week", "gaspard", "ban", "1w"),
        ("ban", "bastien", "ban", None),
    ):
        options = {} if duration is None else {"duration": duration}
        if command == "ban":
            options["delete_days"] = 1  # type: ignore[assignment]
        asked = await _run(book, command, key, 6, reasons[2], **options)
        await book.take(f"{name}-asked", staff, asked)
        done = await casework.explain(staff, asked, WHY[book.language])
        await casework.moment()
        await book.take(f"{name}-done", staff, done)
        await book.take(f"notice-{name}", key, _letter(book, key))
        await _log(book, f"log-{name}", await _newest(book))


async def _undelivered(book: Book) -> None:
    """Closed private messages: a private thread; and where there is none, the team reads that nobody was told."""
    staff, reasons, casework = book.person("moderator"), REASONS[book.language], Casework(book.world)
    book.world.env.close_dms(book.actor("margaux"))
    await _run(book, "warn", "margaux", 4, reasons[1])
    await casework.moment()
    await book.take("notice-thread", "margaux", casework.notice_in_thread("margaux"))
    await book.decide("conduct", notice_channel=None)
    book.world.env.close_dms(book.actor("luc_m"))
    shown = await _run(book, "warn", "luc_m", 4, reasons[1])
    await casework.moment()
    await book.take("warn-untold", staff, shown)
    await _log(book, "log-untold", await _newest(book))
    number = await _newest_number(book)
    shown = await _case(book, "case view", number=number)
    await book.pressed("void-asked", staff, shown, ("deciding:undo:void:",))


async def _looking(book: Book) -> None:
    """What is done with cases that exist."""
    staff, reasons = book.person("moderator"), REASONS[book.language]
    found = await _case(book, "case list")
    await book.take("case-list", staff, found)
    await book.take("case-list-none", staff, await _case(book, "case list", member=book.actor("noor")))
    await book.take("case-list-member", staff, await _case(book, "case list", member=book.actor("otis")))
    cases, _ = await book.world.bot.service(Cases).read.page(
        book.world.guild.id, 0, user_id=book.world.users["hazel"].id
    )
    number = cases[0].number
    await book.take("case-view", staff, await _case(book, "case view", number=number))
    await book.take(
        "case-edit", staff, await _case(book, "case edit", number=number, reason=reasons[1], article="4", duration="4d")
    )
    await book.take("case-lift", staff, await _case(book, "case lift", number=number, reason=WHY[book.language]))
    await _log(book, "log-lifted", cases[0].id)
    await book.take("notice-lifted", "hazel", Casework(book.world).notice_of("hazel"))
    asked = await _case(book, "case void", number=number, reason=WHY[book.language])
    await book.take("case-void-asked", staff, asked)
    await book.pressed("case-void", staff, asked, ("deciding:take:",))
    await Casework(book.world).moment()
    await _log(book, "log-void", cases[0].id)
    notice = Casework(book.world).notice_of("hazel")
    await book.take("notice-void", "hazel", notice)
    assert notice is not None
    await book.pressed("notice-how-it-stands", "hazel", notice, ("conduct:notice:",))


async def _run(
    book: Book,
    command: str,
    member: str,
    article: int,
    reason: str,
    *,
    by: str | None = None,
    **options: str,
) -> ResponseMessage:
    who = book.actor(by or book.person("moderator"))
    person = book.actor(member)
    return reply_to(
        await who.slash(
            book.world.channels["staff"], command, member=person, article=str(article), reason=reason, **options
        )
    )


async def _case(book: Book, command: str, **options: object) -> ResponseMessage:
    staff = book.actor(book.person("moderator"))
    shown = reply_to(await staff.slash(book.world.channels["staff"], command, **options))
    await Casework(book.world).moment()
    return shown


async def _newest(book: Book) -> int:
    """The row of the newest case."""
    cases, _ = await book.world.bot.service(Cases).read.page(book.world.guild.id, 0)
    return cases[0].id


async def _newest_number(book: Book) -> int:
    cases, _ = await book.world.bot.service(Cases).read.page(book.world.guild.id, 0)
    return cases[0].number


async def _log(book: Book, name: str, case_id: int) -> None:
    staff = book.person("moderator")
    await book.take(name, staff, Casework(book.world).log_of(staff, case_id))


def _letter(book: Book, key: str) -> ResponseMessage | None:
    """The notice of somebody who is not here any more."""
    return Casework(book.world).notice_of(key)
