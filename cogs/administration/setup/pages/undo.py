"""What Undo takes back, said before it is done."""

from discord import ui

from bot.i18n.marks import N_
from cogs.administration.setup.items import GoButton, UndoButton
from cogs.administration.setup.models import RunState
from cogs.administration.setup.operations import State
from cogs.administration.setup.pages.parts import line
from cogs.administration.setup.pages.run import describe
from cogs.administration.setup.problems import NothingToUndo
from cogs.administration.setup.site import RUN, UNDO, Parts, Site, page


@page(UNDO)
def undo(site: Site, name: str) -> Parts:
    t, found = site.t, site.last_run
    back = GoButton.to(RUN, t(N_("Back")))
    if found is None or found.state is not RunState.APPLIED:
        return [ui.TextDisplay(t(NothingToUndo().message)), ui.ActionRow(back)]
    made = [f"- {describe(site, one)}" for one in found.operations if one.state is State.DONE]
    title = t(N_("Take the set-up back?"))
    text = t(
        N_(
            "I delete what this set-up created and put the settings back as they were. "
            "What somebody has used or changed since stays, and I say so."
        )
    )
    button = UndoButton.of(found.id, t(N_("Take it back")), disabled=not made)
    return [ui.TextDisplay("\n".join([f"## {title}", text, *made])), line(), ui.ActionRow(button, back)]
