"""Long copy: a line for each step."""

from bot.i18n.marks import N_
from cogs.onboarding.rules import Step

STEP_HINTS = {
    Step.SCREENING: N_("Accept them in the notice Discord shows at the bottom of the window."),
    Step.CODE: N_("One minute to read. It is the same for everyone here."),
    Step.GROUPS: N_("Choose what interests you and see the channels that go with it."),
    Step.INTRODUCTION: N_("A line or two, so that people know what to talk to you about."),
    Step.FIRST_MESSAGE: N_("Write in any channel. A question is a fine beginning."),
    Step.FIRST_REPLY: N_("Somebody from here answers your introduction or your first message."),
}
