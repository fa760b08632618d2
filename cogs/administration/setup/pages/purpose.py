"""Step 1: what the community is for, for whom, and for whom not."""

from discord import ui

from bot.i18n.marks import N_
from bot.ui.text import escaped
from cogs.administration.setup.items import WriteButton
from cogs.administration.setup.pages.parts import line, objective_menu, way
from cogs.administration.setup.site import PURPOSE, Parts, Site, heading, page


@page(PURPOSE)
def purpose(site: Site, name: str) -> Parts:
    t = site.t
    title = t(N_("What is {server} for?"), server=escaped(site.guild.name))
    intro = t(
        N_(
            "This is the only question I cannot answer for you; proposals follow from it. "
            "Nothing changes in the server before you press **Apply**."
        )
    )
    button = WriteButton.of(t(N_("Change")) if _written(site) else t(N_("Write")))
    return [
        heading(site, PURPOSE, title, intro),
        *objective_menu(site, PURPOSE),
        line(),
        ui.Section(ui.TextDisplay(_sentences(site)), accessory=button),
        *way(site, PURPOSE),
    ]


def _written(site: Site) -> bool:
    return bool(site.wanted.fields["for_whom"] or site.wanted.fields["not_for_whom"])


def _sentences(site: Site) -> str:
    t, fields = site.t, site.wanted.fields
    title = t(N_("In two sentences"))
    if not _written(site):
        return f"**{title}**\n-# " + t(N_("For whom it is, and for whom not. Newcomers read it first. Optional."))
    lines = [f"**{title}**"]
    for label, text in (
        (t(N_("For whom it is")), fields["for_whom"]),
        (t(N_("For whom it is not")), fields["not_for_whom"]),
    ):
        if text:
            lines.append(t(N_("{field}: {value}"), field=label, value=escaped(str(text))))
    return "\n".join(lines)
