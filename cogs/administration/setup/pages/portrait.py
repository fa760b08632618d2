"""Step 5: the first portrait, which comes with the digests."""

from bot.i18n.marks import N_
from cogs.administration.setup.pages.parts import way
from cogs.administration.setup.site import PORTRAIT, Parts, Site, heading, page


@page(PORTRAIT)
def portrait(site: Site, name: str) -> Parts:
    t = site.t
    intro = t(
        N_(
            "A look back at your last eight weeks comes with the weekly digests, which are not there yet. "
            "I will ask you before I count anything of the past. There is nothing to do here."
        )
    )
    return [heading(site, PORTRAIT, t(N_("A first portrait")), intro), *way(site, PORTRAIT)]
