"""Step 3: who the team is, and where it meets."""

from bot.i18n.marks import N_
from cogs.administration.setup.pages.parts import place, way
from cogs.administration.setup.site import TEAM, Parts, Site, heading, page
from cogs.administration.setup.wishes import TEAM as TEAM_BLUEPRINTS


@page(TEAM)
def team(site: Site, name: str) -> Parts:
    t = site.t
    intro = t(N_("The team sees what waits for a human and takes care of it. Choose what exists, or have it created."))
    parts = [part for one in TEAM_BLUEPRINTS for part in place(site, one)]
    return [heading(site, TEAM, t(N_("Your team")), intro), *parts, *way(site, TEAM)]
