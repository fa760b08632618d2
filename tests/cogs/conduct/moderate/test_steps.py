"""Which step a panel would take: what was chosen, else what is proposed, never what cannot be done."""

from datetime import timedelta

from bot.contracts.cases import CaseKind
from cogs.conduct.deciding.sanctions import Sanction
from cogs.conduct.moderate.steps import STEPS, chosen_step

WARN, KICK = Sanction(CaseKind.WARN), Sanction(CaseKind.KICK)
TWO_HOURS, WEEK = Sanction(CaseKind.TIMEOUT, timedelta(hours=2)), Sanction(CaseKind.BAN, timedelta(days=7))
ONLY_BANS = tuple(one for one in STEPS if one.kind is CaseKind.BAN)
WITHOUT_BANS = tuple(one for one in STEPS if one.kind is not CaseKind.BAN)


def test_a_choice_goes_before_the_proposal_and_nothing_before_both():
    assert chosen_step(None, TWO_HOURS, STEPS) == TWO_HOURS
    assert chosen_step(WARN, TWO_HOURS, STEPS) == WARN
    assert chosen_step(None, None, STEPS) is None


def test_what_the_person_may_not_do_is_not_replaced_by_something_else():
    assert chosen_step(None, WEEK, WITHOUT_BANS) is None
    assert chosen_step(KICK, WEEK, ONLY_BANS) is None
    assert chosen_step(None, Sanction(CaseKind.BAN, timedelta(days=3)), STEPS) is not None, (
        "a length of the ladder's own"
    )


def test_every_step_fits_a_menu_and_is_there_once():
    assert len(STEPS) < 25, "one more is “as proposed”"
    assert len({str(one) for one in STEPS}) == len(STEPS)
