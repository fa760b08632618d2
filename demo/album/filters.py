"""Filters: the list, one of each way, its hits, its back-test, a trial, a new one; what an armed one does."""

from simcord import ResponseMessage

from cogs.conduct.screening.findings import HELD, LOOK
from cogs.conduct.screening.hits import Hits
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.native import Native
from demo.album.book import Book
from demo.casework import Casework
from demo.pressing import latest, pick, posted, press, reply_to
from demo.scenes.sanctions import NOISY, PLACES, SAID

FIRST = "1"


async def filters(book: Book) -> None:
    staff, noisy = book.person("builder"), NOISY[book.language]
    settings = reply_to(await book.actor(staff).slash(book.world.channels["staff"], "settings", section="filters"))
    await book.take("settings-filters", staff, settings)
    spam = reply_to(await book.actor(staff).slash(book.world.channels["staff"], "settings", section="spam"))
    await book.take("settings-spam", staff, spam)
    shown = reply_to(await press(book.actor(staff), settings, "filters:list"))
    await book.take("filters", staff, shown)
    for place in PLACES:
        await book.actor(noisy).send(book.world.channels[place], SAID[book.language])
    await book.actor("wren").send(book.world.channels["square"], "Salut !")
    await _one(book, shown)
    await _armed(book, shown)
    await _standing(book, shown)
    await _native(book, shown)
    await _waiting(book, shown)
    await _trial(book, shown)


async def _one(book: Book, shown: ResponseMessage) -> None:
    staff = book.person("builder")
    actor = book.actor(staff)
    await pick(actor, latest(actor, shown), "filters:pick", FIRST)
    await book.take("filter", staff, shown)
    await book.pressed("filter-hits", staff, shown, (f"filters:hits:{FIRST}",))
    for hit in await book.world.bot.service(Hits).newest(book.world.bot.service(Filters).of(book.world.guild.id)[0]):
        await pick(actor, latest(actor, shown), "filters:judge:", f"1:{hit.source}")
    await book.take("filter-hits-wrong", staff, shown)
    await press(actor, latest(actor, shown), f"filters:open:{FIRST}")
    await book.pressed("filter-backtest", staff, shown, (f"filters:backtest:{FIRST}",))
    await press(actor, latest(actor, shown), f"filters:open:{FIRST}")
    form = await press(actor, latest(actor, shown), f"filters:edit:{FIRST}")
    await book.take_form("filter-entries", staff, form, "half price\ncrowdfunding\nje vends")
    form = await press(actor, latest(actor, shown), f"filters:name:{FIRST}")
    await book.take_form("filter-details", staff, form, "Adverts")
    await book.pressed("filter-drop", staff, shown, (f"filters:drop:{FIRST}",))
    await press(actor, latest(actor, shown), f"filters:open:{FIRST}")


async def _armed(book: Book, shown: ResponseMessage) -> None:
    """Armed though it would hit much; then somebody writes it."""
    staff, team, noisy = book.person("builder"), book.person("moderator"), NOISY[book.language]
    actor = book.actor(staff)
    await pick(actor, latest(actor, shown), "filters:watch:", "armed")
    await book.take("filter-arming", staff, shown)
    await press(actor, latest(actor, shown), f"filters:arm:{FIRST}:")
    await book.take("filter-armed", staff, shown)
    await book.actor(noisy).send(book.world.channels["square"], SAID[book.language])
    await book.world.env.pass_time(seconds=20)
    await book.take("filter-notice", noisy, Casework(book.world).notice_of(noisy))
    await book.take("filter-log", team, posted(book.actor(team), book.world.channels["modlog"].id, "conduct:case:"))


async def _standing(book: Book, shown: ResponseMessage) -> None:
    """Discord refuses to delete what was found: the log of moderation and the inbox say so."""
    world, team, late = book.world, book.person("moderator"), "wren"
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50013, times=None)
    await book.actor(late).send(world.channels["square"], SAID[book.language])
    await world.env.pass_time(seconds=20)
    await book.take("filter-stands", team, posted(book.actor(team), world.channels["modlog"].id, "conduct:case:"))
    await _item(book, "filter-held", HELD.name)
    world.env.backend.faults.clear()
    await world.env.pass_time(minutes=5)


async def _native(book: Book, shown: ResponseMessage) -> None:
    """What only deletes goes into Discord's AutoMod too; a rule removed there by hand; a timeout that AutoMod set."""
    world, staff, team = book.world, book.person("builder"), book.person("moderator")
    actor, noisy = book.actor(staff), book.actor(NOISY[book.language])
    await pick(actor, latest(actor, shown), "filters:doing:", "delete")
    await world.env.pass_time(seconds=5)
    await press(actor, latest(actor, shown), "filters:list")
    await book.take("filters-automod", staff, shown)
    await pick(actor, latest(actor, shown), "filters:pick", FIRST)
    await book.take("filter-automod", staff, shown)
    async with world.env._acting("by hand") as discord:
        guild = discord.get_guild(world.guild.id)
        rule = next(one for one in guild.auto_mod_rules.values() if one.name.startswith("Parvis"))
        discord.delete_auto_mod_rule(world.guild.id, rule.id)
    await world.bot.service(Native).look_again(world.guild.id)
    await world.env.pass_time(seconds=5)
    await press(actor, latest(actor, shown), "filters:list")
    await pick(actor, latest(actor, shown), "filters:pick", FIRST)
    await book.take("filter-automod-removed", staff, shown)
    timeout = {"type": 3, "metadata": {"duration_seconds": 3600}}
    hit = {"guild_id": str(world.guild.id), "rule_id": "77", "rule_trigger_type": 1, "user_id": str(noisy.id)}
    hit |= {"content": "", "matched_keyword": None, "matched_content": None}
    async with world.env._acting("automod") as discord:
        discord.emit("AUTO_MODERATION_ACTION_EXECUTION", {**hit, "action": timeout})
    await world.env.pass_time(seconds=20)
    await book.take("automod-timeout", team, posted(book.actor(team), world.channels["modlog"].id, "conduct:case:"))


async def _waiting(book: Book, shown: ResponseMessage) -> None:
    """A filter that only tells the team, and what the team can say about it."""
    actor = book.actor(book.person("builder"))
    await pick(actor, latest(actor, shown), "filters:doing:", "report")
    await book.actor("femi").send(book.world.channels["square"], SAID[book.language])
    await book.world.env.pass_time(seconds=5)
    await _item(book, "filter-look", LOOK.name)


async def _item(book: Book, name: str, kind: str) -> None:
    """The newest item of a kind, as somebody of the team has it before them."""
    world, team = book.world, book.person("moderator")
    item = [one for one in await world.bot.inbox.open_items(world.guild.id) if one.kind.name == kind][-1]
    screen = reply_to(await book.actor(team).slash(world.channels["staff"], "inbox"))
    await press(book.actor(team), screen, f"inbox:go:i:{item.id}:")
    await book.take(name, team, screen)


async def _trial(book: Book, shown: ResponseMessage) -> None:
    staff = book.person("builder")
    actor = book.actor(staff)
    await press(actor, latest(actor, shown), "filters:list")
    form = await press(actor, latest(actor, shown), "filters:try")
    await book.take_form("filters-try", staff, form, SAID[book.language])
    await actor.submit_modal(form, {"text": SAID[book.language]})
    await book.take("filters-tried", staff, shown)
    await press(actor, latest(actor, shown), "filters:list")
    form = await press(actor, latest(actor, shown), "filters:add")
    await book.take_form("filters-add", staff, form, "Invitations")
