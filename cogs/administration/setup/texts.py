"""Longer copy of `/setup`."""

from bot.guilds.sections import Objective
from bot.i18n.marks import N_

OBJECTIVES = {
    Objective.SUPPORT: N_("People come with questions; members help each other to an answer."),
    Objective.PRODUCT: N_("Users tell what they need; their ideas shape what you make."),
    Objective.ACQUISITION: N_("Members bring others along: ambassadors, referrals, events."),
    Objective.CONTRIBUTION: N_("Members make something together: code, texts, translations."),
    Objective.ENGAGEMENT: N_("People meet around what they love, and want to come back."),
    Objective.SUCCESS: N_("Members learn from each other how to do better what they do."),
}
"""What each objective means, in plain words; at most 100 characters in every language."""
