"""What the code of conduct says about itself to the rooms everyone shares."""

from bot.capabilities import Capability
from bot.i18n.marks import N_

CODE = Capability(
    key="code",
    title=N_("Code of conduct"),
    summary=N_("Numbered articles in two languages, which members read with /rules; every version is kept."),
    sections=(),
    commands=frozenset({"rules"}),
    recommended=True,
)
