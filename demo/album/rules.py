"""The code of conduct: read, one article, the draft, an article of it, the comparison, the history."""

from simcord import ResponseMessage

from demo.album.book import Book
from demo.pressing import custom_ids, latest, pick, press, reply_to

NEW = {
    "title_en": "Help newcomers",
    "text_en": "Everybody was new once: answer questions that were asked before.",
    "title_fr": "Aider les personnes qui arrivent",
    "text_fr": "Tout le monde a commencé un jour : on répond aussi aux questions déjà posées.",
    "severity": ["low"],
}
CHANGED = {
    "title_en": "Leave room for others",
    "text_en": "Post where it belongs, and once. No floods of messages or mentions. Advertising needs the team’s yes.",
    "title_fr": "Laisser de la place",
    "text_fr": "Chaque message dans le bon salon, une seule fois. La publicité attend l’accord de l’équipe.",
    "severity": ["medium"],
}


async def rules(book: Book) -> None:
    one, staff, square = book.person("newcomer"), book.person("builder"), book.world.channels["square"]
    if one in book.world.members:
        await book.take("rules", one, reply_to(await book.actor(one).slash(square, "rules")))
        await book.take("rules-article", one, reply_to(await book.actor(one).slash(square, "rules", article="4")))
    shown = reply_to(await book.actor(staff).slash(square, "rules"))
    await book.take("rules-staff", staff, shown)
    await book.pressed("rules-draft", staff, shown, ("rules:desk:draft",))
    form = await press(book.actor(staff), latest(book.actor(staff), shown), "rules:add")
    await book.take_form("rules-form", staff, form, str(NEW["title_en"]))
    await book.actor(staff).submit_modal(form, NEW)
    await book.take("rules-draft-article", staff, shown)
    await press(book.actor(staff), latest(book.actor(staff), shown), "rules:desk:draft")
    await pick(book.actor(staff), latest(book.actor(staff), shown), "rules:articles", "4")
    form = await press(book.actor(staff), latest(book.actor(staff), shown), "rules:write:4")
    await book.actor(staff).submit_modal(form, CHANGED)
    await _publish(book, staff, shown)


async def _publish(book: Book, staff: str, shown: ResponseMessage) -> None:
    actor = book.actor(staff)
    await book.pressed("rules-draft-changed", staff, shown, ("rules:desk:draft",))
    await book.pressed("rules-discard", staff, shown, ("rules:desk:discard",))
    await press(actor, latest(actor, shown), "rules:desk:draft")
    await book.pressed("rules-diff", staff, shown, (f"rules:desk:diff.{book.language}",))
    await book.pressed("rules-published", staff, shown, ("rules:publish:major",))
    await press(actor, latest(actor, shown), "rules:read:code")
    await book.pressed("rules-versions", staff, shown, ("rules:read:versions",))
    assert "rules:version" in custom_ids(latest(actor, shown).components)
    await pick(actor, latest(actor, shown), "rules:version", "1")
    await book.take("rules-old", staff, shown)
