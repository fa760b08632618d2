"""What the parts of a code of conduct are called."""

from bot.contracts.conduct import Severity
from bot.i18n.marks import N_
from cogs.conduct.code.rules.difference import Fate, Passage

SEVERITIES = {
    Severity.LOW: N_("low severity"),
    Severity.MEDIUM: N_("medium severity"),
    Severity.HIGH: N_("high severity"),
}
FATES = {
    Fate.NEW: N_("new"),
    Fate.CHANGED: N_("changed"),
    Fate.WITHDRAWN: N_("to be withdrawn"),
    Fate.PUT_BACK: N_("to be put back"),
    Fate.MOVED: N_("moved"),
}
PASSAGES = {Passage.PREAMBLE: N_("Preamble"), Passage.ENDING: N_("Ending")}
LANGUAGE_NAMES = {"en": "English", "fr": "Français"}
