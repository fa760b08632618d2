"""The report of a month as one message: for the team, or for everybody."""

from discord import ui

from bot.clock import now
from bot.contracts.services import CodeOfConduct
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, boxed, divider, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.transparency import words
from cogs.conduct.transparency.buttons import PostButton
from cogs.conduct.transparency.figures import Figures
from cogs.conduct.transparency.months import Month

TITLE = 60
"""Characters of an article's title."""


async def month_view(bench: Bench, month: Month, t: Localizer) -> LayoutView:
    """The figures of that month."""
    guild, figures = bench.guild, bench.bot.service(Figures)
    found = await figures.figures(guild.id, month.first, month.last)
    calendar = await figures.calendar(guild.id)
    titles = _titles(bench, t)
    title = t(N_("Moderation in {month}"), month=words.month_name(t, month))
    said = [escaped(guild.name)]
    if calendar.day(now()) <= month.last:
        said.append(t(N_("the month is not over: so far")))
    blocks = (words.reports(t, found, titles), words.resolved(t, found), words.cases(t, found))
    parts: list[ui.Item[LayoutView]] = [ui.TextDisplay(f"### {title}\n-# {' · '.join(said)}")]
    for block in (*blocks, words.appeals(t, found, titles)):
        parts += [divider(), ui.TextDisplay(block)]
    about = N_(
        "Numbers below 5 are not named, so that nobody can be recognised; nor are totals from which they could be "
        "computed."
    )
    parts += [divider(), ui.TextDisplay(f"-# {t(about)}")]
    return boxed(parts, palette.ACCENT)


async def question(bench: Bench, month: Month) -> LayoutView:
    """The report as everybody would read it, and whether to post it here."""
    view = await month_view(bench, month, bench.bot.i18n.for_guild(bench.guild.id))
    said = bench.t(N_("This is what everybody in this channel would read, in the server’s language."))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    row.add_item(PostButton(str(month), bench.t(N_("Post it here"))))
    view.add_item(ui.TextDisplay(said))
    view.add_item(row)
    return view


def _titles(bench: Bench, t: Localizer) -> words.Titles:
    found: dict[int | None, str] = {
        one.number: shortened(f"{one.number} · {escaped(one.title(t.language))}", TITLE)
        for one in bench.bot.service(CodeOfConduct).articles(bench.guild.id)
    }
    return {**found, None: t(N_("without an article"))}
